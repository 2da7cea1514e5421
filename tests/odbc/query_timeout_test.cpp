// SPDX-License-Identifier: Apache-2.0
// The query timeout in every phase: over a slow network the server is asked to cancel and the link
// stays; on a network that died at any byte the link goes after the grace. All cases run at once:
// they mostly wait.
#include <chrono>
#include <functional>
#include <future>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A connection through a proxy of its own.
class Line {
 public:
  explicit Line(const std::string& more)
      : proxy(static_cast<std::uint16_t>(std::stoi(profile_variable("PORT")))),
        connection(Connection::Closed{}) {
    EXPECT_TRUE(SQL_SUCCEEDED(
        connection.open(driver() + "SERVER=127.0.0.1;PORT=" + std::to_string(proxy.port()) +
                        ";plugins=none;" + more + ";" + server())))
        << connection.state();
  }
  throttle::Proxy proxy;
  Connection connection;
};

/// The timeout counts for each call: all rows come in one.
void limit(Statement& statement, SQLULEN seconds) {
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(500000),
                 0);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(seconds),
                 0);
}

SQLRETURN read_all(Statement& statement, SQLRETURN code) {
  while (SQL_SUCCEEDED(code)) {
    while (SQL_SUCCEEDED(code)) code = statement.fetch();
    if (code == SQL_NO_DATA) code = SQLMoreResults(statement.handle());
  }
  return code;
}

SQLRETURN send_long(Statement& statement) {
  std::string value(20'000'000, 'v');
  statement.prepare("SELECT length(?)");
  statement.bind(1, value);
  return SQLExecute(statement.handle());
}

struct Work {
  const char* name;
  std::function<SQLRETURN(Statement&)> run;
  /// What has no answer to interrupt may be answered before the cancel is heard.
  bool may_succeed = false;
};

const Work works[] = {
    {"rows",
     [](Statement& s) {
       return read_all(s, s.execute("SELECT repeat('x', 50) FROM generate_series(1, 400000)"));
     }},
    {"rows with parameters",
     [](Statement& s) {
       SQLINTEGER rows = 400000;
       s.prepare("SELECT repeat('x', 50) FROM generate_series(1, ?)");
       s.bind(1, rows);
       return read_all(s, SQLExecute(s.handle()));
     }},
    {"one long value",
     [](Statement& s) { return read_all(s, s.execute("SELECT repeat('x', 40000000)")); }},
    {"a long parameter", send_long, true},
    {"several results",
     [](Statement& s) {
       return read_all(s, s.execute("SELECT 1; SELECT repeat('x', 30000000); SELECT pg_sleep(5)"));
     }},
    {"an update",
     [](Statement& s) { return s.execute("CREATE TEMP TABLE t AS SELECT 1 FROM pg_sleep(5)"); }},
};

std::string over_a_slow_network(const Work& work, const char* mode) {
  Line line("cancel_grace_ms=10000;sslmode=" + std::string(mode));
  Statement statement(line.connection);
  limit(statement, 1);
  line.proxy.slow_down(8000, 1ms);  // eight megabytes a second at most
  const SQLRETURN code = work.run(statement);
  const std::string state = statement.state();
  line.proxy.slow_down(0, 0us);
  std::string wrong;
  const bool succeeded = work.may_succeed && code == SQL_SUCCESS;
  if (!succeeded && (code != SQL_ERROR || state != "HYT00"))
    wrong += "; " + std::to_string(code) + " " + state;
  if (line.connection.get(SQL_ATTR_CONNECTION_DEAD) != SQL_CD_FALSE) wrong += "; dead";
  SQLFreeStmt(statement.handle(), SQL_CLOSE);
  SQLFreeStmt(statement.handle(), SQL_RESET_PARAMS);
  limit(statement, 0);
  if (statement.execute("SELECT 41 + 1") != SQL_SUCCESS || statement.fetch() != SQL_SUCCESS ||
      statement.text_of(1) != "42")
    wrong += "; then " + statement.state();
  return wrong.empty() ? "" : work.name + std::string(" ") + mode + wrong;
}

TEST(QueryTimeout, OverASlowNetworkCancelsAndKeepsTheLink) {
  std::vector<std::future<std::string>> running;
  for (const Work& work : works)
    for (const char* mode : {"disable", "require"})
      running.push_back(std::async(std::launch::async,
                                   [&work, mode] { return over_a_slow_network(work, mode); }));
  for (auto& one : running) EXPECT_EQ(one.get(), "");
}

std::string on_a_dead_network(const Work& work, std::int64_t bytes) {
  Line line("cancel_grace_ms=300");
  Statement statement(line.connection);
  limit(statement, 1);
  line.proxy.hold(bytes);
  const auto began = Clock::now();
  const SQLRETURN code = work.run(statement);
  const double took = std::chrono::duration<double>(Clock::now() - began).count();
  const auto records = statement.records();
  std::string wrong;
  if (code != SQL_ERROR || records.size() < 2) return work.name + std::string(": no error");
  if (records[0].sqlstate != "08S01" || records[1].sqlstate != "HYT00")
    wrong += "; " + records[0].sqlstate + " " + records[1].sqlstate;
  if (took < 1.2 || took > 4.0) wrong += "; took " + std::to_string(took);
  if (line.connection.get(SQL_ATTR_CONNECTION_DEAD) != SQL_CD_TRUE) wrong += "; not dead";
  return wrong.empty() ? "" : work.name + (" at " + std::to_string(bytes)) + wrong;
}

TEST(QueryTimeout, OnANetworkThatDiedAtAnyByteGivesTheLinkUpAfterTheGrace) {
  std::vector<std::future<std::string>> running;
  for (const Work& work : works)
    for (const std::int64_t bytes : {0, 1, 4, 5, 7, 40})
      running.push_back(std::async(std::launch::async,
                                   [&work, bytes] { return on_a_dead_network(work, bytes); }));
  for (auto& one : running) EXPECT_EQ(one.get(), "");
}

}  // namespace
