// SPDX-License-Identifier: Apache-2.0
// What all connections to one cluster share. The mutex guards plain values only: nothing that
// takes another lock is called with it held, not even the log.
#include "core/cluster.h"

#include <pthread.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/log.h"
#include "core/telemetry.h"
#include "core/topology_monitor.h"

namespace core {

/// Every cluster of the process, so that fork finds none of their mutexes taken by a thread that
/// the child does not have.
struct ClusterRegistry {
  std::mutex mutex;
  std::set<Cluster*> clusters;

  static ClusterRegistry& instance() {
    static ClusterRegistry& leaked = *new ClusterRegistry();
    return leaked;
  }
  ClusterRegistry() { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }
  static void before_fork() {
    instance().mutex.lock();
    for (Cluster* cluster : instance().clusters) cluster->mutex_.lock();
  }
  static void after_fork_in_parent() {
    for (Cluster* cluster : instance().clusters) cluster->mutex_.unlock();
    instance().mutex.unlock();
  }
  static void after_fork_in_child() {
    for (Cluster* cluster : instance().clusters) cluster->become_child();
    after_fork_in_parent();
  }
};

namespace {

constexpr std::chrono::minutes mark_lifetime{5};
constexpr std::chrono::seconds verified_lead{30};
constexpr milliseconds monitor_linger{2000};

/// The host that proved to be the writer is the writer, whatever a lagging table says of the rest.
void crown(std::vector<Host>& hosts, const std::string& writer) {
  for (Host& host : hosts) {
    if (host.id == writer)
      host.role = HostRole::writer;
    else if (host.role == HostRole::writer)
      host.role = HostRole::reader;
  }
}

bool same_hosts(const Topology& a, const Topology& b) {
  const auto contains = [](const Topology& t, const Host& host) {
    const Host* other = t.find(host.id);
    return other && other->endpoint == host.endpoint && other->role == host.role;
  };
  return a.hosts.size() == b.hosts.size() &&
         std::all_of(a.hosts.begin(), a.hosts.end(),
                     [&](const Host& host) { return contains(b, host); });
}

void log_note(const std::string& cluster, const std::string& note) {
  if (!note.empty()) log::line(log::Level::debug, "topology", "cluster {}: {}", cluster, note);
}

}  // namespace

Cluster::Cluster(std::string id, const Dialect& dialect, MonitoringAccess access,
                 const Services& services)
    : id_(std::move(id)),
      dialect_(&dialect),
      services_(&services),
      access_(std::make_shared<MonitoringAccess>(std::move(access))) {
  ClusterRegistry& registry = ClusterRegistry::instance();
  const std::scoped_lock lock(registry.mutex);
  registry.clusters.insert(this);
}

Cluster::~Cluster() {
  ClusterRegistry& registry = ClusterRegistry::instance();
  const std::scoped_lock lock(registry.mutex);
  registry.clusters.erase(this);
}

TopologyPtr Cluster::topology() const {
  const std::scoped_lock lock(mutex_);
  return topology_;
}

Cluster::AccessPtr Cluster::newest_access() const {
  const std::scoped_lock lock(mutex_);
  return access_;
}

bool Cluster::in_use() const {
  const std::scoped_lock lock(mutex_);
  return users_ > 0;
}

bool Cluster::accept(Topology fresh, std::string& note) {
  if (fresh.hosts.empty() || !fresh.writer()) return false;
  const bool contradicts = fresh.verified_writer.empty() && verified_ &&
                           fresh.read_at - verified_at_ < verified_lead &&
                           fresh.writer()->id != verified_->verified_writer;
  if (contradicts) {
    note = "not used, " + verified_->verified_writer + " is the verified writer: " + to_text(fresh);
    return false;
  }
  if (fresh.verified_writer.empty() && topology_ &&
      topology_->verified_writer == fresh.writer()->id)
    fresh.verified_writer = topology_->verified_writer;
  const bool changed = !topology_ || !same_hosts(*topology_, fresh);
  fresh.version = (topology_ ? topology_->version : 0) + (changed ? 1 : 0);
  std::erase_if(marks_, [&](const auto& mark) { return !fresh.find(mark.first); });
  topology_ = std::make_shared<const Topology>(std::move(fresh));
  version_.store(topology_->version, std::memory_order_release);
  if (changed) note = to_text(*topology_);
  return changed;
}

void Cluster::survive_forks() { ClusterRegistry::instance(); }

void Cluster::draw_first(std::vector<Host> hosts) {
  Topology fresh;
  fresh.hosts = std::move(hosts);
  fresh.read_at = Clock::now();
  std::string note;
  const std::scoped_lock lock(mutex_);
  accept(std::move(fresh), note);
}

void Cluster::publish(std::vector<Host> hosts, const std::string& verified_writer) {
  if (!verified_writer.empty()) {
    publish_verified(std::move(hosts), verified_writer, Clock::time_point::min());
    return;
  }
  Topology fresh;
  fresh.hosts = std::move(hosts);
  fresh.read_at = Clock::now();
  std::shared_ptr<Signal> to_wake;
  std::string note;
  {
    const std::scoped_lock lock(mutex_);
    if (accept(std::move(fresh), note)) to_wake = changed_;
  }
  log_note(id_, note);
  if (to_wake) to_wake->publish();
}

void Cluster::publish_verified(std::vector<Host> hosts, const std::string& writer,
                               Clock::time_point asked_at) {
  Topology fresh;
  crown(hosts, writer);
  fresh.hosts = std::move(hosts);
  fresh.read_at = Clock::now();
  fresh.verified_writer = writer;
  std::shared_ptr<Signal> to_wake;
  std::string note;
  std::vector<std::shared_ptr<Client>> left_behind;
  {
    const std::scoped_lock lock(mutex_);
    if (!fresh.writer()) return;
    // What was verified before, because what readers say may have changed the picture since.
    const Topology* const before = verified_ ? verified_.get() : topology_.get();
    if (before != nullptr && before->writer()->id != writer)
      left_behind = links_to(before->writer()->id);
    accept(std::move(fresh), note);
    verified_ = topology_;
    verified_at_ = std::max(verified_at_, asked_at);
    to_wake = changed_;
  }
  log_note(id_, note);
  to_wake->publish();
  if (left_behind.empty()) return;
  telemetry::links_left_behind.add(left_behind.size());
  log::line(log::Level::info, "topology", "cluster {}: shutting {} links to the former writer down",
            id_, left_behind.size());
  for (const auto& client : left_behind) client->abort();
}

std::vector<std::shared_ptr<Client>> Cluster::links_to(const std::string& instance_id) const {
  std::vector<std::shared_ptr<Client>> found;
  for (const TrackedLink* link = tracked_; link != nullptr; link = link->next_)
    if (link->instance_id_ == instance_id)
      if (auto client = link->client_.lock()) found.push_back(std::move(client));
  return found;
}

TrackedLink::TrackedLink(std::shared_ptr<Cluster> cluster, const std::shared_ptr<Client>& client,
                         std::string instance_id)
    : cluster_(std::move(cluster)), client_(client), instance_id_(std::move(instance_id)) {
  const std::scoped_lock lock(cluster_->mutex_);
  next_ = std::exchange(cluster_->tracked_, this);
  if (next_ != nullptr) next_->previous_ = this;
}

TrackedLink::~TrackedLink() {
  const std::scoped_lock lock(cluster_->mutex_);
  (previous_ != nullptr ? previous_->next_ : cluster_->tracked_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

void Cluster::report(const Error& failure) {
  std::shared_ptr<Signal> to_wake;
  {
    const std::scoped_lock lock(mutex_);
    failure_ = std::make_shared<Error>(failure);
    failed_at_ = Clock::now();
    to_wake = changed_;
  }
  to_wake->publish();
}

TopologyPtr Cluster::wait_for_writer(Clock::time_point since, Deadline deadline,
                                     const Interrupt* interrupt) {
  if (!dialect_->has_topology()) return nullptr;
  const Background::Lease lease = Background::instance().lease();
  const auto asked = Clock::now();
  const Signal::Subscription changed(*changed_);
  for (;;) {
    changed.event().clear();
    {
      const std::scoped_lock lock(mutex_);
      if (verified_ && verified_at_ >= since) return verified_;
      if (failure_ && failed_at_ >= asked) throw Error(*failure_);
    }
    keep_monitor(since);
    switch (wait(Waitable::signal(changed), deadline, interrupt)) {
      case Woken::ready: break;
      case Woken::timed_out: return nullptr;
      case Woken::interrupted:
        throw Error(sqlstate::cancelled, "Topology", "cancelled while looking for the new writer",
                    Reached::not_sent);
    }
  }
}

void Cluster::verify_soon() {
  if (dialect_->has_topology()) keep_monitor(Clock::now());
}

void Cluster::mark(const HostPort& host, Availability availability) {
  const std::scoped_lock lock(mutex_);
  marks_[host] = {availability, Clock::now()};
}

Availability Cluster::availability(const HostPort& host) const {
  const std::scoped_lock lock(mutex_);
  const auto found = marks_.find(host);
  if (found == marks_.end() || Clock::now() - found->second.at > mark_lifetime)
    return Availability::available;
  return found->second.availability;
}

/// The caller holds a lease, so that the background's run does not end by itself meanwhile.
void Cluster::keep_monitor(std::optional<Clock::time_point> verify_since) {
  Background& background = Background::instance();
  const std::uint64_t generation = background.generation();
  std::shared_ptr<TopologyMonitor> monitor;
  std::shared_ptr<TopologyMonitor> old;
  bool fresh = false;
  {
    const std::scoped_lock lock(mutex_);
    if (!monitor_ || monitor_->generation() != generation) {
      old = std::exchange(monitor_,
                          std::make_shared<TopologyMonitor>(shared_from_this(), generation));
      fresh = true;
    }
    monitor = monitor_;
  }
  if (fresh || verify_since)
    background.post([=] {
      if (old) old->end();
      if (fresh) monitor->start();
      if (verify_since) monitor->verify(*verify_since);
    });
}

void Cluster::forget_monitor(const TopologyMonitor& monitor) {
  std::shared_ptr<Signal> to_wake;
  {
    const std::scoped_lock lock(mutex_);
    if (monitor_.get() == &monitor) monitor_ = nullptr;
    to_wake = changed_;
  }
  to_wake->publish();  // who waits starts another
}

bool Cluster::forget_unused_monitor(const TopologyMonitor& monitor) {
  const std::scoped_lock lock(mutex_);
  if (users_ > 0 || monitor_.get() != &monitor) return false;
  monitor_ = nullptr;
  return true;
}

Cluster::Use::Use(std::shared_ptr<Cluster> cluster, MonitoringAccess access)
    : lease_(Background::instance().lease()) {
  auto offered = std::make_shared<const MonitoringAccess>(std::move(access));
  {
    const std::scoped_lock lock(cluster->mutex_);
    cluster->access_ = std::move(offered);
    ++cluster->users_;
  }
  cluster_ = std::move(cluster);
  if (cluster_->dialect_->has_topology()) cluster_->keep_monitor(std::nullopt);
}

Cluster::Use& Cluster::Use::operator=(Use&& other) noexcept {
  std::swap(cluster_, other.cluster_);
  std::swap(lease_, other.lease_);
  return *this;
}

Cluster::Use::~Use() {
  if (cluster_) cluster_->leave();
}

void Cluster::leave() noexcept {
  try {
    std::shared_ptr<TopologyMonitor> monitor;
    {
      const std::scoped_lock lock(mutex_);
      if (--users_ > 0 || !monitor_) return;
      monitor = monitor_;
    }
    Background& background = Background::instance();
    if (background.generation() != monitor->generation()) return;  // its run ended it
    background.post_after(monitor_linger, [weak = std::weak_ptr(monitor), own = weak_from_this()] {
      const auto monitor_then = weak.lock();
      const auto cluster = own.lock();
      if (monitor_then && cluster && cluster->forget_unused_monitor(*monitor_then))
        monitor_then->end();
    });
  } catch (const std::exception& e) {
    log::line(log::Level::error, "topology", "cluster {}: {}", id_, e.what());
  }
}

/// The parent's monitor is leaked: its links are the parent's. Who waited is not here either.
void Cluster::become_child() {
  static_cast<void>(new std::shared_ptr<TopologyMonitor>(std::move(monitor_)));
  static_cast<void>(new std::shared_ptr<Signal>(std::move(changed_)));
  monitor_ = nullptr;
  changed_ = std::make_shared<Signal>();
}

}  // namespace core
