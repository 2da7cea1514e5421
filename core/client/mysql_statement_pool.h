// SPDX-License-Identifier: Apache-2.0
// Statements that stay prepared on the server although the application has let go of them: a text
// that is prepared, executed and freed again and again costs one round trip then. Comes in:
// MysqlPrepared gives, MysqlClient takes.
#pragma once

#include <mysql.h>

#include <array>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What besides its text decides what a statement means: a text is bound to the names of its
/// database and to the settings of its session when it is prepared.
struct MysqlStatementPlace {
  std::string database;
  std::uint64_t settings = 0;  ///< counts the texts that may have changed a setting
  bool operator==(const MysqlStatementPlace&) const = default;
};

/// One link's. Holds nothing before a text has come twice.
class MysqlStatementPool {
 public:
  /// The thread that holds the wire: this text is prepared. True when it was, lately, before.
  bool repeats(std::string_view sql) noexcept;
  /// The thread that holds the wire. Null when there is none; else the caller owns it.
  MYSQL_STMT* take(std::string_view sql, const MysqlStatementPlace& place);
  /// Any thread. Keeps the statement and gives back one that has to be closed instead, or null.
  MYSQL_STMT* give(MYSQL_STMT* statement, std::string sql, MysqlStatementPlace place);
  /// Everything, to be closed.
  std::vector<MYSQL_STMT*> empty();

 private:
  struct Kept {
    std::string sql;
    MysqlStatementPlace place;
    MYSQL_STMT* statement;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the one given last stands first
  std::array<std::size_t, 32> recent_{};
  std::size_t next_recent_ = 0;
};

}  // namespace core
