// SPDX-License-Identifier: Apache-2.0
// One engine per thread. A forked child goes on with its parent's, which does not matter here.
#include "core/random.h"

#include <random>

namespace core {
namespace {

std::minstd_rand& engine() {
  thread_local std::minstd_rand own{std::random_device{}()};
  return own;
}

}  // namespace

std::uint64_t random_below(std::uint64_t limit) {
  return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(engine());
}

milliseconds jittered(milliseconds span, double low, double high) {
  const double factor = std::uniform_real_distribution<double>(low, high)(engine());
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(span.count()) * factor));
}

}  // namespace core
