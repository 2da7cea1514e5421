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
  while (!stopped_) {
    switch (wait(Waitable::readable(fd), limits_.deadline, limits_.interrupt)) {
      case Woken::ready: return true;
      case Woken::timed_out: cause_ = StopCause::deadline; break;
      case Woken::interrupted: cause_ = StopCause::interrupt; break;
    }
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
    switch (wait(Waitable::writable(fd), limits_.deadline, limits_.interrupt)) {
      case Woken::ready: return true;
      case Woken::timed_out: cause_ = StopCause::deadline; break;
      case Woken::interrupted: cause_ = StopCause::interrupt; break;
    }
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
  while (!stopped_) {
    switch (wait(Waitable::either(fd), limits_.deadline, limits_.interrupt)) {
      case Woken::ready: return true;
      case Woken::timed_out: cause_ = StopCause::deadline; break;
      case Woken::interrupted: cause_ = StopCause::interrupt; break;
    }
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
  return Error(sqlstate::timeout, "Statement", std::move(text), reached, native_code::timed_out);
}

}  // namespace core
