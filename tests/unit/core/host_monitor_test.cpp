// SPDX-License-Identifier: Apache-2.0
// Host monitoring against the fake cluster: who is probed and when, whose link is shut down, and
// that nothing is left behind. Limits are generous for slow machines.
#include "core/host_monitor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <thread>

#include "core/background.h"
#include "core/host_monitors.h"
#include "core/resolver.h"
#include "core/telemetry.h"
#include "fake_client.h"

using namespace std::chrono_literals;
using core::Background;
using core::Clock;
using core::Deadline;
using core::MonitoredLink;
using fake::FakeHost;
using fake::Mood;
using fake::network;

namespace {

constexpr core::DetectionRule quick{.interval = 20ms, .tolerance = 40ms, .answer_limit = 10ms};

class HostMonitorTest : public ::testing::Test {
 protected:
  Background::Lease lease;
  std::shared_ptr<core::Cluster> cluster;
  std::deque<MonitoredLink> links;
  std::vector<std::shared_ptr<core::Client>> clients;

  void SetUp() override {
    network().build({"a", "b"}, "a");
    lease = Background::instance().lease();
    cluster = std::make_shared<core::Cluster>("test", fake::dialect(), fake::access("a"),
                                              fake::services());
  }
  void TearDown() override {
    links.clear();
    clients.clear();
    lease = {};
    ASSERT_TRUE(Background::instance().stop_now(2s));
    ASSERT_TRUE(core::Workers::instance().stop_now(2s));
    ASSERT_TRUE(Background::instance().stop_now(2s));
    EXPECT_EQ(Background::instance().thread_count(), 0U);
    EXPECT_EQ(network().open_links(), 0);
  }

  core::ProbeAccess access(const std::string& id, const std::string& password = "first") {
    core::ProbeAccess access;
    access.services = &fake::services();
    access.endpoint = {id + ".fake", 5432};
    access.address = "10.0.0.1";
    access.credentials = core::fixed_credentials("app", core::Secret(password));
    return access;
  }
  /// A link of an application: not connected, it only has to be shut down.
  MonitoredLink& add(core::ProbeAccess how, core::milliseconds patience = 30ms,
                     const core::DetectionRule& rule = quick) {
    clients.push_back(fake::services().clients[0]->make(core::Workers::instance()));
    return links.emplace_back(clients.back(), std::move(how), rule, patience, cluster,
                              core::HostPort{"a.fake", 5432});
  }
  template <class F>
  static bool eventually(F f, core::milliseconds limit = 3000ms) {
    const auto deadline = Deadline::after(limit);
    while (!f()) {
      if (deadline.expired()) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }
  static int connects() {
    return network().with("a", [](FakeHost& h) { return h.connects; });
  }
  static int questions() {
    return network().with("a", [](FakeHost& h) { return h.questions; });
  }
};

TEST_F(HostMonitorTest, short_calls_cause_no_probe) {
  MonitoredLink& link = add(access("a"), 10s);
  for (int i = 0; i < 1000; ++i) {
    link.call_begins(Clock::now());
    link.call_ends();
  }
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(connects(), 0);
}

TEST_F(HostMonitorTest, a_long_call_on_a_host_that_answers_goes_on) {
  MonitoredLink& link = add(access("a"));
  link.call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return questions() >= 5; }));
  EXPECT_FALSE(link.host_died());
  EXPECT_EQ(connects(), 1);
  link.call_ends();
}

TEST_F(HostMonitorTest, a_call_on_a_silent_host_is_ended_and_the_host_is_marked) {
  MonitoredLink& busy = add(access("a"));
  MonitoredLink& idle = add(access("a"));
  const auto aborted = core::telemetry::connections_aborted.value();
  network().set_mood("a", Mood::silent);
  busy.call_begins(Clock::now());
  EXPECT_TRUE(eventually([&] { return busy.host_died(); }));
  EXPECT_FALSE(idle.host_died());
  EXPECT_TRUE(eventually([&] {
    return cluster->availability({"a.fake", 5432}) == core::Availability::unavailable;
  }));
  EXPECT_TRUE(eventually([&] { return core::telemetry::connections_aborted.value() > aborted; }));
  EXPECT_EQ(core::telemetry::connections_aborted.value(), aborted + 1);
  busy.call_ends();
}

TEST_F(HostMonitorTest, a_host_that_falls_silent_after_good_probes_is_found_out) {
  MonitoredLink& link = add(access("a"));
  link.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return questions() >= 2; }));
  network().set_mood("a", Mood::silent);
  EXPECT_TRUE(eventually([&] { return link.host_died(); }));
  link.call_ends();
}

TEST_F(HostMonitorTest, a_host_that_refuses_connections_is_dead_too) {
  MonitoredLink& link = add(access("a"));
  network().set_mood("a", Mood::crashed);
  link.call_begins(Clock::now());
  EXPECT_TRUE(eventually([&] { return link.host_died(); }));
  link.call_ends();
}

TEST_F(HostMonitorTest, all_links_with_one_rule_share_one_probe_link) {
  for (int i = 0; i < 100; ++i) add(access("a")).call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return questions() >= 3; }));
  EXPECT_EQ(connects(), 1);
  network().set_mood("a", Mood::silent);
  EXPECT_TRUE(eventually([&] {
    return std::all_of(links.begin(), links.end(),
                       [](const MonitoredLink& link) { return link.host_died(); });
  }));
}

TEST_F(HostMonitorTest, a_refused_login_means_that_the_host_lives) {
  MonitoredLink& link = add(access("a", "wrong"));
  link.call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return connects() >= 6; }));
  EXPECT_FALSE(link.host_died());
  network().set_mood("a", Mood::silent);
  EXPECT_TRUE(eventually([&] { return link.host_died(); }));
}

TEST_F(HostMonitorTest, the_newest_callers_credentials_are_used) {
  MonitoredLink& link = add(access("a", "wrong"));
  add(access("a"));
  link.call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return questions() >= 1; }));
}

TEST_F(HostMonitorTest, a_stuck_credential_source_accuses_no_host_and_stalls_nothing) {
  struct Stuck final : core::CredentialSource {
    std::atomic<bool> free{false};
    core::Credentials get(Deadline) override {
      while (!free) std::this_thread::sleep_for(1ms);
      return {"app", core::Secret("first"), false};
    }
    std::optional<core::Credentials> try_get() override { return std::nullopt; }
    void invalidate() override {}
  };
  const auto source = std::make_shared<Stuck>();
  auto how = access("a");
  how.credentials = source;
  MonitoredLink& stuck = add(std::move(how));
  auto other = access("b");
  other.address = "10.0.0.2";
  stuck.call_begins(Clock::now());
  std::this_thread::sleep_for(200ms);
  EXPECT_FALSE(stuck.host_died());
  std::atomic<bool> ran{false};
  Background::instance().post([&] { ran = true; });
  EXPECT_TRUE(eventually([&] { return ran.load(); }, 500ms));
  source->free = true;
  EXPECT_TRUE(eventually([] { return questions() >= 1; }));
  stuck.call_ends();
}

TEST_F(HostMonitorTest, an_exception_inside_a_probe_does_not_end_the_monitor) {
  MonitoredLink& link = add(access("a"));
  network().set_mood("a", Mood::broken);
  link.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return questions() >= 1; }));
  network().set_mood("a", Mood::silent);
  EXPECT_TRUE(eventually([&] { return link.host_died(); }, 5000ms));
}

TEST_F(HostMonitorTest, a_probe_link_that_was_closed_is_opened_anew_without_an_accusation) {
  MonitoredLink& link = add(access("a"), 30ms, {20ms, 0ms, 10ms});
  link.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return questions() >= 1; }));
  network().set_mood("a", Mood::drops_links);
  ASSERT_TRUE(eventually([] { return connects() >= 3; }));
  EXPECT_FALSE(link.host_died());
}

TEST_F(HostMonitorTest, an_unused_probe_link_is_closed) {
  auto how = access("a");
  how.disposal = 60ms;
  MonitoredLink& link = add(std::move(how));
  link.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return network().open_links() == 1; }));
  link.call_ends();
  EXPECT_TRUE(eventually([] { return network().open_links() == 0; }));
  link.call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return network().open_links() == 1; }));
}

TEST_F(HostMonitorTest, a_later_link_with_less_patience_is_not_overslept) {
  add(access("a"), 10s);
  std::this_thread::sleep_for(20ms);
  MonitoredLink& hasty = add(access("a"), 10ms);
  hasty.call_begins(Clock::now());
  EXPECT_TRUE(eventually([] { return connects() >= 1; }, 2000ms));
}

TEST_F(HostMonitorTest, after_stop_now_the_next_link_starts_it_anew) {
  MonitoredLink& first = add(access("a"));
  first.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return network().open_links() == 1; }));
  ASSERT_TRUE(Background::instance().stop_now(1s));
  EXPECT_EQ(network().open_links(), 0);
  add(access("a"));
  EXPECT_TRUE(eventually([] { return network().open_links() == 1; }));
}

TEST_F(HostMonitorTest, the_last_link_of_a_host_takes_its_probe_link_along) {
  add(access("a")).call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return network().open_links() == 1; }));
  network().set_mood("a", Mood::silent);
  links.clear();
  EXPECT_TRUE(eventually([] { return network().open_links() == 0; }, 4000ms));
}

TEST_F(HostMonitorTest, links_may_come_and_go_at_any_time) {
  std::atomic<bool> stop{false};
  std::thread moods([&] {
    for (int i = 0; !stop; ++i) {
      network().set_mood("a", i % 2 == 0 ? Mood::silent : Mood::up);
      std::this_thread::sleep_for(15ms);
    }
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const auto client = fake::services().clients[0]->make(core::Workers::instance());
        MonitoredLink link(client, access("a"), quick, 1ms, cluster, {"a.fake", 5432});
        link.call_begins(Clock::now());
        std::this_thread::sleep_for(std::chrono::microseconds(i * 20));
        link.call_ends();
      }
    });
  for (auto& t : threads) t.join();
  stop = true;
  moods.join();
}

TEST(NumericAddress, is_the_peer_without_its_port) {
  EXPECT_EQ(core::numeric_address("127.0.0.1:5432"), "127.0.0.1");
  EXPECT_EQ(core::numeric_address("[::1]:5432"), "::1");
  EXPECT_EQ(core::numeric_address("/var/run/postgresql:5432"), "");
  EXPECT_EQ(core::numeric_address(""), "");
}

#if !defined(__SANITIZE_THREAD__)
TEST_F(HostMonitorTest, a_forked_child_monitors_links_of_its_own) {
  MonitoredLink& link = add(access("a"));
  link.call_begins(Clock::now());
  ASSERT_TRUE(eventually([] { return questions() >= 1; }));
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);
    const auto own_lease = Background::instance().lease();
    network().set_mood("a", Mood::silent);
    MonitoredLink& own = add(access("a"));
    own.call_begins(Clock::now());
    const bool good = eventually([&] { return own.host_died(); }) && !link.host_died();
    links.clear();
    _exit(good ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_FALSE(link.host_died());
}
#endif

}  // namespace
