// SPDX-License-Identifier: Apache-2.0
// When a host counts as dead: plain values, no clock and no thread of their own. The host monitor
// (core/host_monitor.h) feeds it with what its checks found.
#pragma once

#include <compare>
#include <optional>

#include "core/clock.h"

namespace core {

/// How a host is checked while calls to it are overdue. One probe link serves all with the same.
struct DetectionRule {
  milliseconds interval{5000};      ///< from the begin of one check to that of the next
  milliseconds tolerance{10000};    ///< how long checks may fail in a row
  milliseconds answer_limit{2450};  ///< of one check
  auto operator<=>(const DetectionRule&) const = default;
};

/// What one check found.
enum class CheckResult : std::uint8_t {
  answered,
  failed,
  nothing_learned,  ///< our own fault: no descriptor, no memory, no worker
};

/// The checks of one host in a row.
class FailureStreak {
 public:
  explicit FailureStreak(const DetectionRule& rule) : rule_(rule) {}

  /// A check that began and ended then. A failed check that took much longer than its limit met a
  /// process that was stopped or starved, and says nothing about the host.
  void note(CheckResult result, Clock::time_point began, Clock::time_point ended);
  /// The host has failed for as long as the rule tolerates, or longer.
  bool dead() const { return since_ && last_end_ - *since_ >= rule_.tolerance; }
  std::optional<Clock::time_point> since() const { return since_; }

 private:
  DetectionRule rule_;
  std::optional<Clock::time_point> since_;  // begin of the first failed check
  Clock::time_point last_end_{};
};

}  // namespace core
