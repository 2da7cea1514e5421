// SPDX-License-Identifier: Apache-2.0
// Rowsets, positions in them, and long values in pieces of any size.
#include <array>
#include <cstring>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

void set(Statement& statement, SQLINTEGER attribute, SQLULEN value) {
  ASSERT_EQ(SQLSetStmtAttr(statement.handle(), attribute, reinterpret_cast<SQLPOINTER>(value), 0),
            SQL_SUCCESS);
}

std::string cell(Statement& statement, SQLUSMALLINT column) {
  std::array<char, 64> buffer{};
  SQLLEN length = 0;
  const SQLRETURN code =
      SQLGetData(statement.handle(), column, SQL_C_CHAR, buffer.data(), buffer.size(), &length);
  if (code != SQL_SUCCESS) return "failed: " + statement.state();
  return length == SQL_NULL_DATA ? "NULL" : std::string(buffer.data());
}

TEST(Fetch, EveryRowOfARowsetCanBeReadAgainWithAllColumnsBound) {
  for (const bool prepared : {false, true}) {
    Connection connection;
    Statement statement(connection);
    std::array<SQLINTEGER, 7> numbers{};
    std::array<std::array<char, 4>, 7> texts{};
    std::array<SQLLEN, 7> number_lengths{}, text_lengths{};
    SQLULEN fetched = 0;
    set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 7);
    SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    const std::string sql =
        "SELECT g, CASE WHEN g % 3 = 0 THEN NULL ELSE concat('row number ', g) END "
        "FROM " +
        series(1, 24);
    ASSERT_EQ(prepared ? statement.prepare(sql) : statement.execute(sql), SQL_SUCCESS);
    for (int round = 0; round < (prepared ? 3 : 1); ++round) {
      if (prepared) { ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS); }
      SQLBindCol(statement.handle(), 1, SQL_C_SLONG, numbers.data(), 0, number_lengths.data());
      SQLBindCol(statement.handle(), 2, SQL_C_CHAR, texts.data(), texts[0].size(),
                 text_lengths.data());
      int seen = 0;
      while (SQL_SUCCEEDED(SQLFetchScroll(statement.handle(), SQL_FETCH_NEXT, 0))) {
        for (SQLULEN row = fetched; row >= 1; --row) {
          const int number = seen + static_cast<int>(row);
          ASSERT_EQ(SQLSetPos(statement.handle(), row, SQL_POSITION, SQL_LOCK_NO_CHANGE),
                    SQL_SUCCESS)
              << statement.state();
          EXPECT_EQ(cell(statement, 2),
                    number % 3 == 0 ? "NULL" : "row number " + std::to_string(number));
          EXPECT_EQ(cell(statement, 1), std::to_string(number));
          EXPECT_EQ(numbers[row - 1], number);
        }
        seen += static_cast<int>(fetched);
      }
      EXPECT_EQ(seen, 24);
      SQLFreeStmt(statement.handle(), SQL_CLOSE);
    }
  }
}

TEST(Fetch, PositionsOutsideTheRowsetAndOtherOperationsAreRefused) {
  Connection connection;
  Statement statement(connection);
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 5);
  ASSERT_EQ(statement.execute("SELECT g FROM " + series(1, 3)), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(SQLSetPos(statement.handle(), 4, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY107");
  EXPECT_EQ(SQLSetPos(statement.handle(), 1, SQL_DELETE, SQL_LOCK_NO_CHANGE), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYC00");
  EXPECT_EQ(SQLSetPos(statement.handle(), 3, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
  EXPECT_EQ(cell(statement, 1), "3");
}

struct Row {
  SQLINTEGER number;
  SQLLEN number_length;
  char16_t text[16];
  SQLLEN text_length;
};

TEST(Fetch, RowWiseBindingWithAnOffsetFillsTheSecondBlock) {
  Connection connection;
  Statement statement(connection);
  std::array<Row, 8> rows{};
  std::array<SQLUSMALLINT, 4> status{};
  SQLULEN fetched = 0, offset = 4 * sizeof(Row);
  set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 4);
  set(statement, SQL_ATTR_ROW_BIND_TYPE, sizeof(Row));
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROW_STATUS_PTR, status.data(), 0);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  SQLBindCol(statement.handle(), 1, SQL_C_SLONG, &rows[0].number, 0, &rows[0].number_length);
  SQLBindCol(statement.handle(), 2, SQL_C_WCHAR, rows[0].text, sizeof rows[0].text,
             &rows[0].text_length);
  ASSERT_EQ(statement.execute("SELECT g, concat('text ', g) FROM " + series(1, 6)), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(fetched, 4U);
  EXPECT_EQ(rows[0].number, 0);
  EXPECT_EQ(rows[7].number, 4);
  EXPECT_EQ(std::u16string(rows[7].text), u"text 4");
  EXPECT_EQ(rows[7].text_length, 12);
  offset = 0;
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(fetched, 2U);
  EXPECT_EQ(rows[1].number, 6);
  EXPECT_EQ(status, (std::array<SQLUSMALLINT, 4>{SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_NOROW,
                                                 SQL_ROW_NOROW}));
  EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
}

// Reads column 1 in pieces of `capacity` bytes; checks each remaining length.
std::string pieces(Statement& statement, SQLSMALLINT c_type, std::size_t capacity,
                   std::size_t whole) {
  const std::size_t unit = c_type == SQL_C_WCHAR ? 2 : 1;
  const std::size_t ending = c_type == SQL_C_BINARY ? 0 : unit;
  std::string all;
  std::vector<char> buffer(capacity + 8, '\x7E');
  for (;;) {
    SQLLEN left = -99;
    const SQLRETURN code = SQLGetData(statement.handle(), 1, c_type, buffer.data(),
                                      static_cast<SQLLEN>(capacity), &left);
    if (code == SQL_NO_DATA) return all;
    EXPECT_TRUE(SQL_SUCCEEDED(code)) << statement.state();
    EXPECT_EQ(static_cast<std::size_t>(left), whole - all.size());
    EXPECT_EQ(buffer[capacity], '\x7E') << "beyond the buffer";
    if (code == SQL_SUCCESS) return all.append(buffer.data(), static_cast<std::size_t>(left));
    EXPECT_EQ(statement.state(), "01004");
    std::size_t got = capacity - ending;
    if (c_type == SQL_C_WCHAR) {
      const std::size_t units = capacity / 2 - 1;
      std::u16string text(units, u'\0');
      std::memcpy(text.data(), buffer.data(), units * 2);
      got = 2 * std::min(units, text.find(u'\0'));
    }
    if (got == 0) return all + " no progress";
    all.append(buffer.data(), got);
  }
}

TEST(Fetch, PiecesOfAnySizeGiveTheWholeValueAndExactRemainders) {
  Connection connection;
  for (const std::size_t capacity : {2U, 3U, 5U, 7U, 64U, 1001U}) {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT repeat('abcdefghi', 100)"), SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(pieces(statement, SQL_C_CHAR, capacity, 900).size(), 900U) << capacity;
  }
  std::string expected, digits;
  for (int i = 0; i < 100; ++i) {
    expected.append("\x00\xFF\x10", 3);
    digits += "00ff10";
  }
  for (const std::size_t capacity : {1U, 2U, 3U, 64U, 299U, 300U, 301U}) {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT " + hex(digits)), SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(pieces(statement, SQL_C_BINARY, capacity, 300), expected) << capacity;
  }
  for (const std::size_t capacity : {6U, 7U, 8U, 9U, 31U, 500U}) {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT repeat('a\xF0\x9F\x98\x80', 50)"), SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    std::u16string faces;
    for (int i = 0; i < 50; ++i) faces += u"a\U0001F600";
    const std::string got = pieces(statement, SQL_C_WCHAR, capacity, 300);
    ASSERT_EQ(got.size(), 300U) << capacity;
    EXPECT_EQ(std::memcmp(got.data(), faces.data(), 300), 0) << capacity;
  }
}

TEST(Fetch, ColumnsAreReadInAnyOrderBoundOrNotAndAsOftenAsWanted) {
  Connection connection;
  Statement statement(connection);
  SQLINTEGER bound = 0;
  SQLLEN bound_length = 0;
  std::array<char, 64> buffer{};
  SQLLEN length = 0;
  const auto piece = [&](SQLUSMALLINT column, SQLLEN capacity) {
    const SQLRETURN code =
        SQLGetData(statement.handle(), column, SQL_C_CHAR, buffer.data(), capacity, &length);
    if (code == SQL_NO_DATA) return std::string("no data");
    return std::string(buffer.data()) + (code == SQL_SUCCESS ? "" : "...") + std::to_string(length);
  };
  ASSERT_EQ(SQLBindCol(statement.handle(), 2, SQL_C_SLONG, &bound, 0, &bound_length), SQL_SUCCESS);
  ASSERT_EQ(statement.execute("SELECT 'abcdef', g, NULL, 'xyz' FROM " + series(7, 8)), SQL_SUCCESS);
  for (const int row : {7, 8}) {
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(bound, row);
    EXPECT_EQ(piece(4, 64), "xyz3");
    EXPECT_EQ(piece(1, 4), "abc...6");
    EXPECT_EQ(piece(1, 4), "def3");
    EXPECT_EQ(piece(1, 4), "no data");
    EXPECT_EQ(piece(2, 64), std::to_string(row) + "1");  // bound, and read all the same
    EXPECT_EQ(piece(2, 64), "no data");
    EXPECT_EQ(piece(1, 4), "abc...6");  // another column in between: from its begin
    EXPECT_EQ(piece(4, 3), "xy...3");
    EXPECT_EQ(piece(1, 64), "abcdef6");
    EXPECT_EQ(SQLGetData(statement.handle(), 3, SQL_C_CHAR, buffer.data(), 64, &length),
              SQL_SUCCESS);
    EXPECT_EQ(length, SQL_NULL_DATA);
    EXPECT_EQ(SQLGetData(statement.handle(), 3, SQL_C_CHAR, buffer.data(), 64, nullptr),
              SQL_NO_DATA);
    EXPECT_EQ(SQLGetData(statement.handle(), 5, SQL_C_CHAR, buffer.data(), 64, &length), SQL_ERROR);
    EXPECT_EQ(statement.state(), "07009");
  }
}

TEST(Fetch, ABufferOfOneByteOrOneUnitTellsTheLengthOnly) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 'four'"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  std::array<char, 16> buffer{};
  SQLLEN length = 0;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, buffer.data(), 1, &length),
              SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(length, 4);
  }
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_WCHAR, buffer.data(), 2, &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 8);
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, buffer.data(), 16, &length), SQL_SUCCESS);
  EXPECT_STREQ(buffer.data(), "four");
}

}  // namespace
