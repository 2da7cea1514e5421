// SPDX-License-Identifier: Apache-2.0
// Hosts that come, go, come back, and die one after the other.
#include <fmt/format.h>

#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class Hosts : public Faults {
 protected:
  void open(const std::string& more = "") {
    ASSERT_TRUE(link.connect(cluster.connection(more))) << to_text(link.records());
  }
  void expect_moved(Statement& statement) {
    ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
    expect_records(statement.records(), "08S02", failover_success);
    EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
  }

  Link link;
};

/// All hosts go on telling the first writer for seconds, while the second one is dead already.
TEST_F(Hosts, ASecondCrashAtOnceDoesNotLeadToARememberedWriter) {
  open();
  Statement statement(link);
  const Stopwatch since_first;
  cluster.failover("crash", "--topology-lag 1 --rejoin-after 0");
  expect_moved(statement);
  cluster.failover("crash", "--topology-lag 1 --rejoin-after 0");
  const Stopwatch watch;
  expect_moved(statement);
  EXPECT_LT(watch.seconds(), 4.0);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  EXPECT_EQ(ids(), "1");
}

TEST_F(Hosts, AllDownAndBackIsAFailoverToTheOldWriter) {
  open("failover_timeout_sec=40");
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  cluster.run("crash all");
  auto answer = in_flight([&] { return statement.run("INSERT INTO faults VALUES (2)"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  cluster.run("start all");
  ASSERT_EQ(answer.get(), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (3)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "1,3");
}

TEST_F(Hosts, OneThatWasAddedLaterCanBeTheWriter) {
  open();
  Statement statement(link);
  const std::string added = cluster.add();
  cluster.failover("crash", "--rejoin-after 0 --to " + added);
  ASSERT_EQ(cluster.writer(), added);
  expect_moved(statement);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
}

TEST_F(Hosts, OneThatWasRemovedIsNotWaitedFor) {
  open();
  Statement statement(link);
  cluster.run("remove " + cluster.readers()[0]);
  cluster.failover("crash", "--rejoin-after 0");
  const Stopwatch watch;
  expect_moved(statement);
  EXPECT_LT(watch.seconds(), 3.0);
}

TEST_F(Hosts, AWriterThatCameBackAsAReaderCanBeTheWriterAgain) {
  open();
  Statement statement(link);
  const std::string first = cluster.writer();
  cluster.failover("crash", "--rejoin-after 0");
  expect_moved(statement);
  cluster.failover("planned", "--rejoin-after 0 --to " + first);
  expect_moved(statement);
  EXPECT_EQ(statement.value(profile().own_id), first);
}

class Monitors : public Hosts {};

/// The application's own login is sound; only the monitor's is not.
TEST_F(Monitors, WithWrongCredentialsDoNotDisturbAndEndAFailoverInSeconds) {
  for (const std::string& host : cluster.readers()) cluster.log_connections(host);
  cluster.log_connections(cluster.writer());
  open("topology-monitoring-PWD=wrong;failover_timeout_sec=60;" + log_keywords("debug"));
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_LE(cluster.connections_to(cluster.writer()), 10) << "logins that are refused back off";
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), flavour().starts_with("multi-az-pg") ? 40.0 : 12.0);
  expect_records(statement.records(), "08S01", failover_failed);
  const Records records = statement.records();
  ASSERT_GE(records.size(), 2U);
  EXPECT_NE(to_text(records).find("28000"), std::string::npos) << to_text(records);
  EXPECT_TRUE(link.is_dead());
  EXPECT_EQ(driver_log().find("wrong"), std::string::npos) << "a secret in the log";
}

}  // namespace
}  // namespace faults
