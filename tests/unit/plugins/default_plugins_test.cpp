// SPDX-License-Identifier: Apache-2.0
// What the default plugins cost: per call, per connection, and in threads.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdio>
#include <ctime>
#include <deque>
#include <set>
#include <thread>

#include "core/background.h"
#include "core/session.h"
#include "core/telemetry.h"
#include "plugins/registry.h"
#include "tests/unit/allocation_count.h"
#include "tests/unit/core/fake_client.h"

namespace {

using namespace std::chrono_literals;
using core::Background;

class DefaultPlugins : public ::testing::Test {
 protected:
  DefaultPlugins() {
    core::ClusterDirectory::instance().clear_unused();
    fake::network().build({"a", "b", "c", "d", "e"}, "a");
    options_.set(core::general::host, "a.fake");
    options_.set(core::general::user, "app");
    options_.set(core::general::password, "first");
    options_.set(core::general::wrapper_dialect, "fake");
    options_.set(core::general::cluster_instance_host_pattern, "?.fake");
  }
  /// The network is rebuilt for the next test: nobody may be connected to this one.
  void TearDown() override {
    sessions_.clear();
    ASSERT_TRUE(Background::instance().stop_now(2s));
    core::ClusterDirectory::instance().clear_unused();
  }

  /// Never destroyed, as core/services.h promises.
  static const core::Services& services() {
    static const core::Dialect* const dialects[] = {&fake::dialect()};
    std::vector<core::OptionGroup> groups{core::general::group()};
    for (const core::PluginDescriptor* plugin : plugins::built_in())
      if (plugin->options != nullptr) groups.push_back(*plugin->options);
    static const core::Services& leaked =
        *new core::Services{.plugins = core::PluginRegistry(plugins::built_in()),
                            .dialects = core::DialectRegistry(dialects),
                            .clients = fake::services().clients,
                            .options = core::OptionTable(groups),
                            .resolver = fake::services().resolver};
    return leaked;
  }
  core::Session& connect(const std::string& plugins = "") {
    core::Options options = options_;
    if (!plugins.empty()) options.set(core::general::plugins, plugins);
    core::Session& session = sessions_.emplace_back(services(), options, warnings_);
    session.connect({.deadline = core::Deadline::after(5s)});
    return session;
  }
  /// The fake link does nothing, so what remains is the driver's own.
  static double nanoseconds_per_call(core::Session& session) {
    constexpr int calls = 200'000;
    const std::clock_t begin = std::clock();  // processor time: other processes do not count
    for (int i = 0; i < calls; ++i) session.prepare("SELECT 1", 0, nullptr, {});
    return 1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / calls;
  }

  core::Options options_;
  std::vector<core::OptionWarning> warnings_;
  std::deque<core::Session> sessions_;
};

TEST_F(DefaultPlugins, are_those_of_the_aws_wrappers_in_their_order) {
  std::string codes;
  for (const core::PluginDescriptor* plugin : services().plugins.chosen(options_))
    codes += std::string(plugin->code) + " ";
  EXPECT_EQ(codes, "initial_connection aurora_connection_tracker failover_v2 host_monitoring_v2 ");
}

TEST_F(DefaultPlugins, allocate_nothing_per_call_and_take_less_than_a_microsecond) {
  core::Session& with = connect();
  core::Session& without = connect("none");
  nanoseconds_per_call(with);
  const std::size_t before = allocations_of_this_thread();
  const double dear = nanoseconds_per_call(with);
  EXPECT_EQ(allocations_of_this_thread(), before);
  const double cheap = nanoseconds_per_call(without);
  std::printf("%.0f ns per call, %.0f ns without plugins\n", dear, cheap);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__OPTIMIZE__)
  EXPECT_LT(dear - cheap, 1000);
#endif
}

TEST_F(DefaultPlugins, a_thousand_connections_need_one_thread_for_input_and_output) {
  constexpr int count = 1000;
  connect();  // what is shared
  const auto bytes = [] { return static_cast<double>(mallinfo2().uordblks); };
  double before = bytes();
  for (int i = 0; i < count; ++i) connect("none");
  const double bare = bytes() - before;
  before = bytes();
  for (int i = 0; i < count; ++i) connect();
  const double state = (bytes() - before - bare) / count;
  std::printf("%.0f bytes of plugin state per connection, %zu threads\n", state,
              Background::instance().thread_count());
  EXPECT_LE(Background::instance().thread_count(), 5U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(state, 8192);
#endif
  const auto closed = core::Clock::now();
  sessions_.clear();
  while (Background::instance().thread_count() > 0 && core::elapsed_ms(closed) < 4000)
    std::this_thread::sleep_for(5ms);
  EXPECT_EQ(Background::instance().thread_count(), 0U);
  EXPECT_EQ(fake::network().open_links(), 0);
}

TEST_F(DefaultPlugins, the_wanted_role_is_found_whatever_the_name_leads_to) {
  options_.set(*services().options.find("verify_opened_connection_type"), "reader");
  EXPECT_NE(connect().current_host().id, "a");
  options_.set(*services().options.find("verify_opened_connection_type"), "writer");
  options_.set(core::general::host, "b.fake");
  EXPECT_EQ(connect().current_host().id, "a");
}

TEST_F(DefaultPlugins, a_topology_that_names_the_former_writer_does_not_lead_to_it) {
  options_.set(*services().options.find("verify_opened_connection_type"), "writer");
  EXPECT_EQ(connect().current_host().id, "a");
  fake::network().promote("c");  // nobody has noticed
  EXPECT_EQ(connect().current_host().id, "c");
}

TEST_F(DefaultPlugins, a_writer_that_was_replaced_loses_the_links_that_were_left_on_it) {
  core::Session& idle = connect();
  ASSERT_EQ(idle.current_host().id, "a");
  const auto cluster = idle.cluster()->shared_from_this();
  const auto limit = core::Deadline::after(5s);
  ASSERT_NE(cluster->wait_for_writer(core::Clock::now(), limit, nullptr), nullptr);
  const auto before = core::telemetry::links_left_behind.value();
  fake::network().promote("b");
  ASSERT_NE(cluster->wait_for_writer(core::Clock::now(), limit, nullptr), nullptr);
  const auto deadline = core::Deadline::after(2s);
  while (core::telemetry::links_left_behind.value() == before && !deadline.expired())
    std::this_thread::sleep_for(1ms);
  EXPECT_EQ(core::telemetry::links_left_behind.value(), before + 1);
}

TEST_F(DefaultPlugins, readers_take_turns_by_round_robin) {
  options_.set(*services().options.find("verify_opened_connection_type"), "reader");
  options_.set(*services().options.find("reader_initial_connection_host_selector_strategy"),
               "round_robin");
  connect();  // learns the cluster
  std::set<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.insert(connect().current_host().id);
  EXPECT_EQ(ids, (std::set<std::string>{"b", "c", "d", "e"}));
}

}  // namespace
