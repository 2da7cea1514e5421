// SPDX-License-Identifier: Apache-2.0
// THE list of built-in plugins. A new plugin is its own .h/.cpp and one line in registry.cpp.
#pragma once

#include <span>

#include "core/plugin.h"

namespace plugins {

/// Static storage, outermost weights first.
std::span<const core::PluginDescriptor* const> built_in();

}  // namespace plugins
