// SPDX-License-Identifier: Apache-2.0
// The monitor of one host in one run of the background thread: a coroutine that looks at the
// host's links, probes while one of their calls is overdue, and shuts those links down when the
// host is dead. core/host_monitors.h owns it; everything but the constructor runs on the
// background thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/detection.h"
#include "core/host_monitors.h"

namespace core {

class HostMonitorRun : public std::enable_shared_from_this<HostMonitorRun> {
 public:
  /// Any thread. `generation`: the background's run in which start() will be called.
  HostMonitorRun(std::shared_ptr<MonitoredHost> host, std::uint64_t generation);
  ~HostMonitorRun();
  std::uint64_t generation() const { return generation_; }  ///< any thread

  void start();
  void look_again();  ///< a link with less patience has come
  /// Drops the probe link without waiting for the host. Final.
  void end();

  const MonitoredHost& host() const { return *host_; }

 private:
  struct Live;
  struct Attempt;

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<Clock::time_point> watch();
  boost::asio::awaitable<CheckResult> check(Deadline deadline);
  boost::asio::awaitable<void> rest(Clock::time_point until);
  static boost::asio::awaitable<void> end_of(std::shared_ptr<Attempt> attempt, Deadline deadline);
  static boost::asio::awaitable<void> ask(std::shared_ptr<Attempt> attempt, Deadline deadline);
  static boost::asio::awaitable<void> connect(std::shared_ptr<Attempt> attempt,
                                              std::shared_ptr<const ProbeAccess> access);

  void begin_attempt();
  void settle();
  void drop_attempt();
  void drop_link() noexcept;
  void suspect(Clock::time_point now);
  void condemn(Clock::time_point now);

  const std::shared_ptr<MonitoredHost> host_;
  const std::uint64_t generation_;
  FailureStreak streak_;
  std::shared_ptr<Client> link_;      // idle between two checks
  std::shared_ptr<Attempt> attempt_;  // under way; has the link then
  Clock::time_point needed_at_{};     // the last check
  Live* live_ = nullptr;              // what is bound to the io_context; on run()'s frame
  std::uint64_t stop_hook_ = 0;
  bool ended_ = false;
};

}  // namespace core
