// SPDX-License-Identifier: Apache-2.0
// One connection, one statement, one lost writer: what the application is told, whether that is
// true of the data, and that the handles work afterwards.
#include <algorithm>
#include <numeric>
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class Outcome : public Faults {
 protected:
  void open(const std::string& more = "") {
    ASSERT_TRUE(link.connect(cluster.connection(more))) << to_text(link.records());
  }
  /// The same handle, without another word to the driver, writes to the writer of now.
  void expect_statement_works(Statement& statement, int id) {
    ASSERT_EQ(statement.run("INSERT INTO faults VALUES (" + std::to_string(id) + ")"), SQL_SUCCESS)
        << to_text(statement.records());
    EXPECT_FALSE(link.is_dead());
  }
  /// Runs `sql`, loses the writer once the server works on it, and returns what SQLExecDirect said.
  SQLRETURN run_and_crash(Statement& statement, const std::string& sql, const std::string& part) {
    auto answer = in_flight([&] { return statement.run(sql); });
    EXPECT_TRUE(cluster.wait_until_running(part));
    cluster.failover("crash");
    return answer.get();
  }
  /// `call` reaches the writer's socket and is not read there; then the writer is lost.
  template <class Call>
  SQLRETURN ask_frozen_and_crash(Call call) {
    cluster.run("freeze " + cluster.writer());
    auto answer = in_flight(std::move(call));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    cluster.failover("crash");
    return answer.get();
  }

  Link link;
};

TEST_F(Outcome, AStatementThatMeetsADeadWriterWasNotSent) {
  open();
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_EQ(ids(), "1");
  expect_statement_works(statement, 2);
  EXPECT_EQ(ids(), "1,2");
}

TEST_F(Outcome, AStatementDuringThePromotionWaitsForTheNewWriter) {
  open();
  Statement statement(link);
  expect_statement_works(statement, 1);
  auto moved = in_flight([&] {
    cluster.failover("crash", "--promote-delay 1 --topology-lag 0.3 --rejoin-after never");
  });
  SQLRETURN answer = SQL_SUCCESS;
  int id = 1;
  const Stopwatch watch;
  while (watch.seconds() < 10) {
    answer = statement.run("INSERT INTO faults VALUES (" + std::to_string(id + 1) + ")");
    if (!SQL_SUCCEEDED(answer)) break;
    ++id;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  moved.get();
  ASSERT_EQ(answer, SQL_ERROR);
  const Records records = statement.records();
  const bool unknown = !records.empty() && records[0].sqlstate == "08007";
  expect_records(records, unknown ? "08007" : "08S02",
                 unknown ? outcome_unknown : failover_success);
  EXPECT_LT(watch.seconds(), 4.0);
  expect_statement_works(statement, 1000);
  EXPECT_EQ(cluster.ask("SELECT count(*) FROM faults WHERE id <= " + std::to_string(id)),
            std::to_string(id));
}

TEST_F(Outcome, APlannedFailoverIsReportedLikeACrash) {
  open();
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("planned");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_EQ(ids(), "1");
  expect_statement_works(statement, 3);
  EXPECT_EQ(ids(), "1,3");
}

TEST_F(Outcome, AWriteThatWasSentAndNotAnsweredIsUnknown) {
  open();
  Statement statement(link);
  ASSERT_EQ(run_and_crash(statement, profile().slow_write, "SELECT 7"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
  expect_statement_works(statement, 8);
  EXPECT_EQ(ids(), "8");
}

TEST_F(Outcome, AWriteThatWaitsForALockIsUnknown) {
  open();
  Statement statement(link);
  expect_statement_works(statement, 1);
  Link holder(cluster.connection("plugins=none"));
  ASSERT_EQ(holder.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement holding(holder);
  ASSERT_EQ(holding.run("SELECT id FROM faults WHERE id = 1 FOR UPDATE"), SQL_SUCCESS);
  ASSERT_EQ(run_and_crash(statement, "UPDATE faults SET id = 7 WHERE id = 1", "SET id = 7"),
            SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "1");
  expect_statement_works(statement, 2);
}

TEST_F(Outcome, OfAnArrayWhatIsSaidToBeExecutedSurvives) {
  constexpr int sets = 400, locked = 300;
  open();
  cluster.ask(insert_numbers(sets));
  Link holder(cluster.connection("plugins=none"));
  ASSERT_EQ(holder.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement holding(holder);
  ASSERT_EQ(
      holding.run("SELECT id FROM faults WHERE id = " + std::to_string(locked) + " FOR UPDATE"),
      SQL_SUCCESS);
  Statement statement(link);
  std::vector<SQLINTEGER> values(sets);
  std::iota(values.begin(), values.end(), 1);
  std::vector<SQLUSMALLINT> status(sets, SQL_PARAM_UNUSED);
  ASSERT_EQ(statement.prepare("UPDATE faults SET id = id + 1000 WHERE id = ?"), SQL_SUCCESS);
  statement.bind_array(values, status);
  auto answer = in_flight([&] { return statement.execute(); });
  const std::string count = "SELECT count(*) FROM faults WHERE id > 1000";
  const std::string all = std::to_string(locked - 1);
  for (int i = 0; i < 1000 && cluster.ask(count) != all; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_EQ(cluster.ask(count), all);
  cluster.failover("crash");
  ASSERT_EQ(answer.get(), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  const auto failed = std::ranges::find_if_not(
      status, [](SQLUSMALLINT outcome) { return outcome == SQL_PARAM_SUCCESS; });
  const auto executed = static_cast<int>(failed - status.begin());
  ASSERT_LT(executed, locked);
  EXPECT_EQ(*failed, SQL_PARAM_ERROR);
  EXPECT_TRUE(std::all_of(failed + 1, status.end(), [](SQLUSMALLINT outcome) {
    return outcome == SQL_PARAM_UNUSED;
  })) << executed;
  EXPECT_GE(std::stoi(cluster.ask(count)), executed);
}

TEST_F(Outcome, TheOptionGivesUnknownWritesTheStateOfTheAwsWrappers) {
  open("failover_in_doubt_sqlstate=08S02");
  Statement statement(link);
  ASSERT_EQ(run_and_crash(statement, profile().slow_write, "SELECT 7"), SQL_ERROR);
  expect_records(statement.records(), "08S02", outcome_unknown);
  expect_statement_works(statement, 8);
}

TEST_F(Outcome, TheOptionGivesApplicationsThatKnowOnlyIt08S01AfterASwitch) {
  open("failover_success_sqlstate=08S01");
  Statement statement(link);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08S01", failover_success);
  expect_statement_works(statement, 2);
}

TEST_F(Outcome, AProvablyReadOnlyQueryThatWasSentChangedNothing) {
  open();
  Statement statement(link);
  cluster.ask(insert_numbers(3000));
  ASSERT_EQ(run_and_crash(statement, "SELECT count(*) FROM faults a, faults b, faults c",
                          "faults a, faults b"),
            SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_EQ(statement.value("SELECT count(*) FROM faults"), "3000");
}

TEST_F(Outcome, AQueryThatMayWriteIsUnknownOnceSent) {
  open();
  Statement statement(link);
  ASSERT_EQ(run_and_crash(statement, profile().sleep, profile().sleep_part), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
}

TEST_F(Outcome, DescribingAWriteThatWasSentChangedNothing) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.prepare("INSERT INTO faults VALUES (1) RETURNING id"), SQL_SUCCESS);
  SQLSMALLINT columns = -1;
  const SQLRETURN answer = ask_frozen_and_crash([&] { return statement.count_columns(columns); });
  ASSERT_EQ(answer, SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  ASSERT_EQ(statement.count_columns(columns), SQL_SUCCESS) << to_text(statement.records());
  EXPECT_EQ(columns, profile().returning_columns);
  ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
}

TEST_F(Outcome, ACatalogFunctionThatWasSentChangedNothing) {
  open();
  Statement statement(link);
  const SQLRETURN answer = ask_frozen_and_crash([&] { return statement.tables_named("faults"); });
  ASSERT_EQ(answer, SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  ASSERT_EQ(statement.tables_named("faults"), SQL_SUCCESS) << to_text(statement.records());
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
}

TEST_F(Outcome, AnOpenTransactionIsUnknown) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
  expect_statement_works(statement, 3);
  EXPECT_EQ(ids(), "") << "autocommit is still off";
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS) << to_text(link.records());
  EXPECT_EQ(ids(), "3");
}

TEST_F(Outcome, AQueryInATransactionIsUnknownToo) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("SELECT id FROM faults"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  expect_statement_works(statement, 3);
}

TEST_F(Outcome, AutocommitOffWithoutAnOpenTransactionLosesNothing) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  expect_statement_works(statement, 1);
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  expect_statement_works(statement, 2);
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(ids(), "1,2");
}

TEST_F(Outcome, ATransactionBegunByTheApplicationsOwnSqlIsUnknown) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.run("BEGIN"), SQL_SUCCESS) << to_text(statement.records());
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
  expect_statement_works(statement, 3);
  EXPECT_EQ(ids(), "3");
}

TEST_F(Outcome, ACommitThatIsNotAnsweredIsUnknown) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  expect_statement_works(statement, 1);
  const SQLRETURN answer = ask_frozen_and_crash([&] { return link.end_transaction(SQL_COMMIT); });
  ASSERT_EQ(answer, SQL_ERROR);
  expect_records(link.records(), "08007", outcome_unknown);
  expect_statement_works(statement, 2);
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS) << to_text(link.records());
  EXPECT_EQ(ids(), "2");
}

TEST_F(Outcome, ACommitThatMeetsADeadWriterIsUnknown) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_ERROR);
  expect_records(link.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
}

TEST_F(Outcome, WithoutPluginsTheLossIsReportedAtOnceAndTheConnectionIsDead) {
  open("plugins=none");
  Statement statement(link);
  expect_statement_works(statement, 1);
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 0.5);
  ASSERT_FALSE(statement.records().empty());
  EXPECT_EQ(statement.records()[0].sqlstate, "08S01") << to_text(statement.records());
  EXPECT_TRUE(link.is_dead());
  EXPECT_EQ(ids(), "1");
}

TEST_F(Outcome, ASecondCrashSecondsAfterTheFirstFindsTheThirdWriter) {
  open();
  Statement statement(link);
  const Stopwatch since_first;
  cluster.failover("crash", "--rejoin-after 0");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  expect_statement_works(statement, 1);
  const double rest = 4.0 - since_first.seconds();
  std::this_thread::sleep_for(std::chrono::duration<double>(std::max(0.0, rest)));
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_LT(watch.seconds(), 2.0);
  expect_statement_works(statement, 2);
  EXPECT_EQ(ids(), "1,2");
}

TEST_F(Outcome, APreparedStatementNeedsNoNewBinding) {
  open();
  Statement statement(link);
  SQLINTEGER id = 1;
  ASSERT_EQ(statement.prepare("INSERT INTO faults VALUES (?)"), SQL_SUCCESS);
  ASSERT_EQ(statement.bind_parameter(1, id), SQL_SUCCESS);
  ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
  cluster.failover("crash");
  id = 2;
  ASSERT_EQ(statement.execute(), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_EQ(ids(), "1");
  ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
  id = 3;
  ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
  EXPECT_EQ(ids(), "1,2,3");
}

}  // namespace
}  // namespace faults
