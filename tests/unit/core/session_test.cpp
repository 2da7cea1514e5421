// SPDX-License-Identifier: Apache-2.0
// What a session tells its plugins, on the fake cluster.
#include "core/session.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace {

/// Notes the pictures it is shown.
class Watcher final : public core::Plugin {
 public:
  static inline std::vector<std::string> seen;
  core::Subscriptions subscribes() const override { return {}; }
  bool needs_topology() const override { return true; }
  void on_topology(const core::Topology& topology) override {
    seen.push_back(core::to_text(topology));
  }
};

constexpr core::PluginDescriptor watcher{
    .code = "watcher",
    .aliases = {},
    .conflicts = {},
    .make = [](core::Session&, const core::Options&) -> std::unique_ptr<core::Plugin> {
      return std::make_unique<Watcher>();
    },
    .on_by_default = true,
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    core::ClusterDirectory::instance().clear_unused();
    fake::network().build({"a", "b"}, "a");
    Watcher::seen.clear();
    options_.set(core::general::host, "a.fake");
    options_.set(core::general::user, "app");
    options_.set(core::general::password, "first");
    options_.set(core::general::wrapper_dialect, "fake");
    options_.set(core::general::cluster_instance_host_pattern, "?.fake");
  }
  ~SessionTest() override { core::ClusterDirectory::instance().clear_unused(); }

  /// An operation; the fake link knows no statements.
  static void operate(core::Session& session) {
    EXPECT_THROW(session.execute({.sql = "SELECT 1", .parameters = {}}, {}), core::Error);
  }

  /// Never destroyed, as core/services.h promises: a monitor may outlive the test.
  static const core::Services& services() {
    static constexpr const core::PluginDescriptor* plugins[] = {&watcher};
    static const core::Dialect* const dialects[] = {&fake::dialect()};
    static const core::Services& leaked =
        *new core::Services{.plugins = core::PluginRegistry(plugins),
                            .dialects = core::DialectRegistry(dialects),
                            .clients = fake::services().clients,
                            .options = core::OptionTable({core::general::group()}),
                            .resolver = fake::services().resolver};
    return leaked;
  }
  core::Options options_;
};

TEST_F(SessionTest, plugins_see_each_new_picture_once_before_the_next_operation) {
  std::vector<core::OptionWarning> warnings;
  core::Session session(services(), options_, warnings);
  session.connect({.deadline = core::Deadline::after(std::chrono::seconds(5))});
  ASSERT_NE(session.cluster(), nullptr);
  EXPECT_TRUE(Watcher::seen.empty());
  operate(session);
  operate(session);
  ASSERT_EQ(Watcher::seen.size(), 1U);
  EXPECT_EQ(Watcher::seen[0], core::to_text(*session.cluster()->topology()));
  session.cluster()->publish(fake::hosts({"a", "b", "c"}, "a"), "");
  EXPECT_EQ(Watcher::seen.size(), 1U);
  operate(session);
  ASSERT_EQ(Watcher::seen.size(), 2U);
  EXPECT_NE(Watcher::seen[1].find("reader c"), std::string::npos) << Watcher::seen[1];
}

}  // namespace
