// SPDX-License-Identifier: Apache-2.0
// An interrupt that costs a descriptor only once its owner has spoken to a server.
#pragma once

#include <atomic>

#include "core/client/wait.h"

namespace odbc {

/// arm() by the thread that is about to wait; raise() by any thread.
class LazyInterrupt {
 public:
  LazyInterrupt() = default;
  LazyInterrupt(const LazyInterrupt&) = delete;
  LazyInterrupt& operator=(const LazyInterrupt&) = delete;
  ~LazyInterrupt() { delete interrupt_.load(std::memory_order_relaxed); }

  /// For the next operation, lowered.
  core::Interrupt& arm() {
    core::Interrupt* interrupt = interrupt_.load(std::memory_order_relaxed);
    if (interrupt == nullptr) {
      interrupt = new core::Interrupt;
      interrupt_.store(interrupt, std::memory_order_release);
    } else if (interrupt->raised()) {
      interrupt->clear();
    }
    return *interrupt;
  }
  /// Ends a wait that is going on; before the first operation there is none.
  void raise() noexcept {
    core::Interrupt* interrupt = interrupt_.load(std::memory_order_acquire);
    if (interrupt != nullptr) interrupt->raise();
  }

 private:
  std::atomic<core::Interrupt*> interrupt_{nullptr};
};

}  // namespace odbc
