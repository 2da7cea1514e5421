// SPDX-License-Identifier: Apache-2.0
// Runs an exchange on an application thread: step, wait, step. The background has its own runner.
#include "core/client/exchange.h"

#include <optional>

#include "core/watchdog.h"

namespace core {
namespace {

Error stopped(WatchEvent why, const char* what) {
  if (why == WatchEvent::interrupt)
    return Error(sqlstate::cancelled, "Connection", std::string(what) + " was cancelled",
                 Reached::sent);
  return Error(sqlstate::timeout, "Connection", std::string(what) + " timed out", Reached::sent,
               native_code::timed_out);
}

/// A step that may block on this thread ends with the limits all the same: the watch shuts its
/// socket down, and what the library says about that is not the story.
Want watched_step(Exchange& exchange, const std::optional<Watch>& watch, const char* what) {
  try {
    return exchange.step();
  } catch (const Error&) {
    if (watch && watch->event() != WatchEvent::nothing) throw stopped(watch->event(), what);
    throw;
  }
}

}  // namespace

void run(Exchange& exchange, Deadline deadline, const Interrupt* interrupt, const char* what) {
  std::optional<Watch> watch;
  LinkGuard* const guard = exchange.guard();
  if (guard != nullptr && (!deadline.is_never() || interrupt != nullptr))
    watch.emplace(*guard, deadline, interrupt, milliseconds(0), nullptr);
  for (;;) {
    const Want want = watched_step(exchange, watch, what);
    if (want == Want::done) return;
    if (want == Want::worker) continue;  // this thread may block
    const Waitable waitable = want == Want::read ? Waitable::readable(exchange.descriptor())
                                                 : Waitable::writable(exchange.descriptor());
    switch (wait(waitable, deadline, interrupt)) {
      case Woken::ready: break;
      case Woken::timed_out: throw stopped(WatchEvent::deadline, what);
      case Woken::interrupted: throw stopped(WatchEvent::interrupt, what);
    }
  }
}

}  // namespace core
