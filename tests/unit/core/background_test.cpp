// SPDX-License-Identifier: Apache-2.0
// The background thread's life: leases, linger, stop, fork and process exit.
#include "core/background.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <thread>

#include "core/resolver.h"

using namespace std::chrono_literals;
using core::Background;
using core::Clock;
using core::Deadline;
using core::Workers;

namespace {

/// Runs `f` on the background thread and waits for its result.
template <class F>
auto on_background(F f) {
  auto task = std::make_shared<std::packaged_task<decltype(f())()>>(std::move(f));
  auto result = task->get_future();
  Background::instance().post([task] { (*task)(); });
  return result.get();
}

class BackgroundTest : public ::testing::Test {
 protected:
  void SetUp() override { TearDown(); }
  void TearDown() override {
    ASSERT_TRUE(Background::instance().stop_now(1s));
    ASSERT_TRUE(Workers::instance().stop_now(1s));
  }
};

}  // namespace

TEST_F(BackgroundTest, a_lease_starts_one_thread_and_stop_now_ends_it) {
  EXPECT_EQ(Background::instance().thread_count(), 0u);
  const auto lease = Background::instance().lease();
  const auto second = Background::instance().lease();
  EXPECT_EQ(Background::instance().thread_count(), 1u);
  EXPECT_TRUE(Background::instance().stop_now(1s));
  EXPECT_EQ(Background::instance().thread_count(), 0u);
}

TEST_F(BackgroundTest, the_thread_and_idle_workers_linger_for_two_seconds) {
  const auto began = Clock::now();
  { const auto lease = Background::instance().lease(); }
  EXPECT_EQ(Workers::instance().post([] {}).wait(Deadline::after(1s), nullptr), core::Woken::ready);
  while (Background::instance().thread_count() > 0 && core::elapsed_ms(began) < 4000)
    std::this_thread::sleep_for(5ms);
  EXPECT_EQ(Background::instance().thread_count(), 0u);
  EXPECT_GE(core::elapsed_ms(began), 1990);
  EXPECT_LT(core::elapsed_ms(began), 2600);
}

TEST_F(BackgroundTest, a_new_lease_during_the_linger_keeps_the_same_thread) {
  { const auto lease = Background::instance().lease(); }
  const auto generation = Background::instance().generation();
  std::this_thread::sleep_for(50ms);
  const auto lease = Background::instance().lease();
  EXPECT_EQ(Background::instance().generation(), generation);
}

TEST_F(BackgroundTest, a_task_that_throws_does_not_end_the_thread) {
  Background::instance().post([] { throw std::runtime_error("thrown on purpose"); });
  Background::instance().post([] { throw 1; });
  EXPECT_EQ(on_background([] { return 42; }), 42);
}

TEST_F(BackgroundTest, its_thread_blocks_all_signals) {
  EXPECT_TRUE(on_background([] {
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    return sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGALRM) == 1;
  }));
}

TEST_F(BackgroundTest, stop_hooks_run_on_the_thread_at_each_end_until_removed) {
  std::atomic<int> calls{0};
  std::atomic<bool> on_thread{true};
  const auto caller = std::this_thread::get_id();
  const auto id = Background::instance().on_stop([&] {
    ++calls;
    on_thread = on_thread && std::this_thread::get_id() != caller;
  });
  for (int i = 0; i < 2; ++i) {
    on_background([] { return 0; });
    ASSERT_TRUE(Background::instance().stop_now(1s));
  }
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(on_thread);
  Background::instance().remove_stop_hook(id);
  on_background([] { return 0; });
  ASSERT_TRUE(Background::instance().stop_now(1s));
  EXPECT_EQ(calls, 2);
}

TEST_F(BackgroundTest, stop_now_gives_up_at_its_limit_when_a_task_hangs) {
  std::promise<void> go_on;
  Background::instance().post([wait = go_on.get_future().share()] { wait.wait(); });
  const auto began = Clock::now();
  EXPECT_FALSE(Background::instance().stop_now(50ms));
  EXPECT_LT(core::elapsed_ms(began), 150);
  go_on.set_value();
}

TEST_F(BackgroundTest, post_after_waits_for_its_time) {
  const auto lease = Background::instance().lease();
  std::promise<Clock::time_point> ran;
  const auto began = Clock::now();
  Background::instance().post_after(30ms, [&] { ran.set_value(Clock::now()); });
  EXPECT_GE(core::elapsed_ms(began, ran.get_future().get()), 30);
}

TEST_F(BackgroundTest, threads_may_take_and_drop_leases_while_it_is_stopped) {
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto lease = Background::instance().lease();
        Background::instance().post([&] { ++done; });
      }
    });
  for (int i = 0; i < 50; ++i) Background::instance().stop_now(1s);
  for (auto& t : threads) t.join();
  ASSERT_TRUE(Background::instance().stop_now(1s));
  EXPECT_EQ(done, 800);
}

#if !defined(__SANITIZE_THREAD__)
TEST_F(BackgroundTest, a_forked_child_forgets_the_parents_threads_and_starts_its_own) {
  auto lease = Background::instance().lease();
  Workers::instance().post([] {}).wait(Deadline::after(1s), nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(5);
    bool good = Background::instance().thread_count() == 0;
    lease = {};  // the parent's: counts for nothing here
    auto own = Background::instance().lease();
    good = good && on_background([] { return 7; }) == 7;
    good = good &&
           Workers::instance().post([] {}).wait(Deadline::after(1s), nullptr) == core::Woken::ready;
    good = good && Background::instance().thread_count() == 2;
    std::exit(good ? 0 : 1);  // not _exit: the atexit handler has to cope with a child
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(on_background([] { return 1; }), 1);
}
#endif

TEST(BackgroundDeathTest, a_process_exits_within_200_ms_while_a_worker_and_the_thread_hang) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        static Clock::time_point began;
        std::atexit([] {  // runs after the driver's own handler, which is registered later
          if (core::elapsed_ms(began) > 260) _exit(1);
        });
        const auto lease = Background::instance().lease();
        std::promise<void> started;
        Workers::instance().post([&] {
          started.set_value();
          for (;;) ::pause();
        });
        started.get_future().wait();
        Background::instance().post([] {
          for (;;) ::pause();
        });
        began = Clock::now();
        std::exit(7);
      },
      ::testing::ExitedWithCode(7), "");
}
