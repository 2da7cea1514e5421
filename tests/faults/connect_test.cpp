// SPDX-License-Identifier: Apache-2.0
// New connections while names, roles and hosts are in motion: DNS follows a failover 20 seconds
// late here, as Aurora's does.
#include <fmt/format.h>

#include <deque>
#include <set>
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

using std::chrono::milliseconds;

class NewConnections : public Faults {
 protected:
  /// Which host a new connection is on; the records when there is none.
  std::string host_of(const std::string& connection) {
    Link link(connection);
    if (!link.connected()) return to_text(link.records());
    Statement statement(link);
    return statement.value(profile().own_id);
  }
  std::string by_reader_endpoint(const std::string& more) const {
    std::string connection = cluster.connection(more);
    const std::size_t at = connection.find(".cluster-");
    return connection.insert(at + std::string(".cluster-").size(), "ro-");
  }
  /// The cluster's name still leads to the former writer, which is a reader now.
  void leave_the_name_behind() {
    former = cluster.writer();
    cluster.failover("planned", "--rejoin-after 0");
    const Stopwatch watch;
    while (host_of(cluster.connection("plugins=none")) != former && watch.seconds() < 10)
      std::this_thread::sleep_for(milliseconds(50));
    ASSERT_EQ(host_of(cluster.connection("plugins=none")), former);
  }

  std::string former;
};

TEST_F(NewConnections, AStaleNameLeadsToTheWriterByDefault) {
  leave_the_name_behind();
  EXPECT_EQ(host_of(cluster.connection()), cluster.writer());
  EXPECT_EQ(host_of(cluster.connection()), cluster.writer());
}

TEST_F(NewConnections, AStaleNameLeadsToTheWriterByStaleDnsAlone) {
  leave_the_name_behind();
  EXPECT_EQ(host_of(cluster.connection("plugins=stale_dns")), cluster.writer());
}

TEST_F(NewConnections, AStaleNameLeadsToTheWriterByFailoverAlone) {
  leave_the_name_behind();
  EXPECT_EQ(host_of(cluster.connection("plugins=failover_v2")), cluster.writer());
}

TEST_F(NewConnections, TheReaderEndpointLeadsToReadersInTurn) {
  std::set<std::string> readers;
  const std::string connection =
      by_reader_endpoint("reader_initial_connection_host_selector_strategy=round_robin");
  for (int i = 0; i < 4; ++i) readers.insert(host_of(connection));
  const auto wanted = cluster.readers();
  EXPECT_EQ(readers, std::set<std::string>(wanted.begin(), wanted.end()));
}

TEST_F(NewConnections, ARoleThatWasAskedForIsVerified) {
  const std::string id = host_of(cluster.connection("verify_opened_connection_type=reader"));
  const auto readers = cluster.readers();
  EXPECT_NE(std::find(readers.begin(), readers.end(), id), readers.end()) << id;
}

TEST_F(NewConnections, AWrongPasswordIsReportedAtOnce) {
  std::string connection = cluster.connection();
  connection.insert(connection.find(";PWD="), ";PWD=wrong");
  const Stopwatch watch;
  Link link(connection);
  EXPECT_FALSE(link.connected());
  EXPECT_LT(watch.seconds(), 1.0);
  ASSERT_FALSE(link.records().empty());
  EXPECT_EQ(link.records()[0].sqlstate, "28000") << to_text(link.records());
}

TEST_F(NewConnections, AWriterThatIsBackInTimeIsWaitedFor) {
  cluster.run("crash " + cluster.writer());
  auto id = in_flight([&] { return host_of(cluster.connection()); });
  std::this_thread::sleep_for(milliseconds(500));
  cluster.run("start " + cluster.writer());
  EXPECT_EQ(id.get(), cluster.writer());
}

TEST_F(NewConnections, NoLongerThanTheRetryTimeoutIsWaited) {
  cluster.run("crash " + cluster.writer());
  const Stopwatch watch;
  Link link(cluster.connection("open_connection_retry_timeout_ms=700"));
  EXPECT_FALSE(link.connected());
  EXPECT_GT(watch.seconds(), 0.6);
  EXPECT_LT(watch.seconds(), 2.5);
  ASSERT_FALSE(link.records().empty());
  EXPECT_EQ(link.records()[0].sqlstate, "08001") << to_text(link.records());
}

class FormerWriter : public Faults {};

TEST_F(FormerWriter, IdleLinksToItAreShutDownWhenAnyoneLearnsOfTheNewOne) {
  Link active(
      cluster.connection("failure_detection_time_ms=300;failure_detection_interval_ms=150"));
  Link idle(cluster.connection());
  Statement waiting(idle);
  EXPECT_EQ(waiting.value(profile().own_id), cluster.writer());
  cluster.failover("freeze");
  EXPECT_FALSE(idle.is_dead()) << "TCP has not noticed";
  Statement working(active);
  ASSERT_EQ(working.run("SELECT count(*) FROM faults"), SQL_ERROR);
  expect_records(working.records(), "08S02", failover_success);
  const Stopwatch watch;
  while (!idle.is_dead() && watch.seconds() < 2) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(idle.is_dead());
  // A write, and yet nothing happened: it was not sent.
  ASSERT_EQ(waiting.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 2.5);
  expect_records(waiting.records(), "08S02", failover_success);
  ASSERT_EQ(waiting.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(waiting.records());
  EXPECT_EQ(ids(), "1");
}

}  // namespace
}  // namespace faults
