// SPDX-License-Identifier: Apache-2.0
// THE list of dialects. A new one is a header beside this file and a line in registry.cpp; the
// compiler checks names, ports and upgrades.
#pragma once

#include <span>

#include "core/dialect.h"

namespace dialects {

/// Most specific first. Static storage.
std::span<const core::Dialect* const> all();

}  // namespace dialects
