// SPDX-License-Identifier: Apache-2.0
// Deadline, interrupt, cancel request, grace: the order of events is decided here for both clients.
#include "core/client/drive.h"

#include <utility>

namespace core {

void Canceller::post(std::function<void()> request) {
  if (request) pending_.emplace(workers_.post(std::move(request)));
}

bool Canceller::settle(milliseconds limit) {
  if (!pending_) return true;
  if (!pending_->finished() && pending_->wait(Deadline::after(limit), nullptr) != Woken::ready)
    return false;
  pending_.reset();
  return true;
}

bool Drive::wait_for_answer(int fd) {
  for (;;) {
    const Deadline deadline = stopped_ ? grace_ : limits_.deadline;
    const Interrupt* interrupt = stopped_ ? nullptr : limits_.interrupt;
    switch (wait(Waitable::readable(fd), deadline, interrupt)) {
      case Woken::ready: return true;
      case Woken::timed_out:
        if (stopped_) return false;
        cause_ = StopCause::deadline;
        break;
      case Woken::interrupted: cause_ = StopCause::interrupt; break;
    }
    stop();
  }
}

bool Drive::wait_to_send(int fd) {
  switch (wait(Waitable::writable(fd), limits_.deadline, limits_.interrupt)) {
    case Woken::ready: return true;
    case Woken::timed_out: cause_ = StopCause::deadline; break;
    case Woken::interrupted: cause_ = StopCause::interrupt; break;
  }
  return false;
}

void Drive::stop() {
  if (stopped_) return;
  stopped_ = true;
  grace_ = Deadline::after(limits_.cancel_grace);
  canceller_.post(make_(maker_));
}

Error stop_error(StopCause cause, std::string text, Reached reached) {
  if (cause == StopCause::interrupt)
    return Error(sqlstate::cancelled, "Statement", std::move(text), reached);
  return Error(sqlstate::timeout, "Statement", std::move(text), reached, native_code::timed_out);
}

}  // namespace core
