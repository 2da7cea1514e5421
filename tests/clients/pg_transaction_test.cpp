// SPDX-License-Identifier: Apache-2.0
// Statement-level rollback: what a failed statement takes back, and that nothing of the
// application's transaction, its own savepoints above all, is touched.
#include <thread>

#include "core/client/pg_options.h"
#include "core/sql_text.h"
#include "tests/clients/pg_link.h"

namespace {

using namespace pg_test;

/// A link in manual-commit mode whose table `kept` has the row 1 in an open transaction.
class PgRollback : public testing::Test {
 protected:
  PgRollback() {
    Target target;
    target.options.set(pg_options::rollback_on_error, "statement");
    client = connect(target);
    pg_test::execute(*client, "CREATE TEMP TABLE kept(n int PRIMARY KEY)");
    run("INSERT INTO kept VALUES (1)");
  }
  std::unique_ptr<Result> open(std::string_view sql, const Limits& limits = {}) {
    Query query;
    query.sql = sql;
    query.open_transaction = true;
    query.several_statements = statement_count(sql, postgres_lexis) > 1;
    return client->execute(query, limits);
  }
  void run(std::string_view sql) {
    const auto result = open(sql);
    do rows_of(*result);
    while (result->next_result({}));
  }
  std::string state_of(std::string_view sql) {
    return std::string(failure([&] { run(sql); }).state().view());
  }
  std::string rows(std::string_view sql = "SELECT string_agg(n::text, ' ' ORDER BY n) FROM kept") {
    const auto result = open(sql);
    return rows_of(*result)[0][0];
  }
  void expect_kept(const std::string& numbers) {
    EXPECT_TRUE(client->in_transaction());
    EXPECT_EQ(rows(), numbers);
    client->end_transaction(Client::Completion::commit, {});
    EXPECT_EQ(rows(), numbers);
  }
  std::shared_ptr<Client> client;
};

TEST_F(PgRollback, AFailedStatementTakesOnlyItselfBack) {
  EXPECT_EQ(state_of("INSERT INTO kept SELECT n FROM generate_series(3, 1, -1) n"), "23000");
  EXPECT_EQ(state_of("SELECT nothing"), "42S22");
  EXPECT_EQ(state_of("SELEC 1"), "42601");
  run("INSERT INTO kept VALUES (2)");
  expect_kept("1 2");
}

TEST_F(PgRollback, AStatementWithParametersAndANamedOneToo) {
  std::shared_ptr<Prepared> prepared;
  for (const int number : {2, 1, 3, 3, 4, 1, 5}) {
    const Parameter parameter = integer(number);
    Query query;
    query.sql = "INSERT INTO kept VALUES ($1)";
    query.parameters = {&parameter, 1};
    query.prepared = &prepared;
    query.open_transaction = true;
    const bool doubled =
        rows("SELECT count(*) FROM kept WHERE n = " + std::to_string(number)) != "0";
    if (doubled)
      EXPECT_EQ(failure([&] { client->execute(query, {}); }).state(), Sqlstate("23000"));
    else
      EXPECT_EQ(client->execute(query, {})->affected(), 1);
  }
  expect_kept("1 2 3 4 5");
}

TEST_F(PgRollback, TheFirstStatementOfATransactionLeavesNone) {
  client->end_transaction(Client::Completion::commit, {});
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  EXPECT_FALSE(client->in_transaction());
  EXPECT_EQ(state_of("SELECT 1; SELECT 1/0"), "22012");
  EXPECT_FALSE(client->in_transaction());
  run("INSERT INTO kept VALUES (2)");
  expect_kept("1 2");
}

TEST_F(PgRollback, DescribingAStatementThatDoesNotParseKeepsTheTransaction) {
  EXPECT_EQ(failure([&] { client->prepare("SELECT * FROM missing", 0, nullptr, {}); }).state(),
            Sqlstate("42S02"));
  EXPECT_EQ(client->prepare("SELECT n FROM kept", 0, nullptr, {})->columns().size(), 1U);
  expect_kept("1");
}

TEST_F(PgRollback, SavepointsOfTheApplicationAreItsOwn) {
  run("SAVEPOINT first");
  run("INSERT INTO kept VALUES (2)");
  EXPECT_EQ(state_of("INSERT INTO kept VALUES (2)"), "23000");
  run("SAVEPOINT second");
  run("INSERT INTO kept VALUES (3)");
  run("ROLLBACK TO second");
  EXPECT_EQ(rows(), "1 2");
  run("INSERT INTO kept VALUES (4)");
  run("RELEASE second");
  EXPECT_EQ(state_of("ROLLBACK TO second"), "3B001");
  EXPECT_EQ(state_of("RELEASE second"), "3B001");
  EXPECT_EQ(rows(), "1 2 4");
  run("ROLLBACK WORK TO SAVEPOINT first");
  EXPECT_EQ(rows(), "1");
  run("RELEASE SAVEPOINT first");
  expect_kept("1");
}

TEST_F(PgRollback, ASavepointOfTheDriversNameIsTheApplicationsToo) {
  run("SAVEPOINT _aurodbc_statement");
  run("INSERT INTO kept VALUES (2)");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  run("ROLLBACK TO _aurodbc_statement");
  expect_kept("1");
}

TEST_F(PgRollback, CommitAndRollbackAsTextEndTheTransaction) {
  run("COMMIT");
  EXPECT_FALSE(client->in_transaction());
  run("INSERT INTO kept VALUES (2)");
  run("/* as text */ ROLLBACK");
  EXPECT_FALSE(client->in_transaction());
  run("INSERT INTO kept VALUES (3)");
  run("COMMIT AND CHAIN");
  EXPECT_TRUE(client->in_transaction());
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  run("INSERT INTO kept VALUES (4)");
  expect_kept("1 3 4");
}

TEST_F(PgRollback, SetTransactionIsNotHiddenBehindASavepoint) {
  client->end_transaction(Client::Completion::commit, {});
  run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  run("SET LOCAL transaction_isolation = 'repeatable read'");
  EXPECT_EQ(rows("SHOW transaction_isolation"), "repeatable read");
  run("SET LOCAL lock_timeout = '5s'");
  EXPECT_EQ(rows("SHOW lock_timeout"), "5s");
}

TEST_F(PgRollback, SeveralStatementsAreTakenBackTogether) {
  run("INSERT INTO kept VALUES (2)");
  EXPECT_EQ(state_of("INSERT INTO kept VALUES (3); SELECT 1/0; INSERT INTO kept VALUES (4)"),
            "22012");
  EXPECT_EQ(state_of("INSERT INTO kept VALUES (3); SELEC 1"), "42601");
  EXPECT_EQ(rows(), "1 2");
  run("INSERT INTO kept VALUES (5); INSERT INTO kept VALUES (6)");
  run("INSERT INTO kept VALUES (7); SELECT n FROM kept");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  expect_kept("1 2 5 6 7");
}

TEST_F(PgRollback, SeveralStatementsWithSavepointsOfTheirOwnAreLeftAlone) {
  run("INSERT INTO kept VALUES (2); INSERT INTO kept VALUES (3)");
  run("SAVEPOINT mine; INSERT INTO kept VALUES (4)");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  run("ROLLBACK TO mine");
  EXPECT_EQ(rows(), "1 2 3");
  run("INSERT INTO kept VALUES (5); COMMIT; BEGIN; INSERT INTO kept VALUES (6)");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  expect_kept("1 2 3 5 6");
}

TEST_F(PgRollback, WhatCannotRunInATransactionFailsAlone) {
  EXPECT_EQ(state_of("VACUUM"), "25001");
  EXPECT_EQ(state_of("COPY kept TO STDOUT"), "HYC00");
  run("CREATE OR REPLACE PROCEDURE pg_temp.commits() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'");
  EXPECT_EQ(state_of("CALL pg_temp.commits()"), "2D000");
  run("INSERT INTO kept VALUES (2)");
  expect_kept("1 2");
}

TEST_F(PgRollback, AnErrorBehindTheFirstRowsTakesTheStatementBackToo) {
  const auto result =
      open("SELECT 1 / (5000 - n), repeat('x', 100) FROM generate_series(1, 9000) n");
  EXPECT_EQ(failure([&] { rows_of(*result); }).state(), Sqlstate("22012"));
  EXPECT_EQ(result->next_row(), RowState::end);
  expect_kept("1");
}

TEST_F(PgRollback, AStatementWhileAnotherStreamsIsGuardedAlone) {
  const auto stream = open("SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n");
  ASSERT_EQ(stream->next_row(), RowState::ready);
  EXPECT_EQ(state_of("INSERT INTO kept VALUES (1)"), "23000");
  EXPECT_EQ(rows_of(*stream).size(), 19999U);
  const auto broken =
      open("SELECT 1 / (15000 - n), repeat('x', 100) FROM generate_series(1, 20000) n");
  ASSERT_EQ(broken->next_row(), RowState::ready);
  run("INSERT INTO kept VALUES (2)");
  EXPECT_EQ(failure([&] { rows_of(*broken); }).state(), Sqlstate("22012"));
  expect_kept("1 2");
}

TEST_F(PgRollback, ClosingAStreamEarlyKeepsTheTransaction) {
  auto stream = open("SELECT n, repeat('x', 100) FROM generate_series(1, 300000) n");
  ASSERT_EQ(stream->next_row(), RowState::ready);
  stream->close({});
  expect_kept("1");
}

TEST_F(PgRollback, ATimeoutTakesTheStatementBackAndKeepsTheTransaction) {
  for (const char* sql : {"SELECT pg_sleep(10)", "SELECT 1; SELECT pg_sleep(10)"}) {
    const Error error = failure([&] {
      auto result = open(sql, {.deadline = Deadline::after(milliseconds(150))});
      while (result->next_result({.deadline = Deadline::after(milliseconds(150))})) {}
    });
    EXPECT_EQ(error.state(), sqlstate::timeout) << error.what();
    EXPECT_FALSE(error.link_lost());
    EXPECT_EQ(rows(), "1");
  }
  const auto stream = open("SELECT n, pg_sleep(0.001) FROM generate_series(1, 100000) n");
  EXPECT_EQ(
      failure([&] { rows_of(*stream, {.deadline = Deadline::after(milliseconds(50))}); }).state(),
      sqlstate::timeout);
  expect_kept("1");
}

TEST_F(PgRollback, AFailedTransactionIsNotGuarded) {
  run("SAVEPOINT one; SAVEPOINT two");
  EXPECT_EQ(state_of("SAVEPOINT three; SELECT 1/0"), "22012");
  EXPECT_EQ(state_of("SELECT 1"), "25P02");
  run("ROLLBACK TO one");
  expect_kept("1");
}

TEST_F(PgRollback, AutocommitKnowsNoSavepoints) {
  client->end_transaction(Client::Completion::commit, {});
  EXPECT_EQ(failure([&] { pg_test::execute(*client, "SELECT 1/0"); }).state(), Sqlstate("22012"));
  EXPECT_FALSE(client->in_transaction());
  EXPECT_EQ(cell(*client, "SELECT n FROM kept"), "1");
}

TEST(PgBegin, SeveralStatementsThatDoNotParseFailTheTransactionLikeOne) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT 1; SELEC 2";
  query.several_statements = true;
  query.open_transaction = true;
  const Error error = failure([&] { client->execute(query, {}); });
  EXPECT_EQ(error.state(), Sqlstate("42601"));
  EXPECT_NE(std::string(error.what()).find("At character: 11"), std::string::npos) << error.what();
  EXPECT_TRUE(client->in_transaction());
  EXPECT_EQ(failure([&] { execute(*client, "SELECT 1"); }).state(), Sqlstate("25P02"));
}

TEST(PgBegin, PositionsOfSeveralStatementsAreThoseOfTheApplicationsText) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT 1; SELECT missing";
  query.several_statements = true;
  query.open_transaction = true;
  const auto result = client->execute(query, {});
  EXPECT_EQ(rows_of(*result)[0][0], "1");
  const Error error = failure([&] { result->next_result({}); });
  EXPECT_EQ(error.state(), Sqlstate("42S22"));
  EXPECT_NE(std::string(error.what()).find("At character: 18"), std::string::npos) << error.what();
}

}  // namespace
