// SPDX-License-Identifier: Apache-2.0
// The worker threads of core/resolver.h. Each waits for the shared queue in core::wait like any
// other thread of the driver; all state is shared or leaked, because nobody joins them.
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <list>
#include <optional>
#include <utility>

#include "core/background.h"
#include "core/detached_thread.h"
#include "core/log.h"
#include "core/resolver.h"

namespace core {
namespace {

constexpr std::size_t most_counted = 4;
constexpr std::size_t most_alive = 8;
constexpr milliseconds idle_limit{2000};

}  // namespace

struct Job::State {
  std::function<void()> work;
  milliseconds limit{};
  std::mutex mutex;
  std::atomic<bool> finished{false};
  // Of its own for each thread that asks: an exception is freed by whoever lets go of it last.
  std::optional<Error> error;
  std::exception_ptr failure;  // anything else
  std::vector<std::function<void()>> followers;
  Signal changed;

  void run();
};

void Job::State::run() {
  std::optional<Error> told;
  std::exception_ptr thrown;
  try {
    try {
      work();
    } catch (const Error& one) { told = one; }
  } catch (...) { thrown = std::current_exception(); }
  work = nullptr;
  std::vector<std::function<void()>> to_call;
  {
    const std::scoped_lock lock(mutex);
    error = std::move(told);
    failure = thrown;
    finished.store(true, std::memory_order_release);
    to_call.swap(followers);
  }
  changed.publish();
  for (auto& follower : to_call) try {
      Background::instance().post(std::move(follower));
    } catch (const std::exception& e) {
      log::line(log::Level::error, "workers", "a result cannot be delivered: {}", e.what());
    }
}

bool Job::finished() const noexcept { return state_->finished.load(std::memory_order_acquire); }

Woken Job::wait(Deadline deadline, const Interrupt* interrupt) {
  const Signal::Subscription changed(state_->changed);
  while (!finished()) {
    const Woken woken = core::wait(Waitable::signal(changed), deadline, interrupt);
    if (woken != Woken::ready) return woken;
    changed.event().clear();
  }
  return Woken::ready;
}

void Job::then(std::function<void()> done) {
  {
    const std::scoped_lock lock(state_->mutex);
    if (!finished()) {
      state_->followers.push_back(std::move(done));
      return;
    }
  }
  Background::instance().post(std::move(done));
}

void Job::rethrow_failure() const {
  const std::scoped_lock lock(state_->mutex);
  if (state_->error) throw Error(*state_->error);
  if (state_->failure) std::rethrow_exception(state_->failure);
}

struct Workers::State {
  /// What the others must know of one worker.
  struct Worker {
    bool busy = false;
    Clock::time_point overdue_at{};  // while busy
  };
  explicit State(State* of_parent) : parent(of_parent) {}
  State* const parent;  // see Background::State

  std::mutex mutex;
  std::deque<std::shared_ptr<Job::State>> queue;
  std::list<Worker> workers;
  std::optional<EventDescriptor> wake;  // readable while the queue is not empty or to end idlers
  bool ending = false;
  Clock::time_point reconsidered_at = Clock::time_point::max();  // when the armed timer fires
  std::uint64_t reconsidered_by = 0;                             // and in which background run
  Signal ended;

  // With the mutex held.
  std::size_t idle() const;
  bool may_start() const;
  bool start_what_is_needed();  // false: something waits although every worker is busy
  void reconsider_later();

  void serve(std::list<Worker>::iterator self);
  std::shared_ptr<Job::State> next(std::list<Worker>::iterator self);
  bool leave_if_idle(std::list<Worker>::iterator self);
  void reconsider();
};

std::size_t Workers::State::idle() const {
  return static_cast<std::size_t>(
      std::count_if(workers.begin(), workers.end(), [](const Worker& w) { return !w.busy; }));
}

bool Workers::State::may_start() const {
  const auto now = Clock::now();
  const auto counted = std::count_if(workers.begin(), workers.end(), [&](const Worker& w) {
    return !w.busy || w.overdue_at > now;
  });
  return static_cast<std::size_t>(counted) < most_counted && workers.size() < most_alive;
}

bool Workers::State::start_what_is_needed() {
  while (queue.size() > idle()) {
    if (!may_start()) return false;
    const auto self = workers.emplace(workers.end());
    try {
      start_detached_thread("aurodbc-worker", [this, self] { serve(self); });
    } catch (...) {
      workers.erase(self);
      throw;
    }
  }
  return true;
}

// Nobody else looks at the queue when all workers hang: look again when the first is overdue.
void Workers::State::reconsider_later() {
  if (workers.size() >= most_alive) return;
  auto first = Clock::time_point::max();
  for (const Worker& w : workers)
    if (w.busy && w.overdue_at > Clock::now()) first = std::min(first, w.overdue_at);
  Background& background = Background::instance();
  if (first == Clock::time_point::max()) return;
  if (reconsidered_at <= first && reconsidered_by == background.generation()) return;
  // No lease: who waits for the job holds one, and an idle process keeps no thread for a timer.
  const auto delay = std::chrono::ceil<milliseconds>(first - Clock::now()) + milliseconds(1);
  background.post_after(delay, [this] { reconsider(); });
  reconsidered_at = first;
  reconsidered_by = background.generation();
}

void Workers::State::reconsider() {
  const std::scoped_lock lock(mutex);
  reconsidered_at = Clock::time_point::max();
  if (!start_what_is_needed()) reconsider_later();
}

std::shared_ptr<Job::State> Workers::State::next(std::list<Worker>::iterator self) {
  const std::scoped_lock lock(mutex);
  self->busy = false;
  if (queue.empty()) {
    if (!ending) wake->clear();
    return nullptr;
  }
  auto job = std::move(queue.front());
  queue.pop_front();
  self->busy = true;
  self->overdue_at = Clock::now() + job->limit;
  try {
    if (!start_what_is_needed()) reconsider_later();
  } catch (const Error& e) {  // the rest waits for the workers there are
    log::line(log::Level::warn, "workers", "{}", e.what());
  }
  return job;
}

bool Workers::State::leave_if_idle(std::list<Worker>::iterator self) {
  const std::scoped_lock lock(mutex);
  if (!queue.empty()) return false;
  workers.erase(self);
  return true;
}

void Workers::State::serve(std::list<Worker>::iterator self) {
  for (;;) {
    if (const auto job = next(self)) {
      job->run();
      continue;
    }
    const Woken woken = wait(Waitable::readable(wake->fd()), Deadline::after(idle_limit), nullptr);
    bool end = woken == Woken::timed_out;
    if (!end) {
      const std::scoped_lock lock(mutex);
      end = ending;
    }
    if (end && leave_if_idle(self)) break;
  }
  ended.publish();
}

namespace {
Workers::State** state_of_this_process = nullptr;

void forget_in_child() {
  *state_of_this_process = new (std::nothrow) Workers::State(*state_of_this_process);
}
}  // namespace

Workers::Workers() : state_(new State(nullptr)) {
  state_of_this_process = &state_;
  pthread_atfork(nullptr, nullptr, forget_in_child);
}

Workers& Workers::instance() {
  static Workers& leaked = *new Workers();
  return leaked;
}

Job Workers::post(std::function<void()> work, milliseconds limit) {
  State& state = *state_;
  auto job = std::make_shared<Job::State>();
  job->work = std::move(work);
  job->limit = limit;
  const std::scoped_lock lock(state.mutex);
  if (!state.wake) state.wake.emplace();
  state.queue.push_back(job);
  state.ending = false;
  state.wake->set();
  try {
    if (!state.start_what_is_needed()) state.reconsider_later();
  } catch (const Error&) {
    if (!state.workers.empty()) return Job(job);  // one of those there will come to it
    state.queue.pop_back();
    throw;
  }
  return Job(job);
}

std::size_t Workers::thread_count() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->workers.size();
}

bool Workers::stop_now(milliseconds limit) {
  State& state = *state_;
  const Deadline deadline = Deadline::after(limit);
  try {
    const Signal::Subscription ended(state.ended);
    for (;;) {
      {
        const std::scoped_lock lock(state.mutex);
        if (state.workers.empty()) return true;
        state.ending = true;
        state.wake->set();
      }
      if (wait(Waitable::signal(ended), deadline, nullptr) != Woken::ready) return false;
      ended.event().clear();
    }
  } catch (const Error&) {  // no descriptor to wait with: they end all the same
    return thread_count() == 0;
  }
}

}  // namespace core
