// SPDX-License-Identifier: Apache-2.0
// The clusters of the process by what their servers said. Nothing here talks to a server.
#include <pthread.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/ascii.h"
#include "core/cluster.h"
#include "core/log.h"
#include "core/services.h"

namespace core {
namespace {

constexpr std::chrono::hours lifetime{24};

/// Within one scope an instance id means one instance: the engine, the port and what instance names
/// are built from (account and region, or the user's pattern).
std::string scope_of(Engine engine, const HostPort& endpoint, const HostPattern& pattern) {
  const std::string names = pattern.text == "?" ? "?@" + lower(endpoint.host) : lower(pattern.text);
  const auto port = pattern.port != 0 ? pattern.port : endpoint.port;
  return (engine == Engine::postgres ? "pg " : "mysql ") + names + ":" + std::to_string(port);
}

bool share_a_host(const Topology& known, const std::vector<Host>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const Host& host) { return known.contains(host.id); });
}

}  // namespace

struct ClusterDirectory::State {
  struct Entry {
    std::shared_ptr<Cluster> cluster;
    Engine engine;
    std::string scope;
    Clock::time_point used_at;
  };
  struct Learned {
    std::weak_ptr<Cluster> cluster;
    std::string instance_id;
    std::uint64_t version;  // of the cluster's topology when it was learned
    Clock::time_point at;
  };
  struct Dialects {
    const Dialect* dialect;
    Clock::time_point at;
  };
  using EndpointKey = std::pair<Engine, HostPort>;
  using LinkKey = std::tuple<Engine, HostPort, std::string>;

  mutable std::mutex mutex;
  std::vector<Entry> clusters;
  std::map<LinkKey, Learned> identities;
  std::map<EndpointKey, Dialects> dialects;
  std::uint64_t last_number = 0;

  // All with the mutex held.
  void drop_unused(Clock::time_point older_than);
  Entry* named(const std::string& id);
  Entry* holding(const std::string& scope, const std::vector<Host>& hosts);
  std::string new_id(const std::string& instance_id);
};

void ClusterDirectory::State::drop_unused(Clock::time_point older_than) {
  std::erase_if(clusters, [&](const Entry& entry) {
    return entry.used_at <= older_than && !entry.cluster->in_use();
  });
  std::erase_if(identities, [&](const auto& entry) {
    return entry.second.at <= older_than || entry.second.cluster.expired();
  });
}

ClusterDirectory::State::Entry* ClusterDirectory::State::named(const std::string& id) {
  const auto found = std::find_if(clusters.begin(), clusters.end(),
                                  [&](const Entry& entry) { return entry.cluster->id() == id; });
  return found == clusters.end() ? nullptr : &*found;
}

ClusterDirectory::State::Entry* ClusterDirectory::State::holding(const std::string& scope,
                                                                 const std::vector<Host>& hosts) {
  for (Entry& entry : clusters) {
    const TopologyPtr known = entry.cluster->topology();
    if (entry.scope == scope && known && share_a_host(*known, hosts)) return &entry;
  }
  return nullptr;
}

std::string ClusterDirectory::State::new_id(const std::string& instance_id) {
  for (;;) {
    std::string id = instance_id + "#" + std::to_string(++last_number);
    if (!named(id)) return id;
  }
}

ClusterDirectory::ClusterDirectory() : state_(*new State()) {
  // Handlers before a fork run last in, first out; locks are taken directory first, then clusters.
  Cluster::survive_forks();
  pthread_atfork([] { instance().state_.mutex.lock(); }, [] { instance().state_.mutex.unlock(); },
                 [] { instance().state_.mutex.unlock(); });
}

ClusterDirectory& ClusterDirectory::instance() {
  static ClusterDirectory& leaked = *new ClusterDirectory();
  return leaked;
}

const Dialect* ClusterDirectory::known_dialect(Engine engine, const HostPort& endpoint) const {
  const std::scoped_lock lock(state_.mutex);
  const auto found = state_.dialects.find({engine, endpoint});
  if (found == state_.dialects.end() || Clock::now() - found->second.at > lifetime) return nullptr;
  return found->second.dialect;
}

bool ClusterDirectory::remember_dialect(Engine engine, const HostPort& endpoint,
                                        const Dialect& dialect) {
  const std::scoped_lock lock(state_.mutex);
  State::Dialects& known = state_.dialects[{engine, endpoint}];
  const bool news = known.dialect != &dialect;
  known = {&dialect, Clock::now()};
  return news;
}

std::optional<ClusterDirectory::Identity> ClusterDirectory::known_identity(
    Engine engine, const HostPort& endpoint, const std::string& peer_address) const {
  const std::scoped_lock lock(state_.mutex);
  const auto found = state_.identities.find({engine, endpoint, peer_address});
  if (found == state_.identities.end() || Clock::now() - found->second.at > lifetime)
    return std::nullopt;
  auto cluster = found->second.cluster.lock();
  const TopologyPtr known = cluster ? cluster->topology() : nullptr;
  if (!known || known->version != found->second.version) return std::nullopt;
  return Identity{std::move(cluster), found->second.instance_id};
}

std::shared_ptr<Cluster> ClusterDirectory::known_cluster(Engine engine,
                                                         const HostPort& endpoint) const {
  const std::scoped_lock lock(state_.mutex);
  for (auto at = state_.identities.lower_bound({engine, endpoint, ""});
       at != state_.identities.end() && std::get<0>(at->first) == engine &&
       std::get<1>(at->first) == endpoint;
       ++at)
    if (auto cluster = at->second.cluster.lock()) return cluster;
  return nullptr;
}

void ClusterDirectory::remember_identity(Engine engine, const HostPort& endpoint,
                                         const std::string& peer_address,
                                         const std::shared_ptr<Cluster>& cluster,
                                         const std::string& instance_id) {
  const std::uint64_t version = cluster->version();
  const std::scoped_lock lock(state_.mutex);
  state_.identities[{engine, endpoint, peer_address}] = {cluster, instance_id, version,
                                                         Clock::now()};
}

ClusterDirectory::Identity ClusterDirectory::learn(
    Engine engine, const HostPort& endpoint, const std::string& peer_address,
    const std::string& instance_id, std::vector<Host> hosts, const std::string& explicit_id,
    const Dialect& dialect, const MonitoringAccess& access, const Services& services) {
  const std::string scope = scope_of(engine, endpoint, access.pattern);
  std::shared_ptr<Cluster> cluster;
  {
    const std::scoped_lock lock(state_.mutex);
    const auto now = Clock::now();
    state_.drop_unused(now - lifetime);
    State::Entry* entry =
        explicit_id.empty() ? state_.holding(scope, hosts) : state_.named(explicit_id);
    if (entry && !explicit_id.empty()) {
      const TopologyPtr known = entry->cluster->topology();
      if (entry->engine != engine || (known && !share_a_host(*known, hosts)))
        throw Error(sqlstate::invalid_attribute_value, "Topology",
                    "cluster_id '" + explicit_id + "' is in use by a cluster without host '" +
                        instance_id + "'",
                    Reached::answered);
    }
    if (!entry) {
      auto fresh =
          std::make_shared<Cluster>(explicit_id.empty() ? state_.new_id(instance_id) : explicit_id,
                                    dialect, access, services);
      fresh->draw_first(hosts);  // who looks next finds it by its hosts
      entry = &state_.clusters.emplace_back(State::Entry{fresh, engine, scope, now});
    }
    entry->used_at = now;
    cluster = entry->cluster;
  }
  cluster->publish(std::move(hosts), "");
  remember_identity(engine, endpoint, peer_address, cluster, instance_id);
  return {std::move(cluster), instance_id};
}

void ClusterDirectory::clear_unused() {
  const std::scoped_lock lock(state_.mutex);
  state_.drop_unused(Clock::time_point::max());
}

}  // namespace core
