// SPDX-License-Identifier: Apache-2.0
// Which of several hosts a connection goes to.
#pragma once

#include <cstdint>
#include <vector>

#include "core/topology.h"

namespace core {

enum class HostStrategy : std::uint8_t { random, round_robin };

/// One of `candidates`; null when there are none. round_robin goes through them by name, from the
/// host it gave last in this process. Any thread.
const Host* select_host(std::vector<const Host*> candidates, HostStrategy strategy);

}  // namespace core
