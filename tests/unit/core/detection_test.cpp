// SPDX-License-Identifier: Apache-2.0
// When a host counts as dead, by a clock that the test makes.
#include "core/detection.h"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using core::CheckResult;
using core::Clock;

class FailureStreakTest : public ::testing::Test {
 protected:
  void check(CheckResult result, core::milliseconds begin, core::milliseconds took) {
    streak.note(result, Clock::time_point(1h + begin), Clock::time_point(1h + begin + took));
  }
  void fail(core::milliseconds begin, core::milliseconds took = 50ms) {
    check(CheckResult::failed, begin, took);
  }
  // interval 200, count 3 of version 2
  core::FailureStreak streak{{.interval = 200ms, .tolerance = 400ms, .answer_limit = 50ms}};
};

TEST_F(FailureStreakTest, the_third_failure_in_a_row_is_death) {
  fail(0ms);
  fail(200ms);
  EXPECT_FALSE(streak.dead());
  fail(400ms);
  EXPECT_TRUE(streak.dead());
  EXPECT_EQ(streak.since(), Clock::time_point(1h));
}

TEST_F(FailureStreakTest, a_good_check_between_begins_anew) {
  fail(0ms);
  fail(200ms);
  check(CheckResult::answered, 400ms, 1ms);
  fail(600ms);
  fail(800ms);
  EXPECT_FALSE(streak.dead());
  fail(1000ms);
  EXPECT_TRUE(streak.dead());
}

TEST_F(FailureStreakTest, what_we_could_not_find_out_is_no_failure) {
  fail(0ms);
  fail(200ms);
  check(CheckResult::nothing_learned, 400ms, 1ms);
  fail(600ms);
  EXPECT_FALSE(streak.dead());
}

TEST_F(FailureStreakTest, a_process_that_was_stopped_in_the_middle_accuses_nobody) {
  fail(0ms, 3600s);
  EXPECT_FALSE(streak.dead());
  EXPECT_FALSE(streak.since());
}

TEST_F(FailureStreakTest, failures_of_long_ago_do_not_count) {
  fail(0ms);
  fail(200ms);
  fail(10'000ms);
  EXPECT_FALSE(streak.dead());
  EXPECT_EQ(streak.since(), Clock::time_point(1h + 10s));
}

TEST_F(FailureStreakTest, without_tolerance_the_first_failure_is_death) {
  core::FailureStreak strict{{.interval = 200ms, .tolerance = 0ms, .answer_limit = 50ms}};
  EXPECT_FALSE(strict.dead());
  strict.note(CheckResult::failed, Clock::time_point(1h), Clock::time_point(1h + 50ms));
  EXPECT_TRUE(strict.dead());
}

}  // namespace
