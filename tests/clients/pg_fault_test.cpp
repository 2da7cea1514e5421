// SPDX-License-Identifier: Apache-2.0
// Limits and broken links: timeouts, cancels, aborts, servers that die or freeze, forked children.
#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "tests/clients/fake_postgres.h"
#include "tests/clients/pg_link.h"

namespace {

using namespace pg_test;

std::string texts_of(const Error& error) {
  std::string all = error.what();
  for (const Failure& cause : error.causes())
    all.append(" | ").append(cause.state.view()).append(" ").append(cause.text);
  return all;
}

/// Runs `action` on another thread after `delay`.
template <class Action>
std::thread later(milliseconds delay, Action action) {
  return std::thread([delay, action] {
    (void)pause(delay, nullptr);
    action();
  });
}

TEST(PgLimits, ADeadlineCancelsAndKeepsTheLink) {
  const auto client = connect();
  const auto begin = Clock::now();
  const Error error = failure([&] {
    execute(*client, "SELECT pg_sleep(10)", {.deadline = Deadline::after(milliseconds(150))});
  });
  EXPECT_LT(elapsed_ms(begin), 1100);
  EXPECT_EQ(error.state(), sqlstate::timeout) << texts_of(error);
  EXPECT_EQ(error.reached(), Reached::answered);
  EXPECT_FALSE(error.link_lost());
  ASSERT_EQ(error.causes().size(), 1U);
  EXPECT_EQ(error.causes()[0].state, Sqlstate("57014"));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(cell(*client, "SELECT 1"), "1");  // no late cancel
}

TEST(PgLimits, AnInterruptCancelsAndKeepsTheLink) {
  const auto client = connect();
  Interrupt interrupt;
  std::thread other = later(milliseconds(100), [&] { interrupt.raise(); });
  const Error error = failure(
      [&] { execute(*client, "SELECT pg_sleep(10)", {.deadline = {}, .interrupt = &interrupt}); });
  other.join();
  EXPECT_EQ(error.state(), sqlstate::cancelled) << texts_of(error);
  EXPECT_FALSE(error.link_lost());
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgLimits, AnInterruptBeforeSendingSendsNothing) {
  const auto client = connect();
  Interrupt interrupt;
  interrupt.raise();
  const Error error =
      failure([&] { execute(*client, "SELECT 1", {.deadline = {}, .interrupt = &interrupt}); });
  EXPECT_EQ(error.state(), sqlstate::cancelled);
  EXPECT_EQ(error.reached(), Reached::not_sent);
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgLimits, AnInterruptDuringTheRowsCancelsThem) {
  const auto client = connect();
  Interrupt interrupt;
  const auto result =
      execute(*client, "SELECT n, pg_sleep(0.001) FROM generate_series(1, 100000) n");
  std::thread other = later(milliseconds(100), [&] { interrupt.raise(); });
  const Error error = failure([&] { rows_of(*result, {.deadline = {}, .interrupt = &interrupt}); });
  other.join();
  EXPECT_EQ(error.state(), sqlstate::cancelled) << texts_of(error);
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgLimits, CancelsOneAfterAnotherHitOnlyTheirOwnStatement) {
  const auto client = connect();
  for (int i = 0; i < 30; ++i) {
    const Error error = failure([&] {
      execute(*client, "SELECT pg_sleep(5)", {.deadline = Deadline::after(milliseconds(2))});
    });
    EXPECT_EQ(error.state(), sqlstate::timeout) << texts_of(error);
    EXPECT_EQ(cell(*client, "SELECT count(*) FROM generate_series(1, 1000)"), "1000");
  }
}

TEST(PgLimits, AFrozenBackendIsGivenUpAfterTheGrace) {
  const auto client = connect();
  const pid_t backend = std::stoi(cell(*client, "SELECT pg_backend_pid()"));
  ::kill(backend, SIGSTOP);
  const auto begin = Clock::now();
  const Error error = failure([&] {
    execute(*client, "SELECT 1",
            {.deadline = Deadline::after(milliseconds(100)), .cancel_grace = milliseconds(200)});
  });
  const double took = elapsed_ms(begin);
  ::kill(backend, SIGCONT);
  EXPECT_GE(took, 290);
  EXPECT_LT(took, 600);
  EXPECT_EQ(error.state(), sqlstate::link_lost) << texts_of(error);
  EXPECT_EQ(error.reached(), Reached::sent);
  EXPECT_TRUE(error.link_lost());
  ASSERT_EQ(error.causes().size(), 1U);
  EXPECT_EQ(error.causes()[0].state, sqlstate::timeout);
  EXPECT_FALSE(client->usable());
}

TEST(PgLimits, AServerThatAnswersNotEvenCancelsIsGivenUpToo) {
  fake::Postgres server(fake::Behaviour::silent_on_query);
  Target target = fake_target(server.port());
  target.options.set(link_options::sslmode, "disable");
  const auto client = connect(target);
  const auto begin = Clock::now();
  const Error error = failure([&] {
    execute(*client, "SELECT 1",
            {.deadline = Deadline::after(milliseconds(100)), .cancel_grace = milliseconds(100)});
  });
  EXPECT_LT(elapsed_ms(begin), 400);
  EXPECT_EQ(error.state(), sqlstate::link_lost) << texts_of(error);
}

TEST(PgLoss, AServerThatClosedBeforeSendingHasSeenNothing) {
  fake::Postgres server(fake::Behaviour::closes_when_idle);
  const auto client = connect(fake_target(server.port()));
  (void)pause(milliseconds(50), nullptr);
  EXPECT_FALSE(client->peer_is_there());
  const Error error = failure([&] { execute(*client, "SELECT 1"); });
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_EQ(error.reached(), Reached::not_sent) << texts_of(error);
  EXPECT_TRUE(error.link_lost());
  EXPECT_FALSE(client->usable());
  EXPECT_EQ(failure([&] { execute(*client, "SELECT 1"); }).reached(), Reached::not_sent);
}

TEST(PgLoss, AServerThatClosesOnTheStatementLeavesItInDoubt) {
  fake::Postgres server(fake::Behaviour::closes_on_query);
  const auto client = connect(fake_target(server.port()));
  const Error error = failure([&] { execute(*client, "SELECT 1"); });
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_EQ(error.reached(), Reached::sent) << texts_of(error);
  EXPECT_TRUE(error.link_lost());
}

TEST(PgLoss, ThePipelinedFlightOfADeadServerEndsToo) {
  fake::Postgres server(fake::Behaviour::closes_on_query);
  const auto client = connect(fake_target(server.port()));
  Query query;
  query.sql = "SELECT 1";
  query.open_transaction = true;
  const Error error = failure([&] { client->execute(query, {}); });
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_TRUE(client->in_transaction());  // what it was when the link died
}

TEST(PgLoss, WhatTheServerSaidWhenItEndedAnIdleSessionIsKept) {
  for (const char* mode : {"disable", "require"}) {
    Target target;
    target.options.set(link_options::sslmode, mode);
    const auto client = connect(target);
    const std::string backend = cell(*client, "SELECT pg_backend_pid()");
    EXPECT_EQ(cell(*connect(), "SELECT pg_terminate_backend(" + backend + ", 5000)"), "t");
    const Error error = failure([&] { execute(*client, "SELECT 1"); });
    EXPECT_EQ(error.state(), sqlstate::link_lost);
    EXPECT_EQ(error.reached(), Reached::not_sent);
    ASSERT_FALSE(error.causes().empty()) << texts_of(error);
    EXPECT_EQ(error.causes()[0].state, Sqlstate("57P01")) << texts_of(error);
  }
}

TEST(PgLoss, WhatTheServerSaidWhenItEndedARunningStatementIsKept) {
  const auto client = connect();
  const std::string backend = cell(*client, "SELECT pg_backend_pid()");
  std::thread other = later(
      milliseconds(100), [&] { cell(*connect(), "SELECT pg_terminate_backend(" + backend + ")"); });
  const Error error = failure([&] { execute(*client, "SELECT pg_sleep(10)"); });
  other.join();
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_EQ(error.reached(), Reached::sent);
  ASSERT_FALSE(error.causes().empty());
  EXPECT_EQ(error.causes()[0].state, Sqlstate("57P01"));
}

TEST(PgLoss, AbortFromAnotherThreadEndsTheWait) {
  const auto client = connect();
  std::thread other = later(milliseconds(100), [&] { client->abort(); });
  const auto begin = Clock::now();
  const Error error = failure([&] { execute(*client, "SELECT pg_sleep(10)"); });
  other.join();
  EXPECT_LT(elapsed_ms(begin), 500);
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_EQ(error.reached(), Reached::sent);
  EXPECT_NE(texts_of(error).find("by this driver"), std::string::npos) << texts_of(error);
}

TEST(PgLoss, AStreamThatBreaksTellsItOnceAndEnds) {
  const auto client = connect();
  const auto result =
      execute(*client, "SELECT n, pg_sleep(0.001) FROM generate_series(1, 100000) n");
  std::thread other = later(milliseconds(50), [&] { client->abort(); });
  EXPECT_EQ(failure([&] { rows_of(*result); }).state(), sqlstate::link_lost);
  other.join();
  EXPECT_EQ(result->next_row(), RowState::end);
  result->close({});
}

TEST(PgFork, AChildLeavesItsParentsLinkAlone) {
  for (const char* mode : {"disable", "require"}) {
    Target target;
    target.options.set(link_options::sslmode, mode);
    auto client = connect(target);
    const pid_t child = ::fork();
    if (child == 0) {
      const Error error = failure([&] { execute(*client, "SELECT 1"); });
      const bool told = error.state() == sqlstate::link_lost &&
                        error.reached() == Reached::not_sent && !client->usable();
      client.reset();  // PQfinish would send Terminate
      ::_exit(told ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(cell(*client, "SELECT 1"), "1");
  }
}

}  // namespace
