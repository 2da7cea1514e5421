// SPDX-License-Identifier: Apache-2.0
// SQLCancelHandle on statements and connections: it ends what runs, a login included, and never
// what comes later. Mostly past the driver manager, which does not let a cancel beside a call
// through (unixODBC 2.3.11 waits for the call of a connection to end).
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class CancelHandle : public testing::Test {
 protected:
  SQLRETURN cancel(SQLSMALLINT type, SQLHANDLE handle) {
    return direct.library().get(SQLCancelHandle, "SQLCancelHandle")(type, handle);
  }
  SQLRETURN execute(const char* sql) {
    return direct.library().get(SQLExecDirect, "SQLExecDirect")(direct.statement(), text(sql),
                                                                SQL_NTS);
  }
  SQLRETURN fetch() { return direct.library().get(SQLFetch, "SQLFetch")(direct.statement()); }
  SQLRETURN close() {
    return direct.library().get(SQLFreeStmt, "SQLFreeStmt")(direct.statement(), SQL_CLOSE);
  }
  SQLRETURN end_transaction(SQLSMALLINT how) {
    return direct.library().get(SQLEndTran, "SQLEndTran")(SQL_HANDLE_DBC, direct.connection(), how);
  }
  SQLRETURN set(SQLHDBC connection, SQLINTEGER attribute, SQLULEN value) {
    return direct.library().get(SQLSetConnectAttr, "SQLSetConnectAttr")(
        connection, attribute, reinterpret_cast<SQLPOINTER>(value), 0);
  }
  SQLRETURN set(SQLINTEGER attribute, SQLULEN value) {
    return set(direct.connection(), attribute, value);
  }
  std::string state_of(SQLHDBC connection) {
    SQLCHAR state[6] = {};
    direct.library().get(SQLGetDiagRec, "SQLGetDiagRec")(SQL_HANDLE_DBC, connection, 1, state,
                                                         nullptr, nullptr, 0, nullptr);
    return reinterpret_cast<const char*>(state);
  }
  std::string connection_state() { return state_of(direct.connection()); }
  void expect_alive() {
    close();
    EXPECT_EQ(execute("SELECT 1"), SQL_SUCCESS) << direct.state();
    EXPECT_EQ(fetch(), SQL_SUCCESS) << direct.state();
    close();
  }
  /// Cancels once after `span`, on a thread of its own.
  std::thread later(std::chrono::milliseconds span, SQLSMALLINT type, SQLHANDLE handle) {
    return std::thread([this, span, type, handle] {
      std::this_thread::sleep_for(span);
      EXPECT_EQ(cancel(type, handle), SQL_SUCCESS);
    });
  }

  Direct direct;
};

TEST_F(CancelHandle, OnARunningStatementIsHY008) {
  std::thread canceller = later(200ms, SQL_HANDLE_STMT, direct.statement());
  const auto began = Clock::now();
  EXPECT_EQ(execute("SELECT pg_sleep(20)"), SQL_ERROR);
  canceller.join();
  EXPECT_LT(Clock::now() - began, 4s);
  EXPECT_EQ(direct.state(), "HY008");
  expect_alive();
}

TEST_F(CancelHandle, OnAStreamEndsItAtAnyRow) {
  std::minstd_rand random(7);
  for (int round = 0; round < 8; ++round) {
    ASSERT_EQ(execute("SELECT g, pg_sleep(0.0001) FROM generate_series(1, 200000) g"), SQL_SUCCESS)
        << direct.state();
    std::thread canceller =
        later(std::chrono::milliseconds(random() % 60), SQL_HANDLE_STMT, direct.statement());
    SQLRETURN code = SQL_SUCCESS;
    while (SQL_SUCCEEDED(code)) code = fetch();
    canceller.join();
    EXPECT_EQ(code, SQL_ERROR);
    EXPECT_EQ(direct.state(), "HY008");
    expect_alive();
  }
}

TEST_F(CancelHandle, WhileDataIsAwaitedEndsTheExecution) {
  SQLLEN length = SQL_DATA_AT_EXEC;
  ASSERT_EQ(direct.library().get(SQLBindParameter, "SQLBindParameter")(
                direct.statement(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &length, 0,
                &length),
            SQL_SUCCESS);
  ASSERT_EQ(execute("SELECT ?"), SQL_NEED_DATA);
  EXPECT_EQ(cancel(SQL_HANDLE_STMT, direct.statement()), SQL_SUCCESS);
  SQLPOINTER token = nullptr;
  EXPECT_EQ(direct.library().get(SQLParamData, "SQLParamData")(direct.statement(), &token),
            SQL_ERROR);
  EXPECT_EQ(direct.state(), "HY010");
  EXPECT_EQ(execute("SELECT ?"), SQL_NEED_DATA);
  EXPECT_EQ(cancel(SQL_HANDLE_STMT, direct.statement()), SQL_SUCCESS);
  direct.library().get(SQLFreeStmt, "SQLFreeStmt")(direct.statement(), SQL_RESET_PARAMS);
  expect_alive();
}

TEST_F(CancelHandle, EndsALoginThatNobodyAnswers) {
  const throttle::SilentServer silent;
  const std::string string =
      "SERVER=127.0.0.1;PORT=" + std::to_string(silent.port()) + ";plugins=none;" + server();
  SQLHENV environment = SQL_NULL_HENV;
  SQLHDBC connection = SQL_NULL_HDBC;
  auto* allocate = direct.library().get(SQLAllocHandle, "SQLAllocHandle");
  allocate(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  direct.library().get(SQLSetEnvAttr, "SQLSetEnvAttr")(
      environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0);
  ASSERT_EQ(allocate(SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
  auto* connect = direct.library().get(SQLDriverConnect, "SQLDriverConnect");
  std::string target = string;
  for (int round = 0; round < 2; ++round) {
    std::thread canceller = later(200ms, SQL_HANDLE_DBC, connection);
    const auto began = Clock::now();
    EXPECT_EQ(connect(connection, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr,
                      SQL_DRIVER_NOPROMPT),
              SQL_ERROR);
    canceller.join();
    EXPECT_LT(Clock::now() - began, 1500ms);
    EXPECT_EQ(state_of(connection), "HY008");
  }
  std::string real = server();
  EXPECT_TRUE(SQL_SUCCEEDED(
      connect(connection, nullptr, text(real), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)))
      << state_of(connection);
  direct.library().get(SQLDisconnect, "SQLDisconnect")(connection);
  auto* release = direct.library().get(SQLFreeHandle, "SQLFreeHandle");
  release(SQL_HANDLE_DBC, connection);
  release(SQL_HANDLE_ENV, environment);
}

TEST_F(CancelHandle, EndsACommitThatWaits) {
  ASSERT_EQ(execute("CREATE TEMP TABLE slow(n int)"), SQL_SUCCESS);
  ASSERT_EQ(execute("CREATE FUNCTION pg_temp.dawdle() RETURNS trigger LANGUAGE plpgsql AS "
                    "'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'"),
            SQL_SUCCESS);
  ASSERT_EQ(execute("CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slow DEFERRABLE INITIALLY "
                    "DEFERRED FOR EACH ROW EXECUTE FUNCTION pg_temp.dawdle()"),
            SQL_SUCCESS);
  ASSERT_EQ(set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  ASSERT_EQ(execute("INSERT INTO slow VALUES (1)"), SQL_SUCCESS);
  std::thread canceller = later(300ms, SQL_HANDLE_DBC, direct.connection());
  const auto began = Clock::now();
  EXPECT_EQ(end_transaction(SQL_COMMIT), SQL_ERROR);
  canceller.join();
  EXPECT_LT(Clock::now() - began, 5s);
  EXPECT_EQ(connection_state(), "HY008");
  ASSERT_EQ(execute("SELECT 1 FROM slow"), SQL_SUCCESS) << direct.state();
  EXPECT_EQ(fetch(), SQL_NO_DATA);  // what was not committed is gone
  close();
  EXPECT_EQ(end_transaction(SQL_ROLLBACK), SQL_SUCCESS);
  set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
}

TEST_F(CancelHandle, HitsNothingThatComesLater) {
  std::atomic<bool> stop{false};
  std::thread canceller([&] {
    std::minstd_rand random(11);
    while (!stop) {
      cancel(SQL_HANDLE_DBC, direct.connection());
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 700));
    }
  });
  set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  int ended = 0;
  const auto fine = [&](SQLRETURN code) {
    if (code == SQL_SUCCESS) return true;
    ++ended;
    return connection_state() == "HY008";
  };
  for (int i = 0; i < 300; ++i) {
    // Statements are not the connection's calls: no cancel of it meets them.
    ASSERT_EQ(execute("SELECT 1"), SQL_SUCCESS) << direct.state() << " round " << i;
    ASSERT_EQ(fetch(), SQL_SUCCESS) << direct.state() << " round " << i;
    ASSERT_EQ(close(), SQL_SUCCESS);
    ASSERT_TRUE(fine(end_transaction(i % 2 == 0 ? SQL_COMMIT : SQL_ROLLBACK)))
        << connection_state();
    end_transaction(SQL_ROLLBACK);
    while (end_transaction(SQL_ROLLBACK) != SQL_SUCCESS) {}
    const SQLULEN level = i % 2 == 0 ? SQL_TXN_SERIALIZABLE : SQL_TXN_READ_COMMITTED;
    ASSERT_TRUE(fine(set(SQL_ATTR_TXN_ISOLATION, level))) << connection_state();
  }
  stop = true;
  canceller.join();
  RecordProperty("ended", ended);
  expect_alive();
  EXPECT_EQ(end_transaction(SQL_ROLLBACK), SQL_SUCCESS) << connection_state();
  set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
}

TEST_F(CancelHandle, ThatComesLateLeavesTheRecordsOfTheCallThatFailed) {
  EXPECT_EQ(execute("SELECT nonsense"), SQL_ERROR);
  EXPECT_EQ(cancel(SQL_HANDLE_STMT, direct.statement()), SQL_SUCCESS);
  EXPECT_EQ(direct.state(), "42S22");
  EXPECT_EQ(set(SQL_ATTR_TXN_ISOLATION, 3), SQL_ERROR);
  EXPECT_EQ(cancel(SQL_HANDLE_DBC, direct.connection()), SQL_SUCCESS);
  EXPECT_EQ(connection_state(), "HY024");
}

TEST_F(CancelHandle, OnIdleHandlesDoesNothingAndRefusesOtherKinds) {
  EXPECT_EQ(cancel(SQL_HANDLE_STMT, direct.statement()), SQL_SUCCESS);
  EXPECT_EQ(cancel(SQL_HANDLE_DBC, direct.connection()), SQL_SUCCESS);
  EXPECT_EQ(cancel(SQL_HANDLE_DBC, direct.statement()), SQL_INVALID_HANDLE);
  EXPECT_EQ(cancel(SQL_HANDLE_STMT, nullptr), SQL_INVALID_HANDLE);
  expect_alive();
  Connection connection;  // and through the driver manager
  Statement statement(connection);
  EXPECT_EQ(SQLCancelHandle(SQL_HANDLE_STMT, statement.handle()), SQL_SUCCESS);
  EXPECT_EQ(SQLCancelHandle(SQL_HANDLE_DBC, connection.handle()), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT 2"), "2");
}

}  // namespace
