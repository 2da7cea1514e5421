// SPDX-License-Identifier: Apache-2.0
// From libmariadb's errno, SQLSTATE and text to core::Error.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

namespace core {

inline constexpr auto mysql_component = "MariaDB client";

/// What libmariadb said about the last call. Copied out at once: the next call overwrites it.
struct MysqlFailure {
  unsigned int code = 0;  ///< errno: 2xxx is the client library's, the rest the server's
  std::string state;      ///< SQLSTATE as libmariadb has it; "HY000" for client errors
  std::string text;
};

/// True for codes after which the link is unusable (2002-2006, 2012-2014, 2026, 2027, 2055 and
/// the server's own farewell codes 1053, 1152, 1153, 1158-1161, 1927, 4031).
bool is_link_failure(unsigned int code);

/// True for codes of failures that may have taken the whole transaction back (a deadlock's victim).
/// An error packet, other than an answer, does not say whether a transaction is open.
bool may_end_transaction(unsigned int code);

/// A failed connect or login: 28000, 08004, 08001. `where` is "host:port".
Error mysql_connect_error(const MysqlFailure& failure, std::string_view where);

/// A failed statement: the server's SQLSTATE with errno as native code, or 08S01 for a lost link.
Error mysql_statement_error(const MysqlFailure& failure, Reached reached);

}  // namespace core
