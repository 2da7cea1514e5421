// SPDX-License-Identifier: Apache-2.0
// Registering the link; core/cluster.cpp acts when the writer changes.
#include "plugins/connection_tracker.h"

namespace plugins {
namespace {

std::unique_ptr<core::Plugin> make(core::Session& session, const core::Options&) {
  return std::make_unique<ConnectionTracker>(session);
}

}  // namespace

constinit const core::PluginDescriptor connection_tracker_descriptor{
    .code = "aurora_connection_tracker",
    .aliases = {},
    .weight = 600,
    .conflicts = {},
    .make = make,
    .on_by_default = true,
};

void ConnectionTracker::on_connection_changed(core::ConnectionChange) {
  link_.reset();
  if (session_.cluster() == nullptr || session_.current_host().id.empty()) return;
  link_.emplace(session_.cluster()->shared_from_this(), session_.client(),
                session_.current_host().id);
}

}  // namespace plugins
