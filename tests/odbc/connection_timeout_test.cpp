// SPDX-License-Identifier: Apache-2.0
// SQL_ATTR_CONNECTION_TIMEOUT: how long the network may be silent. A proxy stops passing bytes in
// every phase of a conversation; each call ends in time with HYT01, the connection is dead and says
// so, and the handle connects again. What merely takes long goes on.
#include <chrono>
#include <functional>
#include <future>
#include <thread>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

/// Some megabytes of them.
std::string many_rows() { return "SELECT repeat('x', 40) FROM " + series(1, 200000); }

/// A connection through a proxy of its own, silent for one second at most.
class Line {
 public:
  explicit Line(const std::string& more = "")
      : proxy(static_cast<std::uint16_t>(std::stoi(profile_variable("PORT")))),
        connection(Connection::Closed{}),
        string_(driver() + "SERVER=127.0.0.1;PORT=" + std::to_string(proxy.port()) +
                ";plugins=none;" + more + ";" + server()) {
    connect();
  }
  void connect() {
    EXPECT_TRUE(SQL_SUCCEEDED(connection.set(SQL_ATTR_CONNECTION_TIMEOUT, 1)));
    ASSERT_TRUE(SQL_SUCCEEDED(connection.open(string_))) << connection.state();
  }

  throttle::Proxy proxy;
  Connection connection;

 private:
  std::string string_;
};

struct Ending {
  SQLRETURN code = SQL_SUCCESS;
  std::vector<Diagnostic> records;
};

Ending of(const Statement& statement, SQLRETURN code) { return {code, statement.records()}; }

/// What meets the silence: holds the line at its moment and gives what the call said.
struct Phase {
  const char* name;
  std::function<Ending(Line&)> meet;
};

Ending fetches_to_the_end(Line& line, const std::string& sql) {
  Statement statement(line.connection);
  EXPECT_EQ(statement.execute(sql), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
  line.proxy.hold(100'000);
  SQLRETURN code = SQL_SUCCESS;
  while (SQL_SUCCEEDED(code)) code = statement.fetch();
  return of(statement, code);
}

Ending sends_a_long_value(Line& line) {
  Statement statement(line.connection);
  std::string value(16'000'000, 'v');
  EXPECT_EQ(statement.prepare("SELECT length(?)"), SQL_SUCCESS);
  EXPECT_EQ(statement.bind(1, value), SQL_SUCCESS);
  line.proxy.hold();
  return of(statement, SQLExecute(statement.handle()));
}

Ending sends_an_array(Line& line) {
  line.connection.run("CREATE TEMPORARY TABLE silence(a int)");
  Statement statement(line.connection);
  std::vector<SQLINTEGER> values(2000, 7);
  const auto as_pointer = reinterpret_cast<SQLPOINTER>(values.size());
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAMSET_SIZE, as_pointer, 0);
  EXPECT_EQ(statement.prepare("INSERT INTO silence VALUES (?)"), SQL_SUCCESS);
  SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                   values.data(), 0, nullptr);
  line.proxy.hold();
  return of(statement, SQLExecute(statement.handle()));
}

const Phase phases[] = {
    {"a first execution",
     [](Line& line) {
       Statement statement(line.connection);
       line.proxy.hold();
       return of(statement, statement.execute("SELECT 1"));
     }},
    {"a repeated execution with parameters",
     [](Line& line) {
       Statement statement(line.connection);
       SQLINTEGER value = 5;
       statement.prepare("SELECT ? + 1");
       statement.bind(1, value);
       for (int i = 0; i < 3; ++i) {
         EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
         EXPECT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
       }
       line.proxy.hold();
       return of(statement, SQLExecute(statement.handle()));
     }},
    {"describing",
     [](Line& line) {
       Statement statement(line.connection);
       statement.prepare("SELECT 1");
       line.proxy.hold();
       SQLSMALLINT columns = 0;
       return of(statement, SQLNumResultCols(statement.handle(), &columns));
     }},
    {"the middle of the rows", [](Line& line) { return fetches_to_the_end(line, many_rows()); }},
    {"the middle of a long value",
     [](Line& line) {
       Statement statement(line.connection);
       line.proxy.hold(500'000);
       const SQLRETURN code = statement.execute("SELECT repeat('x', 4000000)");
       return of(statement, SQL_SUCCEEDED(code) ? statement.fetch() : code);
     }},
    {"sending a long value", sends_a_long_value},
    {"an array of parameters", sends_an_array},
    {"a commit",
     [](Line& line) {
       line.connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
       line.connection.run("SELECT 1");
       line.proxy.hold();
       const SQLRETURN code = SQLEndTran(SQL_HANDLE_DBC, line.connection.handle(), SQL_COMMIT);
       return Ending{code, line.connection.records()};
     }},
    {"a connection attribute",
     [](Line& line) {
       line.proxy.hold();
       const SQLRETURN code = line.connection.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE);
       return Ending{code, line.connection.records()};
     }},
    {"a catalog function",
     [](Line& line) {
       Statement statement(line.connection);
       line.proxy.hold();
       return of(statement, SQLTables(statement.handle(), nullptr, 0, nullptr, 0, text("x%"),
                                      SQL_NTS, nullptr, 0));
     }},
    {"a second statement while the first streams",
     [](Line& line) {
       Statement first(line.connection), second(line.connection);
       EXPECT_EQ(first.execute(many_rows()), SQL_SUCCESS) << first.state();
       EXPECT_EQ(first.fetch(), SQL_SUCCESS);
       line.proxy.hold(100'000);
       return of(second, second.execute("SELECT 2"));
     }},
};

/// Runs one phase; what is wrong with it, in words.
std::string complaint(const Phase& phase) {
  Line line;
  const auto began = Clock::now();
  const Ending ending = phase.meet(line);
  const double took = seconds_since(began);
  std::string wrong;
  if (ending.code != SQL_ERROR) wrong += "; returned " + std::to_string(ending.code);
  if (ending.records.empty()) return phase.name + wrong + "; no record";
  const Diagnostic& first = ending.records.front();
  if (first.sqlstate != "HYT01" || first.native != 91007)
    wrong += "; " + first.sqlstate + " " + std::to_string(first.native) + " " + first.message;
  if (took < 0.9 || took > 3.0) wrong += "; took " + std::to_string(took) + " s";
  if (line.connection.get(SQL_ATTR_CONNECTION_DEAD) != SQL_CD_TRUE) wrong += "; not dead";
  const auto closing = Clock::now();
  if (!SQL_SUCCEEDED(SQLDisconnect(line.connection.handle()))) wrong += "; disconnect refused";
  if (seconds_since(closing) > 1.0) wrong += "; disconnect waits";
  line.proxy.release();
  line.connect();
  if (line.connection.value("SELECT 3") != "3") wrong += "; does not connect again";
  return wrong.empty() ? "" : phase.name + wrong;
}

TEST(ConnectionTimeout, EndsEveryPhaseOfASilentConversationWithHYT01) {
  std::vector<std::future<std::string>> running;
  for (const Phase& phase : phases)
    running.push_back(std::async(std::launch::async, [&phase] { return complaint(phase); }));
  for (auto& one : running) EXPECT_EQ(one.get(), "");
}

TEST(ConnectionTimeout, IsNotForConversationsThatAreMerelySlow) {
  Line line;
  line.proxy.slow_down(2000, 3ms);  // about 600 kB/s: two seconds and more each way
  std::string value(1'200'000, 'v');
  Statement statement(line.connection);
  ASSERT_EQ(statement.prepare("SELECT ?"), SQL_SUCCESS);
  ASSERT_EQ(statement.bind(1, value), SQL_SUCCESS);
  const auto began = Clock::now();
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS) << statement.state();
  EXPECT_GT(seconds_since(began), 2.0);
  EXPECT_EQ(statement.text_of(1), value);
}

TEST(ConnectionTimeout, IsNoQueryTimeout) {
  Line line;
  Statement statement(line.connection);
  // A server that thinks is as silent as a dead one.
  ASSERT_EQ(statement.execute(select_sleep("2")), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYT01");
  EXPECT_EQ(line.connection.get(SQL_ATTR_CONNECTION_DEAD), SQLULEN{SQL_CD_TRUE});
  ASSERT_EQ(statement.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "08S01");
}

TEST(ConnectionTimeout, LongerThanTheQueryTimeoutLeavesTheLinkToIt) {
  Line line;
  ASSERT_EQ(line.connection.set(SQL_ATTR_CONNECTION_TIMEOUT, 5), SQL_SUCCESS);
  Statement statement(line.connection);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0);
  ASSERT_EQ(statement.execute(select_sleep("2")), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYT00");
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS) << statement.state();
}

TEST(ConnectionTimeout, MayBeSetAtAnyTimeAndCountsFromThenOn) {
  Connection connection(Connection::Closed{});
  ASSERT_EQ(connection.set(SQL_ATTR_CONNECTION_TIMEOUT, 9), SQL_SUCCESS);
  ASSERT_TRUE(SQL_SUCCEEDED(connection.open(connection_string())));
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_TIMEOUT), 9U);
  Statement statement(connection);
  ASSERT_EQ(statement.execute(profile().three_rows.data()), SQL_SUCCESS);
  EXPECT_EQ(connection.set(SQL_ATTR_CONNECTION_TIMEOUT, 1), SQL_SUCCESS);
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_TIMEOUT), 1U);
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  ASSERT_EQ(statement.execute(select_sleep("2")), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYT01");
}

TEST(ConnectionTimeout, OfTheLongestSpanIsNone) {
  Connection connection;
  ASSERT_EQ(connection.set(SQL_ATTR_CONNECTION_TIMEOUT, 0xFFFFFFFF), SQL_SUCCESS);
  Statement statement(connection);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT,
                 reinterpret_cast<SQLPOINTER>(~SQLULEN{0} / 2), 0);
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS) << statement.state();
}

}  // namespace
