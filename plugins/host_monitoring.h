// SPDX-License-Identifier: Apache-2.0
// Host monitoring: tells core/host_monitor.h when this connection's calls begin and end, and the
// application when a call failed because its host was found dead.
#pragma once

#include <optional>
#include <vector>

#include "core/host_monitor.h"
#include "core/plugin.h"
#include "core/session.h"

namespace plugins {

/// Descriptors of `host_monitoring_v2` (efm2) and `host_monitoring` (efm), for
/// plugins/registry.cpp: one engine, each with its version's rule.
extern const core::PluginDescriptor host_monitoring_v2_descriptor;
extern const core::PluginDescriptor host_monitoring_descriptor;

/// One per session, under its wire mutex.
class HostMonitoring final : public core::Plugin {
 public:
  HostMonitoring(core::Session& session, const core::Options& options,
                 const core::DetectionRule& rule);

  core::Subscriptions subscribes() const override;
  bool needs_topology() const override { return enabled_; }
  std::shared_ptr<core::Client> connect(core::ConnectRequest& request,
                                        const core::NextConnect& next) override;
  void around(core::Operation& operation, const core::NextOperation& next) override;
  void on_connection_changed(core::ConnectionChange change) override;

 private:
  /// Where a link of this session was connected to: it may be installed long after.
  struct Dialled {
    std::weak_ptr<core::Client> client;
    core::HostPort host;
  };
  core::ProbeAccess access(const core::HostPort& dialled) const;
  core::Error explained(const core::Error& lost) const;

  core::Session& session_;
  const bool enabled_;
  const core::DetectionRule rule_;
  const core::milliseconds patience_;
  std::vector<Dialled> dialled_;
  std::optional<core::MonitoredLink> link_;
};

}  // namespace plugins
