// SPDX-License-Identifier: Apache-2.0
// A cluster as one process knows it, shared by all its connections, and the directory in which
// clusters are found by what was learned from their servers (design "Which cluster am I in").
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/background.h"
#include "core/client.h"
#include "core/credentials.h"
#include "core/dialect.h"
#include "core/options.h"
#include "core/topology.h"

namespace core {

struct Services;
class TopologyMonitor;

/// How a monitor reaches the cluster: a copy, so that it outlives the connection that gave it.
struct MonitoringAccess {
  Options options;  ///< with the `topology-monitoring-` values applied
  std::shared_ptr<CredentialSource> credentials;
  HostPattern pattern;
  HostPort initial;  ///< the endpoint the first connection used
};

/// Shared state of one cluster. Thread-safe. No lock is held while resolving or connecting.
class Cluster : public std::enable_shared_from_this<Cluster> {
 public:
  Cluster(std::string id, const Dialect& dialect, MonitoringAccess access,
          const Services& services);
  ~Cluster();

  const std::string& id() const { return id_; }
  const Dialect& dialect() const { return *dialect_; }

  /// The newest picture; null before the first.
  TopologyPtr topology() const;
  /// Publishes a picture (a connection or the monitor read it). Ignored when it has no writer row
  /// or no hosts. Hosts that are gone lose their availability marks. Wakes waiters when anything
  /// changed.
  void publish(std::vector<Host> hosts, std::string verified_writer);

  /// Blocks until a writer is verified by a probe that began after `since`, then returns that
  /// topology. Starts panic probing: one probe set however many wait. Null at the deadline;
  /// throws HY008 when interrupted and configuration errors (unresolvable built names) at once.
  TopologyPtr wait_for_writer(Clock::time_point since, Deadline deadline,
                              const Interrupt* interrupt);

  void mark(const HostPort& host, Availability availability);
  Availability availability(const HostPort& host) const;  ///< marks expire after 5 minutes

  /// A connection uses this cluster: keeps the monitor running and offers its credentials.
  class Use {
   public:
    Use() = default;
    explicit Use(std::shared_ptr<Cluster> cluster, MonitoringAccess access);
    Use(Use&&) noexcept = default;
    Use& operator=(Use&&) noexcept;
    ~Use();
    Cluster* get() const { return cluster_.get(); }
    Cluster* operator->() const { return cluster_.get(); }
    explicit operator bool() const { return cluster_ != nullptr; }

   private:
    std::shared_ptr<Cluster> cluster_;
  };

 private:
  friend class TopologyMonitor;
  struct Mark {
    Availability availability;
    Clock::time_point at;
  };
  const std::string id_;
  const Dialect* dialect_;
  mutable std::mutex mutex_;
  TopologyPtr topology_;
  std::map<HostPort, Mark> marks_;
  Signal changed_;
  std::shared_ptr<TopologyMonitor> monitor_;
};

/// Process-wide, leaked; any thread.
class ClusterDirectory {
 public:
  static ClusterDirectory& instance();

  /// Dialect of an endpoint found by probing; null when unknown. Entries expire after 24 hours.
  const Dialect* known_dialect(Engine engine, const HostPort& endpoint) const;
  void remember_dialect(Engine engine, const HostPort& endpoint, const Dialect& dialect);

  /// Which instance answers at (endpoint name, live address), when learned within the last 24 h and
  /// no host of the cluster has changed since: spares the identity round trip of a new connection.
  struct Identity {
    std::shared_ptr<Cluster> cluster;
    std::string instance_id;
  };
  std::optional<Identity> known_identity(Engine engine, const HostPort& endpoint,
                                         const std::string& peer_address) const;

  /// Shares the cluster that holds (engine, domain or pattern, instance id), else makes a new one.
  /// `explicit_id` overrides; HY024 when it is in use by a cluster that does not hold the instance.
  Identity learn(Engine engine, const HostPort& endpoint, const std::string& peer_address,
                 const std::string& instance_id, std::vector<Host> hosts,
                 const std::string& explicit_id, const Dialect& dialect,
                 const MonitoringAccess& access, const Services& services);
  /// Identities of a cluster are looked up anew (after a failover or a change of hosts).
  void forget_identities(const Cluster& cluster);
  /// For tests: forgets everything that no connection uses.
  void clear_unused();

 private:
  ClusterDirectory() = default;
  struct State;
  State& state() const;
};

}  // namespace core
