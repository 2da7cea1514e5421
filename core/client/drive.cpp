// SPDX-License-Identifier: Apache-2.0
// Deadline, interrupt, cancel request, grace: the order of events is decided here for both clients.
#include "core/client/drive.h"

#include <utility>

#include "core/client/silence.h"

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

StopCause wait_within(const Limits& limits, Waitable what) {
  Silence silence(limits.silence);
  if (silence.limited()) silence.is_over(bytes_moved(what.fd));
  for (;;) {
    switch (wait(what, earlier(limits.deadline, silence.next_look()), limits.interrupt)) {
      case Woken::ready: return StopCause::none;
      case Woken::interrupted: return StopCause::interrupt;
      default: break;
    }
    if (limits.deadline.expired()) return StopCause::deadline;
    if (silence.is_over(bytes_moved(what.fd))) return StopCause::silence;
  }
}

bool Drive::wait_for_answer(int fd) {
  if (!stopped_) {
    cause_ = wait_within(limits_, Waitable::readable(fd));
    if (cause_ == StopCause::none) return true;
    if (cause_ == StopCause::silence) return false;
    stop();
  }
  return wait_in_grace(fd);
}

bool Drive::wait_in_grace(int fd) {
  constexpr auto patience = milliseconds(100);
  if (!asked_) ask();  // the limit passed while the statement was being sent
  for (;;) {
    const Deadline next_look = earlier(grace_, Deadline::after(patience));
    if (wait(Waitable::readable(fd), next_look, nullptr) == Woken::ready) return true;
    if (grace_.expired()) return false;
    if (canceller_.idle()) canceller_.post(make_(maker_));
  }
}

bool Drive::wait_to_send(int fd) {
  if (!stopped_) {
    cause_ = wait_within(limits_, Waitable::writable(fd));
    if (cause_ == StopCause::none) return true;
    if (cause_ == StopCause::silence) return false;
    stopped_ = true;
    grace_ = Deadline::after(limits_.cancel_grace);
  }
  return wait(Waitable::writable(fd), grace_, nullptr) == Woken::ready;
}

void Drive::ask() {
  asked_ = true;
  grace_ = Deadline::after(limits_.cancel_grace);
  canceller_.post(make_(maker_));
}

bool Drive::wait_to_exchange(int fd) {
  if (!stopped_) {
    cause_ = wait_within(limits_, Waitable::either(fd));
    if (cause_ == StopCause::none) return true;
    if (cause_ == StopCause::silence) return false;
    stop();
  }
  return wait(Waitable::either(fd), grace_, nullptr) == Woken::ready;
}

void Drive::stop() {
  if (stopped_) return;
  stopped_ = true;
  ask();
}

Error stop_error(StopCause cause, std::string text, Reached reached) {
  if (cause == StopCause::interrupt)
    return Error(sqlstate::cancelled, "Statement", std::move(text), reached);
  if (cause == StopCause::silence)
    return Error(sqlstate::connection_timeout, "Connection", std::move(text), reached,
                 native_code::timed_out);
  return Error(sqlstate::timeout, "Statement", std::move(text), reached, native_code::timed_out);
}

}  // namespace core
