// SPDX-License-Identifier: Apache-2.0
// Chance, for spreading load: which host, how long a pause. Not for secrets. Any thread.
#pragma once

#include <cstdint>

#include "core/clock.h"

namespace core {

/// 0 <= result < limit; limit is not 0.
std::uint64_t random_below(std::uint64_t limit);
/// `span` times a factor between `low` and `high`: who failed together does not come back together.
milliseconds jittered(milliseconds span, double low, double high);

}  // namespace core
