// SPDX-License-Identifier: Apache-2.0
// Names of prepared statements that are not there any more: behind a transaction-pooling proxy
// (a real pgbouncer that takes two server sessions in turn), after DISCARD ALL, after DDL.
#include <set>

#include "core/client/pg_options.h"
#include "tests/clients/pg_link.h"

namespace {

using namespace pg_test;

std::shared_ptr<Client> connect_pooled(const char* rollback_on_error = "transaction") {
  Target target;
  target.port = static_cast<std::uint16_t>(std::stoi(environment("AURODBC_TEST_PGBOUNCER_PORT")));
  target.options.set(pg_options::rollback_on_error, rollback_on_error);
  return connect(target);
}

/// A statement as an application holds it: text, one parameter, what was learned.
struct Held {
  std::string sql;
  std::shared_ptr<Prepared> prepared;

  /// The first column of the first row, through its decoder.
  std::int64_t run(Client& client, std::int64_t argument, bool in_transaction = false) {
    const Parameter parameter = integer(argument);
    Query query;
    query.sql = sql;
    query.parameters = {&parameter, 1};
    query.prepared = &prepared;
    query.open_transaction = in_transaction;
    return first_cell(*client.execute(query, {}));
  }
  static std::int64_t first_cell(Result& result) {
    for (RowState at = result.next_row(); at == RowState::need_network; at = result.next_row())
      result.read_network({});
    Value value;
    EXPECT_TRUE(result.columns()[0].decode(result.row()[0].view(), value));
    result.close({});
    return value.integer;
  }
};

/// A direct statement that the client may learn from.
std::int64_t run_direct(Client& client, std::string_view sql, bool in_transaction) {
  Query query;
  query.sql = sql;
  query.may_learn = true;
  query.open_transaction = in_transaction;
  const auto result = client.execute(query, {});
  return Held::first_cell(*result);
}

void commit(Client& client) { client.end_transaction(Client::Completion::commit, {}); }
void roll_back(Client& client) { client.end_transaction(Client::Completion::rollback, {}); }

int named_statements(Client& client) {
  return std::stoi(cell(client, "SELECT count(*) FROM pg_prepared_statements"));
}

/// Two transactions at once have opened both sessions.
class PgPooler : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::shared_ptr<Client> links[] = {connect_pooled(), connect_pooled()};
    for (const auto& link : links) run_direct(*link, "SELECT 1", true);
    for (const auto& link : links) commit(*link);
  }
};

TEST_F(PgPooler, TakesServerSessionsInTurn) {
  const auto client = connect_pooled();
  std::set<std::string> sessions;
  for (int i = 0; i < 4; ++i) sessions.insert(cell(*client, "SELECT pg_backend_pid()"));
  EXPECT_EQ(sessions.size(), 2U);
}

TEST_F(PgPooler, APreparedStatementRunsOnEverySession) {
  const auto client = connect_pooled();
  Held held{"SELECT $1 + 1", nullptr};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(held.run(*client, i), i + 1);
}

TEST_F(PgPooler, ADescribedStatementRunsOnEverySession) {
  const auto client = connect_pooled();
  Held held{"SELECT $1::int4 + 1", nullptr};
  held.prepared = client->prepare(held.sql, 1, nullptr, {});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(held.run(*client, i), i + 1);
}

TEST_F(PgPooler, ANameThatIsMissingAtTheBeginningOfATransactionIsNoError) {
  const auto client = connect_pooled();
  Held held{"SELECT $1 + 1", nullptr};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(held.run(*client, i, true), i + 1);
    EXPECT_TRUE(client->in_transaction());
    commit(*client);
  }
}

TEST_F(PgPooler, ANameThatIsMissingInsideATransactionFailsItOnceAndHonestly) {
  const auto client = connect_pooled();
  Held first{"SELECT $1 + 1", nullptr};
  Held second{"SELECT $1 + 2", nullptr};
  int failures = 0;
  for (int i = 0; i < 20; ++i) {
    try {
      run_direct(*client, "SELECT 1", true);
      EXPECT_EQ(second.run(*client, i, true), i + 2);
      EXPECT_EQ(first.run(*client, i, true), i + 1);
      commit(*client);
    } catch (const Error& error) {
      ++failures;
      EXPECT_EQ(error.state(), Sqlstate("26000"));
      EXPECT_NE(std::string(error.what()).find("Roll it back and repeat it"), std::string::npos);
      EXPECT_TRUE(client->in_transaction());
      roll_back(*client);
    }
  }
  EXPECT_EQ(failures, 1);
}

TEST_F(PgPooler, StatementRollbackMakesAMissingNameInsideATransactionNoError) {
  const auto client = connect_pooled("statement");
  Held first{"SELECT $1 + 1", nullptr};
  Held second{"SELECT $1 + 2", nullptr};
  for (int i = 0; i < 20; ++i) {
    run_direct(*client, "SELECT 1", true);
    EXPECT_EQ(second.run(*client, i, true), i + 2);
    EXPECT_EQ(first.run(*client, i, true), i + 1);
    commit(*client);
  }
}

TEST_F(PgPooler, TwoLinksNeverMeetTheSameName) {
  const std::shared_ptr<Client> links[] = {connect_pooled(), connect_pooled()};
  std::vector<Held> held(40);
  for (std::size_t i = 0; i < held.size(); ++i) held[i].sql = "SELECT $1 + " + std::to_string(i);
  for (int round = 0; round < 3; ++round)
    for (std::size_t i = 0; i < held.size(); ++i)
      for (const auto& link : links) {
        Held other{held[i].sql, nullptr};
        for (int n = 0; n < 2; ++n)
          EXPECT_EQ(other.run(*link, 1), static_cast<std::int64_t>(i) + 1);
      }
}

TEST_F(PgPooler, RepeatedDirectTextsNeverFailForTheirNames) {
  const auto client = connect_pooled();
  for (const bool in_transaction : {false, true})
    for (int i = 0; i < 12; ++i) {
      EXPECT_EQ(run_direct(*client, "SELECT count(*) FROM generate_series(1, 3)", in_transaction),
                3);
      EXPECT_EQ(run_direct(*client, "SELECT max(n) FROM generate_series(1, 4) n", in_transaction),
                4);
      if (in_transaction) commit(*client);
    }
}

TEST(PgNames, AreForgottenWithDiscardAllAndGivenAnew) {
  const auto client = connect();
  Held held{"SELECT $1 + 1", nullptr};
  for (const char* sql : {"DISCARD ALL", "DEALLOCATE ALL", "/* all */ deallocate prepare all"}) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(held.run(*client, i), i + 1);
    EXPECT_EQ(named_statements(*client), 1) << sql;
    execute(*client, sql);
    EXPECT_EQ(named_statements(*client), 0);
    run_direct(*client, "SELECT 1", true);
    EXPECT_EQ(held.run(*client, 5, true), 6);
    commit(*client);
  }
}

TEST(PgNames, ThatAFunctionDroppedAreNotUsedAgain) {
  const auto client = connect();
  Held held{"SELECT $1 + 1", nullptr};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(held.run(*client, i), i + 1);
  execute(*client, "DO 'BEGIN EXECUTE $x$DEALLOCATE ALL$x$; END'");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(held.run(*client, i), i + 1);
  EXPECT_EQ(named_statements(*client), 0);
}

TEST(PgNames, OfRepeatedTextsAreSharedByStatementsThatComeAndGo) {
  const auto client = connect();
  for (int i = 0; i < 6; ++i) {
    const Parameter parameter = integer(i);
    std::shared_ptr<Prepared> prepared;
    Query query;
    query.sql = "SELECT n + 1 FROM generate_series($1, $1) n";
    query.parameters = {&parameter, 1};
    query.prepared = &prepared;
    query.may_learn = true;
    const auto result = client->execute(query, {});
    EXPECT_EQ(Held::first_cell(*result), i + 1);
    EXPECT_EQ(named_statements(*client), i < 2 ? 0 : 1) << i;
  }
}

TEST(PgNames, DirectTextsOnTablesGetOneFromTheThirdUseOn) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE learned AS SELECT 7 AS n");
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(run_direct(*client, "SELECT n FROM learned", false), 7);
    EXPECT_EQ(named_statements(*client), i < 3 ? 0 : 1) << i;
    EXPECT_EQ(run_direct(*client, "SELECT 1", false), 1);
  }
}

TEST(PgNames, DdlBetweenExecutionsIsNoErrorWhereTheTransactionAllowsIt) {
  const auto client = connect();
  const auto other = connect();
  execute(*other, "CREATE TABLE names_ddl(n int)");
  execute(*other, "INSERT INTO names_ddl VALUES (7)");
  const char* const sql = "SELECT * FROM names_ddl";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run_direct(*client, sql, false), 7);
  for (const char* type : {"int8", "text", "tsvector"}) {
    execute(*other, std::string("ALTER TABLE names_ddl ADD c_") + type + " " + type);
    EXPECT_EQ(run_direct(*client, sql, true), 7) << type;
    EXPECT_EQ(run_direct(*client, sql, true), 7) << type;
    commit(*client);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(run_direct(*client, sql, false), 7) << type;
  }
  execute(*other, "DROP TABLE names_ddl");
}

TEST(PgNames, DdlOfTheSameTransactionIsSeenByItsRepeatedTexts) {
  const auto client = connect();
  const auto in_transaction = [&](const char* sql) {
    Query query;
    query.sql = sql;
    query.open_transaction = true;
    client->execute(query, {});
  };
  in_transaction("CREATE TEMP TABLE own_ddl AS SELECT 7 AS n");
  const char* const sql = "SELECT * FROM own_ddl";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run_direct(*client, sql, true), 7);
  in_transaction("ALTER TABLE own_ddl ADD path pg_lsn");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run_direct(*client, sql, true), 7);
  commit(*client);
}

}  // namespace
