// SPDX-License-Identifier: Apache-2.0
// The list of watched calls and the one timer behind it.
#include "core/watchdog.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "core/background.h"

namespace core {

/// Leaked. The mutex guards the list; nothing slow happens under it (shutdown(2) does not block).
class Watchdog {
 public:
  static Watchdog& instance() {
    static Watchdog& dog = *new Watchdog;
    return dog;
  }

  void add(Watch& watch) {
    bool nearer = false;
    {
      const std::scoped_lock lock(mutex_);
      watch.place_ = watches_.insert(watches_.end(), &watch);
      nearer = watch.deadline_.at() < armed_.at();
      if (nearer) armed_ = watch.deadline_;
    }
    if (nearer) Background::instance().post([this] { scan(); });
    // Raised before we were listed: nobody will call again.
    if (watch.interrupt_ != nullptr && watch.interrupt_->raised()) interrupted(watch.interrupt_);
  }

  void remove(Watch& watch) {
    const std::scoped_lock lock(mutex_);
    watches_.erase(watch.place_);
  }

  WatchEvent event(const Watch& watch) {
    const std::scoped_lock lock(mutex_);
    return watch.event_;
  }

  bool shut_down(const Watch& watch) {
    const std::scoped_lock lock(mutex_);
    return watch.shut_down_;
  }

  /// Any thread: called by Interrupt::raise.
  static void on_raise(const Interrupt* interrupt) noexcept {
    try {
      instance().interrupted(interrupt);
    } catch (...) {  // out of memory: the raised flag is seen at the call's end
    }
  }

 private:
  Watchdog() { Interrupt::listen(&Watchdog::on_raise); }

  void interrupted(const Interrupt* interrupt) {
    bool found = false;
    {
      const std::scoped_lock lock(mutex_);
      for (const Watch* watch : watches_) found |= watch->interrupt_ == interrupt;
    }
    if (found) Background::instance().post([this] { scan(); });
  }

  /// On the background thread: fires what is due and arms the timer for the rest.
  void scan() {
    Deadline next;
    {
      const std::scoped_lock lock(mutex_);
      for (Watch* watch : watches_) next = earlier(next, fire(*watch));
      armed_ = next;
    }
    timer_.reset();
    if (next.is_never()) return;
    timer_ = std::make_unique<boost::asio::steady_timer>(Background::instance().context());
    timer_->expires_at(next.at());
    timer_->async_wait([this](const boost::system::error_code& ended) {
      if (!ended) scan();
    });
  }

  /// When to look at this watch again.
  static Deadline fire(Watch& watch) {
    if (watch.event_ == WatchEvent::nothing) {
      if (watch.interrupt_ != nullptr && watch.interrupt_->raised())
        watch.event_ = WatchEvent::interrupt;
      else if (watch.deadline_.expired())
        watch.event_ = WatchEvent::deadline;
      else
        return watch.deadline_;
      if (watch.cancel_) {
        watch.cancel_();
        watch.deadline_ = Deadline::after(watch.grace_);
        return watch.deadline_;
      }
    } else if (watch.shut_down_ || !watch.deadline_.expired()) {
      return watch.shut_down_ ? Deadline::never() : watch.deadline_;
    }
    watch.guard_.shutdown();
    watch.shut_down_ = true;
    return Deadline::never();
  }

  std::mutex mutex_;
  std::list<Watch*> watches_;
  Deadline armed_;
  std::unique_ptr<boost::asio::steady_timer> timer_;  // background thread only
};

Watch::Watch(LinkGuard& guard, Deadline deadline, const Interrupt* interrupt, milliseconds grace,
             std::function<void()> cancel)
    : guard_(guard),
      deadline_(deadline),
      interrupt_(interrupt),
      grace_(grace),
      cancel_(std::move(cancel)) {
  Watchdog::instance().add(*this);
}

Watch::~Watch() { Watchdog::instance().remove(*this); }
WatchEvent Watch::event() const noexcept { return Watchdog::instance().event(*this); }
bool Watch::shut_down() const noexcept { return Watchdog::instance().shut_down(*this); }

}  // namespace core
