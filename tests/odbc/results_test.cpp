// SPDX-License-Identifier: Apache-2.0
// Results: describing, fetching rows and rowsets, pieces, several results, streams that share a
// connection.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

struct Described {
  std::string name;
  SQLSMALLINT type;
  SQLULEN size;
  SQLSMALLINT digits;
  SQLSMALLINT nullable;
};

Described describe(Statement& statement, SQLUSMALLINT number) {
  std::array<SQLCHAR, 128> name{};
  Described d{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(SQLDescribeCol(statement.handle(), number, name.data(), name.size(), &length, &d.type,
                           &d.size, &d.digits, &d.nullable),
            SQL_SUCCESS);
  d.name = reinterpret_cast<const char*>(name.data());
  return d;
}

SQLLEN attribute(Statement& statement, SQLUSMALLINT number, SQLUSMALLINT field) {
  SQLLEN value = -99;
  EXPECT_EQ(SQLColAttribute(statement.handle(), number, field, nullptr, 0, nullptr, &value),
            SQL_SUCCESS);
  return value;
}

TEST(Results, ColumnsAreDescribedBeforeAndAfterExecution) {
  Connection connection;
  Given table(connection);
  table.column("a int NOT NULL").column("b varchar(20)").column("c numeric(10,2)").column("d text");
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("SELECT a, b, c, d FROM " + table.name()), SQL_SUCCESS);
  for (int round = 0; round < 2; ++round) {
    SQLSMALLINT count = 0;
    ASSERT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS) << statement.state();
    ASSERT_EQ(count, 4);
    EXPECT_EQ(describe(statement, 1).name, "a");
    EXPECT_EQ(describe(statement, 1).type, SQL_INTEGER);
    EXPECT_EQ(describe(statement, 2).type, SQL_WVARCHAR);
    EXPECT_EQ(describe(statement, 2).size, 20U);
    EXPECT_EQ(describe(statement, 3).type, SQL_DECIMAL);
    EXPECT_EQ(describe(statement, 3).size, 10U);
    EXPECT_EQ(describe(statement, 3).digits, 2);
    EXPECT_EQ(describe(statement, 4).type, SQL_WLONGVARCHAR);
    EXPECT_EQ(describe(statement, 4).size, 0U) << "no limit";
    EXPECT_EQ(attribute(statement, 4, SQL_DESC_DISPLAY_SIZE), SQL_NO_TOTAL);
    EXPECT_EQ(attribute(statement, 2, SQL_DESC_OCTET_LENGTH), 80);
    if (round == 0) { ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS); }
  }
}

TEST(Results, DescribingWithoutAResultSetIs07005) {
  Connection connection;
  Given table(connection);
  table.column("a int");
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("INSERT INTO " + table.name() + " VALUES (1)"), SQL_SUCCESS);
  SQLSMALLINT count = -1, type = 0;
  ASSERT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 0);
  EXPECT_EQ(
      SQLDescribeCol(statement.handle(), 1, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr),
      SQL_ERROR);
  EXPECT_EQ(statement.state(), "07005");
}

TEST(Results, RowsetOfTenFillsArraysAndTellsTheShortRest) {
  Connection connection;
  Statement statement(connection);
  std::array<SQLINTEGER, 10> values{};
  std::array<SQLLEN, 10> lengths{};
  std::array<SQLUSMALLINT, 10> status{};
  SQLULEN fetched = 0;
  const auto set = [&](SQLINTEGER attribute_, SQLPOINTER value) {
    ASSERT_EQ(SQLSetStmtAttr(statement.handle(), attribute_, value, 0), SQL_SUCCESS);
  };
  set(SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(10));
  set(SQL_ATTR_ROW_STATUS_PTR, status.data());
  set(SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
  ASSERT_EQ(SQLBindCol(statement.handle(), 1, SQL_C_SLONG, values.data(), 0, lengths.data()),
            SQL_SUCCESS);
  ASSERT_EQ(statement.execute("SELECT g FROM " + series(1, 25)), SQL_SUCCESS);
  ASSERT_EQ(SQLFetchScroll(statement.handle(), SQL_FETCH_NEXT, 0), SQL_SUCCESS);
  EXPECT_EQ(fetched, 10U);
  EXPECT_EQ(values[9], 10);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(fetched, 5U);
  EXPECT_EQ(values[4], 25);
  EXPECT_EQ(status[5], SQL_ROW_NOROW);
  EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
}

TEST(Results, OnlyNextCanBeFetched) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  EXPECT_EQ(SQLFetchScroll(statement.handle(), SQL_FETCH_FIRST, 0), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY106");
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
}

TEST(Results, LongTextComesInPiecesWithExactRemainingLengths) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT repeat('abc', 1000)"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  std::array<char, 1001> piece{};
  SQLLEN left = 0;
  for (const SQLLEN expected : {3000, 2000, 1000}) {
    const SQLRETURN code =
        SQLGetData(statement.handle(), 1, SQL_C_CHAR, piece.data(), piece.size(), &left);
    EXPECT_EQ(code, expected == 1000 ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(left, expected);
  }
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, piece.data(), piece.size(), &left),
            SQL_NO_DATA);
}

TEST(Results, SecondStatementRunsWhileTheFirstStillStreams) {
  Connection connection;
  Statement streaming(connection);
  ASSERT_EQ(streaming.execute("SELECT g FROM " + series(1, 100000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT 'between'"), "between");
  int rows = 1;
  while (streaming.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 100000);
}

TEST(Results, SeveralStatementsGiveSeveralResults) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 1; SELECT 2, 3"), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "1");
  ASSERT_EQ(SQLMoreResults(statement.handle()), SQL_SUCCESS);
  SQLSMALLINT count = 0;
  ASSERT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 2);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(2), "3");
  EXPECT_EQ(SQLMoreResults(statement.handle()), SQL_NO_DATA);
  EXPECT_EQ(statement.execute("SELECT 4"), SQL_SUCCESS);
}

TEST(Results, MaxRowsEndsTheCursorEarly) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(
      SQLSetStmtAttr(statement.handle(), SQL_ATTR_MAX_ROWS, reinterpret_cast<SQLPOINTER>(3), 0),
      SQL_SUCCESS);
  ASSERT_EQ(statement.execute("SELECT g FROM " + series(1, 10)), SQL_SUCCESS);
  int rows = 0;
  while (statement.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 3);
}

TEST(Results, ErrorInTheMiddleOfAStreamIsReportedAndTheStatementGoesOn) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT " + fails_at(5000) + " FROM " + series(1, 10000)),
            SQL_SUCCESS);
  SQLRETURN code = SQL_SUCCESS;
  int rows = 0;
  while ((code = statement.fetch()) == SQL_SUCCESS) ++rows;
  EXPECT_EQ(code, SQL_ERROR);
  EXPECT_EQ(statement.state(), engine_sql().fails_state);
  EXPECT_LE(rows, 4999);
  SQLFreeStmt(statement.handle(), SQL_CLOSE);
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
}

TEST(Results, LostLinkIsReportedOnceAndTheConnectionIsDead) {
  Connection victim("plugins=");
  Connection other;
  const std::string session = victim.value("SELECT " + std::string(engine_sql().session));
  Statement streaming(victim);
  ASSERT_EQ(streaming.execute("SELECT repeat('x', 1000) FROM " + series(1, 100000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  other.run(end_session(session));
  SQLRETURN code = SQL_SUCCESS;
  while ((code = streaming.fetch()) == SQL_SUCCESS) {}
  EXPECT_EQ(code, SQL_ERROR);
  EXPECT_EQ(streaming.state(), "08S01");
  EXPECT_EQ(victim.get(SQL_ATTR_CONNECTION_DEAD), SQLULEN{SQL_CD_TRUE});
  SQLFreeStmt(streaming.handle(), SQL_CLOSE);
  EXPECT_EQ(streaming.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(streaming.state(), "08S01");
}

TEST(Results, NamesComeAlikeInBothTwins) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 1 AS column_name"), SQL_SUCCESS);
  std::array<SQLCHAR, 8> narrow{};
  std::array<char16_t, 8> wide_name{};
  SQLSMALLINT narrow_length = 0, wide_length = 0;
  EXPECT_EQ(SQLColAttribute(statement.handle(), 1, SQL_DESC_NAME, narrow.data(), narrow.size(),
                            &narrow_length, nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(SQLColAttributeW(statement.handle(), 1, SQL_DESC_NAME, wide_name.data(),
                             sizeof wide_name, &wide_length, nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(statement.state(), "01004");
  EXPECT_EQ(std::string(reinterpret_cast<char*>(narrow.data())), "column_");
  EXPECT_EQ(std::u16string(wide_name.data()), u"column_");
  EXPECT_EQ(narrow_length, 11);
  EXPECT_EQ(wide_length, 22);
}

}  // namespace
