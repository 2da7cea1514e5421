// SPDX-License-Identifier: Apache-2.0
// The one background thread (an Asio io_context) and its lifetime: started by the first lease,
// ended 2 seconds after the last, never joined in a destructor, stopped within 200 ms at process
// exit, forgotten by a forked child. Asio stays in this room, core/resolver and the monitors.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/clock.h"

namespace boost::asio {
class io_context;
}

namespace core {

/// Process-wide, leaked on purpose (no static destructor runs beside the thread). Any thread.
class Background {
 public:
  static Background& instance();

  /// Keeps the thread alive; every open connection and every running monitor user holds one.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    explicit operator bool() const { return held_; }

   private:
    friend class Background;
    explicit Lease(bool held) : held_(held) {}
    bool held_ = false;
  };
  Lease lease();

  /// Runs `task` on the background thread soon (started if needed). Exceptions are caught and
  /// logged.
  void post(std::function<void()> task);
  /// For monitors (core/ only): where their coroutines run. Valid while a lease is held.
  boost::asio::io_context& context();

  /// Ends the thread now instead of after the linger (a connection attribute; tests). Monitors stop
  /// and start again with the next lease. Waits at most `limit`; false when it did not end in time.
  bool stop_now(milliseconds limit);
  /// I/O thread plus workers alive now: 0 when idle. For tests and status.
  std::size_t thread_count() const;
  /// Called on the background thread before it ends, so that monitors drop their links.
  void on_stop(std::function<void()> hook);

 private:
  Background();
  struct State;
  State* state_;  // leaked; replaced in a forked child
};

}  // namespace core
