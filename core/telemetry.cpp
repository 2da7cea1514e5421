// SPDX-License-Identifier: Apache-2.0
// The counters that several rooms count in. Names as the AWS wrappers publish them, in their style
// where they have none.
#include "core/telemetry.h"

namespace core::telemetry {

constinit Counter writer_failover_triggered{"writer_failover.triggered.count"};
constinit Counter writer_failover_succeeded{"writer_failover.completed.success.count"};
constinit Counter writer_failover_failed{"writer_failover.completed.failed.count"};
constinit Counter topology_refreshes{"topology.refresh.count"};
constinit Counter topology_panics{"topology.panic.count"};
constinit Counter hosts_found_dead{"host_monitoring.host_unhealthy.count"};
constinit Counter connections_aborted{"host_monitoring.connections.aborted"};
constinit Counter links_left_behind{"connection_tracker.connections.invalidated"};
constinit Counter stale_dns_detected{"stale_dns.stale.detected"};

}  // namespace core::telemetry
