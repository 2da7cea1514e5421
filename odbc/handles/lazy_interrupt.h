// SPDX-License-Identifier: Apache-2.0
// An interrupt that costs a descriptor only once its owner has spoken to a server, and gives it
// back for the next statement: making and closing an eventfd per statement was a tenth of SELECT 1.
#pragma once

#include <atomic>

#include "core/client/wait.h"

namespace odbc {

/// arm() by the thread that is about to wait; raise() by any thread while the owner lives.
class LazyInterrupt {
 public:
  LazyInterrupt() = default;
  LazyInterrupt(const LazyInterrupt&) = delete;
  LazyInterrupt& operator=(const LazyInterrupt&) = delete;
  ~LazyInterrupt();

  /// For the next operation, lowered. Throws HY001 when the process is out of descriptors.
  core::Interrupt& arm();
  /// Ends a wait that is going on; before the first operation there is none.
  void raise() noexcept {
    core::Interrupt* interrupt = interrupt_.load(std::memory_order_acquire);
    if (interrupt != nullptr) interrupt->raise();
  }

 private:
  std::atomic<core::Interrupt*> interrupt_{nullptr};
};

}  // namespace odbc
