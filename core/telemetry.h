// SPDX-License-Identifier: Apache-2.0
// Counters the driver keeps about itself; spans come with an exporter later. Cheap enough for every
// call: one relaxed increment.
#pragma once

#include <atomic>
#include <cstdint>

namespace core::telemetry {

/// A named process-wide counter. Define with static storage in the file that counts.
class Counter {
 public:
  constexpr explicit Counter(const char* name) : name_(name) {}
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }
  const char* name() const noexcept { return name_; }

 private:
  const char* name_;
  std::atomic<std::uint64_t> value_{0};
};

/// Names as the AWS wrappers publish them.
extern Counter writer_failover_triggered, writer_failover_succeeded, writer_failover_failed,
    topology_refreshes, topology_panics, hosts_found_dead, connections_aborted, links_left_behind,
    stale_dns_detected;

}  // namespace core::telemetry
