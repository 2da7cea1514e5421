// SPDX-License-Identifier: Apache-2.0
// How long a link has been silent: what SQL_ATTR_CONNECTION_TIMEOUT limits. Whoever waits looks
// from time to time whether bytes have moved, also those that the socket took long ago and the peer
// takes only now. Comes in: drive.cpp, core/watchdog.
#pragma once

#include <cstdint>

#include "core/clock.h"

namespace core {

/// Bytes that have come and that the peer's kernel has taken since the socket was connected; 0
/// where the system does not count them (only TCP is counted).
std::uint64_t bytes_moved(int socket) noexcept;

/// One wait's view of it. A plain object; costs nothing without a limit.
class Silence {
 public:
  explicit Silence(milliseconds limit) : limit_(limit) {}
  bool limited() const noexcept { return limit_.count() > 0; }
  /// Takes a look: `moved` is bytes_moved() now. True when nothing has moved for the limit; the
  /// first look begins the time.
  bool is_over(std::uint64_t moved) noexcept;
  /// When to look again: it is noticed within a quarter of the limit.
  Deadline next_look() const noexcept;

 private:
  milliseconds limit_;
  std::uint64_t moved_ = 0;
  Clock::time_point since_{};
};

}  // namespace core
