// SPDX-License-Identifier: Apache-2.0
// Threads that do not respect each other: calls in any order on one connection, cancels from aside,
// handles freed under the feet of running calls. Past the driver manager, whose own structures do
// not stand that. No crash, no hang, only ODBC's return codes.
#include <array>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

bool is_return_code(SQLRETURN code) {
  return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO || code == SQL_NO_DATA ||
         code == SQL_NEED_DATA || code == SQL_ERROR || code == SQL_INVALID_HANDLE;
}

/// One call of a dozen, chosen by `number`.
SQLRETURN some_call(const Library& library, SQLHSTMT statement, unsigned number) {
  thread_local std::array<char, 64> cell{};
  thread_local SQLLEN length = 0;
  SQLSMALLINT columns = 0;
  std::string name(profile().system_table);
  switch (number % 11) {
    case 0:
      return library.get(SQLExecDirect, "SQLExecDirect")(
          statement, text("SELECT g FROM " + series(1, 3000)), SQL_NTS);
    case 1: return library.get(SQLPrepare, "SQLPrepare")(statement, text("SELECT 1"), SQL_NTS);
    case 2: return library.get(SQLExecute, "SQLExecute")(statement);
    case 3: return library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
    case 4:
      return library.get(SQLGetData, "SQLGetData")(statement, 1, SQL_C_CHAR, cell.data(),
                                                   cell.size(), &length);
    case 5: return library.get(SQLMoreResults, "SQLMoreResults")(statement);
    case 6: return library.get(SQLNumResultCols, "SQLNumResultCols")(statement, &columns);
    case 7:
      return library.get(SQLTables, "SQLTables")(statement, nullptr, 0, nullptr, 0, text(name),
                                                 SQL_NTS, nullptr, 0);
    case 8:
      return library.get(SQLExecDirect, "SQLExecDirect")(statement, text("SELECT broken"), SQL_NTS);
    default: return library.get(SQLFetch, "SQLFetch")(statement);
  }
}

class Threads : public testing::Test {
 protected:
  SQLHSTMT new_statement(Direct& direct) {
    SQLHANDLE statement = SQL_NULL_HANDLE;
    direct.library().get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, direct.connection(),
                                                           &statement);
    return statement;
  }
  static void sleep_on(Direct& direct, std::string sql) {
    direct.library().get(SQLExecDirect, "SQLExecDirect")(direct.statement(), text(sql), SQL_NTS);
  }
};

TEST_F(Threads, TwoCallInAnyOrderOnOneConnectionAndAThirdCancels) {
  Direct direct;
  const std::array<SQLHSTMT, 2> statements = {direct.statement(), new_statement(direct)};
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0}, wrong{0};
  const auto caller = [&](unsigned seed) {
    std::minstd_rand random(seed);
    while (!stop) {
      const SQLRETURN code =
          some_call(direct.library(), statements[random() % 2], static_cast<unsigned>(random()));
      if (!is_return_code(code)) ++wrong;
      ++calls;
    }
  };
  std::thread first(caller, 1), second(caller, 2), canceller([&] {
    std::minstd_rand random(3);
    auto* cancel = direct.library().get(SQLCancel, "SQLCancel");
    while (!stop) {
      cancel(statements[random() % 2]);
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    }
  });
  std::this_thread::sleep_for(2s);
  stop = true;
  for (std::thread* thread : {&first, &second, &canceller}) thread->join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(calls, 20);
  direct.renew_statement();
  EXPECT_EQ(direct.library().get(SQLExecDirect, "SQLExecDirect")(direct.statement(),
                                                                 text("SELECT 1"), SQL_NTS),
            SQL_SUCCESS)
      << direct.state();
}

TEST_F(Threads, StatementFreedWhileOtherThreadsUseItIsInvalidAfterwards) {
  Direct direct;
  for (int round = 0; round < 30; ++round) {
    const SQLHSTMT statement = new_statement(direct);
    std::atomic<int> wrong{0};
    const auto use = [&](unsigned first) {
      for (unsigned i = 0; i < 40; ++i)
        if (!is_return_code(some_call(direct.library(), statement, first + i))) ++wrong;
    };
    std::thread one(use, 0), two(use, 5);
    std::this_thread::sleep_for(1ms * (round % 7));
    const SQLRETURN freed =
        direct.library().get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_STMT, statement);
    one.join();
    two.join();
    EXPECT_EQ(freed, SQL_SUCCESS);
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(direct.library().get(SQLFetch, "SQLFetch")(statement), SQL_INVALID_HANDLE);
  }
}

TEST_F(Threads, DisconnectBehindARunningStatementLeavesNothingToTheCallsThatWait) {
  for (int round = 0; round < 10; ++round) {
    Direct direct;
    const SQLHSTMT other = new_statement(direct);
    std::atomic<int> wrong{0};
    const auto use = [&](SQLHSTMT statement) {
      for (unsigned i = 0; i < 30; ++i)
        if (!is_return_code(some_call(direct.library(), statement, i))) ++wrong;
    };
    std::thread running([&] { sleep_on(direct, select_sleep("0.05")); });
    std::this_thread::sleep_for(10ms);
    std::thread same(use, direct.statement()), same_too(use, direct.statement()),
        another(use, other);
    const SQLRETURN code =
        direct.library().get(SQLDisconnect, "SQLDisconnect")(direct.connection());
    for (std::thread* thread : {&running, &same, &same_too, &another}) thread->join();
    EXPECT_EQ(code, SQL_SUCCESS);
    EXPECT_EQ(wrong, 0);
  }
}

TEST_F(Threads, CancelReachesAStatementThatWaitsForTheWire) {
  Direct direct;
  const SQLHSTMT waiting = new_statement(direct);
  std::thread running([&] { sleep_on(direct, select_sleep("1")); });
  std::this_thread::sleep_for(200ms);
  SQLRETURN code = SQL_SUCCESS;
  std::thread second([&] {
    code = direct.library().get(SQLExecDirect, "SQLExecDirect")(waiting, text(select_sleep("30")),
                                                                SQL_NTS);
  });
  std::this_thread::sleep_for(300ms);
  direct.library().get(SQLCancel, "SQLCancel")(waiting);
  const auto begun = std::chrono::steady_clock::now();
  second.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
  EXPECT_EQ(code, SQL_ERROR);
  running.join();
}

TEST_F(Threads, ManyConnectAndDisconnectAtOnce) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 8; ++round) {
        Direct direct;
        if (!is_return_code(some_call(direct.library(), direct.statement(), 0))) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
