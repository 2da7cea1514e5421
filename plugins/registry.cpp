// SPDX-License-Identifier: Apache-2.0
// The built-in plugins in pipeline order.
#include "plugins/registry.h"

#include "plugins/connection_tracker.h"
#include "plugins/failover.h"
#include "plugins/host_monitoring.h"
#include "plugins/initial_connection.h"
#include "plugins/stale_dns.h"

namespace plugins {

std::span<const core::PluginDescriptor* const> built_in() {
  static constexpr const core::PluginDescriptor* list[] = {
      &initial_connection_descriptor, &connection_tracker_descriptor,
      &stale_dns_descriptor,          &failover_descriptor,
      &host_monitoring_descriptor,    &host_monitoring_v2_descriptor,
  };
  return list;
}

}  // namespace plugins
