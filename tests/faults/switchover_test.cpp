// SPDX-License-Identifier: Apache-2.0
// Every flavour of cluster is recognised and followed: planned switchovers, crashes, two of them in
// a row, and what is said to a user who may not ask for the hosts.
#include <fmt/format.h>

#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class Switchover : public Faults {
 protected:
  void open(const std::string& connection_string) {
    ASSERT_TRUE(link.connect(connection_string)) << to_text(link.records());
  }
  void expect_moved(Statement& statement, int id) {
    ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
    expect_records(statement.records(), "08S02", failover_success);
    EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
    ASSERT_EQ(statement.run(fmt::format("INSERT INTO faults VALUES ({})", id)), SQL_SUCCESS)
        << to_text(statement.records());
  }

  Link link;
};

TEST_F(Switchover, APlannedOneMovesTheConnectionAndTheDialectIsToldInTheLog) {
  open(cluster.connection(log_keywords("debug")));
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  EXPECT_EQ(lines_with(driver_log(), " speaks " + flavour()).size(), 1U) << driver_log();
  cluster.failover("planned", "--rejoin-after 0");
  expect_moved(statement, 2);
  cluster.failover("planned", "--rejoin-after 0");
  expect_moved(statement, 3);
  EXPECT_EQ(ids(), "1,2,3");
}

TEST_F(Switchover, ACrashAndAnotherOneSoonAfterMoveTheConnectionTwice) {
  open(cluster.connection());
  Statement statement(link);
  cluster.failover("crash", "--rejoin-after 0");
  expect_moved(statement, 1);
  cluster.failover("crash");
  expect_moved(statement, 2);
  EXPECT_EQ(ids(), "1,2");
}

/// A server that is only asked must not see errors, and nothing stays open on it.
TEST_F(Switchover, DetectionLeavesNoErrorInTheServersLogAndNoTransaction) {
  open(cluster.connection());
  EXPECT_TRUE(lines_with(cluster.server_log(cluster.writer()), "ERROR").empty())
      << cluster.server_log(cluster.writer());
  EXPECT_EQ(cluster.ask_as_admin(cluster.writer(), profile().open_transactions), "0");
}

class MultiAz : public Switchover {};

TEST_F(MultiAz, AnAddressIsEnoughBecauseHostsTellTheirEndpoints) {
  open(cluster.connection_to(cluster.address(cluster.writer()), log_keywords("info")));
  Statement statement(link);
  cluster.failover("crash");
  expect_moved(statement, 1);
  EXPECT_TRUE(lines_with(driver_log(), "cluster_instance_host_pattern").empty()) << driver_log();
}

TEST_F(MultiAz, WithoutGrantsTheUserIsToldOnceAndFailoverIsOff) {
  ASSERT_EQ(cluster.ask_as_admin(cluster.writer(), profile().revoke_topology).find("ERROR"),
            std::string::npos);
  open(cluster.connection(log_keywords("info")));
  Link second(cluster.connection(log_keywords("info")));
  ASSERT_TRUE(second.connected());
  const auto warnings = lines_with(driver_log(), "does not tell its hosts to this user");
  ASSERT_EQ(warnings.size(), profile().tells_missing_grants ? 1U : 0U) << driver_log();
  for (const std::string& warning : warnings) {
    EXPECT_NE(warning.find("warn"), std::string::npos) << warning;
    EXPECT_NE(warning.find("GRANT"), std::string::npos) << warning;
  }
  EXPECT_TRUE(lines_with(cluster.server_log(cluster.writer()), "ERROR").empty())
      << cluster.server_log(cluster.writer());
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
  cluster.failover("crash");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  ASSERT_FALSE(statement.records().empty());
  EXPECT_EQ(statement.records()[0].sqlstate, "08S01") << to_text(statement.records());
}

}  // namespace
}  // namespace faults
