// SPDX-License-Identifier: Apache-2.0
// The topology monitor's two states: in doubt (search) and sure (watch). All on one thread, so the
// order of events is what the code says; only coroutines suspend. Start at run().
#include "core/topology_monitor.h"

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
#include <map>
#include <utility>

#include "core/log.h"
#include "core/monitor_limits.h"
#include "core/random.h"
#include "core/services.h"
#include "core/telemetry.h"

namespace core {
namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

constexpr milliseconds eager_pause = 10ms;  // between two questions to one host at first
constexpr milliseconds eager_for = 5s;
constexpr milliseconds patient_pause = 100ms;
constexpr milliseconds widen_after = 1s;  // a first look at the known writer alone
constexpr milliseconds reader_view_every = 100ms;
constexpr milliseconds high_rate_for = 30s;
constexpr milliseconds names_asked_every = 30s;
constexpr milliseconds login_patience = 5s;
constexpr milliseconds long_login_patience = 30s;
constexpr milliseconds login_pause_limit = 400ms;
constexpr milliseconds backoff_limit = 10s;
constexpr milliseconds default_connect_limit = 5s;
constexpr milliseconds first_answer_limit = 1s;

constexpr const char* component = "topology";

/// 100 ms doubled with each attempt up to the limit.
milliseconds doubled(int attempts, milliseconds limit) {
  return std::min(limit, patient_pause * (1 << std::min(attempts, 7)));
}

milliseconds question_limit(const Options& options) {
  const milliseconds limit = options.span(general::auxiliary_query_timeout_sec);
  return limit.count() > 0 ? limit : default_connect_limit;
}

}  // namespace

/// One host's prober. Shared by its coroutine and the search.
struct TopologyMonitor::Prober {
  explicit Prober(HostPort where) : endpoint(std::move(where)) {}
  const HostPort endpoint;
  std::unique_ptr<MonitorLink> link;
  asio::cancellation_signal cancel;
  milliseconds patience = first_answer_limit;  // doubled by each unanswered question
  int failures = 0;                            // since the last answer
  std::optional<Clock::time_point> login_failing_since;
  bool misconfigured = false;
  bool answered = false;  // the last attempt
};

/// One panic: its probers, until one of them is the writer.
struct TopologyMonitor::Search {
  const Clock::time_point began = Clock::now();
  std::map<HostPort, std::shared_ptr<Prober>> probers;
  bool wide = false;
  bool over = false;
  Prober* viewer = nullptr;  // the one reader whose view of the hosts counts
  Clock::time_point next_view = Clock::time_point::min();

  milliseconds pause() const {
    return Clock::now() - began < eager_for ? eager_pause : jittered(patient_pause, 0.5, 1.5);
  }
  bool somebody_answers() const {
    return std::any_of(probers.begin(), probers.end(),
                       [](const auto& entry) { return entry.second->answered; });
  }
  void close() {
    over = true;
    viewer = nullptr;
    for (auto& [endpoint, prober] : std::exchange(probers, {}))
      prober->cancel.emit(asio::cancellation_type::terminal);
  }
};

struct TopologyMonitor::Live {
  Live(TopologyMonitor& owner, const asio::any_io_executor& executor)
      : monitor(owner), wake(executor) {
    monitor.live_ = this;
  }
  ~Live() { monitor.live_ = nullptr; }
  TopologyMonitor& monitor;
  asio::steady_timer wake;
  asio::cancellation_signal stop_refresh;
};

TopologyMonitor::TopologyMonitor(std::shared_ptr<Cluster> cluster, std::uint64_t generation)
    : cluster_(std::move(cluster)), generation_(generation) {}

TopologyMonitor::~TopologyMonitor() = default;

void TopologyMonitor::start() {
  if (ended_) return;
  access_ = cluster_->newest_access();
  stop_hook_ = Background::instance().on_stop([weak = weak_from_this()] {
    if (const auto monitor = weak.lock()) monitor->end();
  });
  asio::co_spawn(
      Background::instance().context(), [self = shared_from_this()] { return self->run(); },
      asio::detached);
}

void TopologyMonitor::end() {
  if (std::exchange(ended_, true)) return;
  log::line(log::Level::debug, component, "cluster {}: monitor ends", cluster_->id());
  Background::instance().remove_stop_hook(stop_hook_);
  if (const auto search = std::exchange(search_, nullptr)) search->close();
  if (live_) {
    live_->stop_refresh.emit(asio::cancellation_type::terminal);
    live_->wake.cancel();
  }
  cluster_->forget_monitor(*this);
}

void TopologyMonitor::verify(Clock::time_point since) {
  wanted_since_ = std::max(wanted_since_, since);
  if (ended_ || !live_ || verified_at_ >= wanted_since_) return;
  if (search_ && !search_->wide) widen(*search_);
  live_->stop_refresh.emit(asio::cancellation_type::terminal);
  live_->wake.cancel();
}

bool TopologyMonitor::in_doubt() const { return !link_ || verified_at_ < wanted_since_; }

asio::awaitable<void> TopologyMonitor::run() {
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  Live live(*this, executor);
  log::line(log::Level::debug, component, "cluster {}: monitor starts", cluster_->id());
  while (!ended_) {
    bool failed = false;
    try {
      if (in_doubt())
        co_await search();
      else
        co_await watch();
    } catch (const std::exception& e) {
      failed = true;
      log::line(log::Level::error, component, "cluster {}: the monitor goes on after: {}",
                cluster_->id(), e.what());
    }
    if (failed) {
      if (const auto broken = std::exchange(search_, nullptr)) broken->close();
      co_await rest(Clock::now() + patient_pause);
    }
  }
  link_.reset();
}

asio::awaitable<void> TopologyMonitor::rest(std::optional<Clock::time_point> until) {
  if (ended_) co_return;
  live_->wake.expires_at(until.value_or(Clock::time_point::max()));
  const auto [ignored] = co_await live_->wake.async_wait(asio::as_tuple(asio::use_awaitable));
  static_cast<void>(ignored);
}

// -- In doubt ------------------------------------------------------------------------------------

asio::awaitable<void> TopologyMonitor::search() {
  const auto search = search_ = std::make_shared<Search>();
  const TopologyPtr known = cluster_->topology();
  const bool first_look = !verified_once_ && wanted_since_ == Clock::time_point::min();
  if (link_ && link_->usable()) {  // a false alarm ends with one round trip
    const HostPort endpoint = link_->endpoint();
    add_prober(*search, endpoint, std::move(link_));
  }
  link_.reset();
  if (first_look && known && known->writer())
    add_prober(*search, known->writer()->endpoint);
  else
    widen(*search);
  while (!search->over && !ended_) {
    if (Clock::now() - search->began >= widen_after) {
      if (!search->wide) widen(*search);
      // The hosts that are known may all be gone.
      if (!search->somebody_answers()) add_prober(*search, access_->initial);
    }
    co_await rest(search->wide && search->probers.contains(access_->initial)
                      ? std::optional<Clock::time_point>()
                      : Clock::now() + widen_after);
  }
  search->close();
  if (search_ == search) search_ = nullptr;
}

void TopologyMonitor::widen(Search& search) {
  search.wide = true;
  telemetry::topology_panics.add();
  const TopologyPtr known = cluster_->topology();
  log::line(log::Level::debug, component, "cluster {}: asking {} hosts who is the writer",
            cluster_->id(), known ? known->hosts.size() : 0);
  if (known)
    for (const Host& host : known->hosts) add_prober(search, host.endpoint);
  else
    add_prober(search, access_->initial);
}

void TopologyMonitor::add_prober(Search& search, const HostPort& endpoint,
                                 std::unique_ptr<MonitorLink> link) {
  if (search.over || search.probers.contains(endpoint)) return;
  const auto prober = std::make_shared<Prober>(endpoint);
  prober->link = std::move(link);
  search.probers.emplace(endpoint, prober);
  // Holds what it uses; it is cancelled, not waited for.
  asio::co_spawn(
      Background::instance().context(),
      [self = shared_from_this(), its_search = search_, prober] {
        return self->probe(its_search, prober);
      },
      asio::bind_cancellation_slot(prober->cancel.slot(), [prober](const std::exception_ptr&) {}));
}

asio::awaitable<void> TopologyMonitor::probe(std::shared_ptr<Search> search,
                                             std::shared_ptr<Prober> prober) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  while (!search->over) {
    milliseconds pause = search->pause();
    try {
      co_await look(search, prober);
    } catch (const Error& failed) {
      pause = std::max(pause, after_failure(*search, *prober, failed));
    } catch (const boost::system::system_error&) {
      break;  // cancelled
    } catch (const std::exception& e) {
      log::line(log::Level::error, component, "cluster {}: probing {}: {}", cluster_->id(),
                prober->endpoint.text(), e.what());
      prober->link.reset();
      pause = jittered(doubled(prober->failures++, backoff_limit), 0.5, 1.0);
    }
    if (search->over) break;
    timer.expires_after(pause);
    const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (cancelled) break;
  }
  prober->link.reset();
}

asio::awaitable<void> TopologyMonitor::look(std::shared_ptr<Search> search,
                                            std::shared_ptr<Prober> prober) {
  const auto access = access_;
  if (!prober->link) {
    const auto deadline = Deadline::after_or_never(
        monitor_connect_limit(access->options, "topology-monitoring-", default_connect_limit));
    prober->link = co_await MonitorLink::open(*cluster_, access, prober->endpoint, deadline);
  }
  const auto limit = std::min(prober->patience, question_limit(access->options));
  const Standing standing = co_await prober->link->ask(Deadline::after(limit));
  prober->patience = first_answer_limit;
  prober->failures = 0;
  prober->login_failing_since.reset();
  prober->misconfigured = false;
  prober->answered = true;
  cluster_->mark(prober->endpoint, Availability::available);
  if (search->over) co_return;
  if (!standing.writer) {
    if (!search->wide) widen(*search);
    co_await read_as_reader(search, prober, standing);
    co_return;
  }
  std::vector<Host> hosts = co_await prober->link->hosts(standing, Deadline::after(limit));
  if (search->over) co_return;
  if (hosts.empty()) {
    log::line(log::Level::debug, component,
              "cluster {}: {} says it is the writer but its topology lacks itself or any writer",
              cluster_->id(), prober->endpoint.text());
    if (!search->wide) widen(*search);
    co_return;
  }
  found(*search, *prober, standing, std::move(hosts));
}

void TopologyMonitor::found(Search& search, Prober& prober, const Standing& standing,
                            std::vector<Host> hosts) {
  const TopologyPtr before = cluster_->topology();
  const bool moved = verified_once_ && before && before->verified_writer != standing.own_id;
  verified_at_ = standing.asked_at;
  keep_names_known(hosts);
  cluster_->publish_verified(std::move(hosts), standing.own_id, standing.asked_at);
  if (verified_at_ < wanted_since_) return;  // somebody lost a link after this question was sent
  log::line(moved ? log::Level::info : log::Level::debug, component,
            "cluster {}: writer {} ({}) verified after {:.1f} ms", cluster_->id(), standing.own_id,
            prober.endpoint.text(), elapsed_ms(search.began));
  high_rate_until_ =
      verified_once_ || search.wide ? Clock::now() + high_rate_for : high_rate_until_;
  verified_once_ = true;
  link_ = std::move(prober.link);
  search.over = true;
  live_->wake.cancel();
}

/// New hosts get probers at once, and readers' failover needs the picture even without a writer.
asio::awaitable<void> TopologyMonitor::read_as_reader(std::shared_ptr<Search> search,
                                                      std::shared_ptr<Prober> prober,
                                                      SelfReport self) {
  if (!search->viewer) search->viewer = prober.get();
  if (search->viewer != prober.get() || Clock::now() < search->next_view) co_return;
  search->next_view = Clock::now() + reader_view_every;
  const std::vector<Host> hosts =
      co_await prober->link->hosts(std::move(self), Deadline::after(prober->patience));
  if (search->over || hosts.empty()) co_return;
  for (const Host& host : hosts) add_prober(*search, host.endpoint);
  cluster_->publish(hosts, "");
}

milliseconds TopologyMonitor::after_failure(Search& search, Prober& prober, const Error& failed) {
  log::line(log::Level::debug, component, "cluster {}: {}: [{}] {}", cluster_->id(),
            prober.endpoint.text(), failed.state().view(), failed.what());
  const bool link_survives = prober.link && prober.link->usable();
  if (!link_survives) prober.link.reset();
  prober.answered = link_survives;
  if (search.viewer == &prober) search.viewer = nullptr;
  if (search.over) return {};
  if (!search.wide) widen(search);
  if (failed.login_failed()) return after_login_failure(search, prober, failed);
  if (failed.state() == sqlstate::invalid_attribute_value) {
    prober.misconfigured = true;
    report_if_misconfigured(search, failed);
    return jittered(doubled(++prober.failures, backoff_limit), 0.5, 1.0);
  }
  const bool silent = failed.state() == sqlstate::timeout;
  if (silent) prober.patience *= 2;
  if (silent || failed.link_lost() || failed.state().in_class("08")) {
    cluster_->mark(prober.endpoint, Availability::unavailable);
    return {};
  }
  return jittered(doubled(prober.failures++, backoff_limit), 0.5, 1.0);
}

milliseconds TopologyMonitor::after_login_failure(Search& search, Prober& prober,
                                                  const Error& failed) {
  access_->credentials->invalidate();
  if (auto newest = cluster_->newest_access(); newest != access_) {
    log::line(log::Level::debug, component, "cluster {}: going on with the newest caller's login",
              cluster_->id());
    access_ = std::move(newest);
    return {};
  }
  // Aurora restarts its login service during a promotion: a refusal is no verdict at first.
  const auto patience =
      cluster_->dialect().refuses_logins_while_moving ? long_login_patience : login_patience;
  if (!prober.login_failing_since) prober.login_failing_since = Clock::now();
  if (Clock::now() - *prober.login_failing_since >= patience && !search.somebody_answers())
    cluster_->report(failed);
  const bool awaited = verified_at_ < wanted_since_;
  return doubled(prober.failures++, awaited ? login_pause_limit : backoff_limit);
}

void TopologyMonitor::report_if_misconfigured(Search& search, const Error& failed) {
  for (const auto& [endpoint, prober] : search.probers)
    if (endpoint != access_->initial && !prober->misconfigured) return;
  cluster_->report(failed);
}

// -- Sure ----------------------------------------------------------------------------------------

Clock::duration TopologyMonitor::regular_pause() const {
  const Option& rate = Clock::now() < high_rate_until_
                           ? general::cluster_topology_high_refresh_rate_ms
                           : general::topology_refresh_ms;
  return std::max(access_->options.span(rate), eager_pause);
}

/// A failover must not depend on DNS: the resolver goes on with the last addresses it was told.
void TopologyMonitor::keep_names_known(const std::vector<Host>& hosts) {
  const auto now = Clock::now();
  if (now < names_asked_at_ + names_asked_every) return;
  names_asked_at_ = now;
  for (const Host& host : hosts)
    cluster_->services().resolver->resolve_async(host.endpoint.host,
                                                 Deadline::after(default_connect_limit),
                                                 [](const Addresses&, const std::string&) {});
}

asio::awaitable<void> TopologyMonitor::watch() {
  co_await rest(Clock::now() + regular_pause());
  if (ended_ || in_doubt()) co_return;
  std::string why;
  try {
    // A child of its own, so that verify() can cut a question short that nobody may ever answer.
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::co_spawn(
        executor, [this] { return refresh(); },
        asio::bind_cancellation_slot(live_->stop_refresh.slot(), asio::use_awaitable));
  } catch (const boost::system::system_error&) {
    link_.reset();  // cut short
  } catch (const Error& failed) {
    why = failed.what();
    link_.reset();
  }
  if (!why.empty())
    log::line(log::Level::debug, component, "cluster {}: the writer is in doubt: {}",
              cluster_->id(), why);
}

asio::awaitable<void> TopologyMonitor::refresh() {
  const auto deadline = Deadline::after(question_limit(access_->options));
  const Standing standing = co_await link_->ask(deadline);
  std::vector<Host> hosts = co_await link_->hosts(standing, deadline);
  const auto names = [&](const Host& h) {
    return h.role == HostRole::writer && h.id == standing.own_id;
  };
  if (!standing.writer || std::none_of(hosts.begin(), hosts.end(), names)) {
    // Keep the link: its host is still one to ask.
    wanted_since_ = std::max(wanted_since_, Clock::now());
    log::line(log::Level::debug, component, "cluster {}: {} is not the writer any more",
              cluster_->id(), link_->endpoint().text());
    co_return;
  }
  telemetry::topology_refreshes.add();
  keep_names_known(hosts);
  verified_at_ = standing.asked_at;
  cluster_->publish_verified(std::move(hosts), standing.own_id, standing.asked_at);
}

}  // namespace core
