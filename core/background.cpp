// SPDX-License-Identifier: Apache-2.0
// The background thread's life. Each run of the thread owns a fresh io_context (a Loop) and
// destroys it, with every coroutine still suspended in it, on its own thread. What outlives a run
// is the State, which is leaked, and which a forked child replaces without looking at it.
#include "core/background.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include "core/client/wait.h"
#include "core/detached_thread.h"
#include "core/error.h"
#include "core/log.h"
#include "core/resolver.h"

namespace core {
namespace asio = boost::asio;
namespace {

constexpr milliseconds linger{2000};
constexpr milliseconds exit_limit{200};
/// How long coroutines may unwind after the stop hooks cancelled them.
constexpr milliseconds settle_limit{100};
/// How long a new run waits for the last one to end.
constexpr milliseconds overtake_after{1000};

/// One run of the thread.
struct Loop {
  explicit Loop(std::uint64_t number) : generation(number) {}
  const std::uint64_t generation;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::steady_timer idle{io};
};

thread_local Loop* this_threads_loop = nullptr;

void run_caught(const std::function<void()>& task) noexcept {
  try {
    task();
  } catch (const std::exception& e) {
    log::line(log::Level::error, "background", "a task failed: {}", e.what());
  } catch (...) { log::line(log::Level::error, "background", "a task failed"); }
}

}  // namespace

struct Background::State {
  State(std::uint64_t process_number, State* of_parent)
      : process(process_number), parent(of_parent) {}
  const std::uint64_t process;
  State* const parent;  // never touched; keeps a parent's state reachable for leak checkers

  std::mutex mutex;
  std::shared_ptr<Loop> loop;  // null: no thread, or one that is on its way out
  std::uint64_t generations = 0;
  std::size_t leases = 0;
  Clock::time_point idle_since{};
  bool exiting = false;
  std::map<std::uint64_t, std::function<void()>> hooks;
  std::uint64_t last_hook = 0;
  std::atomic<std::size_t> threads{0};
  std::atomic<std::uint64_t> generations_ended{0};
  Signal ended;

  // All with the mutex held.
  void ensure_loop();
  void became_idle();

  void run(std::shared_ptr<Loop> own);
  void let_the_last_run_end(std::uint64_t generation) noexcept;
  void arm_idle_timer(const std::shared_ptr<Loop>& own);
  void end_if_idle(const std::shared_ptr<Loop>& own);
  std::map<std::uint64_t, std::function<void()>> copy_of_hooks();
};

void Background::State::ensure_loop() {
  if (loop || exiting) return;
  auto fresh = std::make_shared<Loop>(++generations);
  threads.fetch_add(1);
  try {
    start_detached_thread("aurodbc-io", [this, fresh]() mutable { run(std::move(fresh)); });
  } catch (...) {
    threads.fetch_sub(1);
    --generations;
    throw;
  }
  loop = fresh;
  if (leases == 0) became_idle();
}

void Background::State::became_idle() {
  idle_since = Clock::now();
  if (!loop) return;
  asio::post(loop->io, [this, weak = std::weak_ptr<Loop>(loop)] {
    if (const auto own = weak.lock()) arm_idle_timer(own);
  });
}

void Background::State::arm_idle_timer(const std::shared_ptr<Loop>& own) {
  Clock::time_point due;
  {
    const std::scoped_lock lock(mutex);
    due = idle_since + linger;
  }
  own->idle.expires_at(due);
  own->idle.async_wait([this, weak = std::weak_ptr<Loop>(own)](boost::system::error_code failed) {
    const auto alive = weak.lock();
    if (!failed && alive) end_if_idle(alive);
  });
}

void Background::State::end_if_idle(const std::shared_ptr<Loop>& own) {
  {
    const std::scoped_lock lock(mutex);
    if (loop != own || leases > 0) return;  // the last lease to go arms the timer again
    if (Clock::now() >= idle_since + linger) {
      loop = nullptr;
      own->io.stop();
      return;
    }
  }
  arm_idle_timer(own);
}

std::map<std::uint64_t, std::function<void()>> Background::State::copy_of_hooks() {
  const std::scoped_lock lock(mutex);
  return hooks;
}

// Runs follow one another, so that what the last one is still destroying meets no other thread.
// One that hangs is overtaken: it holds nothing a task could reach.
void Background::State::let_the_last_run_end(std::uint64_t generation) noexcept {
  try {
    const Signal::Subscription subscription(ended);
    const Deadline deadline = Deadline::after(overtake_after);
    while (generations_ended.load() + 1 < generation) {
      if (wait(Waitable::signal(subscription), deadline, nullptr) != Woken::ready) return;
      subscription.event().clear();
    }
  } catch (const Error& e) { log::line(log::Level::warn, "background", "{}", e.what()); }
}

void Background::State::run(std::shared_ptr<Loop> own) {
  const std::uint64_t generation = own->generation;
  let_the_last_run_end(generation);
  this_threads_loop = own.get();
  log::line(log::Level::debug, "background", "thread started");
  const auto run_until_stopped = [&](auto&& go) {
    for (;;) {
      try {
        go();
        return;
      } catch (const std::exception& e) {
        log::line(log::Level::error, "background", "a handler failed: {}", e.what());
      } catch (...) { log::line(log::Level::error, "background", "a handler failed"); }
    }
  };
  run_until_stopped([&] { own->io.run(); });
  own->work.reset();
  own->idle.cancel();
  own->io.restart();
  // As handlers: a cancellation signal raised outside them would be posted and outlived.
  for (auto& [id, hook] : copy_of_hooks())
    asio::post(own->io, [hook = std::move(hook)] { run_caught(hook); });
  const auto until = Clock::now() + settle_limit;
  run_until_stopped([&] {
    while (own->io.poll() > 0 && Clock::now() < until) own->io.restart();
  });
  own.reset();  // destroys what is still suspended, here and not on an application's thread
  this_threads_loop = nullptr;
  log::line(log::Level::debug, "background", "thread ended");
  threads.fetch_sub(1);
  if (generations_ended.load() < generation) generations_ended.store(generation);
  ended.publish();
}

namespace {

std::atomic<std::uint64_t> process_number{1};
Background::State** state_of_this_process = nullptr;

// Nothing of the parent's state is read: its mutex may be held by a thread that is not here.
void forget_in_child() {
  *state_of_this_process =
      new (std::nothrow) Background::State(process_number.fetch_add(1) + 1, *state_of_this_process);
  this_threads_loop = nullptr;
}

void stop_at_exit() {
  const Deadline deadline = Deadline::after(exit_limit);
  Background& background = Background::instance();
  (*state_of_this_process)->mutex.lock();
  (*state_of_this_process)->exiting = true;
  (*state_of_this_process)->mutex.unlock();
  background.stop_now(milliseconds(deadline.poll_timeout()));
  Workers::instance().stop_now(milliseconds(deadline.poll_timeout()));
}

}  // namespace

Background::Background() : state_(new State(process_number.load(), nullptr)) {
  state_of_this_process = &state_;
  pthread_atfork(nullptr, nullptr, forget_in_child);
  std::atexit(stop_at_exit);
}

Background& Background::instance() {
  static Background& leaked = *new Background();
  return leaked;
}

Background::Lease Background::lease() {
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.ensure_loop();
  ++state.leases;
  return Lease(state.process);
}

Background::Lease::Lease(Lease&& other) noexcept : process_(std::exchange(other.process_, 0)) {}

Background::Lease& Background::Lease::operator=(Lease&& other) noexcept {
  std::swap(process_, other.process_);
  return *this;
}

Background::Lease::~Lease() {
  if (process_ == 0) return;
  State& state = *Background::instance().state_;
  if (state.process != process_) return;
  try {
    const std::scoped_lock lock(state.mutex);
    if (--state.leases == 0) state.became_idle();
  } catch (...) {  // no memory for a timer: the thread lives on until the next lease goes
    log::line(log::Level::error, "background", "cannot arm the linger timer");
  }
}

void Background::post(std::function<void()> task) {
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.ensure_loop();
  if (!state.loop) return;
  asio::post(state.loop->io, [task = std::move(task)] { run_caught(task); });
}

void Background::post_after(milliseconds delay, std::function<void()> task) {
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.ensure_loop();
  if (!state.loop) return;
  auto timer = std::make_shared<asio::steady_timer>(state.loop->io, delay);
  timer->async_wait([timer, task = std::move(task)](boost::system::error_code failed) {
    if (!failed) run_caught(task);
  });
}

asio::io_context& Background::context() {
  if (this_threads_loop) return this_threads_loop->io;
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.ensure_loop();
  if (!state.loop)
    throw Error(sqlstate::general, "Background", "the process is exiting", Reached::not_sent);
  return state.loop->io;
}

std::uint64_t Background::generation() const {
  if (this_threads_loop) return this_threads_loop->generation;
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  return state.loop ? state.loop->generation : 0;
}

bool Background::stop_now(milliseconds limit) {
  State& state = *state_;
  const Deadline deadline = Deadline::after(limit);
  std::uint64_t last = 0;
  {
    const std::scoped_lock lock(state.mutex);
    if (state.loop) std::exchange(state.loop, nullptr)->io.stop();
    last = state.generations;  // who starts another run meanwhile is not waited for
  }
  if (this_threads_loop) return false;
  try {
    const Signal::Subscription ended(state.ended);
    while (state.generations_ended.load() < last) {
      if (wait(Waitable::signal(ended), deadline, nullptr) != Woken::ready) return false;
      ended.event().clear();
    }
  } catch (const Error&) {  // no descriptor to wait with: the thread ends all the same
    return state.generations_ended.load() >= last;
  }
  return true;
}

std::size_t Background::thread_count() const {
  return state_->threads.load() + Workers::instance().thread_count();
}

std::uint64_t Background::on_stop(std::function<void()> hook) {
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.hooks.emplace(++state.last_hook, std::move(hook));
  return state.last_hook;
}

void Background::remove_stop_hook(std::uint64_t id) {
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  state.hooks.erase(id);
}

}  // namespace core
