// SPDX-License-Identifier: Apache-2.0
// Looking, probing, condemning. All on one thread: only coroutines suspend.
#include "core/host_monitor_run.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "core/background.h"
#include "core/background_exchange.h"
#include "core/log.h"
#include "core/monitor_connect.h"
#include "core/telemetry.h"

namespace core {
namespace asio = boost::asio;
namespace {

constexpr const char* component = "HostMonitoring";
constexpr milliseconds shortest_pause{10};  // between two checks
constexpr milliseconds after_exception{1000};
constexpr milliseconds longest_answer{1000};  // beyond the next check

/// A host that refuses the login, the database or the question is alive; what never left this
/// process says nothing about it.
CheckResult judged(const Error& failed) {
  const Sqlstate state = failed.state();
  if (failed.login_failed() || state == sqlstate::server_rejected) return CheckResult::answered;
  if (failed.link_lost() || state == sqlstate::timeout || state.in_class("08"))
    return CheckResult::failed;
  return failed.reached() == Reached::answered && state != sqlstate::no_memory
             ? CheckResult::answered
             : CheckResult::nothing_learned;
}

}  // namespace

/// One question or one connect, shared with its coroutine.
struct HostMonitorRun::Attempt {
  std::shared_ptr<Client> link;       // whom is asked, or what was connected; null when broken
  bool asks = false;                  // else it connects
  bool on_its_way = false;            // the host has been asked, so its silence counts
  bool closed = false;                // the link was not silent but closed
  std::optional<CheckResult> result;  // once it has ended
  asio::cancellation_signal cancel;
  std::weak_ptr<asio::steady_timer> waiting;  // who waits for the end

  void finish(CheckResult how) {
    result = how;
    if (const auto timer = waiting.lock()) timer->cancel();
  }
};

struct HostMonitorRun::Live {
  Live(HostMonitorRun& run, const asio::any_io_executor& executor) : owner(run), wake(executor) {
    owner.live_ = this;
  }
  ~Live() { owner.live_ = nullptr; }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;
  HostMonitorRun& owner;
  asio::steady_timer wake;
};

HostMonitorRun::HostMonitorRun(std::shared_ptr<MonitoredHost> host, std::uint64_t generation)
    : host_(std::move(host)), generation_(generation), streak_(host_->rule()) {}

HostMonitorRun::~HostMonitorRun() = default;

void HostMonitorRun::start() {
  if (ended_) return;
  stop_hook_ = Background::instance().on_stop([weak = weak_from_this()] {
    if (const auto run = weak.lock()) run->end();
  });
  asio::co_spawn(
      Background::instance().context(), [self = shared_from_this()] { return self->run(); },
      asio::detached);
}

void HostMonitorRun::look_again() {
  if (live_) live_->wake.cancel();
}

void HostMonitorRun::end() {
  if (std::exchange(ended_, true)) return;
  Background::instance().remove_stop_hook(stop_hook_);
  const auto attempt = attempt_;
  drop_attempt();
  if (attempt)
    if (const auto timer = attempt->waiting.lock()) timer->cancel();
  if (live_) live_->wake.cancel();
  HostMonitors::instance().forget_run(*this);
}

asio::awaitable<void> HostMonitorRun::run() {
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  Live live(*this, executor);
  log::line(log::Level::debug, component, "{}: monitor starts", host_->peer());
  while (!ended_) {
    auto next = Clock::now() + after_exception;
    try {
      next = co_await watch();
    } catch (const std::exception& e) {
      drop_attempt();
      log::line(log::Level::error, component, "{}: the monitor goes on after: {}", host_->peer(),
                e.what());
    }
    co_await rest(next);
  }
  drop_link();
  log::line(log::Level::debug, component, "{}: monitor ends", host_->peer());
}

asio::awaitable<void> HostMonitorRun::rest(Clock::time_point until) {
  if (ended_) co_return;
  live_->wake.expires_at(until);
  const auto [ignored] = co_await live_->wake.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ignored);
}

/// Until when nothing has to be done.
asio::awaitable<Clock::time_point> HostMonitorRun::watch() {
  HostMonitors& monitors = HostMonitors::instance();
  const auto began = Clock::now();
  const HostMonitors::View view = monitors.look(*host_, began);
  if (!view.overdue) {
    settle();
    if (view.nearly && !link_ && !attempt_) {  // connecting takes time that a verdict has not
      needed_at_ = began;
      begin_attempt();
    }
    if (!link_) co_return view.next_look;
    const auto unused_at = needed_at_ + monitors.access(*host_)->disposal;
    if (began < unused_at) co_return std::min(view.next_look, unused_at);
    log::line(log::Level::debug, component, "{}: nobody needs the probe link", host_->peer());
    drop_link();
    co_return view.next_look;
  }
  needed_at_ = began;
  const CheckResult found = co_await check(Deadline(began + host_->rule().answer_limit));
  if (ended_) co_return began;
  const auto ended = Clock::now();
  const bool trusted = !streak_.since();
  streak_.note(found, began, ended);
  if (trusted && streak_.since()) suspect(began);
  if (streak_.dead()) condemn(ended);
  co_return std::max(began + host_->rule().interval, ended + shortest_pause);
}

/// What is not answered in time fails this check and goes on: a late answer is a sign of life too.
asio::awaitable<CheckResult> HostMonitorRun::check(Deadline deadline) {
  settle();
  if (attempt_ && attempt_->asks) drop_attempt();  // no answer in a whole interval: dial anew
  for (;;) {
    if (!attempt_) begin_attempt();
    const auto current = attempt_;
    co_await end_of(current, deadline);
    if (!current->result)
      co_return current->on_its_way ? CheckResult::failed : CheckResult::nothing_learned;
    settle();
    if (!current->closed || ended_) co_return *current->result;
    // Only the probe link is known to be gone: somebody may have closed it for being idle.
  }
}

asio::awaitable<void> HostMonitorRun::end_of(std::shared_ptr<Attempt> attempt, Deadline deadline) {
  if (attempt->result) co_return;
  const auto executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<asio::steady_timer>(executor);
  attempt->waiting = timer;
  timer->expires_at(deadline.at());
  const auto [ignored] = co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ignored);
}

void HostMonitorRun::begin_attempt() {
  const auto attempt = attempt_ = std::make_shared<Attempt>();
  attempt->link = std::exchange(link_, nullptr);
  attempt->asks = attempt->link != nullptr;
  const auto patience = Deadline::after(2 * host_->rule().interval + longest_answer);
  asio::co_spawn(
      Background::instance().context(),
      [attempt, patience, access = HostMonitors::instance().access(*host_)] {
        return attempt->asks ? ask(attempt, patience) : connect(attempt, access);
      },
      asio::bind_cancellation_slot(attempt->cancel.slot(),
                                   [attempt](const std::exception_ptr&) {}));
}

/// What ended since the last look.
void HostMonitorRun::settle() {
  if (!attempt_ || !attempt_->result) return;
  const auto ended = std::exchange(attempt_, nullptr);
  link_ = ended->link;
  const auto now = Clock::now();
  if (*ended->result == CheckResult::answered) streak_.note(CheckResult::answered, now, now);
}

asio::awaitable<void> HostMonitorRun::ask(std::shared_ptr<Attempt> attempt, Deadline deadline) {
  CheckResult result = CheckResult::nothing_learned;
  const auto link = attempt->link;
  attempt->on_its_way = true;
  bool broken = true;
  try {
    std::shared_ptr<TextExchange> asking = link->start_text_query("SELECT 1");
    co_await drive(link, asking, deadline, "a probe of the host");
    result = CheckResult::answered;
    broken = false;
  } catch (const Error& failed) {
    result = judged(failed);
    attempt->closed = failed.link_lost() && failed.state() != sqlstate::timeout;
    broken = failed.link_lost();
    log::line(log::Level::debug, component, "{}: [{}] {}", link->peer_address(),
              failed.state().view(), failed.what());
  } catch (const boost::system::system_error&) {  // dropped
  } catch (const std::exception& e) {
    log::line(log::Level::error, component, "{}: {}", link->peer_address(), e.what());
  }
  if (broken) {
    link->abort();
    attempt->link = nullptr;
  }
  attempt->finish(result);
}

asio::awaitable<void> HostMonitorRun::connect(std::shared_ptr<Attempt> attempt,
                                              std::shared_ptr<const ProbeAccess> access) {
  CheckResult result = CheckResult::nothing_learned;
  bool broken = true;
  try {
    const EventDescriptor spare;  // out of descriptors: our trouble, not the host's
    const auto deadline = Deadline::after_or_never(access->connect_limit);
    Credentials credentials = co_await monitor_credentials(access->credentials, deadline);
    attempt->on_its_way = true;
    auto link = access->services->client_for(access->engine)->make(Workers::instance());
    attempt->link = link;
    LinkTarget target{access->endpoint, {access->address}};
    co_await connect_monitor(link, std::move(target), access->options, std::move(credentials),
                             deadline, "connecting the host monitor");
    broken = false;
    result = CheckResult::answered;
  } catch (const Error& failed) {
    if (attempt->on_its_way) result = judged(failed);
    if (failed.login_failed()) access->credentials->invalidate();
    log::line(log::Level::debug, component, "{}: [{}] {}", access->address, failed.state().view(),
              failed.what());
  } catch (const boost::system::system_error&) {  // dropped
  } catch (const std::exception& e) {
    log::line(log::Level::error, component, "{}: {}", access->address, e.what());
  }
  if (broken) attempt->link = nullptr;
  attempt->finish(result);
}

void HostMonitorRun::drop_attempt() {
  if (const auto attempt = std::exchange(attempt_, nullptr)) {
    attempt->cancel.emit(asio::cancellation_type::terminal);
    if (attempt->link) attempt->link->abort();
  }
}

/// Never waits for the host.
void HostMonitorRun::drop_link() noexcept {
  if (!link_) return;
  if (!link_->usable()) link_->abort();
  link_.reset();
}

/// Whoever has to leave this host will need to know the writer.
void HostMonitorRun::suspect(Clock::time_point now) {
  log::line(log::Level::debug, component, "{}: does not answer", host_->peer());
  for (const auto& cluster : HostMonitors::instance().clusters_of_overdue(*host_, now))
    cluster->verify_soon();
}

void HostMonitorRun::condemn(Clock::time_point now) {
  const auto condemned = HostMonitors::instance().condemn(*host_, now);
  if (condemned.empty()) return;
  log::line(log::Level::warn, component,
            "{} has not answered for {:.0f} ms: shutting {} links down under their calls",
            host_->peer(), elapsed_ms(*streak_.since(), now), condemned.size());
  telemetry::hosts_found_dead.add();
  telemetry::connections_aborted.add(condemned.size());
  std::shared_ptr<Cluster> last;
  for (const auto& link : condemned) {
    const auto cluster = link.cluster.lock();
    if (cluster && cluster != last) cluster->mark(link.host, Availability::unavailable);
    last = cluster;
    link.client->abort();
  }
}

}  // namespace core
