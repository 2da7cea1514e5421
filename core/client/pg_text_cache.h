// SPDX-License-Identifier: Apache-2.0
// What a link remembers of the texts it was given again and again without a prepared statement that
// outlives the execution: SQLExecDirect in a loop, or prepare, execute and free each time. The
// first use costs a hash; the second makes an entry; from the third on the text has a name on the
// server and its rows come in binary where that is possible.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "core/client/pg_prepared.h"

namespace core {

/// One per link, under the wire mutex. Bounded in entries and bytes; the least recently used go.
class PgTextCache {
 public:
  static constexpr std::size_t most_entries = 64;
  static constexpr std::size_t most_bytes = std::size_t{256} * 1024;  ///< of text
  static constexpr std::size_t longest_text = std::size_t{16} * 1024;

  /// What is known of `sql`, or null: new, too long, or a statement that planning costs nothing.
  /// Valid until the next call.
  PgPrepared* find(std::string_view sql);
  /// Tables have changed: what is known of results may be wrong.
  void clear();
  std::size_t entries() const { return by_hash_.size(); }

 private:
  struct Entry {
    std::size_t hash;
    std::string sql;
    std::unique_ptr<PgPrepared> prepared;  // null: not worth it
  };
  PgPrepared* remember(std::size_t hash, std::string_view sql);
  void drop_oldest();

  std::array<std::size_t, 256> seen_{};  // hashes of texts that came once, by their low bits
  std::list<Entry> entries_;             // the latest first
  std::unordered_map<std::size_t, std::list<Entry>::iterator> by_hash_;
  std::size_t bytes_ = 0;
};

}  // namespace core
