// SPDX-License-Identifier: Apache-2.0
// Host monitoring (spec core-behaviour 7): a call that runs longer than its connection tolerates
// has its host probed, and when the host does not answer, the link is shut down under the call. A
// call costs two atomic stores; the background thread does the rest with one probe link per host
// and rule, however many connections there are.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/client.h"
#include "core/cluster.h"
#include "core/credentials.h"
#include "core/detection.h"
#include "core/services.h"

namespace core {

/// How a probe link is made: the way the application's own link was, to the same address.
struct ProbeAccess {
  const Services* services = nullptr;
  Engine engine = Engine::postgres;
  HostPort endpoint;    ///< the name that TLS verifies, and the port
  std::string address;  ///< numeric: the live link's peer
  Options options;      ///< with the `monitoring-` values applied
  std::shared_ptr<CredentialSource> credentials;
  milliseconds connect_limit{10000};
  milliseconds disposal{600000};  ///< a probe link that nobody needed for so long is closed
};

/// "[::1]:5432" -> "::1"; empty for a unix socket.
std::string numeric_address(const std::string& peer);

struct MonitoredHost;

/// One link of one connection, known to its host's monitor from construction to destruction. The
/// connection's thread says when calls begin and end. An address that is no network address (a unix
/// socket) is not monitored.
class MonitoredLink {
 public:
  /// Calls are overdue `patience` after they began. `host` is marked unavailable in `cluster` when
  /// it dies; empty without one.
  MonitoredLink(const std::shared_ptr<Client>& client, ProbeAccess access,
                const DetectionRule& rule, milliseconds patience, std::weak_ptr<Cluster> cluster,
                HostPort host);
  ~MonitoredLink();
  MonitoredLink(const MonitoredLink&) = delete;
  MonitoredLink& operator=(const MonitoredLink&) = delete;

  void call_begins(Clock::time_point begun) noexcept {
    overdue_at_.store((begun + patience_).time_since_epoch().count(), std::memory_order_relaxed);
  }
  void call_ends() noexcept { overdue_at_.store(never, std::memory_order_relaxed); }
  /// The monitor found the host dead during a call and shut the link down.
  bool host_died() const noexcept { return host_died_.load(std::memory_order_acquire); }

 private:
  friend class HostMonitors;
  static constexpr Clock::rep never = Clock::duration::max().count();
  Clock::time_point overdue_at() const noexcept {
    return Clock::time_point(Clock::duration(overdue_at_.load(std::memory_order_relaxed)));
  }

  std::atomic<Clock::rep> overdue_at_{never};
  std::atomic<bool> host_died_{false};
  const Clock::duration patience_;
  const std::weak_ptr<Client> client_;
  const std::weak_ptr<Cluster> cluster_;
  const HostPort host_;
  MonitoredHost* monitored_ = nullptr;  // null: by nobody. The rest under the directory's mutex.
  MonitoredLink* next_ = nullptr;
  MonitoredLink* previous_ = nullptr;
};

/// Makes the process-wide state and its fork handler: for the composition root.
void prepare_host_monitors();

}  // namespace core
