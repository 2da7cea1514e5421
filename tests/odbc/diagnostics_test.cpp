// SPDX-License-Identifier: Apache-2.0
// Diagnostics: message form, header fields, reading twice, ODBC 2 states.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

std::string field(SQLHSTMT statement, SQLSMALLINT identifier) {
  std::array<SQLCHAR, 256> out{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(
      SQLGetDiagField(SQL_HANDLE_STMT, statement, 1, identifier, out.data(), out.size(), &length),
      SQL_SUCCESS);
  return reinterpret_cast<char*>(out.data());
}

TEST(Diagnostics, MessagesNameTheDriverAndTheComponent) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT no_such_column"), SQL_ERROR);
  const Diagnostic first = statement.records().front();
  EXPECT_EQ(first.sqlstate, "42S22");
  const std::string origin = "[aurodbc][" + std::string(profile().component) + "] ";
  EXPECT_EQ(first.message.rfind(origin, 0), 0U) << first.message;
  EXPECT_NE(first.native, 0);
  EXPECT_EQ(first.message.find('('), std::string::npos) << "the first (number) belongs to pyodbc";
}

TEST(Diagnostics, RecordsStayUntilTheNextCall) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("broken"), SQL_ERROR);
  EXPECT_EQ(statement.state(), engine_sql().syntax_state);
  EXPECT_EQ(statement.state(), engine_sql().syntax_state);
  ASSERT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  EXPECT_EQ(statement.state(), "");
}

TEST(Diagnostics, FieldsTellOriginAndFunction) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT * FROM no_such_table"), SQL_ERROR);
  EXPECT_EQ(field(statement.handle(), SQL_DIAG_SQLSTATE), "42S02");
  EXPECT_EQ(field(statement.handle(), SQL_DIAG_CLASS_ORIGIN), "ISO 9075");
  EXPECT_EQ(field(statement.handle(), SQL_DIAG_SUBCLASS_ORIGIN), "ODBC 3.0");
}

TEST(Diagnostics, DynamicFunctionAndRowCountFollowTheStatement) {
  const Direct direct;
  auto* diagnostic = direct.library().get(SQLGetDiagField, "SQLGetDiagField");
  auto* execute = direct.library().get(SQLExecDirect, "SQLExecDirect");
  const SQLHSTMT statement = direct.statement();
  ASSERT_EQ(execute(statement, text("CREATE TEMPORARY TABLE t (a int)"), SQL_NTS), SQL_SUCCESS);
  ASSERT_EQ(execute(statement, text("INSERT INTO t VALUES (1), (2)"), SQL_NTS), SQL_SUCCESS);
  std::array<SQLCHAR, 32> name{};
  SQLINTEGER code = 0;
  SQLLEN rows = 0;
  EXPECT_EQ(diagnostic(SQL_HANDLE_STMT, statement, 0, SQL_DIAG_DYNAMIC_FUNCTION, name.data(),
                       name.size(), nullptr),
            SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(name.data()), "INSERT");
  EXPECT_EQ(
      diagnostic(SQL_HANDLE_STMT, statement, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, nullptr),
      SQL_SUCCESS);
  EXPECT_EQ(code, SQL_DIAG_INSERT);
  EXPECT_EQ(diagnostic(SQL_HANDLE_STMT, statement, 0, SQL_DIAG_ROW_COUNT, &rows, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(rows, 2);
}

TEST(Diagnostics, Odbc2ApplicationsGetTheirOwnStates) {
  Connection connection("", SQL_OV_ODBC2);
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT * FROM no_such_table"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "S0002");
  ASSERT_EQ(statement.execute("broken"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "37000");
}

TEST(Diagnostics, MissingRecordIsNoDataAndNumberZeroAnError) {
  Connection connection;
  std::array<SQLCHAR, 6> state{};
  EXPECT_EQ(SQLGetDiagRec(SQL_HANDLE_DBC, connection.handle(), 9, state.data(), nullptr, nullptr, 0,
                          nullptr),
            SQL_NO_DATA);
  EXPECT_EQ(SQLGetDiagRec(SQL_HANDLE_DBC, connection.handle(), 0, state.data(), nullptr, nullptr, 0,
                          nullptr),
            SQL_ERROR);
}

}  // namespace
