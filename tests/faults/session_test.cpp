// SPDX-License-Identifier: Apache-2.0
// What the application had set on its connection holds on the new writer; a topology that cannot be
// true is not used; and the log tells one failover in one line.
#include <algorithm>
#include <cctype>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

/// "<stage>12.3" is in the line.
bool has_milliseconds(const std::string& line, const std::string& stage) {
  const auto at = line.find(stage);
  if (at == std::string::npos) return false;
  const auto number = line.substr(at + stage.size());
  return !number.empty() && std::isdigit(static_cast<unsigned char>(number[0])) != 0;
}

class SessionState : public Faults {
 protected:
  void lose_writer() {
    cluster.failover("crash");
    Statement statement(link);
    ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
    ASSERT_FALSE(statement.records().empty());
    EXPECT_EQ(statement.records()[0].sqlstate, "08S02") << to_text(statement.records());
  }

  Link link;
};

TEST_F(SessionState, IsolationAndAccessModeHoldOnTheNewWriter) {
  ASSERT_TRUE(link.connect(cluster.connection())) << to_text(link.records());
  ASSERT_EQ(link.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), SQL_SUCCESS)
      << to_text(link.records());
  ASSERT_EQ(link.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_SUCCESS)
      << to_text(link.records());
  lose_writer();
  Statement statement(link);
  EXPECT_EQ(statement.value(profile().isolation), profile().serializable);
  EXPECT_EQ(statement.value(profile().read_only), profile().refuses);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  EXPECT_EQ(statement.records()[0].sqlstate, "25006") << to_text(statement.records());
  ASSERT_EQ(link.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE), SQL_SUCCESS);
  EXPECT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
}

TEST_F(SessionState, AutocommitOffHoldsOnTheNewWriter) {
  ASSERT_TRUE(link.connect(cluster.connection())) << to_text(link.records());
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  lose_writer();
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "");
  ASSERT_EQ(link.end_transaction(SQL_ROLLBACK), SQL_SUCCESS);
  EXPECT_EQ(ids(), "");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_SUCCESS);
  ASSERT_EQ(link.end_transaction(SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(ids(), "2");
}

TEST_F(SessionState, TheNewLinkGoesToTheWriterAndNowhereElse) {
  ASSERT_TRUE(link.connect(cluster.connection())) << to_text(link.records());
  lose_writer();
  Statement statement(link);
  EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
}

class Log : public Faults {};

TEST_F(Log, TellsEachFailoverInOneLineWithItsTimesAndNoSecret) {
  Link link(cluster.connection(log_keywords("debug")));
  ASSERT_TRUE(link.connected()) << to_text(link.records());
  cluster.failover("crash");
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  const std::string log = driver_log();
  const auto moves = lines_with(log, "moved from");
  ASSERT_EQ(moves.size(), 1U) << log;
  EXPECT_NE(moves[0].find("info"), std::string::npos) << moves[0];
  EXPECT_NE(moves[0].find(" ms"), std::string::npos) << moves[0];
  for (const char* stage :
       {"detected ", "topology known ", "connected ", "writer verified ", "state restored "})
    EXPECT_TRUE(has_milliseconds(moves[0], stage)) << stage << "in " << moves[0];
  EXPECT_NE(moves[0].find(cluster.writer()), std::string::npos) << moves[0];
  EXPECT_EQ(log.find(cluster.password()), std::string::npos);
}

TEST_F(Log, WarnsOfATopologyWithoutItsTellerAndFailoverIsOff) {
  cluster.run("topology " + cluster.writer() +
              " --set '[{\"server_id\": \"elsewhere-1\", \"writer\": true}, "
              "{\"server_id\": \"elsewhere-2\"}]'");
  Link link(cluster.connection(log_keywords("info")));
  ASSERT_TRUE(link.connected()) << to_text(link.records());
  const auto warnings = lines_with(driver_log(), "topology without itself");
  ASSERT_EQ(warnings.size(), 1U) << driver_log();
  EXPECT_NE(warnings[0].find("warn"), std::string::npos) << warnings[0];
  Statement statement(link);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 0.5);
  EXPECT_EQ(statement.records()[0].sqlstate, "08S01") << to_text(statement.records());
  EXPECT_TRUE(link.is_dead());
}

}  // namespace
}  // namespace faults
