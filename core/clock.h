// SPDX-License-Identifier: Apache-2.0
// Time as the driver uses it: a steady clock and deadlines. Every wait takes a Deadline.
#pragma once

#include <algorithm>
#include <chrono>

namespace core {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A point in time after which waiting is pointless. Copyable value; `never()` does not expire.
class Deadline {
 public:
  constexpr Deadline() = default;
  explicit constexpr Deadline(Clock::time_point at) : at_(at) {}
  static constexpr Deadline never() { return Deadline(); }
  static Deadline after(Clock::duration span) { return Deadline(Clock::now() + span); }
  /// ODBC's convention: zero seconds mean "no limit".
  static Deadline after_or_never(Clock::duration span) {
    return span.count() <= 0 ? never() : after(span);
  }

  constexpr bool is_never() const { return at_ == Clock::time_point::max(); }
  bool expired() const { return !is_never() && Clock::now() >= at_; }
  /// What poll(2) takes: -1 for never, 0 when expired, else milliseconds rounded up.
  int poll_timeout() const {
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(at_ - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
  }
  constexpr Clock::time_point at() const { return at_; }
  friend constexpr Deadline earlier(Deadline a, Deadline b) { return a.at_ < b.at_ ? a : b; }
  friend constexpr bool operator==(Deadline, Deadline) = default;

 private:
  Clock::time_point at_ = Clock::time_point::max();
};

/// Whole and fractional milliseconds between two points, for logs.
inline double elapsed_ms(Clock::time_point from, Clock::time_point to = Clock::now()) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace core
