// SPDX-License-Identifier: Apache-2.0
// Limits of monitors' links, for those who hand options to a monitor.
#pragma once

#include "core/options.h"

namespace core {

/// connect_timeout given with `prefix`, else `otherwise`: a bare connect_timeout is meant for the
/// application's connects.
milliseconds monitor_connect_limit(const Options& options, std::string_view prefix,
                                   milliseconds otherwise);

}  // namespace core
