// SPDX-License-Identifier: Apache-2.0
// A host (database instance) as the topology tells it. Plain values.
#pragma once

#include <cstdint>
#include <string>

namespace core {

enum class HostRole : std::uint8_t { unknown, writer, reader };
enum class Availability : std::uint8_t { available, unavailable };

/// Where a host is reached: a name (or literal address) and a port.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  auto operator<=>(const HostPort&) const = default;
  std::string text() const;  ///< "name:5432", "[::1]:5432"
};

/// One member of a topology.
struct Host {
  std::string id;  ///< instance id as the server tells it
  HostPort endpoint;
  HostRole role = HostRole::unknown;
  std::int64_t weight = 0;  ///< round(lag in ms) * 100 + round(cpu percent): larger = more loaded
  std::string
      last_update;  ///< server's text; newest wins among duplicates; empty on the answering host
};

}  // namespace core
