// SPDX-License-Identifier: Apache-2.0
// The one place where an application thread blocks: poll on a descriptor and the interrupt's
// eventfd. Everything that must wake a waiter (SQLCancel, a Signal) writes to an eventfd.
#include "core/client/wait.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"

namespace core {

EventDescriptor::EventDescriptor() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0)
    throw Error(sqlstate::no_memory, "Wait",
                "the process has no file descriptor left for an event: raise its limit (ulimit -n)",
                Reached::not_sent);
}

EventDescriptor::~EventDescriptor() { ::close(fd_); }

void EventDescriptor::set() const noexcept {
  const int saved = errno;
  const std::uint64_t one = 1;
  // EAGAIN means the counter is full, which is set already.
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  errno = saved;
}

void EventDescriptor::clear() const noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
}

void Interrupt::clear() noexcept {
  // Without this test every statement would pay a read() for an interrupt that nobody raised.
  if (!raised_.load(std::memory_order_acquire)) return;
  raised_.store(false, std::memory_order_release);
  event_.clear();
}

Signal::Subscription::Subscription(Signal& signal) : signal_(signal) {
  const std::lock_guard lock(signal_.mutex_);
  signal_.subscribers_.push_back(&event_);
}

Signal::Subscription::~Subscription() {
  const std::lock_guard lock(signal_.mutex_);
  std::erase(signal_.subscribers_, &event_);
}

void Signal::publish() noexcept {
  const std::lock_guard lock(mutex_);
  for (const EventDescriptor* subscriber : subscribers_) subscriber->set();
}

namespace {

Woken poll_until(pollfd* entries, nfds_t count, Deadline deadline, bool interruptible) noexcept {
  pollfd& interrupt_entry = entries[count - 1];
  for (;;) {
    const int ready = ::poll(entries, count, deadline.poll_timeout());
    if (ready > 0) {
      if (interruptible && interrupt_entry.revents != 0) return Woken::interrupted;
      return Woken::ready;
    }
    if (ready == 0 && deadline.expired()) return Woken::timed_out;
    // A descriptor that cannot be polled shows its error to whoever uses it next.
    if (ready < 0 && errno != EINTR && errno != EAGAIN) return Woken::ready;
  }
}

short events_of(Ready ready) noexcept {
  switch (ready) {
    case Ready::readable: return POLLIN;
    case Ready::writable: return POLLOUT;
    default: return POLLIN | POLLOUT;
  }
}

}  // namespace

Woken wait(Waitable what, Deadline deadline, const Interrupt* interrupt) noexcept {
  pollfd entries[2] = {};
  entries[0].fd = what.fd;
  entries[0].events = events_of(what.ready);
  if (interrupt == nullptr) return poll_until(entries, 1, deadline, false);
  entries[1].fd = interrupt->fd();
  entries[1].events = POLLIN;
  return poll_until(entries, 2, deadline, true);
}

Woken pause(milliseconds span, const Interrupt* interrupt) noexcept {
  pollfd entry{};
  entry.fd = interrupt == nullptr ? -1 : interrupt->fd();
  entry.events = POLLIN;
  return poll_until(&entry, 1, Deadline::after(span), interrupt != nullptr);
}

}  // namespace core
