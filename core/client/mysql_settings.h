// SPDX-License-Identifier: Apache-2.0
// What of the server's session decides how text is read: the current database and the two modes of
// sql_mode that move the ends of literals. Followed by the protocol's status flags where the server
// sends them, else by the texts that were executed.
#pragma once

#include <mysql.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/sql_text.h"

namespace core {

/// One link's. The thread that holds the wire, but for lexis().
class MysqlSettings {
 public:
  /// The login is done; `database` was asked for by it.
  void begin(const MYSQL& link, std::string database);
  /// The server has executed `sql`.
  void executed(std::string_view sql);
  /// Takes over what the last answer told.
  void follow(const MYSQL& link) noexcept;
  /// Tells what the server answered to `question`.
  static constexpr std::string_view question = "SELECT @@SESSION.sql_mode";
  void learn(std::string_view sql_mode) noexcept;

  /// The rules under which the server reads `sql`; absent when it has to be asked. Any thread.
  std::optional<Lexis> lexis(std::string_view sql) const noexcept;
  std::string database(const MYSQL& link) const;

 private:
  enum Mode : std::uint8_t { no_backslash = 1, ansi_quotes = 2, quotes_unknown = 4 };
  void set(Mode mode, bool on) noexcept;
  void note_use(std::string_view sql);

  std::atomic<std::uint8_t> modes_{0};
  bool flags_tell_quotes_ = false;  ///< MariaDB; MySQL tells of backslashes only
  bool database_is_tracked_ = false;
  std::string database_;  ///< where it is not tracked (MySQL 5.6)
};

}  // namespace core
