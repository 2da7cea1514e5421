// SPDX-License-Identifier: Apache-2.0
// Executing: directly, prepared, with parameters, in pieces, with a time limit, cancelled.
#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

TEST(Execute, PreparedStatementRunsAgainWithOtherValues) {
  Connection connection;
  Statement statement(connection);
  SQLINTEGER value = 0;
  ASSERT_EQ(statement.prepare("SELECT ? + 1"), SQL_SUCCESS);
  ASSERT_EQ(statement.bind(1, value), SQL_SUCCESS);
  for (value = 1; value <= 3; ++value) {
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(statement.text_of(1), std::to_string(value + 1));
    ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  }
}

TEST(Execute, RowCountOfInsertUpdateDelete) {
  Connection connection;
  Given table(connection);
  table.column("a int");
  Statement statement(connection);
  SQLLEN count = 0;
  ASSERT_EQ(statement.execute("INSERT INTO " + table.name() + " VALUES (1), (2), (3)"),
            SQL_SUCCESS);
  ASSERT_EQ(SQLRowCount(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 3);
  ASSERT_EQ(statement.execute("UPDATE " + table.name() + " SET a = 9 WHERE a > 1"), SQL_SUCCESS);
  ASSERT_EQ(SQLRowCount(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(statement.execute("DELETE FROM " + table.name() + " WHERE a = 77"), SQL_NO_DATA);
}

TEST(Execute, MissingTableIs42S02AndTheStatementGoesOn) {
  Connection connection;
  Statement statement(connection);
  EXPECT_EQ(statement.execute("SELECT * FROM no_such_table"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "42S02");
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), SQLULEN{SQL_CD_FALSE});
}

TEST(Execute, EscapesAndMarkersAreTranslated) {
  Connection connection;
  Statement statement(connection);
  std::string day = "2024-02-29";
  ASSERT_EQ(statement.prepare("SELECT {fn UCASE('a?b')}, CAST(? AS date) = {d '2024-02-29'}"),
            SQL_SUCCESS);
  ASSERT_EQ(statement.bind(1, day), SQL_SUCCESS);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "A?B");
  EXPECT_EQ(statement.text_of(2), "1");
}

TEST(Execute, MissingParameterIs07002) {
  Connection connection;
  Statement statement(connection);
  EXPECT_EQ(statement.execute("SELECT ?"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "07002");
}

TEST(Execute, ParametersAreDescribedByTheServerOnPostgres) {
  Connection connection;
  Given table(connection);
  table.column("a numeric(10,2)").column("b timestamp");
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("SELECT 1 FROM " + table.name() + " WHERE a = ? AND b < ?"),
            SQL_SUCCESS);
  SQLSMALLINT count = 0, type = 0, digits = 0, nullable = 0;
  SQLULEN size = 0;
  ASSERT_EQ(SQLNumParams(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 2);
  ASSERT_EQ(SQLDescribeParam(statement.handle(), 1, &type, &size, &digits, &nullable), SQL_SUCCESS);
  EXPECT_EQ(type, SQL_DECIMAL);
  ASSERT_EQ(SQLDescribeParam(statement.handle(), 2, &type, &size, &digits, &nullable), SQL_SUCCESS);
  EXPECT_EQ(type, SQL_TYPE_TIMESTAMP);
  EXPECT_EQ(SQLDescribeParam(statement.handle(), 3, &type, &size, &digits, &nullable), SQL_ERROR);
  EXPECT_EQ(statement.state(), "07009");
}

TEST(Execute, DataAtExecutionArrivesInPieces) {
  Connection connection;
  Statement statement(connection);
  SQLLEN indicator = SQL_DATA_AT_EXEC;
  int token = 0;
  ASSERT_EQ(statement.prepare("SELECT length(" + cast_parameter(engine_sql().text) + ")"),
            SQL_SUCCESS);
  ASSERT_EQ(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0,
                             0, &token, 0, &indicator),
            SQL_SUCCESS);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_NEED_DATA);
  SQLPOINTER asked = nullptr;
  ASSERT_EQ(SQLParamData(statement.handle(), &asked), SQL_NEED_DATA);
  EXPECT_EQ(asked, &token);
  std::string piece(100000, 'x');
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(SQLPutData(statement.handle(), piece.data(), static_cast<SQLLEN>(piece.size())),
              SQL_SUCCESS);
  ASSERT_EQ(SQLParamData(statement.handle(), &asked), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "500000");
}

TEST(Execute, CancelEndsDataAtExecution) {
  Connection connection;
  Statement statement(connection);
  SQLLEN indicator = SQL_DATA_AT_EXEC;
  ASSERT_EQ(statement.prepare("SELECT ?"), SQL_SUCCESS);
  ASSERT_EQ(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0,
                             &indicator, 0, &indicator),
            SQL_SUCCESS);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_NEED_DATA);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY010");
  EXPECT_EQ(SQLCancel(statement.handle()), SQL_SUCCESS);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_NEED_DATA);
  EXPECT_EQ(SQLCancel(statement.handle()), SQL_SUCCESS);
}

TEST(Execute, QueryTimeoutIsHYT00AndTheConnectionStays) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT,
                           reinterpret_cast<SQLPOINTER>(1), 0),
            SQL_SUCCESS);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(statement.execute(select_sleep("20")), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYT00");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), SQLULEN{SQL_CD_FALSE});
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS) << statement.state();
}

TEST(Execute, CancelFromAnotherThreadIsHY008AndTheStatementGoesOn) {
  Connection connection;
  Statement statement(connection);
  for (int round = 0; round < 3; ++round) {
    std::thread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      EXPECT_EQ(SQLCancel(statement.handle()), SQL_SUCCESS);
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(statement.execute(select_sleep("20")), SQL_ERROR);
    canceller.join();
    EXPECT_EQ(statement.state(), "HY008");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    EXPECT_EQ(connection.value("SELECT 1"), "1");
  }
}

TEST(Execute, TwoThreadsShareAConnectionWithAStatementEach) {
  Connection connection;
  const auto work = [&](int from) {
    Statement statement(connection);
    for (int i = from; i < from + 100; ++i) {
      ASSERT_EQ(statement.execute("SELECT " + std::to_string(i)), SQL_SUCCESS);
      ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
      ASSERT_EQ(statement.text_of(1), std::to_string(i));
      ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
    }
  };
  std::thread other(work, 1000);
  work(0);
  other.join();
}

TEST(Execute, CancelStormFromAThirdThreadNeverHarms) {
  const Direct direct;
  const Library& library = direct.library();
  auto* execute = library.get(SQLExecDirect, "SQLExecDirect");
  auto* close = library.get(SQLFreeStmt, "SQLFreeStmt");
  auto* cancel = library.get(SQLCancel, "SQLCancel");
  auto* diagnostic = library.get(SQLGetDiagRec, "SQLGetDiagRec");
  SQLHANDLE first = direct.statement(), second = SQL_NULL_HANDLE;
  ASSERT_EQ(
      library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, direct.connection(), &second),
      SQL_SUCCESS);
  std::atomic<bool> stop{false};
  std::thread canceller([&] {
    while (!stop) {
      cancel(first);
      cancel(second);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::string nap = select_sleep("0.002");
  const auto work = [&](SQLHANDLE statement) {
    for (int i = 0; i < 50; ++i) {
      if (execute(statement, text(nap), SQL_NTS) == SQL_SUCCESS) {
        close(statement, SQL_CLOSE);
        continue;
      }
      std::array<SQLCHAR, 6> state{};
      std::array<SQLCHAR, 512> message{};
      // A cancel that finds the statement idle clears the records.
      if (diagnostic(SQL_HANDLE_STMT, statement, 1, state.data(), nullptr, message.data(),
                     message.size(), nullptr) == SQL_SUCCESS) {
        EXPECT_STREQ(reinterpret_cast<char*>(state.data()), "HY008") << message.data();
      }
    }
  };
  std::thread other([&] { work(second); });
  work(first);
  other.join();
  stop = true;
  canceller.join();
  EXPECT_EQ(execute(first, text("SELECT 7"), SQL_NTS), SQL_SUCCESS);
}

TEST(Execute, WideAndNarrowTextReachTheServerAlike) {
  Connection connection;
  Statement statement(connection);
  std::u16string sql = u"SELECT 'gr\u00fc\u00df \U0001F600' AS \u00fc";
  ASSERT_EQ(SQLExecDirectW(statement.handle(), units(sql), SQL_NTS), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  std::array<char16_t, 32> value{};
  SQLLEN length = 0;
  ASSERT_EQ(SQLGetData(statement.handle(), 1, SQL_C_WCHAR, value.data(), sizeof value, &length),
            SQL_SUCCESS);
  EXPECT_EQ(std::u16string(value.data()), u"gr\u00fc\u00df \U0001F600");
}

}  // namespace
