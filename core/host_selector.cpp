// SPDX-License-Identifier: Apache-2.0
// Choosing among hosts.
#include "core/host_selector.h"

#include <algorithm>
#include <atomic>

#include "core/random.h"

namespace core {

const Host* select_host(std::vector<const Host*> candidates, HostStrategy strategy) {
  if (candidates.empty()) return nullptr;
  static std::atomic<std::size_t> turn{0};
  if (strategy == HostStrategy::random)
    return candidates[static_cast<std::size_t>(random_below(candidates.size()))];
  std::sort(candidates.begin(), candidates.end(),
            [](const Host* a, const Host* b) { return a->id < b->id; });
  return candidates[turn.fetch_add(1, std::memory_order_relaxed) % candidates.size()];
}

}  // namespace core
