// SPDX-License-Identifier: Apache-2.0
// Limits for calls that a library makes blocking (libmariadb): while a Watch lives, the background
// first asks the server to cancel and then shuts the socket down. Registering costs a mutex and a
// list insertion; the background thread is woken only when a deadline is nearer than all others.
#pragma once

#include <functional>
#include <list>

#include "core/client/link_guard.h"
#include "core/client/silence.h"
#include "core/client/wait.h"

namespace core {

/// What happened to a watched call.
enum class WatchEvent : unsigned char { nothing, deadline, interrupt, silence };

/// Watches one blocking call of the thread that constructs it. The guard must outlive the Watch.
class Watch {
 public:
  /// At the deadline or the interrupt `cancel` runs on the background thread (it must only post
  /// work); `grace` later the link is shut down. An empty `cancel` shuts down at once, and so does
  /// a link on which no byte moves for `silence` (zero: it may be silent for ever), which is
  /// noticed within a quarter of that.
  Watch(LinkGuard& guard, Deadline deadline, const Interrupt* interrupt, milliseconds grace,
        std::function<void()> cancel, milliseconds silence = {});
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  /// What fired so far; `shut_down` tells whether the grace passed too.
  WatchEvent event() const noexcept;
  bool shut_down() const noexcept;

 private:
  friend class Watchdog;
  Deadline next_look() const noexcept { return earlier(deadline_, silence_.next_look()); }
  LinkGuard& guard_;
  Deadline deadline_;
  const Interrupt* interrupt_;
  milliseconds grace_;
  std::function<void()> cancel_;
  Silence silence_;
  WatchEvent event_ = WatchEvent::nothing;
  bool shut_down_ = false;
  std::list<Watch*>::iterator place_;
};

}  // namespace core
