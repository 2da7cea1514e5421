// SPDX-License-Identifier: Apache-2.0
// Many connections and more than one cluster in one process: what is shared, what must not be, and
// that no acknowledged row is ever lost.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>
#include <sstream>
#include <thread>

#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

class TwoClustersOfOneDomain : public Faults {
 protected:
  void SetUp() override {
    Faults::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(other.ask("CREATE TABLE faults (id int PRIMARY KEY)"), "");
  }

  ClusterControl other{1};
};

TEST_F(TwoClustersOfOneDomain, FailOverEachOnItsOwn) {
  Link first(cluster.connection()), second(other.connection());
  ASSERT_TRUE(first.connected()) << to_text(first.records());
  ASSERT_TRUE(second.connected()) << to_text(second.records());
  Statement writing(first), unconcerned(second);
  const std::string process = unconcerned.value(profile().session_id);

  cluster.failover("crash");
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (1)"), SQL_ERROR);
  expect_records(writing.records(), "08S02", failover_success);
  EXPECT_EQ(writing.value(profile().own_id), cluster.writer());
  EXPECT_EQ(unconcerned.value(profile().session_id), process);
  EXPECT_EQ(unconcerned.value(profile().own_id), other.writer());

  other.failover("crash");
  ASSERT_EQ(unconcerned.run("INSERT INTO faults VALUES (2)"), SQL_ERROR);
  expect_records(unconcerned.records(), "08S02", failover_success);
  EXPECT_EQ(unconcerned.value(profile().own_id), other.writer());
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (1)"), SQL_SUCCESS)
      << to_text(writing.records());
  ASSERT_EQ(unconcerned.run("INSERT INTO faults VALUES (2)"), SQL_SUCCESS);
  EXPECT_EQ(ids(cluster), "1");
  EXPECT_EQ(ids(other), "2");
}

class ManyConnections : public Faults {};

TEST_F(ManyConnections, AllRecoverAndShareOneProbeSet) {
  constexpr int count = 8;
  std::deque<Link> links;
  for (int i = 0; i < count; ++i) ASSERT_TRUE(links.emplace_back().connect(cluster.connection()));
  const auto readers = cluster.readers();
  for (const std::string& reader : readers) cluster.log_connections(reader);

  auto moved =
      in_flight([&] { cluster.failover("crash", "--promote-delay 0.5 --rejoin-after never"); });
  std::vector<std::future<Records>> answers;
  for (int i = 0; i < count; ++i)
    answers.push_back(in_flight([&link = links[static_cast<std::size_t>(i)], i] {
      Statement statement(link);
      for (int id = i * 100000;; ++id)
        if (!SQL_SUCCEEDED(statement.run(fmt::format("INSERT INTO faults VALUES ({})", id))))
          return statement.records();
    }));
  for (auto& answer : answers) {
    const Records records = answer.get();
    ASSERT_GE(records.size(), 2U) << to_text(records);
    const bool unknown = records[0].sqlstate == "08007";
    expect_records(records, unknown ? "08007" : "08S02",
                   unknown ? outcome_unknown : failover_success);
  }
  moved.get();
  for (Link& link : links) {
    Statement statement(link);
    EXPECT_EQ(statement.value(profile().own_id), cluster.writer());
  }
  for (const std::string& reader : readers) {
    if (reader == cluster.writer()) continue;
    EXPECT_GE(cluster.connections_to(reader), 1);
    EXPECT_LE(cluster.connections_to(reader), 3)
        << "one probe set asks a reader once, not once each";
  }
}

/// What one writer knows about the rows it sent.
struct Account {
  std::set<int> acknowledged, refused, unknown;
  Records strange;
};

class AcknowledgedCommits : public Faults {
 protected:
  Account write_until(const std::atomic<bool>& stop, std::atomic<int>& connected, int first) const {
    Account account;
    Link link(cluster.connection());
    EXPECT_TRUE(link.connected()) << to_text(link.records());
    ++connected;
    Statement statement(link);
    SQLINTEGER id = first;
    statement.prepare("INSERT INTO faults VALUES (?)");
    statement.bind_parameter(1, id);
    for (; !stop; ++id) {
      if (SQL_SUCCEEDED(statement.execute())) {
        account.acknowledged.insert(id);
        continue;
      }
      const Records records = statement.records();
      const std::string state = records.empty() ? "" : records[0].sqlstate;
      if (state == "08S02") {
        account.refused.insert(id);
      } else if (state == "08007") {
        account.unknown.insert(id);
      } else {
        account.strange = records;
        return account;
      }
    }
    return account;
  }

  void survive(int writers, int crashes) {
    std::atomic<bool> stop{false};
    std::atomic<int> connected{0};
    std::vector<std::future<Account>> accounts;
    for (int i = 0; i < writers; ++i)
      accounts.push_back(
          in_flight([&, i] { return write_until(stop, connected, i * 10'000'000); }));
    while (connected < writers) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    for (int crash = 0; crash < crashes; ++crash) {
      std::this_thread::sleep_for(std::chrono::milliseconds(400));
      cluster.failover("crash", "--rejoin-after 0");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    stop = true;
    std::set<int> present;
    std::vector<Account> done;
    for (auto& account : accounts) done.push_back(account.get());
    std::istringstream stored(cluster.ask("SELECT id FROM faults"));
    for (int id = 0; stored >> id;) present.insert(id);
    std::size_t acknowledged = 0, refused = 0, unknown = 0;
    for (const Account& account : done) {
      EXPECT_TRUE(account.strange.empty()) << to_text(account.strange);
      EXPECT_TRUE(std::includes(present.begin(), present.end(), account.acknowledged.begin(),
                                account.acknowledged.end()))
          << "an acknowledged row is lost";
      for (const int id : account.refused)
        EXPECT_EQ(present.count(id), 0U) << id << " was reported as not sent and is there";
      // A switch that is still under way when the next writer dies is reported once.
      const std::size_t reported = account.refused.size() + account.unknown.size();
      EXPECT_GE(reported, 1U);
      EXPECT_LE(reported, static_cast<std::size_t>(crashes));
      acknowledged += account.acknowledged.size();
      refused += account.refused.size();
      unknown += account.unknown.size();
    }
    EXPECT_GT(acknowledged, static_cast<std::size_t>(writers) * 10U);
    fmt::print("{} acknowledged, {} not sent, {} unknown\n", acknowledged, refused, unknown);
  }
};

TEST_F(AcknowledgedCommits, AreNeverLost) { survive(4, 3); }

class AcknowledgedCommitsLong : public AcknowledgedCommits {};

TEST_F(AcknowledgedCommitsLong, AreNeverLostInTenCrashes) { survive(8, 10); }

}  // namespace
}  // namespace faults
