// SPDX-License-Identifier: Apache-2.0
// What users of other drivers complained of, and what no other test here says already.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

std::string described(Statement& statement, SQLUSMALLINT column) {
  SQLSMALLINT type = 0, digits = 0;
  SQLULEN size = 0;
  EXPECT_EQ(SQLDescribeCol(statement.handle(), column, nullptr, 0, nullptr, &type, &size, &digits,
                           nullptr),
            SQL_SUCCESS)
      << statement.state();
  return std::to_string(type) + "(" + std::to_string(size) + "," + std::to_string(digits) + ")";
}

// Text cut at 255 characters, json cut in R.
TEST(Complaints, LongTextIsNeitherDescribedNorCutAt255) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT repeat('v', 4000)::varchar(4000), repeat('t', 4000), "
                              "('[\"' || repeat('j', 4000) || '\"]')::json, "
                              "xmlparse(content repeat('x', 4000))"),
            SQL_SUCCESS)
      << statement.state();
  EXPECT_EQ(described(statement, 1), "-9(4000,0)");
  for (SQLUSMALLINT column = 2; column <= 4; ++column)
    EXPECT_EQ(described(statement, column), "-10(0,0)") << column;
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  const std::size_t sizes[] = {4000, 4000, 4004, 4000};
  for (SQLUSMALLINT column = 1; column <= 4; ++column) {
    std::array<char, 256> buffer{};
    SQLLEN length = 0;
    EXPECT_EQ(SQLGetData(statement.handle(), column, SQL_C_CHAR, buffer.data(), 256, &length),
              SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(statement.state(), "01004");
    EXPECT_EQ(static_cast<std::size_t>(length), sizes[column - 1]);
  }
}

// A driver that wraps queries into DECLARE breaks WITH ... INSERT.
TEST(Complaints, StatementsAreNotRewritten) {
  Connection connection;
  connection.run("CREATE TEMP TABLE kept(n int)");
  Statement statement(connection);
  ASSERT_EQ(statement.execute("WITH added AS (INSERT INTO kept SELECT generate_series(1, 2000) "
                              "RETURNING n) SELECT n FROM added ORDER BY n"),
            SQL_SUCCESS)
      << statement.state();
  int rows = 0;
  while (statement.fetch() == SQL_SUCCESS) EXPECT_EQ(statement.text_of(1), std::to_string(++rows));
  EXPECT_EQ(rows, 2000);
  EXPECT_EQ(connection.value("SELECT count(*) FROM kept"), "2000");
}

// DirectQuery loses decimals.
TEST(Complaints, ConvertToDecimalKeepsTheFraction) {
  Connection connection;
  EXPECT_EQ(connection.value("SELECT {fn CONVERT(12.3456, SQL_DECIMAL)}"), "12.3456");
  EXPECT_EQ(connection.value("SELECT {fn CONVERT('0.000000000000000000012', SQL_NUMERIC)} * 2"),
            "0.000000000000000000024");
}

// Numeric without precision shown with zeros, or without its digits.
TEST(Complaints, NumericWithoutPrecisionIsShownAsItIs) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 1.50::numeric, 123456789012345678901234567890.123456789"),
            SQL_SUCCESS);
  EXPECT_EQ(described(statement, 1), "3(38,15)");
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "1.50");
  EXPECT_EQ(statement.text_of(2), "123456789012345678901234567890.123456789");
}

// Garbage lengths where driver and driver manager disagree about SQLLEN.
TEST(Complaints, LengthsAreWrittenAsWideAsTheDriverManagerReadsThem) {
  static_assert(sizeof(SQLLEN) == sizeof(void*) && sizeof(SQLULEN) == sizeof(void*));
  Connection connection;
  Statement statement(connection);
  std::array<SQLLEN, 2> length = {-1, 0x5A5A5A5A5A5A5A5A};
  char buffer[8] = {};
  ASSERT_EQ(statement.execute("SELECT 'four'"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLGetData(statement.handle(), 1, SQL_C_CHAR, buffer, sizeof buffer, length.data()),
            SQL_SUCCESS);
  EXPECT_EQ(length[0], 4);
  EXPECT_EQ(length[1], 0x5A5A5A5A5A5A5A5A);
  ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  SQLLEN display = 0x5A5A5A5A5A5A5A5A;
  ASSERT_EQ(statement.execute("SELECT 'x'::text"), SQL_SUCCESS);
  ASSERT_EQ(
      SQLColAttribute(statement.handle(), 1, SQL_DESC_DISPLAY_SIZE, nullptr, 0, nullptr, &display),
      SQL_SUCCESS);
  EXPECT_EQ(display, SQL_NO_TOTAL);
}

// "prepared statement does not exist" behind a pooling proxy.
TEST(Complaints, PreparedStatementsLiveBehindATransactionPooler) {
  Connection first(Connection::Closed{}), second(Connection::Closed{});
  const std::string pooled =
      driver() + "port=" + required_environment("AURODBC_TEST_PGBOUNCER_PORT") + ";" + server();
  for (Connection* connection : {&first, &second}) {
    ASSERT_TRUE(SQL_SUCCEEDED(connection->open(pooled))) << connection->state();
    connection->set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  }
  Statement one(first), two(second);
  SQLINTEGER value = 0;
  for (Statement* statement : {&one, &two}) {
    ASSERT_EQ(statement->prepare("SELECT ? + 1"), SQL_SUCCESS);
    ASSERT_EQ(statement->bind(1, value), SQL_SUCCESS);
  }
  for (int round = 0; round < 40; ++round) {
    Statement& statement = round % 3 == 0 ? two : one;
    value = round;
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS)
        << round << " " << statement.records().front().message;
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(statement.text_of(1), std::to_string(round + 1));
    SQLCloseCursor(statement.handle());
    // Every other transaction stays open while the neighbour's goes on: the sessions change hands.
    if (round % 2 == 0) SQLEndTran(SQL_HANDLE_DBC, first.handle(), SQL_COMMIT);
    if (round % 4 == 1) SQLEndTran(SQL_HANDLE_DBC, second.handle(), SQL_COMMIT);
  }
  for (Connection* connection : {&first, &second})
    SQLEndTran(SQL_HANDLE_DBC, connection->handle(), SQL_ROLLBACK);
}

}  // namespace
