// SPDX-License-Identifier: Apache-2.0
// A healthy writer that closes idle links: no failover, the same host again, the statement not
// sent.
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class IdleLink : public Faults {
 protected:
  void open_and_idle(const std::string& more = "") {
    ASSERT_TRUE(link_.connect(cluster.connection(log_keywords("info") + ";" + more)))
        << to_text(link_.records());
    Statement statement(link_);
    ASSERT_EQ(statement.run(profile().idle_limit), SQL_SUCCESS) << to_text(statement.records());
    session_ = statement.value(profile().session_id);
    wait_until_closed();
  }
  void wait_until_closed() const {
    const Stopwatch watch;
    while (!link_.is_dead() && watch.seconds() < 10)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(link_.is_dead());
  }
  /// Record 1 tells of the same host and the server's own code.
  static void expect_reconnected(const Records& records) {
    ASSERT_GE(records.size(), 2U) << to_text(records);
    EXPECT_EQ(records[0].sqlstate, "08S02") << to_text(records);
    EXPECT_EQ(records[0].native, records[1].native) << to_text(records);
    EXPECT_NE(records[0].native, failover_success);
    EXPECT_NE(records[0].message.find("same host"), std::string::npos) << to_text(records);
    EXPECT_EQ(records[1].sqlstate, "08S01") << to_text(records);
  }

  Link link_;
  std::string session_;
};

TEST_F(IdleLink, IsMadeAnewToTheSameHostAndTheStatementWasNotSent) {
  open_and_idle();
  Statement statement(link_);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  expect_reconnected(statement.records());
  EXPECT_EQ(ids(), "");
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
  EXPECT_EQ(ids(), "1");
  EXPECT_FALSE(link_.is_dead());
  EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
  EXPECT_NE(statement.value(profile().session_id), session_);
  EXPECT_TRUE(lines_with(driver_log(), "looking for the writer").empty());
  EXPECT_FALSE(lines_with(driver_log(), "no failover").empty());
}

TEST_F(IdleLink, KeepsWhatTheApplicationHadSet) {
  open_and_idle();
  ASSERT_EQ(link_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link_);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  expect_reconnected(statement.records());
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  EXPECT_EQ(ids(), "") << "not committed yet";
  ASSERT_EQ(link_.end_transaction(SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(ids(), "1");
}

TEST_F(IdleLink, OfAHostThatIsNoWriterAnyMoreIsAFailover) {
  open_and_idle();
  cluster.failover("planned", "--rejoin-after 0");
  Statement statement(link_);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  expect_records(statement.records(), "08S02", failover_success);
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS);
  EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
}

}  // namespace
}  // namespace faults
