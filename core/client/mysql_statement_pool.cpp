// SPDX-License-Identifier: Apache-2.0
// The pool is small: the server limits the statements of all its connections together
// (max_prepared_stmt_count, 16,382).
#include "core/client/mysql_statement_pool.h"

#include <algorithm>
#include <functional>

namespace core {
namespace {

constexpr std::size_t most_kept = 16, longest_text = 8192;

}  // namespace

bool MysqlStatementPool::repeats(std::string_view sql) noexcept {
  if (sql.size() > longest_text) return false;
  const std::size_t hash = std::hash<std::string_view>()(sql);
  if (std::find(recent_.begin(), recent_.end(), hash) != recent_.end()) return true;
  recent_[next_recent_++ % recent_.size()] = hash;
  return false;
}

MYSQL_STMT* MysqlStatementPool::take(std::string_view sql, const MysqlStatementPlace& place) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
    return kept.sql == sql && kept.place == place;
  });
  if (found == kept_.end()) return nullptr;
  MYSQL_STMT* const statement = found->statement;
  kept_.erase(found);
  return statement;
}

MYSQL_STMT* MysqlStatementPool::give(MYSQL_STMT* statement, std::string sql,
                                     MysqlStatementPlace place) {
  const std::scoped_lock lock(mutex_);
  kept_.push_front({std::move(sql), std::move(place), statement});
  if (kept_.size() <= most_kept) return nullptr;
  MYSQL_STMT* const oldest = kept_.back().statement;
  kept_.pop_back();
  return oldest;
}

std::vector<MYSQL_STMT*> MysqlStatementPool::empty() {
  const std::scoped_lock lock(mutex_);
  std::vector<MYSQL_STMT*> all;
  for (const Kept& kept : kept_) all.push_back(kept.statement);
  kept_.clear();
  return all;
}

}  // namespace core
