// SPDX-License-Identifier: Apache-2.0
// The servers that tests/odbc runs on, and what differs between them as data. AURODBC_TEST_PROFILE
// chooses (default: postgres); AURODBC_TEST_SERVER, a connection string without driver, replaces
// the suite's own server by any real one. Comes in: odbc.h and the tests.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tests/support/sql.h"

namespace odbc_test {

/// Columns for tests of types.
using Declarations = std::span<const std::string_view>;

struct Profile {
  std::string_view name;
  std::string_view engine;            ///< of the connection string
  std::string_view dbms_name;         ///< SQL_DBMS_NAME
  std::string_view component;         ///< of the server's own errors
  std::string_view variables;         ///< how the environment names its server: "AURODBC_TEST_PG"
  std::string_view current_database;  ///< an expression
  std::string_view user;              ///< an expression: the name that logged in
  std::string_view schema;            ///< of tables made without one; empty: there are none
  std::string_view system_table;      ///< the name of one
  std::string_view system_type;       ///< its type in SQLTables
  std::string_view three_rows;        ///< a query of 1, 2, 3
  std::string_view identifier_quote;
  std::string_view marker;  ///< the first parameter's in native SQL
  Declarations types;       ///< one column each, the first is the primary key
  const Sql* sql;

  bool mysql() const { return engine == "mysql"; }
};

/// The profile of this process.
const Profile& profile();
/// Connection attributes of its server.
std::string profile_server();
/// A variable of its own server: "PORT".
std::string profile_variable(std::string_view name);

}  // namespace odbc_test
