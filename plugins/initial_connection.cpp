// SPDX-License-Identifier: Apache-2.0
// Initial connection (spec core-behaviour 8.3): attempts until a host of the wanted role has
// answered, each to the best host known by then.
#include "plugins/initial_connection.h"

#include "core/log.h"
#include "core/random.h"

namespace plugins {
namespace {

using core::Clock;
using core::Deadline;
using core::Error;
using core::HostRole;

constexpr core::OptionAlias strategy_aliases[] = {{"HOST_SELECTOR_STRATEGY"},
                                                  {"initialConnectionHostSelectorStrategy"}};
constexpr core::OptionAlias timeout_aliases[] = {{"INITIAL_CONNECTION_RETRY_TIMEOUT_MS"}};
constexpr core::OptionAlias interval_aliases[] = {{"INITIAL_CONNECTION_RETRY_INTERVAL_MS"}};
constexpr core::OptionAlias verify_aliases[] = {{"VERIFY_INITIAL_CONNECTION_TYPE"}};
// In the order of core::HostStrategy.
constexpr std::string_view strategies[] = {"random|RANDOM_HOST", "round_robin"};
// In the order of Verify.
constexpr std::string_view roles[] = {"writer", "reader", "none"};

constexpr core::Option reader_strategy{
    .name = "reader_initial_connection_host_selector_strategy",
    .type = core::OptionType::choice,
    .default_value = "random",
    .help = "Which reader a new connection by the reader endpoint goes to.",
    .aliases = strategy_aliases,
    .choices = strategies,
};
constexpr core::Option retry_timeout{
    .name = "open_connection_retry_timeout_ms",
    .type = core::OptionType::span_milliseconds,
    .default_value = "30000",
    .help =
        "How long a new connection by a cluster's name looks for a host of the right role before "
        "it takes what the name leads to.",
    .aliases = timeout_aliases,
};
constexpr core::Option retry_interval{
    .name = "open_connection_retry_interval_ms",
    .type = core::OptionType::span_milliseconds,
    .default_value = "1000",
    .help = "Longest pause between two such attempts; a writer that is found ends it.",
    .aliases = interval_aliases,
    .minimum = 1,
};
constexpr core::Option verify_type{
    .name = "verify_opened_connection_type",
    .type = core::OptionType::choice,
    .help =
        "Role that the host of a new connection must have; when not given, the one that the "
        "cluster endpoint's name promises.",
    .aliases = verify_aliases,
    .choices = roles,
};
constexpr const core::Option* initial_options[] = {&reader_strategy, &retry_timeout,
                                                   &retry_interval, &verify_type};
constexpr core::OptionGroup initial_group{"initial_connection", initial_options};
constexpr auto component = "InitialConnection";
/// A host that accepts and then stays silent must not eat the whole time.
constexpr core::milliseconds attempt_limit{10000};

std::unique_ptr<core::Plugin> make(core::Session& session, const core::Options& options) {
  return std::make_unique<InitialConnection>(session, options);
}

bool has_readers(const core::Topology& topology) { return topology.hosts.size() > 1; }

/// Worth another attempt: a host or the way to it may come back.
bool may_pass(const Error& error) {
  if (error.state() == core::sqlstate::cancelled || error.login_failed()) return false;
  const bool no_address = error.main().component == "Resolver";
  return !no_address && (error.link_lost() || error.state().in_class("08") ||
                         error.state() == core::sqlstate::timeout);
}

}  // namespace

constinit const core::PluginDescriptor initial_connection_descriptor{
    .code = "initial_connection",
    .aliases = {},
    .weight = 500,
    .conflicts = {},
    .options = &initial_group,
    .make = make,
    .on_by_default = true,
};

InitialConnection::InitialConnection(core::Session& session, const core::Options& options)
    : session_(session),
      strategy_(static_cast<core::HostStrategy>(options.choice(reader_strategy))),
      timeout_(options.span(retry_timeout)),
      interval_(options.span(retry_interval)),
      verify_(options.given(verify_type) ? static_cast<Verify>(options.choice(verify_type))
                                         : Verify::by_name) {}

HostRole InitialConnection::wanted(const std::string& host) const {
  switch (verify_) {
    case Verify::writer: return HostRole::writer;
    case Verify::reader: return HostRole::reader;
    case Verify::none: return HostRole::unknown;
    case Verify::by_name: break;
  }
  switch (core::parse_endpoint(host).kind) {
    case core::EndpointKind::writer_cluster:
    case core::EndpointKind::global_writer: return HostRole::writer;
    case core::EndpointKind::reader_cluster: return HostRole::reader;
    default: return HostRole::unknown;
  }
}

std::shared_ptr<core::Client> InitialConnection::connect(core::ConnectRequest& request,
                                                         const core::NextConnect& next) {
  const HostRole role = wanted(request.host.host);
  if (!request.initial || role == HostRole::unknown) return next(request);
  const core::ConnectRequest asked = request;
  const Deadline until = Deadline::after(timeout_);
  do {
    request = asked;
    const bool blind = session_.known_cluster() == nullptr;
    try {
      if (auto client = attempt(request, next, role)) return client;
    } catch (const Error& error) {
      if (!may_pass(error) || asked.deadline.expired() || until.expired()) throw;
      core::log::line(core::log::Level::info, component, "{}: trying again after: [{}] {}",
                      request.host.text(), error.state().view(), error.what());
    }
    const auto cluster = session_.known_cluster();
    if (blind && cluster != nullptr) continue;  // now it is known where to go
    // A new writer ends the pause; without a known cluster there is nothing to wait for but time.
    const auto pause = core::jittered(interval_, 0.5, 1.0);
    const Deadline next_attempt = earlier(asked.deadline, Deadline::after(pause));
    if (cluster != nullptr && role == HostRole::writer) {
      static_cast<void>(cluster->wait_for_writer(Clock::now(), next_attempt, asked.interrupt));
    } else if (core::pause(core::milliseconds(next_attempt.poll_timeout()), asked.interrupt) ==
               core::Woken::interrupted) {
      throw Error(core::sqlstate::cancelled, component, "cancelled while connecting",
                  core::Reached::not_sent);
    }
  } while (!until.expired() && !asked.deadline.expired());
  core::log::line(
      core::log::Level::warn, component,
      "no host of the wanted role behind {} within {} ms: taking what the name leads to",
      asked.host.text(), timeout_.count());
  request = asked;
  return next(request);
}

/// Null when a host answered that has not the role.
std::shared_ptr<core::Client> InitialConnection::attempt(core::ConnectRequest& request,
                                                         const core::NextConnect& next,
                                                         HostRole role) {
  if (const auto cluster = session_.known_cluster()) {
    const auto host = candidate(*cluster, role);
    if (!host) return nullptr;
    request.host = host->endpoint;
    request.deadline = earlier(request.deadline, Deadline::after(attempt_limit));
    try {
      return accepted(request, next(request), cluster, role);
    } catch (const Error& error) {
      if (error.link_lost() || error.state() == core::sqlstate::timeout)
        cluster->mark(host->endpoint, core::Availability::unavailable);
      throw;
    }
  }
  auto client = next(request);
  const auto identity =
      session_.identify(*client, {.deadline = request.deadline, .interrupt = request.interrupt});
  if (!identity) return client;  // no cluster, or none that tells itself: nothing to verify by
  return accepted(request, std::move(client), identity->cluster, role);
}

std::shared_ptr<core::Client> InitialConnection::accepted(
    core::ConnectRequest& request, std::shared_ptr<core::Client> client,
    const std::shared_ptr<core::Cluster>& cluster, HostRole role) {
  const core::SelfReport self = session_.ask_self(*client, request.deadline, request.interrupt);
  const core::TopologyPtr topology = cluster->topology();
  const bool known = topology != nullptr && topology->contains(self.own_id);
  const bool only_the_writer = topology != nullptr && !has_readers(*topology);
  const bool right = self.writer == (role == HostRole::writer) || only_the_writer;
  if (known && right) {
    session_.note_identity(*client, cluster, self.own_id);
    return client;
  }
  core::log::line(core::log::Level::info, component, "{} answers as {} {}; looking further",
                  request.host.text(), self.writer ? "writer" : "reader", self.own_id);
  return nullptr;
}

/// The writer, or one of the readers; those that answered lately first, the writer when there are
/// no readers.
std::optional<core::Host> InitialConnection::candidate(const core::Cluster& cluster,
                                                       HostRole role) const {
  const core::TopologyPtr topology = cluster.topology();
  if (topology == nullptr) return std::nullopt;
  if (role == HostRole::writer || !has_readers(*topology)) {
    const core::Host* const writer = topology->writer();
    return writer == nullptr ? std::nullopt : std::optional(*writer);
  }
  std::vector<const core::Host*> readers, available;
  for (const core::Host& host : topology->hosts) {
    if (host.role != HostRole::reader) continue;
    readers.push_back(&host);
    if (cluster.availability(host.endpoint) == core::Availability::available)
      available.push_back(&host);
  }
  const core::Host* const chosen =
      select_host(available.empty() ? std::move(readers) : std::move(available), strategy_);
  return chosen == nullptr ? std::nullopt : std::optional(*chosen);
}

}  // namespace plugins
