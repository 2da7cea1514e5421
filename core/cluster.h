// SPDX-License-Identifier: Apache-2.0
// A cluster as one process knows it, shared by all its connections, and the directory in which
// clusters are found by what was learned from their servers (design "Which cluster am I in").
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/background.h"
#include "core/client.h"
#include "core/client/wait.h"
#include "core/credentials.h"
#include "core/dialect.h"
#include "core/options.h"
#include "core/topology.h"
#include "core/tracked_link.h"

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

/// Shared state of one cluster; always held by shared_ptr. Thread-safe. No lock is held while
/// resolving or connecting. A forked child keeps the pictures and starts a monitor of its own.
class Cluster : public std::enable_shared_from_this<Cluster> {
 public:
  Cluster(std::string id, const Dialect& dialect, MonitoringAccess access,
          const Services& services);
  ~Cluster();

  const std::string& id() const { return id_; }
  const Dialect& dialect() const { return *dialect_; }
  const Services& services() const { return *services_; }

  /// The newest picture; null before the first.
  TopologyPtr topology() const;
  /// Topology::version of the newest picture, 0 before the first: one atomic load, cheap enough to
  /// compare before every operation.
  std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }
  /// Publishes a picture that a connection read; `verified_writer` may be empty. Ignored when it
  /// has no writer row or no hosts, and when it contradicts a writer that was verified less than 30
  /// seconds ago: the hosts' own tables lag behind a failover. Hosts that are gone lose their
  /// availability marks. Wakes waiters when anything changed.
  void publish(std::vector<Host> hosts, const std::string& verified_writer);

  /// Blocks until a writer is verified by a probe that began after `since`, then returns that
  /// topology. Starts panic probing: one probe set however many wait. Null at the deadline or
  /// without a topology dialect; throws HY008 when interrupted, configuration errors (unresolvable
  /// built names) at once, and what the hosts answer when all logins fail for 5 seconds.
  TopologyPtr wait_for_writer(Clock::time_point since, Deadline deadline,
                              const Interrupt* interrupt);

  /// A host is suspected: has the monitor verify the writer anew, so that a failover that follows
  /// finds it known. Returns at once; the caller holds a lease or is the background thread.
  void verify_soon();

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
    Background::Lease lease_;
    std::shared_ptr<Cluster> cluster_;
  };
  bool in_use() const;

 private:
  friend class TopologyMonitor;
  friend class TrackedLink;
  friend struct ClusterRegistry;
  friend class ClusterDirectory;
  struct Mark {
    Availability availability;
    Clock::time_point at;
  };
  using AccessPtr = std::shared_ptr<const MonitoringAccess>;

  // For the directory.
  static void survive_forks();
  void draw_first(std::vector<Host> hosts);  // silently, before anybody knows the cluster

  // For the monitor.
  AccessPtr newest_access() const;
  void publish_verified(std::vector<Host> hosts, const std::string& writer,
                        Clock::time_point asked_at);
  void report(const Error& failure);  ///< to those who wait now
  void forget_monitor(const TopologyMonitor& monitor);

  /// With the mutex held: the links to an instance.
  std::vector<std::shared_ptr<Client>> links_to(const std::string& instance_id) const;

  /// With the mutex held. True when anything changed; `note` is for the log, after unlocking.
  bool accept(Topology fresh, std::string& note);
  bool forget_unused_monitor(const TopologyMonitor& monitor);
  void keep_monitor(std::optional<Clock::time_point> verify_since);
  void leave() noexcept;
  void become_child();

  const std::string id_;
  const Dialect* dialect_;
  const Services* services_;
  mutable std::mutex mutex_;
  AccessPtr access_;  // the newest caller's
  TopologyPtr topology_;
  std::atomic<std::uint64_t> version_{0};  // topology_->version
  TopologyPtr verified_;                   // the newest picture a verified writer drew
  Clock::time_point verified_at_ = Clock::time_point::min();  // when its probe began
  std::shared_ptr<const Error> failure_;
  Clock::time_point failed_at_ = Clock::time_point::min();
  std::map<HostPort, Mark> marks_;
  std::size_t users_ = 0;
  TrackedLink* tracked_ = nullptr;
  std::shared_ptr<TopologyMonitor> monitor_;
  std::shared_ptr<Signal> changed_ = std::make_shared<Signal>();
};

/// Process-wide, leaked; any thread.
class ClusterDirectory {
 public:
  static ClusterDirectory& instance();

  /// Dialect of an endpoint found by probing; null when unknown. Entries expire after 24 hours.
  const Dialect* known_dialect(Engine engine, const HostPort& endpoint) const;
  /// False when the same was known already.
  bool remember_dialect(Engine engine, const HostPort& endpoint, const Dialect& dialect);

  /// Which instance answers at (endpoint name, live address), when learned within the last 24 h and
  /// no host of the cluster has changed since: spares the identity round trip of a new connection.
  struct Identity {
    std::shared_ptr<Cluster> cluster;
    std::string instance_id;
  };
  std::optional<Identity> known_identity(Engine engine, const HostPort& endpoint,
                                         const std::string& peer_address) const;

  /// A cluster that connections through this endpoint name belong to; null when none is known.
  std::shared_ptr<Cluster> known_cluster(Engine engine, const HostPort& endpoint) const;
  /// A link to (endpoint name, live address) told that it is that instance.
  void remember_identity(Engine engine, const HostPort& endpoint, const std::string& peer_address,
                         const std::shared_ptr<Cluster>& cluster, const std::string& instance_id);

  /// Shares the cluster that holds (engine, domain or pattern, instance id), else makes a new one.
  /// Behind a bare `?` pattern instance ids say little, so only connections to the same endpoint
  /// share. Publishes `hosts`.
  /// `explicit_id` overrides; HY024 when it is in use by a cluster that does not hold the instance.
  Identity learn(Engine engine, const HostPort& endpoint, const std::string& peer_address,
                 const std::string& instance_id, std::vector<Host> hosts,
                 const std::string& explicit_id, const Dialect& dialect,
                 const MonitoringAccess& access, const Services& services);
  /// For tests: forgets everything that no connection uses.
  void clear_unused();

 private:
  ClusterDirectory();
  struct State;
  State& state_;  // leaked
};

}  // namespace core
