// SPDX-License-Identifier: Apache-2.0
// The one background thread (an Asio io_context) and its lifetime: started by the first lease,
// ended 2 seconds after the last, never joined in a destructor, stopped within 200 ms at process
// exit, forgotten by a forked child. Asio stays in this room, core/resolver and the monitors.
#pragma once

#include <cstddef>
#include <cstdint>
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
  /// A lease that a forked child inherited counts for nothing there.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    explicit operator bool() const { return process_ != 0; }

   private:
    friend class Background;
    explicit Lease(std::uint64_t process) : process_(process) {}
    std::uint64_t process_ = 0;  // 0: holds nothing; else which process of a fork chain took it
  };
  /// Starts the thread when there is none. Throws Error HY001 when the system refuses a thread.
  Lease lease();

  /// Runs `task` on the background thread soon (started if needed). Exceptions are caught and
  /// logged. Dropped once the process is exiting. Throws HY001 as lease() does.
  void post(std::function<void()> task);
  /// The same after `delay`; dropped when the thread ends before.
  void post_after(milliseconds delay, std::function<void()> task);
  /// For monitors (core/ only): where their coroutines run. Valid while a lease is held and nobody
  /// calls stop_now; on the background thread itself always that thread's own.
  boost::asio::io_context& context();
  /// Which run of the thread is current (1, 2, ...): differs after the thread ended and started
  /// anew, and in a forked child. 0: none runs.
  std::uint64_t generation() const;

  /// Ends the thread now instead of after the linger (a connection attribute; tests). Monitors stop
  /// and start again with the next lease. Waits at most `limit`; false when it did not end in time.
  bool stop_now(milliseconds limit);
  /// I/O thread plus workers alive now: 0 when idle. For tests and status.
  std::size_t thread_count() const;

  /// Called on the background thread each time it is about to end, so that monitors drop their
  /// links. Stays until removed; a forked child starts without hooks. Returns its id, never 0.
  std::uint64_t on_stop(std::function<void()> hook);
  void remove_stop_hook(std::uint64_t id);

  struct State;

 private:
  Background();
  State* state_;  // leaked; replaced in a forked child
};

}  // namespace core
