// SPDX-License-Identifier: Apache-2.0
// Forks with live connections, with and without TLS: the child must not speak on its parent's
// sockets, may connect anew, and may leave in any way; the parent goes on. Also what a process
// leaves behind when it exits in the middle of something.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "tests/support/odbc.h"

#if defined(__SANITIZE_THREAD__)
constexpr bool may_start_threads_after_fork = false;  // ThreadSanitizer refuses
#else
constexpr bool may_start_threads_after_fork = true;
#endif

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

constexpr unsigned patience_seconds = 60;

/// Runs `body` in a child; its result is the exit status. A child that hangs is ended by SIGALRM.
int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(patience_seconds);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int fetch_number(SQLHDBC connection, const char* sql) {
  SQLHANDLE statement = SQL_NULL_HANDLE;
  SQLINTEGER number = -1;
  SQLLEN length = 0;
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement))) return -2;
  if (SQL_SUCCEEDED(SQLExecDirect(statement, text(sql), SQL_NTS)) &&
      SQL_SUCCEEDED(SQLFetch(statement)))
    SQLGetData(statement, 1, SQL_C_SLONG, &number, 0, &length);
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
  return number;
}

class Fork : public testing::TestWithParam<const char*> {};

TEST_P(Fork, ChildIsRefusedTheParentsConnectionAndTheParentGoesOn) {
  Connection connection(GetParam());
  ASSERT_EQ(fetch_number(connection.handle(), "SELECT 5"), 5);
  const int status = in_child([&] {
    Statement statement(connection);
    if (statement.execute("SELECT 6") != SQL_ERROR) return 1;
    if (statement.state() != "08S01") return 2;
    SQLULEN dead = 0;
    SQLGetConnectAttr(connection.handle(), SQL_ATTR_CONNECTION_DEAD, &dead, sizeof dead, nullptr);
    return dead == SQL_CD_TRUE ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(fetch_number(connection.handle(), "SELECT 7"), 7);
}

TEST_P(Fork, ChildMayDisconnectAndConnectAnew) {
  if (!may_start_threads_after_fork) GTEST_SKIP() << "not under ThreadSanitizer";
  Connection connection(GetParam());
  const int status = in_child([&] {
    if (!SQL_SUCCEEDED(SQLDisconnect(connection.handle()))) return 1;
    if (!SQL_SUCCEEDED(connection.open(connection_string(GetParam())))) return 2;
    return fetch_number(connection.handle(), "SELECT 8") == 8 ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(fetch_number(connection.handle(), "SELECT 9"), 9);
}

TEST_P(Fork, StreamGoesOnInTheParentWhateverTheChildDoes) {
  Connection connection(GetParam());
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT g FROM " + series(1, 60000)), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(in_child([&] {
              SQLRETURN code = SQL_SUCCESS;
              while (SQL_SUCCEEDED(code)) code = statement.fetch();
              return code == SQL_ERROR ? 0 : 1;
            }),
            0);
  EXPECT_EQ(in_child([&] {
              SQLFreeHandle(SQL_HANDLE_STMT, statement.handle());
              SQLDisconnect(connection.handle());
              SQLFreeHandle(SQL_HANDLE_DBC, connection.handle());
              return 0;
            }),
            0);
  EXPECT_EQ(in_child([] { return execl("/bin/true", "true", nullptr); }), 0);
  int rows = 1;
  while (statement.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 60000);
}

TEST_P(Fork, OpenTransactionOfTheParentSurvivesAChildThatExits) {
  Connection connection(GetParam());
  connection.run("CREATE TEMPORARY TABLE kept (a int)");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO kept VALUES (1)");
  EXPECT_EQ(in_child([&]() -> int {
              SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
              SQLDisconnect(connection.handle());
              return 0;
            }),
            0);
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(fetch_number(connection.handle(), "SELECT count(*) FROM kept"), 1);
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
}

TEST_P(Fork, ChildrenOfABusyProcessConnectWithoutWaitingForThreadsTheyDoNotHaveOnPostgres) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "AddressSanitizer's own allocator does not survive such a fork";
#endif
  if (!may_start_threads_after_fork) GTEST_SKIP() << "not under ThreadSanitizer";
  const Library library;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  const auto busy = [&] {
    while (!stop) {
      Direct direct;
      library.get(SQLExecDirect, "SQLExecDirect")(direct.statement(), text("SELECT 1"), SQL_NTS);
    }
  };
  for (int i = 0; i < 3; ++i) threads.emplace_back(busy);
  for (int i = 0; i < 25; ++i)
    EXPECT_EQ(in_child([&] {
                Direct direct;
                return library.get(SQLExecDirect, "SQLExecDirect")(
                           direct.statement(), text("SELECT 1"), SQL_NTS) == SQL_SUCCESS
                           ? 0
                           : 1;
              }),
              0);
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Links, Fork, testing::Values("sslmode=disable", "sslmode=require"),
                         [](const auto& parameter) {
                           return std::string(parameter.param).substr(sizeof "sslmode");
                         });

// -- Exits ----------------------------------------------------------------------------------------

/// Not a test: the process that exits in the middle of something.
TEST(Exit, DISABLED_InTheMiddle) {
  const char* how = std::getenv("AURODBC_TEST_EXIT");
  if (how == nullptr) GTEST_SKIP() << "only as a child of the tests below";
  alarm(patience_seconds);
  static Direct& direct = *new Direct;
  if (std::string(how) == "loaded twice")
    for (int i = 0; i < 3; ++i)
      dlclose(dlopen(required_environment("AURODBC_TEST_DRIVER").c_str(), RTLD_NOW));
  if (std::string(how) == "running statement")
    std::thread([] {
      direct.library().get(SQLExecDirect, "SQLExecDirect")(direct.statement(),
                                                           text(select_sleep("60")), SQL_NTS);
    }).detach();
  if (std::string(how) == "running connects")
    for (int i = 0; i < 4; ++i)
      std::thread([] {
        while (true) const Direct another;
      }).detach();
  std::this_thread::sleep_for(300ms);
  std::exit(7);
}

class Exits : public testing::TestWithParam<const char*> {};

TEST_P(Exits, AtOnceWithTheApplicationsOwnStatus) {
  const auto begun = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    setenv("AURODBC_TEST_EXIT", GetParam(), 1);
    execl("/proc/self/exe", "odbc_tests", "--gtest_also_run_disabled_tests",
          "--gtest_filter=Exit.DISABLED_InTheMiddle", nullptr);
    _exit(99);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
}

INSTANTIATE_TEST_SUITE_P(Exit, Exits,
                         testing::Values("idle", "running statement", "running connects",
                                         "loaded twice"),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           for (char& c : name)
                             if (c == ' ') c = '_';
                           return name;
                         });

}  // namespace
