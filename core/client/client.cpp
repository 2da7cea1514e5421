// SPDX-License-Identifier: Apache-2.0
// What all clients share: a number that tells one link of the process from every other.
#include "core/client.h"

namespace core {

namespace {
std::atomic<std::uint64_t> last_generation{0};
}

Client::Client() : generation_(last_generation.fetch_add(1, std::memory_order_relaxed) + 1) {}

}  // namespace core
