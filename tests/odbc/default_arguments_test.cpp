// SPDX-License-Identifier: Apache-2.0
// {call} of procedures and functions, and SQL_DEFAULT_PARAM: an argument that takes the routine's
// own default.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

class DefaultArguments : public testing::Test {
 protected:
  DefaultArguments() {
    connection.run("CREATE TEMP TABLE called(n int, t text, d numeric)");
    connection.run(
        "CREATE OR REPLACE PROCEDURE pg_temp.remember(n int, \"T t\" text DEFAULT 'preset', d "
        "numeric "
        "DEFAULT 1.5) LANGUAGE sql AS 'INSERT INTO called VALUES (n, \"T t\", d)'");
    connection.run(
        "CREATE PROCEDURE pg_temp.twice(int, text DEFAULT 'x', int DEFAULT 2) LANGUAGE sql AS "
        "'INSERT INTO called VALUES ($1, $2, $3)'");
  }

  SQLRETURN bind(SQLUSMALLINT number, SQLINTEGER& value, SQLLEN& length) {
    return SQLBindParameter(statement.handle(), number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER,
                            0, 0, &value, 0, &length);
  }
  SQLRETURN bind_text(SQLUSMALLINT number, char* value, SQLLEN& length) {
    return SQLBindParameter(statement.handle(), number, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
                            20, 0, value, 0, &length);
  }
  std::string called() {
    const std::string rows = connection.value(
        "SELECT string_agg(concat_ws(',', n, t, d), ' ') FROM (SELECT * FROM called ORDER BY n) c");
    connection.run("DELETE FROM called");
    return rows;
  }

  Connection connection;
  Statement statement{connection};
};

TEST_F(DefaultArguments, AtTheEndInTheMiddleAndEverywhere) {
  SQLINTEGER n = 1, d = 4;
  SQLLEN n_length = 0, d_length = 0, t_length = SQL_NTS;
  char t[] = "given";
  ASSERT_EQ(statement.prepare("{call pg_temp.remember(?, ?, ?)}"), SQL_SUCCESS);
  bind(1, n, n_length);
  bind_text(2, t, t_length);
  bind(3, d, d_length);
  const auto execute = [&] {
    EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.records().front().message;
    return called();
  };
  EXPECT_EQ(execute(), "1,given,4");
  t_length = SQL_DEFAULT_PARAM;
  EXPECT_EQ(execute(), "1,preset,4");
  d_length = SQL_DEFAULT_PARAM;
  EXPECT_EQ(execute(), "1,preset,1.5");
  t_length = SQL_NTS;
  EXPECT_EQ(execute(), "1,given,1.5");
  t_length = SQL_NULL_DATA;
  EXPECT_EQ(execute(), "1,1.5");
  n_length = SQL_DEFAULT_PARAM;  // has no default
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "42883");
  n_length = t_length = d_length = 0;
  t_length = SQL_NTS;
  EXPECT_EQ(execute(), "1,given,4");
}

TEST_F(DefaultArguments, OfFunctionsToo) {
  connection.run(
      "CREATE FUNCTION pg_temp.f(a int DEFAULT 10, b int DEFAULT 20) RETURNS int "
      "LANGUAGE sql AS 'SELECT a + b'");
  SQLINTEGER a = 1, b = 2;
  SQLLEN a_length = SQL_DEFAULT_PARAM, b_length = 0;
  ASSERT_EQ(statement.prepare("{call pg_temp.f(?, ?)}"), SQL_SUCCESS);
  SQLSMALLINT columns = 0;
  EXPECT_EQ(SQLNumResultCols(statement.handle(), &columns), SQL_SUCCESS);
  EXPECT_EQ(columns, 1);
  bind(1, a, a_length);
  bind(2, b, b_length);
  for (const char* sum : {"12", "30", "3"}) {
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(statement.text_of(1), sum);
    SQLCloseCursor(statement.handle());
    if (b_length == 0)
      b_length = SQL_DEFAULT_PARAM;
    else
      a_length = b_length = 0;
  }
}

TEST_F(DefaultArguments, ARoutineThatChangesItsKindIsFoundAgain) {
  connection.run("CREATE PROCEDURE pg_temp.changing(n int) LANGUAGE sql AS 'SELECT 1'");
  ASSERT_EQ(statement.prepare("{call pg_temp.changing(5)}"), SQL_SUCCESS);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  connection.run("DROP PROCEDURE pg_temp.changing");
  connection.run("CREATE FUNCTION pg_temp.changing(n int) RETURNS int LANGUAGE sql AS 'SELECT n'");
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "42809");
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "5");
}

TEST_F(DefaultArguments, ACallWithoutArgumentsOrInATransactionWorksToo) {
  connection.run(
      "CREATE PROCEDURE pg_temp.\"No Arguments\"() LANGUAGE sql AS "
      "'INSERT INTO called VALUES (9)'");
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  EXPECT_EQ(statement.execute("{call pg_temp.\"No Arguments\"}"), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(statement.execute("{call pg_temp.\"No Arguments\"()}"), SQL_SUCCESS);
  EXPECT_EQ(called(), "9 9");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(statement.execute("{call no_such_procedure(1)}"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "42883");
  SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
}

TEST_F(DefaultArguments, DifferFromSetToSetOfAnArray) {
  std::array<SQLINTEGER, 4> n = {1, 2, 3, 4}, d = {5, 6, 7, 8};
  std::array<SQLLEN, 4> n_length{}, d_length = {0, SQL_DEFAULT_PARAM, SQL_NULL_DATA, 0};
  std::array<SQLUSMALLINT, 4> status{};
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(4), 0);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
  ASSERT_EQ(statement.prepare("{call pg_temp.remember(?, 'c', ?)}"), SQL_SUCCESS);
  bind(1, n[0], n_length[0]);
  bind(2, d[0], d_length[0]);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(called(), "1,c,5 2,c,1.5 3,c 4,c,8");
  EXPECT_EQ(status, (std::array<SQLUSMALLINT, 4>{}));
}

TEST_F(DefaultArguments, WithoutNamesWorkAtTheEndOnly) {
  SQLINTEGER n = 1, d = 4;
  SQLLEN n_length = 0, d_length = SQL_DEFAULT_PARAM, t_length = SQL_DEFAULT_PARAM;
  char t[] = "given";
  ASSERT_EQ(statement.prepare("{call pg_temp.twice(?, ?, ?)}"), SQL_SUCCESS);
  bind(1, n, n_length);
  bind_text(2, t, t_length);
  bind(3, d, d_length);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(called(), "1,x,2");
  d_length = 0;
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYC00");
  const std::string message = statement.records().front().message;
  EXPECT_NE(message.find("parameter 2"), std::string::npos) << message;
  EXPECT_EQ(connection.value("SELECT 1"), "1");
}

TEST_F(DefaultArguments, OfAnOverloadedRoutineAreNotGuessed) {
  connection.run("CREATE PROCEDURE pg_temp.remember(n date) LANGUAGE sql AS 'SELECT 1'");
  SQLINTEGER n = 1, d = 4;
  SQLLEN n_length = 0, d_length = 0, t_length = SQL_DEFAULT_PARAM;
  char t[] = "";
  ASSERT_EQ(statement.prepare("{call pg_temp.remember(?, ?, ?)}"), SQL_SUCCESS);
  bind(1, n, n_length);
  bind_text(2, t, t_length);
  bind(3, d, d_length);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYC00");
}

TEST_F(DefaultArguments, OutsideACallOrInsideAnExpressionAre07S01) {
  SQLINTEGER n = 1;
  SQLLEN length = SQL_DEFAULT_PARAM;
  bind(1, n, length);
  for (const char* sql : {"SELECT ?", "{call pg_temp.remember(? + 1)}"}) {
    ASSERT_EQ(statement.execute(sql), SQL_ERROR);
    EXPECT_EQ(statement.state(), "07S01") << sql;
  }
}

}  // namespace
