// SPDX-License-Identifier: Apache-2.0
// An immutable picture of a cluster and the process-wide directory of clusters. A Cluster is shared
// by every connection to it; its monitor publishes new pictures (core/topology_monitor.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/wait.h"
#include "core/host.h"

namespace core {

/// Immutable once published; shared by pointer.
struct Topology {
  std::vector<Host> hosts;
  Clock::time_point read_at{};
  std::uint64_t version = 0;    ///< counts publications of one cluster
  std::string verified_writer;  ///< id of the host whose own connection said "I am the writer"; may
                                ///< be empty

  const Host* find(std::string_view id) const;
  const Host* find(const HostPort& endpoint) const;
  const Host* writer() const;  ///< null when none is known
  bool contains(std::string_view id) const { return find(id) != nullptr; }
};
using TopologyPtr = std::shared_ptr<const Topology>;

/// "writer orders-1 (10.0.0.1:5432), reader orders-2 (...)": for logs and messages.
std::string to_text(const Topology& topology);

}  // namespace core
