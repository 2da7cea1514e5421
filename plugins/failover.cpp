// SPDX-License-Identifier: Apache-2.0
// Failover: trigger, the way to the writer, and what the application is told (design "What the
// application is told after a lost link").
#include "plugins/failover.h"

#include <fmt/format.h>

#include "core/log.h"
#include "core/random.h"
#include "core/telemetry.h"
#include "core/writer_link.h"

namespace plugins {
namespace {

using core::Clock;
using core::Error;
using core::Reached;

constexpr core::OptionAlias timeout_aliases[] = {{"FAILOVER_TIMEOUT_MS", true},
                                                 {"failoverTimeoutMs", true}};
constexpr core::OptionAlias enable_aliases[] = {{"ENABLE_CLUSTER_FAILOVER"},
                                                {"enableClusterAwareFailover"}};
constexpr std::string_view in_doubt_choices[] = {"08007", "08S02"};
constexpr std::string_view success_choices[] = {"08S02", "08S01"};

constexpr core::Option enable_failover{
    .name = "enable_failover",
    .type = core::OptionType::boolean,
    .default_value = "true",
    .help = "Moves a connection that lost its host to the cluster's new writer.",
    .aliases = enable_aliases,
};
constexpr core::Option failover_timeout{
    .name = "failover_timeout_sec",
    .type = core::OptionType::span_seconds,
    .default_value = "300",
    .help = "How long one failover may take before the statement fails with 08S01.",
    .aliases = timeout_aliases,
};
constexpr core::Option in_doubt_sqlstate{
    .name = "failover_in_doubt_sqlstate",
    .type = core::OptionType::choice,
    .default_value = "08007",
    .help =
        "SQLSTATE of a write outside a transaction that was sent but not answered before the "
        "link broke; 08S02 is what the AWS wrappers report.",
    .choices = in_doubt_choices,
};
constexpr core::Option success_sqlstate{
    .name = "failover_success_sqlstate",
    .type = core::OptionType::choice,
    .default_value = "08S02",
    .help =
        "SQLSTATE after a successful switch when nothing happened to the data; 08S01 for "
        "applications that know only that state.",
    .choices = success_choices,
};
constexpr const core::Option* failover_options[] = {&enable_failover, &failover_timeout,
                                                    &in_doubt_sqlstate, &success_sqlstate};
constexpr core::OptionGroup failover_group{"failover_v2", failover_options};

constexpr std::string_view failover_aliases[] = {"failover", "failover2"};
constexpr std::string_view failover_conflicts[] = {"gdb_failover"};
constexpr auto component = "Failover";
constexpr core::milliseconds pause_between_attempts{100};
/// A host that accepts and then stays silent must not eat the whole failover.
constexpr core::milliseconds default_attempt_limit{5000};
/// A healthy host answers sooner; one that does not must not hold up the failover.
constexpr core::milliseconds old_host_limit{500};

std::unique_ptr<core::Plugin> make_failover(core::Session& session, const core::Options& options) {
  return std::make_unique<Failover>(session, options);
}

bool is_limit(const core::Failure& failure) {
  return failure.state == core::sqlstate::timeout || failure.state == core::sqlstate::cancelled;
}

/// Describing a text, reading the catalog and setting an attribute change no data, sent or not.
bool changes_no_data(core::OperationKind kind) {
  return kind == core::OperationKind::prepare || kind == core::OperationKind::catalog ||
         kind == core::OperationKind::set_state;
}

Error as_cause(const core::Failure& failure) {
  return Error(failure.state, failure.component, failure.text, Reached::answered, failure.native);
}

/// The loss and what led to it, behind `error`. A query timeout that found the host silent is
/// record 2.
Error with_causes(Error error, const Error& lost) {
  for (const core::Failure& cause : lost.causes())
    if (is_limit(cause)) error.caused_by(as_cause(cause));
  error.caused_by(as_cause(lost.main()));
  for (const core::Failure& cause : lost.causes())
    if (!is_limit(cause)) error.caused_by(as_cause(cause));
  return error;
}

}  // namespace

constinit const core::PluginDescriptor failover_descriptor{
    .code = "failover_v2",
    .aliases = failover_aliases,
    .weight = 900,
    .conflicts = failover_conflicts,
    .options = &failover_group,
    .make = make_failover,
    .on_by_default = true,
};

Failover::Failover(core::Session& session, const core::Options& options)
    : session_(session),
      enabled_(options.boolean(enable_failover)),
      timeout_(options.span(failover_timeout)),
      attempt_limit_(options.given(core::general::connect_timeout)
                         ? options.span(core::general::connect_timeout)
                         : default_attempt_limit),
      in_doubt_is_success_(options.choice(in_doubt_sqlstate) == 1),
      success_is_link_lost_(options.choice(success_sqlstate) == 1) {}

std::shared_ptr<core::Client> Failover::connect(core::ConnectRequest& request,
                                                const core::NextConnect& next) {
  auto client = next(request);
  if (!enabled_ || !request.initial) return client;
  return core::past_stale_dns(session_, std::move(client), request, next);
}

void Failover::around(core::Operation& operation, const core::NextOperation& next) {
  try {
    next(operation);
  } catch (const Error& lost) {
    if (!can_switch(lost)) throw;
    if (came_back(operation, lost)) throw reconnected(operation, lost);
    switch_over(operation, lost);
  }
}

bool Failover::can_switch(const Error& lost) const {
  if (!enabled_ || !lost.link_lost()) return false;
  if (session_.client() == nullptr || session_.client()->usable()) return false;
  const core::Cluster* cluster = session_.cluster();
  return cluster != nullptr && cluster->topology() != nullptr;
}

bool Failover::came_back(const core::Operation& operation, const Error& lost) {
  // Earlier parameter sets of the same call may be committed: "run it again" would repeat them.
  if (lost.reached() != Reached::not_sent || operation.continues) return false;
  const core::Host host = session_.current_host();
  // The tracker may have cut the link because another host has proved to be the writer.
  const core::TopologyPtr topology = session_.cluster()->topology();
  if (!topology->verified_writer.empty() && topology->verified_writer != host.id) return false;
  core::SwitchTimes times{.fault = Clock::now()};
  core::Limits limits = operation.limits;
  limits.deadline = earlier(limits.deadline, core::Deadline::after(old_host_limit));
  try {
    if (host.id.empty() || !try_writer(host, limits, times)) return false;
  } catch (const Error& refused) {
    if (refused.state() == core::sqlstate::cancelled) throw with_causes(refused, lost);
    return false;
  }
  core::log::line(core::log::Level::info, component,
                  "{} had closed an idle link and is connected anew in {:.1f} ms: no failover",
                  host.endpoint.text(), core::elapsed_ms(times.fault));
  return true;
}

/// The native code stays the server's: nothing has failed over.
Error Failover::reconnected(const core::Operation& operation, const Error& lost) const {
  const std::string host = session_.current_host().endpoint.text();
  if (operation.in_transaction)
    return with_causes(
        Error(core::sqlstate::transaction_unknown, component,
              fmt::format("{} had closed the link while a transaction was open; the connection is "
                          "made anew to the same host. What the transaction had changed is lost "
                          "unless its end was on the way: look before you repeat it",
                          host),
              lost.reached(), core::native_code::outcome_unknown),
        lost);
  return with_causes(
      Error(success_is_link_lost_ ? core::sqlstate::link_lost : core::sqlstate::connection_switched,
            component,
            fmt::format("{} had closed the idle link; the connection is made anew to the same "
                        "host. The statement was not sent: run it again",
                        host),
            lost.reached(), lost.main().native),
      lost);
}

void Failover::switch_over(const core::Operation& operation, const Error& lost) {
  core::SwitchTimes times{.fault = Clock::now()};
  times.detected = core::elapsed_ms(operation.begun, times.fault);
  core::telemetry::writer_failover_triggered.add();
  const std::string cluster = session_.cluster()->id();
  const std::string from = session_.current_host().endpoint.text();
  core::log::line(core::log::Level::warn, component,
                  "lost {}: [{}] {}; looking for the writer of cluster {}", from,
                  lost.state().view(), lost.what(), cluster);
  session_.cluster()->mark(session_.current_host().endpoint, core::Availability::unavailable);

  // A deadline that has already passed (a query timeout found the host silent) has done its work;
  // one that still runs, and SQLCancel, interrupt the failover too.
  core::Limits limits = operation.limits;
  if (limits.deadline.expired()) limits.deadline = core::Deadline::never();
  const core::Deadline own_limit(times.fault + timeout_);
  const bool limited = limits.deadline.at() < own_limit.at();
  limits.deadline = earlier(limits.deadline, own_limit);

  bool moved = false;
  try {
    moved = move_to_writer(times.fault, limits, times);
  } catch (const Error& ended) {
    if (ended.state() == core::sqlstate::cancelled) throw with_causes(ended, lost);
    core::telemetry::writer_failover_failed.add();
    session_.declare_dead();
    throw failed(lost, &ended);
  }
  if (moved) {
    core::telemetry::writer_failover_succeeded.add();
    core::log::line(
        core::log::Level::info, component,
        "cluster {}: moved from {} to writer {} in {:.1f} ms (detected {:.1f} after the call "
        "began; topology known {:.1f}, connected {:.1f}, writer verified {:.1f}, state "
        "restored {:.1f})",
        cluster, from, session_.current_host().endpoint.text(), core::elapsed_ms(times.fault),
        times.detected, times.topology_known, times.connected, times.writer_verified,
        times.state_restored);
    throw outcome(operation, lost);
  }
  core::telemetry::writer_failover_failed.add();
  core::log::line(core::log::Level::error, component, "no writer of cluster {} within {:.0f} ms",
                  cluster, core::elapsed_ms(times.fault));
  if (limited)
    throw with_causes(Error(core::sqlstate::timeout, component,
                            "the timeout passed while the connection was moving to the new "
                            "writer; the next statement goes on with that",
                            lost.reached(), core::native_code::timed_out),
                      lost);
  session_.declare_dead();
  throw failed(lost, nullptr);
}

bool Failover::move_to_writer(Clock::time_point since, const core::Limits& limits,
                              core::SwitchTimes& times) {
  while (!limits.deadline.expired()) {
    const core::TopologyPtr topology =
        session_.cluster()->wait_for_writer(since, limits.deadline, limits.interrupt);
    if (topology == nullptr) return false;
    times.topology_known = core::elapsed_ms(times.fault);
    const core::Host* writer = topology->writer();
    if (writer != nullptr && try_writer(*writer, limits, times)) return true;
    since = Clock::now();
    const auto rest = core::jittered(pause_between_attempts, 0.5, 1.5);
    if (core::pause(rest, limits.interrupt) == core::Woken::interrupted)
      throw Error(core::sqlstate::cancelled, component,
                  "cancelled while the connection was moving to the new writer", Reached::not_sent);
  }
  return false;
}

bool Failover::try_writer(const core::Host& writer, const core::Limits& limits,
                          core::SwitchTimes& times) {
  core::Limits attempt = limits;
  attempt.deadline = earlier(limits.deadline, core::Deadline::after_or_never(attempt_limit_));
  try {
    core::ConnectRequest request{.host = writer.endpoint,
                                 .options = &session_.options(),
                                 .skip = this,
                                 .deadline = attempt.deadline,
                                 .interrupt = attempt.interrupt};
    auto client = session_.open_link(request);
    times.connected = core::elapsed_ms(times.fault);
    const auto self = session_.ask_self(*client, attempt.deadline, attempt.interrupt);
    if (!self.writer || self.own_id != writer.id) {
      core::log::line(core::log::Level::info, component,
                      "{} answers as {} and is not the writer; looking again",
                      writer.endpoint.text(), self.own_id);
      return false;
    }
    times.writer_verified = core::elapsed_ms(times.fault);
    session_.install(std::move(client), writer, &times, attempt);
    return true;
  } catch (const Error& error) {
    // A cancelled failover ends here; everything else about one attempt is worth another.
    if (error.state() == core::sqlstate::cancelled) throw;
    core::log::line(core::log::Level::info, component, "writer {} could not be used: [{}] {}",
                    writer.endpoint.text(), error.state().view(), error.what());
    if (error.login_failed() && !session_.dialect().refuses_logins_while_moving) throw;
    return false;
  }
}

Error Failover::outcome(const core::Operation& operation, const Error& lost) const {
  const std::string host = session_.current_host().endpoint.text();
  if (operation.in_transaction)
    return with_causes(
        Error(core::sqlstate::transaction_unknown, component,
              fmt::format("the link broke while a transaction was open; the connection has moved "
                          "to the new writer {}. Whether the transaction was committed is not "
                          "known: look before you repeat it",
                          host),
              lost.reached(), core::native_code::outcome_unknown),
        lost);
  // "Run it again" would repeat the parameter sets that were executed before this one.
  const bool untouched = lost.reached() == Reached::not_sent && !operation.continues;
  if (untouched || changes_no_data(operation.kind) || session_.provably_read_only(operation.sql))
    return with_causes(
        Error(
            success_is_link_lost_ ? core::sqlstate::link_lost : core::sqlstate::connection_switched,
            component,
            fmt::format("the link broke and the connection has moved to the new writer {}. The "
                        "statement changed nothing: run it again",
                        host),
            lost.reached(), core::native_code::failover_success),
        lost);
  return with_causes(
      Error(in_doubt_is_success_ ? core::sqlstate::connection_switched
                                 : core::sqlstate::transaction_unknown,
            component,
            fmt::format("the link broke after the statement, or an earlier parameter set of it, "
                        "was sent; "
                        "the connection has moved to the new writer {}. Whether the statement "
                        "took effect is not known: look before you repeat it",
                        host),
            lost.reached(), core::native_code::outcome_unknown),
      lost);
}

Error Failover::failed(const Error& lost, const Error* why) const {
  const std::string found =
      why != nullptr ? fmt::format("the new writer cannot be looked for: {}", why->what())
                     : fmt::format("no writer of the cluster could be used within {} s",
                                   timeout_.count() / 1000);
  Error error(core::sqlstate::link_lost, component,
              fmt::format("the link broke and {}; disconnect and connect again", found),
              lost.reached(), core::native_code::failover_failed);
  if (why != nullptr) error.caused_by(as_cause(why->main()));
  return with_causes(std::move(error), lost);
}

}  // namespace plugins
