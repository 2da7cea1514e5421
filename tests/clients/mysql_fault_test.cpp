// SPDX-License-Identifier: Apache-2.0
// Limits, cancels, aborts and dying servers: what a MySQL link tells, and whether it lives on.
#include <thread>

#include "core/background.h"
#include "mysql_link.h"

namespace mysql_test {
namespace {

constexpr auto endless = "SELECT seq, REPEAT('x', 200) FROM seq_1_to_100000000";
constexpr auto busy = "SELECT COUNT(*) FROM seq_1_to_1000000000 a WHERE seq % 7 = 1";

struct Mode {
  const char* tls;
  bool prepared;
};
std::string name_of(const Mode& mode) {
  return std::string(mode.tls) + (mode.prepared ? "_prepared" : "_text");
}
/// For the test's full name, which would hold the struct's bytes.
void PrintTo(const Mode& mode, std::ostream* out) { *out << name_of(mode); }

class MysqlLimits : public testing::TestWithParam<Mode> {
 protected:
  std::shared_ptr<Client> link() { return connect(Target().tls(GetParam().tls)); }
  std::unique_ptr<Result> start(Client& client, std::string_view sql, const Limits& limits) {
    return GetParam().prepared ? execute_prepared(client, sql, {}, limits)
                               : execute(client, sql, limits);
  }
};
INSTANTIATE_TEST_SUITE_P(All, MysqlLimits,
                         testing::Values(Mode{"disable", false}, Mode{"disable", true},
                                         Mode{"require", false}, Mode{"require", true}),
                         [](const auto& tried) { return name_of(tried.param); });

TEST_P(MysqlLimits, TheDeadlineCancelsAndTheLinkLivesOn) {
  const auto client = link();
  for (const char* sql : {busy, "SELECT SLEEP(20)"}) {
    const auto started = Clock::now();
    const Error error = failure([&] { start(*client, sql, within(milliseconds(200))); });
    EXPECT_EQ(state_of(error), "HYT00") << sql << error.what();
    EXPECT_EQ(error.reached(), Reached::answered);
    EXPECT_FALSE(error.link_lost());
    EXPECT_LT(elapsed_ms(started), 1500);
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
}

TEST_P(MysqlLimits, AnInterruptFromAnotherThreadCancelsAndTheLinkLivesOn) {
  const auto client = link();
  Interrupt interrupt;
  std::thread canceller([&] {
    (void)pause(milliseconds(150), nullptr);
    interrupt.raise();
  });
  const Error error = failure([&] { start(*client, busy, Limits{Deadline::never(), &interrupt}); });
  canceller.join();
  EXPECT_EQ(state_of(error), "HY008") << error.what();
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST_P(MysqlLimits, AnInterruptRaisedBeforeSendsNothing) {
  const auto client = link();
  Interrupt interrupt;
  interrupt.raise();
  const Error error = failure([&] { start(*client, busy, Limits{Deadline::never(), &interrupt}); });
  EXPECT_EQ(state_of(error), "HY008");
  EXPECT_EQ(error.reached(), Reached::not_sent);
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST_P(MysqlLimits, ADeadlineInTheMiddleOfAStreamCancels) {
  const auto client = link();
  const auto result = start(*client, endless, {});
  const Limits limits = within(milliseconds(200), seconds(5));
  const Error error = failure([&] { count_rows(*result, limits); });
  EXPECT_EQ(state_of(error), "HYT00") << error.what();
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST_P(MysqlLimits, AbortFromAnotherThreadEndsTheCall) {
  const auto client = link();
  std::thread aborter([&] {
    (void)pause(milliseconds(150), nullptr);
    client->abort();
  });
  const auto started = Clock::now();
  const Error error = failure([&] { start(*client, busy, within(seconds(30))); });
  aborter.join();
  EXPECT_EQ(state_of(error), "08S01") << error.what();
  EXPECT_EQ(error.reached(), Reached::sent);
  EXPECT_TRUE(error.link_lost());
  EXPECT_FALSE(client->usable());
  EXPECT_LT(elapsed_ms(started), 1000);
}

TEST_P(MysqlLimits, ClosingALargeResultEarlyDoesNotReadItAll) {
  const auto client = link();
  for (int round = 0; round < 5; ++round) {
    auto result = start(*client, endless, {});
    for (int rows = 0; rows < 10;)
      if (result->next_row() == RowState::need_network)
        result->read_network({});
      else
        ++rows;
    const auto started = Clock::now();
    result->close(within(seconds(5), seconds(5)));
    EXPECT_LT(elapsed_ms(started), 4000);
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
  EXPECT_TRUE(client->usable());
}

TEST_P(MysqlLimits, ALateCancelDoesNotHitTheNextStatement) {
  const auto client = link();
  int timed_out = 0;
  for (int round = 0; round < 60; ++round) {
    Interrupt interrupt;
    std::thread canceller([&] {
      (void)pause(milliseconds(round % 6), nullptr);
      interrupt.raise();
    });
    const Error error = failure([&] {
      const auto result = start(*client, "SELECT SLEEP(0.003)", {Deadline::never(), &interrupt});
      rows_of(*result);
    });
    canceller.join();
    timed_out += error.state() == sqlstate::cancelled ? 1 : 0;
    const Error next = failure([&] {
      EXPECT_EQ(cell(*client, "SELECT 42"), "42");
      EXPECT_EQ(cell(*client, "SELECT COUNT(*) FROM seq_1_to_100000"), "100000");
    });
    EXPECT_EQ(next.main().text, "nothing was thrown");
  }
  EXPECT_GT(timed_out, 0);
}

/// With what the server's own limit says.
TEST(MysqlTimeLimit, HoldsForWritesOnTheServerToo) {
  const auto client = connect();
  execute(*client, "CREATE TEMPORARY TABLE limited (a int)");
  const auto started = Clock::now();
  const Error error = failure(
      [&] { execute(*client, "INSERT INTO limited SELECT SLEEP(20)", within(milliseconds(300))); });
  EXPECT_EQ(state_of(error), "HYT00") << error.what();
  EXPECT_EQ(error.main().native, 1969) << "MariaDB's max_statement_time, no KILL QUERY";
  EXPECT_LT(elapsed_ms(started), 1500);
  EXPECT_EQ(cell(*client, "SELECT @@max_statement_time"), "0.000000");
  EXPECT_EQ(execute(*client, "INSERT INTO limited VALUES (1), (2)", within(seconds(5)))->affected(),
            2);
}

TEST(MysqlTimeLimit, HoldsOnTheDriversClockAlone) {
  Target target;
  target.options.set(mysql_options::server_side_timeout, "false");
  const auto client = connect(target);
  execute(*client, "CREATE TEMPORARY TABLE limited (a int)");
  const Error error = failure(
      [&] { execute(*client, "INSERT INTO limited SELECT SLEEP(20)", within(milliseconds(200))); });
  EXPECT_EQ(state_of(error), "HYT00") << error.what();
  EXPECT_NE(error.main().native, 1969);
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST(MysqlFault, AStatementStoppedByAnotherSessionSaysSo) {
  const auto client = connect();
  const std::string id = cell(*client, "SELECT CONNECTION_ID()");
  for (const bool prepared : {false, true}) {
    std::thread other([&] {
      (void)pause(milliseconds(200), nullptr);
      execute(*connect(), "KILL QUERY " + id);
    });
    // busy: SLEEP() ends without an error when it is stopped.
    const Error error = failure([&] {
      const Limits limits = within(seconds(30));
      const auto result =
          prepared ? execute_prepared(*client, busy, {}, limits) : execute(*client, busy, limits);
      count_rows(*result, limits);
    });
    other.join();
    EXPECT_EQ(state_of(error), "70100") << error.what();
    EXPECT_EQ(error.main().native, 1317);
    EXPECT_NE(std::string(error.what()).find("another session"), std::string::npos);
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
}

TEST(MysqlFault, AStatementBeyondTheServersPacketKeepsTheLink) {
  const auto client = connect();
  const std::string large(17'000'000, 'x');  // the server's limit is 16 MiB
  const Parameter parameters[] = {parameter(ValueKind::text, large)};
  const Error errors[] = {
      failure([&] { execute(*client, "SELECT LENGTH('" + large + "')"); }),
      failure([&] { execute_prepared(*client, "SELECT LENGTH(?)", parameters); })};
  for (const Error& error : errors) {
    EXPECT_EQ(state_of(error), "HY000") << error.what();
    EXPECT_EQ(error.main().native, 1153);
    EXPECT_EQ(error.reached(), Reached::not_sent);
    EXPECT_FALSE(error.link_lost());
    EXPECT_NE(std::string(error.what()).find("max_allowed_packet"), std::string::npos);
  }
  EXPECT_EQ(cell(*client, "SELECT LENGTH('" + large.substr(0, 16'000'000) + "')"), "16000000");
}

TEST(MysqlFault, AFrozenServerIsGivenUpAfterDeadlineAndGrace) {
  const PrivateServer server;
  for (const char* mode : {"disable", "require"}) {
    for (const bool prepared : {false, true}) {
      server.send(SIGCONT);
      const auto client = connect(server.target().tls(mode));
      std::shared_ptr<Prepared> statement = client->prepare("SELECT 1", 0, nullptr, {});
      server.freeze();
      const auto started = Clock::now();
      const Limits limits = within(milliseconds(300), milliseconds(400));
      const Error error = failure([&] {
        if (prepared)
          execute_prepared(*client, "SELECT 1", {}, limits, &statement);
        else
          execute(*client, "SELECT 1", limits);
      });
      const double took = elapsed_ms(started);
      EXPECT_EQ(state_of(error), "08S01") << error.what();
      EXPECT_EQ(error.reached(), Reached::sent);
      ASSERT_EQ(error.causes().size(), 1U);
      EXPECT_EQ(error.causes()[0].state, sqlstate::timeout);
      EXPECT_GE(took, 650);
      EXPECT_LT(took, 1300);
      EXPECT_FALSE(client->usable());
    }
  }
}

TEST(MysqlFault, NothingBlocksOnAFrozenServerForLong) {
  const PrivateServer server;
  auto client = connect(server.target().tls("require"));
  std::shared_ptr<Prepared> other = client->prepare("SELECT 2", 0, nullptr, {});
  auto result = execute_prepared(*client, endless);
  server.freeze();
  const auto started = Clock::now();
  result.reset();
  other.reset();
  client.reset();
  EXPECT_LT(elapsed_ms(started), 2500);
}

TEST(MysqlFault, AKilledServerIsNoticedBeforeSending) {
  PrivateServer server;
  for (const char* mode : {"disable"}) {
    const auto client = connect(server.target().tls(mode));
    EXPECT_TRUE(client->peer_is_there());
    server.kill();
    for (int tries = 0; tries < 200 && client->peer_is_there(); ++tries)
      (void)pause(milliseconds(10), nullptr);
    EXPECT_FALSE(client->peer_is_there());
    const Error error = failure([&] { execute(*client, "SELECT 1"); });
    EXPECT_EQ(state_of(error), "08S01");
    EXPECT_EQ(error.main().native, 2006);
    EXPECT_EQ(error.reached(), Reached::not_sent);
    EXPECT_TRUE(error.link_lost());
    const Error again = failure([&] { client->end_transaction(Client::Completion::commit, {}); });
    EXPECT_EQ(state_of(again), "08S01");
  }
}

TEST(MysqlFault, AServerKilledDuringAStatementLeavesTheOutcomeOpen) {
  for (const bool prepared : {false, true}) {
    PrivateServer server;
    const auto client = connect(server.target().tls(prepared ? "require" : "disable"));
    std::thread killer([&] {
      (void)pause(milliseconds(200), nullptr);
      server.kill();
    });
    const Error error = failure([&] {
      prepared ? execute_prepared(*client, "SELECT SLEEP(20)")
               : execute(*client, "SELECT SLEEP(20)");
    });
    killer.join();
    EXPECT_EQ(state_of(error), "08S01") << error.what();
    EXPECT_EQ(error.reached(), Reached::sent);
    EXPECT_TRUE(error.main().native == 2013 || error.main().native == 2026) << error.main().native;
    EXPECT_TRUE(error.link_lost());
  }
}

TEST(MysqlFault, AStreamThatDiesSaysSoOnceAndSpooledRowsSurvive) {
  PrivateServer server;
  const auto client = connect(server.target().tls("disable"));
  const auto kept = execute(*client, "SELECT seq FROM seq_1_to_1000");
  const auto open = execute(*client, endless);
  server.kill();
  EXPECT_EQ(count_rows(*kept), 1000U);
  const Error error = failure([&] { count_rows(*open); });
  EXPECT_EQ(state_of(error), "08S01") << error.what();
  EXPECT_EQ(open->next_row(), RowState::end);
}

TEST(MysqlFault, TheServersFarewellIsALostLink) {
  const auto client = connect();
  const auto other = connect();
  const std::string id = cell(*client, "SELECT CONNECTION_ID()");
  execute(*other, "KILL " + id);
  for (int tries = 0; tries < 200 && client->peer_is_there(); ++tries)
    (void)pause(milliseconds(10), nullptr);
  const Error error = failure([&] { execute(*client, "SELECT 1"); });
  EXPECT_EQ(state_of(error), "08S01");
  EXPECT_EQ(error.reached(), Reached::not_sent);
}

TEST(MysqlFault, HalfAnAnswerEndsAtTheDeadlineAlsoForInternalQueries) {
  const FakeServer server("half-an-answer");
  const auto client = connect(server.target().tls("disable"));
  const auto query = client->start_text_query("SELECT 1");
  const auto started = Clock::now();
  const Error error = failure(
      [&] { run(*query, Deadline::after(milliseconds(300)), nullptr, "asking the server"); });
  EXPECT_EQ(state_of(error), "HYT00") << error.what();
  EXPECT_LT(elapsed_ms(started), 1000);
}

TEST(MysqlFault, ALyingRowBreaksTheLinkAndNothingElse) {
  const FakeServer server("lying-row");
  const auto client = connect(server.target().tls("disable"));
  const Error error = failure([&] {
    const auto result = execute_prepared(*client, "SELECT c");
    rows_of(*result);
  });
  EXPECT_EQ(state_of(error), "08S01") << error.what();
  EXPECT_FALSE(client->usable());
}

TEST(MysqlFault, ResultsAndStatementsMayOutliveTheirUser) {
  auto client = connect();
  const std::weak_ptr<Client> watcher = client;
  std::shared_ptr<Prepared> prepared = client->prepare("SELECT ?", 1, nullptr, {});
  auto result = execute(*client, "SELECT seq FROM seq_1_to_100000");
  client.reset();
  EXPECT_EQ(count_rows(*result), 100'000U);
  result.reset();
  EXPECT_FALSE(watcher.expired());
  prepared.reset();
  EXPECT_TRUE(watcher.expired());
}

TEST(MysqlFault, AStatementClosedWhileAnotherStreamsDisturbsNothing) {
  const auto client = connect();
  std::shared_ptr<Prepared> doomed = client->prepare("SELECT 5", 0, nullptr, {});
  const auto result = execute_prepared(*client, "SELECT seq FROM seq_1_to_200000");
  EXPECT_EQ(result->next_row(), RowState::ready);
  std::thread elsewhere([&] { doomed.reset(); });
  elsewhere.join();
  EXPECT_EQ(count_rows(*result), 199'999U);
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  EXPECT_EQ(cell(*client,
                 "SELECT variable_value FROM information_schema.session_status WHERE "
                 "variable_name = 'Com_stmt_close'"),
            "1");
}

}  // namespace
}  // namespace mysql_test
