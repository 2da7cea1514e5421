// SPDX-License-Identifier: Apache-2.0
// The only place where an application thread blocks (a test greps that nothing else does).
// A wait ends by readiness, by its deadline, or by an interrupt (SQLCancel). See design "Waiting".
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "core/clock.h"

namespace core {

/// An eventfd that closes itself. Owns the descriptor; move-only.
class EventDescriptor {
 public:
  EventDescriptor();  ///< throws Error HY001 when the process is out of descriptors
  ~EventDescriptor();
  EventDescriptor(const EventDescriptor&) = delete;
  EventDescriptor& operator=(const EventDescriptor&) = delete;
  int fd() const noexcept { return fd_; }
  void set() const noexcept;    ///< any thread, async-signal-safe
  void clear() const noexcept;  ///< makes it unreadable again

 private:
  int fd_;
};

/// A request to stop what is going on in one connection or statement. SQLCancel raises it from any
/// thread; the thread that waits sees it. Cleared by the owner before each new operation.
class Interrupt {
 public:
  void raise() noexcept {
    raised_.store(true, std::memory_order_release);
    event_.set();
    if (const Listener heard = listener_.load(std::memory_order_acquire)) heard(this);
  }
  void clear() noexcept;
  bool raised() const noexcept { return raised_.load(std::memory_order_acquire); }
  int fd() const noexcept { return event_.fd(); }

  /// Called by raise() on the raising thread, for calls that cannot be waited for
  /// (core/watchdog.h).
  using Listener = void (*)(const Interrupt*) noexcept;
  static void listen(Listener listener) noexcept { listener_.store(listener); }

 private:
  static inline std::atomic<Listener> listener_{nullptr};
  std::atomic<bool> raised_{false};
  EventDescriptor event_;
};

/// Something the background publishes (a new topology, a finished look-up, the end of a cancel).
/// `publish` may be called from any thread and never blocks on a waiter.
class Signal {
 public:
  /// A thread that wants to wait: holds the descriptor that becomes readable at each publish.
  class Subscription {
   public:
    explicit Subscription(Signal& signal);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    const EventDescriptor& event() const noexcept { return event_; }

   private:
    Signal& signal_;
    EventDescriptor event_;
  };
  void publish() noexcept;

 private:
  std::mutex mutex_;
  std::vector<const EventDescriptor*> subscribers_;
};

enum class Ready : unsigned char { readable, writable, either };
enum class Woken : unsigned char { ready, timed_out, interrupted };

/// What can be waited for: a descriptor and the readiness wanted.
struct Waitable {
  int fd;
  Ready ready = Ready::readable;
  static Waitable readable(int fd) { return {fd, Ready::readable}; }
  static Waitable writable(int fd) { return {fd, Ready::writable}; }
  /// Room to send or something to read: for whoever must not stop reading while it sends.
  static Waitable either(int fd) { return {fd, Ready::either}; }
  static Waitable signal(const Signal::Subscription& s) {
    return {s.event().fd(), Ready::readable};
  }
};

/// Blocks until `what` is ready (errors and hang-ups count as ready), the deadline passes or the
/// interrupt is raised. `interrupt` may be null. EINTR is handled. Never throws.
[[nodiscard]] Woken wait(Waitable what, Deadline deadline, const Interrupt* interrupt) noexcept;

/// Lets the thread rest for `span` but wakes for the interrupt: the pause between two attempts.
[[nodiscard]] Woken pause(milliseconds span, const Interrupt* interrupt) noexcept;

}  // namespace core
