// SPDX-License-Identifier: Apache-2.0
// Coroutine waits of the background. The descriptor is assigned and released for each wait, because
// libpq closes and reopens sockets under the same number and epoll forgets the closed one.
#include "core/background_exchange.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace core {
namespace asio = boost::asio;
using asio::posix::stream_descriptor;

namespace {

[[noreturn]] void stop_here() { throw boost::system::system_error(asio::error::operation_aborted); }

Error timed_out(const char* what) {
  return Error(sqlstate::timeout, "Background", std::string(what) + " timed out", Reached::sent,
               native_code::timed_out)
      .with_link_lost();
}

/// One wait for a descriptor. Lives in the coroutine and in its timer's handler.
struct DescriptorWait {
  explicit DescriptorWait(const asio::any_io_executor& executor)
      : descriptor(executor), timer(executor) {}
  stream_descriptor descriptor;
  asio::steady_timer timer;
  bool expired = false;
};

/// Gives the descriptor back to its client however the wait ends.
struct Borrowed {
  explicit Borrowed(std::shared_ptr<DescriptorWait> shared) : wait(std::move(shared)) {}
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  std::shared_ptr<DescriptorWait> wait;
  ~Borrowed() {
    if (wait->descriptor.is_open()) wait->descriptor.release();
    wait->timer.cancel();
  }
};

/// False at the deadline.
asio::awaitable<bool> ready(int fd, Want want, Deadline deadline) {
  // g++ 12 destroys temporaries twice that share an expression with co_await: named objects only.
  const auto executor = co_await asio::this_coro::executor;
  const Borrowed borrowed(std::make_shared<DescriptorWait>(executor));
  DescriptorWait& wait = *borrowed.wait;
  wait.descriptor.assign(fd);
  if (!deadline.is_never()) {
    wait.timer.expires_at(deadline.at());
    wait.timer.async_wait([both = borrowed.wait](boost::system::error_code cancelled) {
      if (cancelled || !both->descriptor.is_open()) return;
      both->expired = true;
      both->descriptor.cancel();
    });
  }
  const auto kind =
      want == Want::write ? stream_descriptor::wait_write : stream_descriptor::wait_read;
  const auto [failed] =
      co_await wait.descriptor.async_wait(kind, asio::as_tuple(asio::use_awaitable));
  if (wait.expired) co_return false;
  if (failed == asio::error::operation_aborted) stop_here();
  co_return true;  // an error is readiness too: the next step finds it
}

/// What a worker needs for one step, however long it takes. The exchange goes first.
struct BlockingStep {
  std::shared_ptr<Client> client;
  std::shared_ptr<Exchange> exchange;
  Want want = Want::done;
};

asio::awaitable<Want> step_on_worker(std::shared_ptr<Client> client,
                                     std::shared_ptr<Exchange> exchange, Deadline deadline,
                                     const char* what) {
  const auto step = std::make_shared<BlockingStep>(BlockingStep{client, std::move(exchange)});
  struct AbortUnlessDone {
    Client& link;
    bool done = false;
    ~AbortUnlessDone() {
      if (!done) link.abort();
    }
  } guard{*client};
  std::function<void()> work = [step] { step->want = step->exchange->step(); };
  co_await run_on_worker(std::move(work), deadline, what);
  guard.done = true;
  co_return step->want;
}

/// A timer that a callback from elsewhere ends early. Callbacks hold it weakly: it must not outlive
/// the coroutine, because its io_context does not either.
using Alarm = std::shared_ptr<asio::steady_timer>;

asio::awaitable<void> wait_for(Alarm alarm, Deadline deadline) {
  alarm->expires_at(deadline.at());
  const auto [failed] = co_await alarm->async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(failed);
}

}  // namespace

asio::awaitable<void> run_on_worker(std::function<void()> work, Deadline deadline,
                                    const char* what) {
  const auto executor = co_await asio::this_coro::executor;
  const auto alarm = std::make_shared<asio::steady_timer>(executor);
  const auto limit = milliseconds(deadline.is_never() ? 30000 : deadline.poll_timeout());
  Job job = Workers::instance().post(std::move(work), limit);
  job.then([weak = std::weak_ptr(alarm)] {
    if (const auto waiting = weak.lock()) waiting->cancel();
  });
  co_await wait_for(alarm, deadline);
  if (!job.finished()) {
    if (!deadline.expired()) stop_here();
    throw timed_out(what);
  }
  job.rethrow_failure();
}

asio::awaitable<void> drive(std::shared_ptr<Client> client, std::shared_ptr<Exchange> exchange,
                            Deadline deadline, const char* what) {
  Want want = exchange->step();
  while (want != Want::done) {
    if (want == Want::worker) {
      want = co_await step_on_worker(client, exchange, deadline, what);
      continue;
    }
    if (!co_await ready(exchange->descriptor(), want, deadline)) throw timed_out(what);
    want = exchange->step();
  }
}

asio::awaitable<Resolved> resolve_name(Resolver& resolver, std::string host, Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto alarm = std::make_shared<asio::steady_timer>(executor);
  const auto answer = std::make_shared<std::optional<Resolved>>();
  resolver.resolve_async(host, deadline,
                         [answer, weak = std::weak_ptr(alarm)](Addresses found, std::string error) {
                           *answer = Resolved{std::move(found), std::move(error)};
                           if (const auto waiting = weak.lock()) waiting->cancel();
                         });
  co_await wait_for(alarm, Deadline::never());
  if (!*answer) stop_here();
  co_return std::move(**answer);
}

}  // namespace core
