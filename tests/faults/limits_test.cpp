// SPDX-License-Identifier: Apache-2.0
// Failovers that meet a limit: their own, a query timeout, SQLCancel; and silent hosts.
#include <algorithm>
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class Limits : public Faults {
 protected:
  void open(const std::string& more = "") {
    ASSERT_TRUE(link.connect(cluster.connection(more))) << to_text(link.records());
  }
  static bool names_state(const Records& records, const std::string& state) {
    return std::any_of(records.begin(), records.end(),
                       [&](const Record& record) { return record.sqlstate == state; });
  }

  Link link;
};

TEST_F(Limits, WithAllHostsDownTheConnectionIsDeadInTimeAndCanBeOpenedAgain) {
  open("failover_timeout_sec=2");
  Statement* statement = new Statement(link);
  const std::string writer = cluster.writer();
  for (const std::string& reader : cluster.readers()) cluster.run("crash " + reader);
  cluster.run("crash " + writer);
  const Stopwatch watch;
  ASSERT_EQ(statement->run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  EXPECT_GT(watch.seconds(), 1.8);
  EXPECT_LT(watch.seconds(), 3.0);
  expect_records(statement->records(), "08S01", failover_failed);
  EXPECT_TRUE(link.is_dead());
  ASSERT_EQ(statement->run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  EXPECT_EQ(statement->records()[0].sqlstate, "08S01") << to_text(statement->records());
  delete statement;
  EXPECT_EQ(link.disconnect(), SQL_SUCCESS) << to_text(link.records());
  cluster.run("start " + writer);
  open();
  Statement again(link);
  EXPECT_EQ(again.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS) << to_text(again.records());
  EXPECT_EQ(ids(), "1");
}

TEST_F(Limits, AQueryTimeoutOnAFrozenWriterEndsInAFailover) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 1), SQL_SUCCESS);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  cluster.failover("freeze");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_GT(watch.seconds(), 1.8);  // the timeout, then the grace for the cancel
  EXPECT_LT(watch.seconds(), 3.5);
  const Records records = statement.records();
  expect_records(records, "08007", outcome_unknown);
  EXPECT_EQ(records[1].sqlstate, "HYT00") << to_text(records);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "1,3");
}

TEST_F(Limits, AReadThatTimesOutOnAFrozenWriterMayBeRepeated) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 1), SQL_SUCCESS);
  cluster.failover("freeze");
  ASSERT_EQ(statement.run("SELECT count(*) FROM faults"), SQL_ERROR);
  const Records records = statement.records();
  expect_records(records, "08S02", failover_success);
  EXPECT_TRUE(names_state(records, "HYT00")) << to_text(records);
  EXPECT_EQ(statement.value("SELECT count(*) FROM faults"), "0");
}

TEST_F(Limits, AConnectionTimeoutOnAFrozenWriterEndsInAFailover) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_CONNECTION_TIMEOUT, 1), SQL_SUCCESS);
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  cluster.failover("freeze");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_GT(watch.seconds(), 0.9);
  EXPECT_LT(watch.seconds(), 2.5);
  const Records records = statement.records();
  expect_records(records, "08007", outcome_unknown);
  EXPECT_EQ(records[1].sqlstate, "HYT01") << to_text(records);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "1,3");
}

TEST_F(Limits, AReadThatMeetsASilentWriterMayBeRepeated) {
  open();
  ASSERT_EQ(link.set(SQL_ATTR_CONNECTION_TIMEOUT, 1), SQL_SUCCESS);
  Statement statement(link);
  cluster.failover("blackhole");
  ASSERT_EQ(statement.run("SELECT count(*) FROM faults"), SQL_ERROR);
  const Records records = statement.records();
  expect_records(records, "08S02", failover_success);
  EXPECT_TRUE(names_state(records, "HYT01")) << to_text(records);
  EXPECT_FALSE(link.is_dead());
  EXPECT_EQ(statement.value("SELECT count(*) FROM faults"), "0");
}

TEST_F(Limits, AQueryTimeoutThatTheServerAnswersKeepsTheLink) {
  open();
  Statement statement(link);
  const std::string process = statement.value(profile().session_id);
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 1), SQL_SUCCESS);
  ASSERT_EQ(statement.run(profile().sleep), SQL_ERROR);
  EXPECT_EQ(statement.records()[0].sqlstate, "HYT00") << to_text(statement.records());
  EXPECT_EQ(statement.value(profile().session_id), process);
}

TEST_F(Limits, CancelEndsARunningFailoverAndTheNextStatementCompletesIt) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  auto moved =
      in_flight([&] { cluster.failover("crash", "--promote-delay 2.5 --rejoin-after never"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  auto answer = in_flight([&] { return statement.run("INSERT INTO faults VALUES (2)"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const Stopwatch watch;
  ASSERT_EQ(statement.cancel(), SQL_SUCCESS);
  ASSERT_EQ(answer.get(), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 0.3);
  EXPECT_EQ(statement.records()[0].sqlstate, "HY008") << to_text(statement.records());
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  moved.get();
  EXPECT_EQ(ids(), "1");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "1,3");
}

TEST_F(Limits, AQueryTimeoutEndsARunningFailoverAndTheNextStatementCompletesIt) {
  open();
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  auto moved =
      in_flight([&] { cluster.failover("crash", "--promote-delay 3 --rejoin-after never"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 1), SQL_SUCCESS);
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_GT(watch.seconds(), 0.9);
  EXPECT_LT(watch.seconds(), 1.5);
  EXPECT_EQ(statement.records()[0].sqlstate, "HYT00") << to_text(statement.records());
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 0), SQL_SUCCESS);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  moved.get();
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS);
  EXPECT_EQ(ids(), "1,3");
}

}  // namespace
}  // namespace faults
