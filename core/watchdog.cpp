// SPDX-License-Identifier: Apache-2.0
// The list of watched calls and the one timer behind it.
#include "core/watchdog.h"

#include <pthread.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "core/background.h"

namespace core {

/// Leaked. The mutex guards the list; nothing slow happens under it (shutdown(2) does not block,
/// `cancel` only posts).
class Watchdog {
 public:
  static Watchdog& instance() {
    static const bool made = [] {
      (void)Background::instance();  // its fork handler has to run before ours
      current_.store(new Watchdog);
      pthread_atfork(nullptr, nullptr, forget_in_child);
      return true;
    }();
    (void)made;
    return *current_.load(std::memory_order_acquire);
  }

  void add(Watch& watch) {
    bool nearer = false;
    {
      const std::scoped_lock lock(mutex_);
      watch.place_ = watches_.insert(watches_.end(), &watch);
      const Deadline first = watch.next_look();
      nearer = first.at() < armed_.at();
      if (nearer) armed_ = first;
    }
    try {
      if (nearer) post_scan();
      // Raised before we were listed: nobody will call again.
      if (watch.interrupt_ != nullptr && watch.interrupt_->raised()) interrupted(watch.interrupt_);
    } catch (...) {
      remove(watch);
      throw;
    }
  }

  void remove(Watch& watch) {
    std::list<Watch*> removed;  // freed outside the lock
    const std::scoped_lock lock(mutex_);
    removed.splice(removed.end(), watches_, watch.place_);
  }

  std::pair<WatchEvent, bool> outcome(const Watch& watch) {
    const std::scoped_lock lock(mutex_);
    return {watch.event_, watch.shut_down_};
  }

 private:
  Watchdog() {
    Interrupt::listen(&Watchdog::on_raise);
    Background::instance().on_stop([this] { background_ends(); });
  }

  /// Any thread: called by Interrupt::raise.
  static void on_raise(const Interrupt* interrupt) noexcept {
    try {
      instance().interrupted(interrupt);
    } catch (...) {  // out of memory: the raised flag is seen at the call's end
    }
  }

  /// The parent's watched calls run in threads that do not exist here; its mutex may be held.
  static void forget_in_child() { current_.store(new Watchdog, std::memory_order_release); }

  void post_scan() {
    Background::instance().post([this] { scan(); });
  }

  void interrupted(const Interrupt* interrupt) {
    bool found = false;
    {
      const std::scoped_lock lock(mutex_);
      for (const Watch* watch : watches_) found |= watch->interrupt_ == interrupt;
    }
    if (found) post_scan();
  }

  /// Timers die with their run of the background thread: a call still watched needs the next run.
  void background_ends() {
    bool watching = false;
    {
      const std::scoped_lock lock(mutex_);
      armed_ = timer_ = Deadline::never();
      watching = !watches_.empty();
    }
    if (watching) post_scan();
  }

  /// On the background thread: fires what is due and asks to be called again for the rest.
  void scan() {
    Deadline next;
    bool nearer = false;
    {
      const std::scoped_lock lock(mutex_);
      for (Watch* watch : watches_) next = earlier(next, fire(*watch));
      armed_ = next;
      nearer = !next.is_never() && (next.at() < timer_.at() || timer_.expired());
      if (nearer) timer_ = next;
    }
    // A timer for an earlier point is under way otherwise; its scan arms the next.
    if (nearer)
      Background::instance().post_after(milliseconds(next.poll_timeout()), [this] { scan(); });
  }

  /// When to look at this watch again.
  static Deadline fire(Watch& watch) noexcept {
    if (watch.shut_down_) return Deadline::never();
    if (watch.event_ == WatchEvent::nothing) {
      if (watch.interrupt_ != nullptr && watch.interrupt_->raised())
        watch.event_ = WatchEvent::interrupt;
      else if (watch.deadline_.expired())
        watch.event_ = WatchEvent::deadline;
      else if (watch.silence_.limited() && watch.silence_.is_over(watch.guard_.bytes_moved()))
        watch.event_ = WatchEvent::silence;
      else
        return watch.next_look();
      if (watch.event_ != WatchEvent::silence && cancelling(watch))
        return watch.deadline_ = Deadline::after(watch.grace_);
    } else if (!watch.deadline_.expired()) {
      return watch.deadline_;
    }
    watch.guard_.shutdown();
    watch.shut_down_ = true;
    return Deadline::never();
  }

  static bool cancelling(Watch& watch) noexcept {
    if (!watch.cancel_) return false;
    try {
      watch.cancel_();
      return true;
    } catch (...) {  // no worker to be had: only the shutdown is left
      return false;
    }
  }

  static inline std::atomic<Watchdog*> current_{nullptr};
  std::mutex mutex_;
  std::list<Watch*> watches_;
  Deadline armed_;  ///< the earliest point for which a scan is due or posted
  Deadline timer_;  ///< the point of the timer that was started last
};

Watch::Watch(LinkGuard& guard, Deadline deadline, const Interrupt* interrupt, milliseconds grace,
             std::function<void()> cancel, milliseconds silence)
    : guard_(guard),
      deadline_(deadline),
      interrupt_(interrupt),
      grace_(grace),
      cancel_(std::move(cancel)),
      silence_(silence) {
  if (silence_.limited()) silence_.is_over(guard_.bytes_moved());
  Watchdog::instance().add(*this);
}

Watch::~Watch() { Watchdog::instance().remove(*this); }
WatchEvent Watch::event() const noexcept { return Watchdog::instance().outcome(*this).first; }
bool Watch::shut_down() const noexcept { return Watchdog::instance().outcome(*this).second; }

}  // namespace core
