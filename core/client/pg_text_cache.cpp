// SPDX-License-Identifier: Apache-2.0
// A least-recently-used list behind a filter of hashes.
#include "core/client/pg_text_cache.h"

#include <functional>

#include "core/client/pg_text.h"

namespace core {

PgPrepared* PgTextCache::find(std::string_view sql) {
  if (sql.size() > longest_text) return nullptr;
  const std::size_t hash = std::hash<std::string_view>()(sql);
  if (const auto known = by_hash_.find(hash); known != by_hash_.end()) {
    const auto entry = known->second;
    if (entry->sql != sql) return nullptr;
    if (entry != entries_.begin()) entries_.splice(entries_.begin(), entries_, entry);
    return entry->prepared.get();
  }
  std::size_t& seen = seen_[hash % seen_.size()];
  if (seen == hash) return remember(hash, sql);
  seen = hash;
  return nullptr;
}

void PgTextCache::clear() {
  by_hash_.clear();
  entries_.clear();
  bytes_ = 0;
}

PgPrepared* PgTextCache::remember(std::size_t hash, std::string_view sql) {
  while (entries_.size() >= most_entries || bytes_ + sql.size() > most_bytes) drop_oldest();
  auto prepared = gains_from_a_name(sql) ? std::make_unique<PgPrepared>(sql) : nullptr;
  entries_.push_front({hash, std::string(sql), std::move(prepared)});
  by_hash_.emplace(hash, entries_.begin());
  bytes_ += sql.size();
  return entries_.front().prepared.get();
}

void PgTextCache::drop_oldest() {
  const Entry& oldest = entries_.back();
  bytes_ -= oldest.sql.size();
  by_hash_.erase(oldest.hash);
  entries_.pop_back();
}

}  // namespace core
