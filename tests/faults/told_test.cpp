// SPDX-License-Identifier: Apache-2.0
// Hosts that tell nothing, something old, half of it, another cluster or two writers: a connection
// believes the host that proves to be the writer, and nobody else.
#include <fmt/format.h>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class Told : public Faults {
 protected:
  void open(const std::string& more = "") {
    ASSERT_TRUE(link.connect(cluster.connection(more))) << to_text(link.records());
  }
  void tell(const std::string& host, const std::string& rows) {
    cluster.run(fmt::format("topology {} --set '[{}]'", host, rows));
  }
  static std::string row(const std::string& host, const std::string& more = "") {
    return fmt::format("{{\"server_id\": \"{}\"{}}}", host, more);
  }
  static std::string writer_row(const std::string& host, int age) {
    return row(host, fmt::format(", \"writer\": true, \"age_s\": {}", age));
  }
  /// The writer dies, `chosen` takes over, and the connection finds it although `liar` lies.
  void expect_moved_to(const std::string& chosen, Statement& statement) {
    cluster.failover("crash", "--rejoin-after 0 --to " + chosen);
    const Stopwatch watch;
    ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
    expect_records(statement.records(), "08S02", failover_success);
    EXPECT_LT(watch.seconds(), 3.0);
    EXPECT_EQ(statement.value(profile().own_id), chosen);
  }

  Link link;
};

TEST_F(Told, AReaderThatTellsNothingOrTheOldWriterDoesNotMislead) {
  open();
  Statement statement(link);
  const auto readers = cluster.readers();
  const std::string first = cluster.writer();
  tell(readers[0], "");
  expect_moved_to(readers[1], statement);
  cluster.run("topology " + readers[0] + " --reset");
  cluster.run("topology " + readers[0] + " --keep");
  expect_moved_to(first, statement);
}

TEST_F(Told, AReaderThatTellsAnotherClusterOrHalfOfItsOwnDoesNotMislead) {
  open();
  Statement statement(link);
  const auto readers = cluster.readers();
  const std::string first = cluster.writer();
  tell(readers[0], writer_row("elsewhere-1", 0) + "," + row("elsewhere-2"));
  expect_moved_to(readers[1], statement);
  tell(readers[0], writer_row(first, 0) + "," + row(readers[0]));
  expect_moved_to(first, statement);
}

TEST_F(Told, AReaderThatCrownsItselfIsNotBelieved) {
  open();
  Statement statement(link);
  const auto readers = cluster.readers();
  tell(readers[0], writer_row(readers[0], 0) + "," + row(readers[1]));
  expect_moved_to(readers[1], statement);
}

TEST_F(Told, OfTwoToldWritersTheNewestIsTheWriter) {
  const auto readers = cluster.readers();
  const std::string first = cluster.writer();
  // The connection's own host claims to be the writer since now, and another to be it since long.
  tell(first, writer_row(readers[0], 200) + "," + writer_row(first, 0) + "," + row(readers[1]));
  open(log_keywords("debug"));
  Statement statement(link);
  EXPECT_EQ(statement.value(profile().own_id), first);
  cluster.run("topology " + first + " --reset");
  // The other reader tells the old writer as well, seen a minute ago.
  tell(readers[0], writer_row(first, 60) + "," + writer_row(readers[1], 0) + "," + row(readers[0]));
  expect_moved_to(readers[1], statement);
}

TEST_F(Told, AWriterThatBeginsToLieKeepsItsConnectionsAndTheHostsThatWereKnown) {
  open("cluster_topology_high_refresh_rate_ms=100;topology_refresh_ms=100;" +
       log_keywords("debug"));
  Statement statement(link);
  const auto readers = cluster.readers();
  tell(cluster.writer(), writer_row("elsewhere-1", 0) + "," + row("elsewhere-2"));
  // The monitor has looked at it: it asks everybody since.
  for (const Stopwatch watch; watch.seconds() < 5;)
    if (!lines_with(driver_log(), "asking").empty()) break;
  EXPECT_FALSE(lines_with(driver_log(), "asking").empty()) << driver_log();
  ASSERT_EQ(statement.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(statement.records());
  expect_moved_to(readers[0], statement);
  EXPECT_TRUE(lines_with(driver_log(), "elsewhere-1 (").empty()) << driver_log();
}

}  // namespace
}  // namespace faults
