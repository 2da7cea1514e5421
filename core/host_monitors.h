// SPDX-License-Identifier: Apache-2.0
// The process's monitored hosts and the links on each of them, behind core/host_monitor.h. Each
// host that links are known for has a run of its monitor (core/host_monitor_run.h) while the
// background thread lives.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/host_monitor.h"

namespace core {

class HostMonitorRun;

/// One host under one rule. Everything but the key under HostMonitors' mutex.
struct MonitoredHost {
  using Key = std::tuple<Engine, std::string, DetectionRule>;  // engine, peer, rule
  explicit MonitoredHost(Key identity) : key(std::move(identity)) {}
  const std::string& peer() const { return std::get<1>(key); }
  const DetectionRule& rule() const { return std::get<2>(key); }

  const Key key;
  std::shared_ptr<const ProbeAccess> access;  // the newest caller's
  MonitoredLink* first = nullptr;
  Clock::duration least_patience = Clock::duration::max();
  std::shared_ptr<HostMonitorRun> run;
};

/// Leaked; any thread. Nothing that blocks or takes another lock is called with the mutex held.
class HostMonitors {
 public:
  static HostMonitors& instance();

  void add(MonitoredLink& link, const DetectionRule& rule, std::string peer,
           std::shared_ptr<const ProbeAccess> access);
  void remove(MonitoredLink& link) noexcept;

  // For the runs.
  struct View {
    bool overdue = false;         ///< a call has outrun its patience
    bool nearly = false;          ///< or half of it
    Clock::time_point next_look;  ///< unless overdue: nothing happens before then
  };
  View look(const MonitoredHost& host, Clock::time_point now) const;
  std::shared_ptr<const ProbeAccess> access(const MonitoredHost& host) const;
  /// Links whose calls are overdue, each told that its host died.
  struct Condemned {
    std::shared_ptr<Client> client;
    std::weak_ptr<Cluster> cluster;
    HostPort host;
  };
  std::vector<Condemned> condemn(const MonitoredHost& host, Clock::time_point now);
  /// Each once.
  std::vector<std::shared_ptr<Cluster>> clusters_of_overdue(const MonitoredHost& host,
                                                            Clock::time_point now) const;
  void forget_run(const HostMonitorRun& run);

 private:
  HostMonitors();
  void unlink(MonitoredLink& link) noexcept;
  /// With the mutex held: the run that must be started, null when one runs already.
  std::shared_ptr<HostMonitorRun> renewed_run(const std::shared_ptr<MonitoredHost>& host,
                                              std::uint64_t generation);
  void forget_if_unused(const std::shared_ptr<MonitoredHost>& host);
  void become_child() noexcept;

  mutable std::mutex mutex_;
  std::map<MonitoredHost::Key, std::shared_ptr<MonitoredHost>> hosts_;
  const void* parents_ = nullptr;  ///< in a forked child: what hosts_ was in its parent
};

}  // namespace core
