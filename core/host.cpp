// SPDX-License-Identifier: Apache-2.0
// Hosts as text.
#include "core/host.h"

#include <fmt/format.h>

namespace core {

std::string HostPort::text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace core
