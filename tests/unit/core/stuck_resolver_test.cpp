// SPDX-License-Identifier: Apache-2.0
// Name look-ups that never end: they hold a worker each and nothing else.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/background.h"
#include "core/resolver.h"
#include "core/session.h"
#include "fake_client.h"

namespace {

using namespace std::chrono_literals;
using core::Background;
using core::Clock;

std::atomic<bool> stuck{false};

core::Addresses look_up(const std::string&) {
  while (stuck) std::this_thread::sleep_for(1ms);
  return {{"10.0.0.1"}};
}

class StuckResolver : public ::testing::Test {
 protected:
  StuckResolver() {
    core::ClusterDirectory::instance().clear_unused();
    fake::network().build({"a", "b", "c"}, "a");
    options.set(core::general::host, "a.fake");
    options.set(core::general::user, "app");
    options.set(core::general::password, "first");
    options.set(core::general::wrapper_dialect, "fake");
    options.set(core::general::cluster_instance_host_pattern, "?.fake");
    stuck = false;
  }
  ~StuckResolver() override {
    stuck = false;
    core::ClusterDirectory::instance().clear_unused();
  }
  /// Wants a topology and nothing else.
  struct Curious final : core::Plugin {
    core::Subscriptions subscribes() const override { return {}; }
    bool needs_topology() const override { return true; }
  };
  static const core::Services& services() {
    static constexpr core::PluginDescriptor curious{
        .code = "curious",
        .aliases = {},
        .conflicts = {},
        .make = [](core::Session&, const core::Options&) -> std::unique_ptr<core::Plugin> {
          return std::make_unique<Curious>();
        },
        .on_by_default = true,
    };
    static constexpr const core::PluginDescriptor* plugins[] = {&curious};
    static const core::Dialect* const dialects[] = {&fake::dialect()};
    static const core::Services& leaked =
        *new core::Services{.plugins = core::PluginRegistry(plugins),
                            .dialects = core::DialectRegistry(dialects),
                            .clients = fake::services().clients,
                            .options = core::OptionTable({core::general::group()}),
                            .resolver = core::make_resolver(look_up).release()};
    return leaked;
  }
  core::Options options;
  std::vector<core::OptionWarning> warnings;
};

TEST_F(StuckResolver, stalls_neither_io_nor_waiters_nor_disconnecting_nor_forking) {
  core::Session session(services(), options, warnings);
  session.connect({.deadline = core::Deadline::after(5s)});
  ASSERT_NE(session.cluster(), nullptr);
  services().resolver->forget("a.fake");
  stuck = true;
  fake::network().set_mood("a", fake::Mood::crashed);

  auto began = Clock::now();
  EXPECT_EQ(session.cluster()->wait_for_writer(began, core::Deadline::after(200ms), nullptr),
            nullptr);
  EXPECT_LT(core::elapsed_ms(began), 1000);

  began = Clock::now();
  core::Signal ran;
  const core::Signal::Subscription waiting(ran);
  Background::instance().post([&] { ran.publish(); });
  EXPECT_EQ(core::wait(core::Waitable::signal(waiting), core::Deadline::after(2s), nullptr),
            core::Woken::ready);
  EXPECT_LT(core::elapsed_ms(began), 1000);

#if !defined(__SANITIZE_THREAD__)
  const pid_t child = fork();
  if (child == 0) {
    alarm(5);
    const bool stopped = Background::instance().stop_now(1s);
    _exit(stopped ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
#endif

  began = Clock::now();
  session.disconnect();
  EXPECT_LT(core::elapsed_ms(began), 500);
  EXPECT_TRUE(Background::instance().stop_now(1s)) << "at exit nobody waits longer";
}

}  // namespace
