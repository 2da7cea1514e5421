// SPDX-License-Identifier: Apache-2.0
// The topology monitor against a fake cluster: finding the writer whatever hosts do meanwhile, one
// probe set for all who wait, and leaving nothing behind. Limits are generous for slow machines.
#include "core/topology_monitor.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/resolver.h"
#include "core/telemetry.h"
#include "fake_client.h"

using namespace std::chrono_literals;
using core::Background;
using core::Clock;
using core::Cluster;
using core::Deadline;
using core::Error;
using core::TopologyPtr;
using fake::FakeHost;
using fake::Mood;
using fake::network;

namespace {

const std::vector<std::string> three{"a", "b", "c"};

class TopologyMonitorTest : public ::testing::Test {
 protected:
  std::shared_ptr<Cluster> cluster;
  Cluster::Use use;

  void SetUp() override {
    TearDown();
    network().build(three, "a");
  }
  void TearDown() override {
    use = {};
    cluster = nullptr;
    ASSERT_TRUE(Background::instance().stop_now(2s));
    ASSERT_TRUE(core::Workers::instance().stop_now(2s));
    ASSERT_TRUE(Background::instance().stop_now(2s));  // a worker may have woken it once more
    EXPECT_EQ(Background::instance().thread_count(), 0u);
    EXPECT_EQ(network().open_links(), 0);
  }

  void open(core::MonitoringAccess access = fake::access("a")) {
    cluster = std::make_shared<Cluster>("test", fake::dialect(), access, fake::services());
    cluster->publish(fake::hosts(three, "a"), "");
    use = Cluster::Use(cluster, std::move(access));
  }
  /// Opens and waits for the quiet state: one link, to the writer.
  void open_and_settle() {
    open();
    ASSERT_TRUE(eventually([&] { return cluster->topology()->verified_writer == "a"; }));
    ASSERT_TRUE(eventually([] { return network().open_links() == 1; }));
  }
  std::string writer_after(Clock::time_point since, core::milliseconds limit = 3000ms) {
    const TopologyPtr found = cluster->wait_for_writer(since, Deadline::after(limit), nullptr);
    return found ? found->verified_writer : "nobody";
  }
  template <class F>
  bool eventually(F f, core::milliseconds limit = 2000ms) {
    const auto deadline = Deadline::after(limit);
    while (!f()) {
      if (deadline.expired()) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }
};

}  // namespace

TEST_F(TopologyMonitorTest, in_quiet_times_it_keeps_one_link_to_the_writer) {
  open_and_settle();
  EXPECT_EQ(network().with("a", [](FakeHost& h) { return h.open_links; }), 1);
  EXPECT_EQ(network().total_connects(), 1);
  EXPECT_EQ(cluster->topology()->verified_writer, "a");
}

TEST_F(TopologyMonitorTest, panic_finds_the_new_writer_among_three) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  const auto since = Clock::now();
  std::thread promotion([] {
    std::this_thread::sleep_for(60ms);
    network().promote("b");
  });
  EXPECT_EQ(writer_after(since), "b");
  EXPECT_LT(core::elapsed_ms(since), 300);
  EXPECT_EQ(cluster->topology()->writer()->id, "b");
  EXPECT_EQ(cluster->availability({"a.fake", 5432}), core::Availability::unavailable);
  promotion.join();
  EXPECT_TRUE(eventually([] { return network().open_links() == 1; }));  // losers are gone
}

TEST_F(TopologyMonitorTest, a_silent_writer_does_not_delay_the_others) {
  open_and_settle();
  network().set_mood("a", Mood::silent);
  const auto since = Clock::now();
  std::thread promotion([] {
    std::this_thread::sleep_for(30ms);
    network().promote("c");
  });
  EXPECT_EQ(writer_after(since), "c");
  EXPECT_LT(core::elapsed_ms(since), 250);
  promotion.join();
}

TEST_F(TopologyMonitorTest, a_second_crash_soon_after_the_first_finds_the_third_host) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  network().promote("b");
  ASSERT_EQ(writer_after(Clock::now()), "b");
  std::this_thread::sleep_for(100ms);  // far within the others' ignore window of 10 s
  network().set_mood("b", Mood::crashed);
  const auto since = Clock::now();
  std::thread promotion([] {
    std::this_thread::sleep_for(30ms);
    network().promote("c");
  });
  EXPECT_EQ(writer_after(since), "c");
  EXPECT_LT(core::elapsed_ms(since), 300);
  promotion.join();
}

TEST_F(TopologyMonitorTest, a_false_alarm_is_answered_by_the_writers_own_link) {
  open_and_settle();
  const auto since = Clock::now();
  EXPECT_EQ(writer_after(since), "a");
  EXPECT_LT(core::elapsed_ms(since), 100);
  EXPECT_EQ(network().with("a", [](FakeHost& h) { return h.connects; }), 1);
}

TEST_F(TopologyMonitorTest, eight_waiters_share_one_probe_set) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  const auto panics = core::telemetry::topology_panics.value();
  std::atomic<int> right{0};
  std::vector<std::thread> waiters;
  for (int i = 0; i < 8; ++i)
    waiters.emplace_back([&] { right += writer_after(Clock::now()) == "b"; });
  std::this_thread::sleep_for(50ms);
  EXPECT_LE(network().open_links(), 2);
  network().promote("b");
  for (auto& w : waiters) w.join();
  EXPECT_EQ(right, 8);
  EXPECT_EQ(core::telemetry::topology_panics.value(), panics + 1);
  EXPECT_EQ(network().with("b", [](FakeHost& h) { return h.connects; }), 1);
  EXPECT_EQ(network().with("c", [](FakeHost& h) { return h.connects; }), 1);
}

TEST_F(TopologyMonitorTest, waiting_ends_at_the_deadline_and_by_an_interrupt) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  const auto since = Clock::now();
  EXPECT_EQ(writer_after(since, 60ms), "nobody");
  EXPECT_LT(core::elapsed_ms(since), 200);
  core::Interrupt interrupt;
  std::thread canceller([&] {
    std::this_thread::sleep_for(20ms);
    interrupt.raise();
  });
  try {
    cluster->wait_for_writer(Clock::now(), Deadline::after(2s), &interrupt);
    ADD_FAILURE() << "not interrupted";
  } catch (const Error& e) { EXPECT_EQ(e.state(), core::sqlstate::cancelled); }
  canceller.join();
}

TEST_F(TopologyMonitorTest, a_topology_without_its_own_host_is_refused) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  network().promote("b");
  network().with("b", [](FakeHost& h) {
    h.sees = {"x", "y"};
    h.sees_writer = "x";
    return 0;
  });
  EXPECT_EQ(writer_after(Clock::now(), 80ms), "nobody");
  EXPECT_FALSE(cluster->topology()->contains("x"));
  network().with("b", [](FakeHost& h) {
    h.sees = {"b", "c"};
    h.sees_writer = "b";
    return 0;
  });
  EXPECT_EQ(writer_after(Clock::now()), "b");
  EXPECT_FALSE(cluster->topology()->contains("a"));
}

TEST_F(TopologyMonitorTest, the_writer_that_proves_it_wins_over_what_readers_say) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  network().with("c", [](FakeHost& h) {
    h.sees_writer = "a";
    return 0;
  });  // lags behind
  network().with("b", [](FakeHost& h) {
    h.writer = true;
    h.sees_writer = "a";
    return 0;
  });
  EXPECT_EQ(writer_after(Clock::now()), "b");
  EXPECT_EQ(cluster->topology()->writer()->id, "b");
  cluster->publish(fake::hosts(three, "a"), "");  // a session read it from the lagging reader
  EXPECT_EQ(cluster->topology()->writer()->id, "b");
}

TEST_F(TopologyMonitorTest, a_host_first_seen_in_a_readers_topology_is_asked) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  for (const char* id : {"b", "c", "d"})
    network().with(id, [](FakeHost& h) {
      h.sees = {"b", "c", "d"};
      return 0;
    });
  network().promote("d");
  EXPECT_EQ(writer_after(Clock::now()), "d");
  EXPECT_TRUE(cluster->topology()->contains("d"));
}

TEST_F(TopologyMonitorTest, a_planned_switch_is_noticed_without_anybody_waiting) {
  open_and_settle();
  network().set_mood("a", Mood::crashed);
  network().promote("b");
  ASSERT_EQ(writer_after(Clock::now()), "b");  // high rate of refresh from here
  network().promote("c");
  EXPECT_TRUE(eventually([&] { return cluster->topology()->verified_writer == "c"; }));
}

TEST_F(TopologyMonitorTest, a_refused_login_goes_on_with_the_newest_callers_credentials) {
  open_and_settle();
  {
    const std::scoped_lock lock(network().mutex);
    network().accepted_passwords = {"second"};
  }
  network().set_mood("a", Mood::crashed);
  network().promote("b");
  EXPECT_EQ(writer_after(Clock::now(), 50ms), "nobody");
  const Cluster::Use second(cluster, fake::access("a", "second"));
  EXPECT_EQ(writer_after(Clock::now()), "b");
}

TEST_F(TopologyMonitorTest, exceptions_and_server_errors_inside_probes_do_not_end_it) {
  open_and_settle();
  network().set_mood("a", Mood::broken);
  network().set_mood("b", Mood::out_of_order);
  EXPECT_EQ(writer_after(Clock::now(), 100ms), "nobody");
  network().set_mood("b", Mood::up);
  network().promote("b");
  EXPECT_EQ(writer_after(Clock::now()), "b");
}

TEST_F(TopologyMonitorTest,
       names_built_from_a_bare_pattern_that_do_not_exist_are_reported_at_once) {
  network().build({"a", "b"}, "a");
  auto hosts = fake::hosts({"a", "b"}, "a");
  for (auto& host : hosts) host.endpoint.host = host.id;  // no ".fake": the pattern was "?"
  cluster = std::make_shared<Cluster>("bare", fake::dialect(), fake::access("a", "first", "?"),
                                      fake::services());
  cluster->publish(hosts, "");
  const auto since = Clock::now();
  try {
    cluster->wait_for_writer(since, Deadline::after(3s), nullptr);
    ADD_FAILURE() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.state(), core::sqlstate::invalid_attribute_value);
    EXPECT_NE(std::string(e.what()).find("cluster_instance_host_pattern"), std::string::npos);
  }
  EXPECT_LT(core::elapsed_ms(since), 500);
}

TEST_F(TopologyMonitorTest,
       it_ends_two_seconds_after_the_last_user_without_waiting_for_a_silent_host) {
  open_and_settle();
  network().set_mood("a", Mood::silent);
  use = {};
  const auto began = Clock::now();
  EXPECT_TRUE(eventually([] { return Background::instance().thread_count() == 0; }, 3500ms));
  EXPECT_LT(core::elapsed_ms(began), 2600);
  EXPECT_EQ(network().open_links(), 0);
}

TEST_F(TopologyMonitorTest, after_stop_now_the_next_who_waits_starts_it_anew) {
  open_and_settle();
  ASSERT_TRUE(Background::instance().stop_now(1s));
  EXPECT_EQ(network().open_links(), 0);
  network().set_mood("a", Mood::crashed);
  network().promote("b");
  EXPECT_EQ(writer_after(Clock::now()), "b");
}

TEST_F(TopologyMonitorTest, stop_now_in_the_middle_of_a_panic_does_not_lose_the_waiter) {
  open_and_settle();
  network().set_mood("a", Mood::silent);
  std::thread trouble([] {
    std::this_thread::sleep_for(30ms);
    Background::instance().stop_now(1s);
    network().promote("b");
  });
  EXPECT_EQ(writer_after(Clock::now()), "b");
  trouble.join();
}

TEST_F(TopologyMonitorTest, users_may_come_and_go_at_any_time) {
  open_and_settle();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const Cluster::Use own(cluster, fake::access("a"));
        if (i % 10 == 0) { EXPECT_EQ(writer_after(Clock::now()), "a"); }
      }
    });
  for (auto& t : threads) t.join();
}

#if !defined(__SANITIZE_THREAD__)
TEST_F(TopologyMonitorTest, a_forked_child_finds_the_writer_with_a_monitor_of_its_own) {
  open_and_settle();
  const pid_t child = fork();
  if (child == 0) {
    alarm(5);
    network().promote("c");
    _exit(writer_after(Clock::now()) == "c" ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(writer_after(Clock::now()), "a");
}
#endif
