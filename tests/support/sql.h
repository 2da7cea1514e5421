// SPDX-License-Identifier: Apache-2.0
// What the tests say differently to each engine: a table of texts, and sentences made from it for
// the profile of this process. Comes in: the tests, by odbc.h.
#pragma once

#include <string>
#include <string_view>

namespace odbc_test {

/// Texts with {} are completed by the functions below.
struct Sql {
  std::string_view series;        ///< rows of one column g, from {} to {}
  std::string_view sleep;         ///< an expression that takes {} seconds
  std::string_view fails_at;      ///< an expression that fails in the row where g = {}
  std::string_view fails_state;   ///< with this
  std::string_view syntax_state;  ///< of a text that is no statement
  std::string_view text, integer, real, bytes;  ///< what a parameter is cast to
  std::string_view hex;                         ///< the bytes written {} in hexadecimal
  std::string_view prepared;       ///< a query: how many statements are prepared in this session
  std::string_view session;        ///< an expression: the number of one's own session
  std::string_view end_session;    ///< ends the session {}
  std::string_view count_session;  ///< a query: 0 when the session {} has ended
  std::string_view setting;        ///< a query of the setting {}
  std::string_view isolation, read_only;  ///< names of settings
  std::string_view serializable, repeatable_read, on;
};

extern const Sql postgres_sql, mariadb_sql, mysql_sql;

/// The texts of this process's profile.
const Sql& engine_sql();
/// For FROM.
std::string series(long first, long last);
/// `sleep_for("0.5")` is an expression, `select_sleep` a statement.
std::string sleep_for(std::string_view seconds);
std::string select_sleep(std::string_view seconds);
std::string fails_at(long row);
std::string hex(std::string_view digits);
/// `CAST(? AS type)`, the type being one of Sql's.
std::string cast_parameter(std::string_view type);
std::string end_session(std::string_view session);
std::string count_session(std::string_view session);
std::string select_setting(std::string_view name);

}  // namespace odbc_test
