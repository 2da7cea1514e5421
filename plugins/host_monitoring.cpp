// SPDX-License-Identifier: Apache-2.0
// Host monitoring: options, the two versions' rules, and the hooks.
#include "plugins/host_monitoring.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/log.h"
#include "core/monitor_limits.h"

namespace plugins {
namespace {

using core::Error;
using core::milliseconds;

constexpr core::OptionAlias time_aliases[] = {{"failureDetectionTime"}};
constexpr core::OptionAlias interval_aliases[] = {{"failureDetectionInterval"}};
constexpr core::OptionAlias disposal_aliases[] = {{"monitorDisposalTime"}};

constexpr core::Option detection_enabled{
    .name = "failure_detection_enabled",
    .type = core::OptionType::boolean,
    .default_value = "true",
    .help = "Probes the host of a call that runs long, and ends the call when the host is dead.",
};
constexpr core::Option detection_time{
    .name = "failure_detection_time_ms",
    .type = core::OptionType::span_milliseconds,
    .default_value = "30000",
    .help = "How long a call may run before its host is probed.",
    .aliases = time_aliases,
};
constexpr core::Option detection_interval{
    .name = "failure_detection_interval_ms",
    .type = core::OptionType::span_milliseconds,
    .default_value = "5000",
    .help = "Time between two probes of a host.",
    .aliases = interval_aliases,
    .minimum = 1,
};
constexpr core::Option detection_count{
    .name = "failure_detection_count",
    .type = core::OptionType::integer,
    .default_value = "3",
    .help = "Probes that must fail in a row before the host counts as dead.",
    .maximum = 1000,
};
constexpr core::Option disposal_time{
    .name = "monitor_disposal_time_ms",
    .type = core::OptionType::span_milliseconds,
    .default_value = "600000",
    .help = "A probe link that no long call has needed for so long is closed.",
    .aliases = disposal_aliases,
};
constexpr const core::Option* monitoring_options[] = {
    &detection_enabled, &detection_time, &detection_interval, &detection_count, &disposal_time};
constexpr core::OptionGroup monitoring_group{"host_monitoring_v2 and host_monitoring",
                                             monitoring_options};

constexpr std::string_view prefix = "monitoring-";
constexpr milliseconds default_connect_limit{10000};
constexpr auto component = "HostMonitoring";

milliseconds times(milliseconds interval, std::int64_t count) {
  return interval * std::max<std::int64_t>(0, count);
}

/// Half an interval, less what scheduling may cost: two probes never overlap.
core::DetectionRule rule_of_v2(milliseconds interval, std::int64_t count) {
  const auto limit = std::max({(interval - milliseconds(100)) / 2, interval / 4, milliseconds(1)});
  return {.interval = interval, .tolerance = times(interval, count - 1), .answer_limit = limit};
}

core::DetectionRule rule_of_v1(milliseconds interval, std::int64_t count) {
  return {.interval = interval, .tolerance = times(interval, count), .answer_limit = interval};
}

template <core::DetectionRule (*Rule)(milliseconds, std::int64_t)>
std::unique_ptr<core::Plugin> make(core::Session& session, const core::Options& options) {
  return std::make_unique<HostMonitoring>(
      session, options, Rule(options.span(detection_interval), options.integer(detection_count)));
}

constexpr std::string_view v2_aliases[] = {"efm2"};
constexpr std::string_view v2_conflicts[] = {"host_monitoring"};
constexpr std::string_view v1_aliases[] = {"efm"};
constexpr std::string_view v1_conflicts[] = {"host_monitoring_v2"};

}  // namespace

constinit const core::PluginDescriptor host_monitoring_v2_descriptor{
    .code = "host_monitoring_v2",
    .aliases = v2_aliases,
    .weight = 1500,
    .conflicts = v2_conflicts,
    .options = &monitoring_group,
    .make = make<rule_of_v2>,
    .on_by_default = true,
};

constinit const core::PluginDescriptor host_monitoring_descriptor{
    .code = "host_monitoring",
    .aliases = v1_aliases,
    .weight = 1400,
    .conflicts = v1_conflicts,
    .make = make<rule_of_v1>,
};

HostMonitoring::HostMonitoring(core::Session& session, const core::Options& options,
                               const core::DetectionRule& rule)
    : session_(session),
      enabled_(options.boolean(detection_enabled)),
      rule_(rule),
      patience_(options.span(detection_time)) {}

core::Subscriptions HostMonitoring::subscribes() const {
  return enabled_ ? core::Subscriptions::all() : core::Subscriptions();
}

std::shared_ptr<core::Client> HostMonitoring::connect(core::ConnectRequest& request,
                                                      const core::NextConnect& next) {
  auto client = next(request);
  if (!enabled_ || client == nullptr) return client;
  std::erase_if(dialled_, [](const Dialled& one) { return one.client.expired(); });
  dialled_.push_back({client, request.host});
  return client;
}

core::ProbeAccess HostMonitoring::access(const core::HostPort& dialled) const {
  const core::Options& options = session_.options();
  return {.services = &session_.services(),
          .engine = session_.engine(),
          .endpoint = dialled,
          .address = core::numeric_address(session_.client()->peer_address()),
          .options = options.with_prefix(prefix),
          .credentials = session_.credentials(),
          .connect_limit = core::monitor_connect_limit(options, prefix, default_connect_limit),
          .disposal = options.span(disposal_time)};
}

/// Whatever name led here, the address that the link is connected to is monitored: a cluster
/// endpoint may mean another host by now.
void HostMonitoring::on_connection_changed(core::ConnectionChange) {
  link_.reset();
  const auto& client = session_.client();
  if (!enabled_ || client == nullptr) return;
  const auto dialled = std::find_if(dialled_.begin(), dialled_.end(), [&](const Dialled& one) {
    return one.client.lock() == client;
  });
  if (dialled == dialled_.end()) return;
  try {
    link_.emplace(client, access(dialled->host), rule_, patience_,
                  session_.cluster() != nullptr ? session_.cluster()->weak_from_this()
                                                : std::weak_ptr<core::Cluster>(),
                  session_.current_host().endpoint);
  } catch (const Error& error) {
    core::log::line(core::log::Level::warn, component, "{} is not monitored: {}",
                    client->peer_address(), error.what());
  }
}

Error HostMonitoring::explained(const Error& lost) const {
  return Error(lost.state(), component,
               fmt::format("{} has not answered for {} ms and longer, so its link was shut down "
                           "under the running call",
                           session_.current_host().endpoint.text(),
                           (rule_.tolerance + rule_.answer_limit).count()),
               lost.reached(), lost.main().native)
      .with_link_lost()
      .caused_by(lost);
}

void HostMonitoring::around(core::Operation& operation, const core::NextOperation& next) {
  if (!link_) return next(operation);
  struct Call {
    core::MonitoredLink& link;
    ~Call() { link.call_ends(); }
  } const call{*link_};
  link_->call_begins(operation.begun);
  try {
    next(operation);
  } catch (const Error& lost) {
    if (lost.link_lost() && link_->host_died()) throw explained(lost);
    throw;
  }
}

}  // namespace plugins
