// SPDX-License-Identifier: Apache-2.0
// A new connection by a cluster's name goes to the right host: to the writer that says so itself,
// or to a reader chosen by strategy, whatever DNS answers at the moment.
#pragma once

#include "core/host_selector.h"
#include "core/plugin.h"
#include "core/session.h"

namespace plugins {

/// Descriptor of `initial_connection`, for plugins/registry.cpp.
extern const core::PluginDescriptor initial_connection_descriptor;

/// One per session, under its wire mutex.
class InitialConnection final : public core::Plugin {
 public:
  InitialConnection(core::Session& session, const core::Options& options);

  core::Subscriptions subscribes() const override { return {}; }
  bool needs_topology() const override { return true; }
  std::shared_ptr<core::Client> connect(core::ConnectRequest& request,
                                        const core::NextConnect& next) override;

 private:
  enum class Verify : std::uint8_t { writer, reader, none, by_name };
  core::HostRole wanted(const std::string& host) const;
  std::shared_ptr<core::Client> attempt(core::ConnectRequest& request,
                                        const core::NextConnect& next, core::HostRole role);
  std::shared_ptr<core::Client> accepted(core::ConnectRequest& request,
                                         std::shared_ptr<core::Client> client,
                                         const std::shared_ptr<core::Cluster>& cluster,
                                         core::HostRole role);
  std::optional<core::Host> candidate(const core::Cluster& cluster, core::HostRole role) const;

  core::Session& session_;
  const core::HostStrategy strategy_;
  const core::milliseconds timeout_;
  const core::milliseconds interval_;
  const Verify verify_;
};

}  // namespace plugins
