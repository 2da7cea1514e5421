// SPDX-License-Identifier: Apache-2.0
// Lets the cluster know this connection's link, so that it is shut down when its host stops being
// the writer: the connection learns that before its next statement is sent.
#pragma once

#include <optional>

#include "core/plugin.h"
#include "core/session.h"
#include "core/tracked_link.h"

namespace plugins {

/// Descriptor of `aurora_connection_tracker`, for plugins/registry.cpp.
extern const core::PluginDescriptor connection_tracker_descriptor;

/// One per session, under its wire mutex. Costs nothing per call.
class ConnectionTracker final : public core::Plugin {
 public:
  explicit ConnectionTracker(core::Session& session) : session_(session) {}
  core::Subscriptions subscribes() const override { return {}; }
  bool needs_topology() const override { return true; }
  void on_connection_changed(core::ConnectionChange change) override;

 private:
  core::Session& session_;
  std::optional<core::TrackedLink> link_;
};

}  // namespace plugins
