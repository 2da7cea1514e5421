// SPDX-License-Identifier: Apache-2.0
// Names that lead to nobody: DNS fails or is silent.
#include <fmt/format.h>

#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class BrokenNames : public Faults {
 protected:
  void open(Link& link, const std::string& more = "") {
    ASSERT_TRUE(link.connect(cluster.connection(more))) << to_text(link.records());
  }
  void break_all_names(const std::string& how) {
    for (const char* name : {"cluster", "reader"})
      cluster.run(fmt::format("dns {} --{}", name, how));
    cluster.run("dns " + cluster.writer() + " --" + how);
    for (const std::string& reader : cluster.readers()) cluster.run("dns " + reader + " --" + how);
  }
  /// The monitor has looked the hosts' names up.
  void wait_for_names() {
    for (const std::string& host : cluster.readers())
      for (const Stopwatch watch; watch.seconds() < 5;)
        if (cluster.run("dns " + host).find("\"time\"") != std::string::npos) break;
  }
};

TEST_F(BrokenNames, ThatAreSilentDoNotStallAFailoverWhoseAddressesAreKnown) {
  Link link;
  open(link);
  Statement statement(link);
  wait_for_names();
  break_all_names("silent");
  // What is younger than that is taken without asking.
  std::this_thread::sleep_for(std::chrono::milliseconds(5500));
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 2.0);
  expect_records(statement.records(), "08S02", failover_success);
  EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
}

TEST_F(BrokenNames, ThatFailDoNotStallAFailoverWhoseAddressesAreKnown) {
  Link link;
  open(link);
  Statement statement(link);
  wait_for_names();
  break_all_names("servfail");
  std::this_thread::sleep_for(std::chrono::milliseconds(5500));
  cluster.failover("crash");
  const Stopwatch watch;
  ASSERT_EQ(statement.run("SELECT 1"), SQL_ERROR);
  EXPECT_LT(watch.seconds(), 2.0);
  expect_records(statement.records(), "08S02", failover_success);
}

}  // namespace
}  // namespace faults
