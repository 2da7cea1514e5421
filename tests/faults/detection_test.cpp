// SPDX-License-Identifier: Apache-2.0
// A writer that falls silent without a word (frozen, or cut off by the network) in every phase of a
// statement's life: how soon that is known, and what the application is told. No TCP reset helps.
#include <fmt/format.h>

#include <deque>
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

using std::chrono::milliseconds;

constexpr auto patient_rule =
    "failure_detection_time_ms=1000;failure_detection_interval_ms=200;failure_detection_count=3;";
constexpr auto quick_rule =
    "failure_detection_time_ms=300;failure_detection_interval_ms=150;failure_detection_count=3;";

class Detection : public Faults, public ::testing::WithParamInterface<const char*> {
 protected:
  void open(const std::string& options) {
    ASSERT_TRUE(link.connect(cluster.connection(options))) << to_text(link.records());
  }
  void fall_silent() { cluster.failover(GetParam()); }
  void expect_writes_again(int id) {
    Statement statement(link);
    ASSERT_EQ(statement.run(fmt::format("INSERT INTO faults VALUES ({})", id)), SQL_SUCCESS)
        << to_text(statement.records());
    EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
  }

  Link link;
};

TEST_P(Detection, WritesAgainWithinTwoSecondsOfTheFault) {
  open(patient_rule);
  Statement statement(link);
  auto moved = in_flight([&] {
    std::this_thread::sleep_for(milliseconds(300));
    cluster.failover(GetParam());
  });
  Stopwatch since_success;
  Records records;
  double worst = 0;
  for (int id = 0; records.empty() || worst < 1; ++id) {
    const bool good =
        SQL_SUCCEEDED(statement.run(fmt::format("INSERT INTO faults VALUES ({})", id)));
    if (!good && !records.empty()) break;
    if (!good) {
      records = statement.records();
      continue;
    }
    worst = std::max(worst, since_success.seconds());
    since_success = Stopwatch();
  }
  moved.get();
  expect_records(records, "08007", outcome_unknown);
  EXPECT_LT(worst, 2.0) << "from the last good write to the next";
  fmt::print("{:.3f} s without a write\n", worst);
}

TEST_P(Detection, AWriteThatRunsIsUnknown) {
  open(patient_rule);
  Statement statement(link);
  auto answer = in_flight([&] { return statement.run(profile().slow_write); });
  ASSERT_TRUE(cluster.wait_until_running("SELECT 7"));
  fall_silent();
  ASSERT_EQ(answer.get(), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  expect_writes_again(8);
  EXPECT_EQ(ids(), "8");
}

TEST_P(Detection, AReadBetweenTwoCallsMayBeRepeated) {
  open(quick_rule);
  Statement statement(link);
  EXPECT_EQ(statement.value("SELECT count(*) FROM faults"), "0");
  fall_silent();
  const Stopwatch watch;
  ASSERT_EQ(statement.run("SELECT count(*) FROM faults"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 1.5);
  expect_records(statement.records(), "08S02", failover_success);
  expect_writes_again(1);
}

TEST_P(Detection, AStreamThatStopsMayBeRepeated) {
  cluster.ask(insert_numbers(2000));
  open(quick_rule);
  Statement statement(link);
  ASSERT_EQ(
      statement.run("SELECT a.id, repeat('x', 1000) FROM faults a, faults b WHERE b.id <= 100"),
      SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  fall_silent();
  SQLRETURN answer = SQL_SUCCESS;
  while (answer == SQL_SUCCESS) answer = statement.fetch();
  ASSERT_EQ(answer, SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  statement.close();
  expect_writes_again(-1);
}

TEST_P(Detection, ACommitIsUnknown) {
  open(quick_rule);
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  fall_silent();
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_ERROR);
  expect_records(link.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
  expect_writes_again(2);
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS) << to_text(link.records());
  EXPECT_EQ(ids(), "2");
}

TEST_P(Detection, AStatementInATransactionIsUnknown) {
  open(quick_rule);
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  fall_silent();
  ASSERT_EQ(statement.run("SELECT count(*) FROM faults"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  EXPECT_EQ(ids(), "");
}

TEST_P(Detection, WithoutATopologyTheLinkIsLost) {
  open(std::string(quick_rule) + "plugins=efm2;wrapper_dialect=" + profile().plain_dialect);
  Statement statement(link);
  EXPECT_EQ(statement.value("SELECT count(*) FROM faults"), "0");
  fall_silent();
  const Stopwatch watch;
  ASSERT_EQ(statement.run("SELECT count(*) FROM faults"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 1.5);
  ASSERT_FALSE(statement.records().empty());
  EXPECT_EQ(statement.records()[0].sqlstate, "08S01") << to_text(statement.records());
  EXPECT_NE(statement.records()[0].message.find("has not answered"), std::string::npos)
      << to_text(statement.records());
  EXPECT_TRUE(link.is_dead());
}

INSTANTIATE_TEST_SUITE_P(, Detection, ::testing::Values("freeze", "blackhole"),
                         [](const auto& mode) { return std::string(mode.param); });

class HealthyHosts : public Faults {};

TEST_F(HealthyHosts, LongCallsOfManyConnectionsAreLeftAloneAndShareOneProbeLink) {
  constexpr int count = 8;
  std::deque<Link> links;
  for (int i = 0; i < count; ++i)
    ASSERT_TRUE(links.emplace_back().connect(cluster.connection(patient_rule)));
  cluster.log_connections(cluster.writer());
  std::this_thread::sleep_for(milliseconds(200));
  const int before = cluster.connections_to(cluster.writer());
  std::vector<std::future<SQLRETURN>> answers;
  for (Link& link : links)
    answers.push_back(in_flight([&link] {
      Statement statement(link);
      return statement.run(profile().nap);
    }));
  for (auto& answer : answers) EXPECT_TRUE(SQL_SUCCEEDED(answer.get()));
  EXPECT_EQ(cluster.connections_to(cluster.writer()), before + 1);
}

class DetectionLong : public Detection {};

TEST_P(DetectionLong, AQueryTimeoutAloneEndsInTime) {
  open("");
  Statement statement(link);
  ASSERT_EQ(statement.set(SQL_ATTR_QUERY_TIMEOUT, 5), SQL_SUCCESS);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  fall_silent();
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_LT(watch.seconds(), 5.0 + 1.0 + 0.15);
  fmt::print("{:.3f} s until the next write\n", watch.seconds());
  EXPECT_EQ(ids(), "1,3");
}

INSTANTIATE_TEST_SUITE_P(, DetectionLong, ::testing::Values("freeze", "blackhole"),
                         [](const auto& mode) { return std::string(mode.param); });

}  // namespace
}  // namespace faults
