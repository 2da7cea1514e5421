// SPDX-License-Identifier: Apache-2.0
// What the driver remembers of a statement that is executed again and again must not outlive what
// it was learned from: columns, bindings, the text itself.
#include <array>
#include <string>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

struct Shown {
  std::string bound, got;
  SQLSMALLINT type = 0;
};

// The first column of the first row, by SQLBindCol and by SQLGetData, and its described type.
Shown first_cell(Statement& statement, std::array<char, 40>& bound) {
  Shown shown;
  EXPECT_EQ(SQLDescribeCol(statement.handle(), 1, nullptr, 0, nullptr, &shown.type, nullptr,
                           nullptr, nullptr),
            SQL_SUCCESS)
      << statement.state();
  bound.fill('?');
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS) << statement.state();
  shown.bound = bound.data();
  std::array<char, 40> data{};
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, data.data(), data.size(), nullptr),
            SQL_SUCCESS)
      << statement.state();
  shown.got = data.data();
  EXPECT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  return shown;
}

TEST(Repeated, AColumnThatChangesItsTypeIsReadByTheNewOne) {
  for (const bool prepared : {false, true}) {
    Connection connection;
    connection.run("CREATE TEMP TABLE repeated (a int)");
    connection.run("INSERT INTO repeated VALUES (7)");
    Statement statement(connection);
    std::array<char, 40> bound{};
    SQLLEN length = 0;
    SQLBindCol(statement.handle(), 1, SQL_C_CHAR, bound.data(), bound.size(), &length);
    const std::string sql = "SELECT a FROM repeated";
    if (prepared) { ASSERT_EQ(statement.prepare(sql), SQL_SUCCESS); }
    const auto execute = [&] {
      return prepared ? SQLExecute(statement.handle()) : statement.execute(sql);
    };
    for (int i = 0; i < 4; ++i) {
      ASSERT_EQ(execute(), SQL_SUCCESS) << statement.state();
      const Shown shown = first_cell(statement, bound);
      EXPECT_EQ(shown.bound + " " + shown.got, "7 7");
      EXPECT_EQ(shown.type, SQL_INTEGER);
    }
    connection.run(
        "ALTER TABLE repeated ALTER a TYPE timestamp USING timestamp '2026-11-27 12:00:01.5'");
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(execute(), SQL_SUCCESS) << statement.state();
      const Shown shown = first_cell(statement, bound);
      EXPECT_EQ(shown.bound + " " + shown.got, "2026-11-27 12:00:01.5 2026-11-27 12:00:01.5");
      EXPECT_EQ(shown.type, SQL_TYPE_TIMESTAMP);
    }
  }
}

TEST(Repeated, TextsThatTakeTurnsKeepTheirOwnColumns) {
  Connection connection;
  Statement one(connection), other(connection);
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(one.execute("SELECT 1 AS a, 'x' AS b"), SQL_SUCCESS);
    ASSERT_EQ(other.execute("SELECT 'y' AS a, 2 AS c"), SQL_SUCCESS);
    ASSERT_EQ(one.fetch(), SQL_SUCCESS);
    ASSERT_EQ(other.fetch(), SQL_SUCCESS);
    EXPECT_EQ(one.text_of(1).value() + one.text_of(2).value(), "1x");
    EXPECT_EQ(other.text_of(1).value() + other.text_of(2).value(), "y2");
    std::array<SQLCHAR, 8> name{};
    SQLDescribeCol(other.handle(), 2, name.data(), name.size(), nullptr, nullptr, nullptr, nullptr,
                   nullptr);
    EXPECT_STREQ(reinterpret_cast<const char*>(name.data()), "c");
    SQLCloseCursor(one.handle());
    SQLCloseCursor(other.handle());
  }
}

std::string echo(Statement& statement) {
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS) << statement.state();
  const std::string value = statement.text_of(1).value_or("NULL");
  SQLCloseCursor(statement.handle());
  return value;
}

TEST(Repeated, AParameterBoundAnewIsReadFromItsNewPlaceInItsNewForm) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("SELECT CAST(? AS varchar(20))"), SQL_SUCCESS);
  std::array<SQLINTEGER, 2> numbers{11, 22};
  char text[] = "words";
  SQLLEN length = SQL_NTS, offset = 0;
  const auto bind = [&](SQLSMALLINT c_type, void* data, SQLLEN size) {
    ASSERT_EQ(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, c_type, SQL_VARCHAR, 20, 0,
                               data, size, c_type == SQL_C_CHAR ? &length : nullptr),
              SQL_SUCCESS);
  };
  bind(SQL_C_SLONG, &numbers[0], 0);
  EXPECT_EQ(echo(statement), "11");
  numbers[0] = 12;
  EXPECT_EQ(echo(statement), "12");
  bind(SQL_C_SLONG, &numbers[1], 0);
  EXPECT_EQ(echo(statement), "22");
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0);
  EXPECT_EQ(echo(statement), "22");
  offset = -static_cast<SQLLEN>(sizeof(SQLINTEGER));
  EXPECT_EQ(echo(statement), "12");
  offset = 0;
  bind(SQL_C_CHAR, text, sizeof text);
  EXPECT_EQ(echo(statement), "words");
  length = SQL_NULL_DATA;
  EXPECT_EQ(echo(statement), "NULL");
  SQLFreeStmt(statement.handle(), SQL_RESET_PARAMS);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "07002");
  bind(SQL_C_SLONG, &numbers[1], 0);
  EXPECT_EQ(echo(statement), "22");
}

TEST(Repeated, AColumnMayBeAskedForInAnotherFormInEachRow) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT g * 1000 + 0.5 FROM generate_series(1, 3) g"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "1000.5");
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  SQLDOUBLE number = 0;
  ASSERT_EQ(SQLGetData(statement.handle(), 1, SQL_C_DOUBLE, &number, 0, nullptr), SQL_SUCCESS);
  EXPECT_EQ(number, 2000.5);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  std::array<char, 8> small{};
  SQLLEN length = 0;
  // What stands before the point must fit, what stands behind it may be cut.
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, small.data(), 4, &length), SQL_ERROR);
  EXPECT_EQ(statement.state(), "22003");
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, small.data(), 6, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(statement.state(), "01004");
  EXPECT_STREQ(small.data(), "3000.");
  EXPECT_EQ(length, 6);
}

}  // namespace
