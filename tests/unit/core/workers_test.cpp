// SPDX-License-Identifier: Apache-2.0
// Jobs on the workers: limits of the pool, waiting with deadlines and interrupts, stuck jobs.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#include "core/background.h"
#include "core/resolver.h"

using namespace std::chrono_literals;
using core::Deadline;
using core::Job;
using core::Woken;
using core::Workers;

namespace {

/// A gate that jobs wait at.
struct Gate {
  std::promise<void> opening;
  std::shared_future<void> open{opening.get_future()};
};

class WorkersTest : public ::testing::Test {
 protected:
  void SetUp() override { TearDown(); }
  void TearDown() override {
    ASSERT_TRUE(Workers::instance().stop_now(1s));
    ASSERT_TRUE(core::Background::instance().stop_now(1s));
  }
};

}  // namespace

TEST_F(WorkersTest, a_job_runs_and_its_waiter_wakes) {
  std::atomic<int> value{0};
  Job job = Workers::instance().post([&] { value = 5; });
  EXPECT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
  EXPECT_TRUE(job.finished());
  EXPECT_EQ(value, 5);
  job.rethrow_failure();
}

TEST_F(WorkersTest, what_a_job_throws_is_rethrown_to_its_waiter) {
  Job job = Workers::instance().post([] { throw std::runtime_error("no credentials"); });
  ASSERT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
  EXPECT_THROW(job.rethrow_failure(), std::runtime_error);
}

TEST_F(WorkersTest, waiting_ends_at_the_deadline_and_by_an_interrupt) {
  Gate gate;
  Job job = Workers::instance().post([open = gate.open] { open.wait(); });
  EXPECT_EQ(job.wait(Deadline::after(20ms), nullptr), Woken::timed_out);
  core::Interrupt interrupt;
  std::thread canceller([&] {
    std::this_thread::sleep_for(10ms);
    interrupt.raise();
  });
  EXPECT_EQ(job.wait(Deadline::after(1s), &interrupt), Woken::interrupted);
  canceller.join();
  gate.opening.set_value();
  EXPECT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
}

TEST_F(WorkersTest, at_most_four_run_at_once) {
  Gate gate;
  std::atomic<int> running{0};
  std::vector<Job> jobs;
  for (int i = 0; i < 10; ++i)
    jobs.push_back(Workers::instance().post([&, open = gate.open] {
      ++running;
      open.wait();
    }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(running, 4);
  EXPECT_EQ(Workers::instance().thread_count(), 4u);
  gate.opening.set_value();
  for (Job& job : jobs) EXPECT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
}

TEST_F(WorkersTest, jobs_beyond_their_limit_no_longer_count_but_eight_threads_are_the_most) {
  Gate gate;
  std::vector<Job> stuck;
  for (int i = 0; i < 4; ++i)
    stuck.push_back(Workers::instance().post([open = gate.open] { open.wait(); }, 30ms));
  Job waiting = Workers::instance().post([] {});  // nobody posts after it
  EXPECT_EQ(waiting.wait(Deadline::after(1s), nullptr), Woken::ready);
  EXPECT_EQ(Workers::instance().thread_count(), 5u);
  for (int i = 0; i < 10; ++i)
    stuck.push_back(Workers::instance().post([open = gate.open] { open.wait(); }, 1ms));
  std::this_thread::sleep_for(60ms);
  EXPECT_EQ(Workers::instance().thread_count(), 8u);
  gate.opening.set_value();
  for (Job& job : stuck) EXPECT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
}

TEST_F(WorkersTest, then_runs_on_the_background_thread_before_and_after_the_end) {
  Gate gate;
  Job job = Workers::instance().post([open = gate.open] { open.wait(); });
  std::promise<std::thread::id> early;
  std::promise<std::thread::id> late;
  job.then([&] { early.set_value(std::this_thread::get_id()); });
  gate.opening.set_value();
  ASSERT_EQ(job.wait(Deadline::after(1s), nullptr), Woken::ready);
  job.then([&] { late.set_value(std::this_thread::get_id()); });
  const auto first = early.get_future().get();
  EXPECT_EQ(first, late.get_future().get());
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST_F(WorkersTest, many_posters_get_every_job_done) {
  std::atomic<int> done{0};
  std::vector<std::thread> posters;
  for (int t = 0; t < 4; ++t)
    posters.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        Job job = Workers::instance().post([&] { ++done; });
        if (i % 3 == 0) { EXPECT_EQ(job.wait(Deadline::after(5s), nullptr), Woken::ready); }
      }
    });
  for (auto& p : posters) p.join();
  const auto deadline = Deadline::after(5s);
  while (done < 1200 && !deadline.expired()) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(done, 1200);
}
