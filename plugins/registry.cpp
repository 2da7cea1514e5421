// SPDX-License-Identifier: Apache-2.0
// The built-in plugins in pipeline order.
#include "plugins/registry.h"

#include "plugins/failover.h"

namespace plugins {

std::span<const core::PluginDescriptor* const> built_in() {
  static constexpr const core::PluginDescriptor* list[] = {
      &failover_descriptor,
  };
  return list;
}

}  // namespace plugins
