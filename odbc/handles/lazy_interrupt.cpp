// SPDX-License-Identifier: Apache-2.0
// The idle interrupts of the process.
#include "odbc/handles/lazy_interrupt.h"

#include <pthread.h>

#include <memory>
#include <mutex>
#include <vector>

namespace odbc {
namespace {

/// Leaked: statements may be freed while static destructors run. Any thread.
class IdleInterrupts {
 public:
  static IdleInterrupts& instance() {
    static IdleInterrupts& idle = *new IdleInterrupts;
    return idle;
  }

  std::unique_ptr<core::Interrupt> take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        auto interrupt = std::move(idle_.back());
        idle_.pop_back();
        return interrupt;
      }
    }
    return std::make_unique<core::Interrupt>();
  }

  void give_back(std::unique_ptr<core::Interrupt> interrupt) {
    if (interrupt->raised()) interrupt->clear();
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < idle_.capacity()) idle_.push_back(std::move(interrupt));
  }

 private:
  static constexpr std::size_t most = 32;

  IdleInterrupts() {
    idle_.reserve(most);
    // Parent and child share what lies here: one could wake the other.
    ::pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                     [] {
                       instance().idle_.clear();
                       instance().mutex_.unlock();
                     });
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<core::Interrupt>> idle_;
};

}  // namespace

LazyInterrupt::~LazyInterrupt() {
  if (core::Interrupt* interrupt = interrupt_.load(std::memory_order_relaxed))
    IdleInterrupts::instance().give_back(std::unique_ptr<core::Interrupt>(interrupt));
}

core::Interrupt& LazyInterrupt::arm() {
  core::Interrupt* interrupt = interrupt_.load(std::memory_order_relaxed);
  if (interrupt == nullptr) {
    interrupt = IdleInterrupts::instance().take().release();
    interrupt_.store(interrupt, std::memory_order_release);
  } else if (interrupt->raised()) {
    interrupt->clear();
  }
  return *interrupt;
}

}  // namespace odbc
