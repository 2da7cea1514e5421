// SPDX-License-Identifier: Apache-2.0
// The monitor of one cluster (spec core-behaviour 5): one link to the writer that re-reads the
// topology, and, when that is in doubt, one prober per host until one of them proves to be the
// writer. core/cluster.h owns it; everything here but the constructor runs on the background
// thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/cluster.h"
#include "core/monitor_link.h"

namespace core {

class TopologyMonitor : public std::enable_shared_from_this<TopologyMonitor> {
 public:
  /// Any thread. `generation`: the background's run in which start() will be called. Keeps the
  /// cluster alive until end().
  TopologyMonitor(std::shared_ptr<Cluster> cluster, std::uint64_t generation);
  ~TopologyMonitor();
  std::uint64_t generation() const { return generation_; }  ///< any thread

  void start();
  /// Panic unless a writer was verified by a probe that began after `since`.
  void verify(Clock::time_point since);
  /// Drops all links without waiting for a host and lets the cluster go. Final.
  void end();

 private:
  struct Prober;
  struct Search;
  struct Live;

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> search();
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<void> refresh();
  boost::asio::awaitable<void> rest(std::optional<Clock::time_point> until);
  boost::asio::awaitable<void> probe(std::shared_ptr<Search> search,
                                     std::shared_ptr<Prober> prober);
  boost::asio::awaitable<void> look(std::shared_ptr<Search> search, std::shared_ptr<Prober> prober);
  boost::asio::awaitable<void> read_as_reader(std::shared_ptr<Search> search,
                                              std::shared_ptr<Prober> prober, SelfReport self);

  bool in_doubt() const;
  void widen(Search& search);
  void add_prober(Search& search, const HostPort& endpoint,
                  std::unique_ptr<MonitorLink> link = nullptr);
  milliseconds after_failure(Search& search, Prober& prober, const Error& failed);
  milliseconds after_login_failure(Search& search, Prober& prober, const Error& failed);
  void report_if_misconfigured(Search& search, const Error& failed);
  void found(Search& search, Prober& prober, const Standing& standing, std::vector<Host> hosts);
  Clock::duration regular_pause() const;
  void keep_names_known(const std::vector<Host>& hosts);

  std::shared_ptr<Cluster> cluster_;
  const std::uint64_t generation_;
  std::shared_ptr<const MonitoringAccess> access_;
  std::unique_ptr<MonitorLink> link_;  // M: the link to the verified writer
  bool verified_once_ = false;
  Clock::time_point wanted_since_ = Clock::time_point::min();
  Clock::time_point verified_at_ = Clock::time_point::min();
  Clock::time_point high_rate_until_ = Clock::time_point::min();
  Clock::time_point names_asked_at_ = Clock::time_point::min();
  std::shared_ptr<Search> search_;  // while in doubt
  Live* live_ = nullptr;            // what is bound to the io_context; on run()'s frame
  std::uint64_t stop_hook_ = 0;
  bool ended_ = false;
};

}  // namespace core
