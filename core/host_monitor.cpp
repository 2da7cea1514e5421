// SPDX-License-Identifier: Apache-2.0
// Links and hosts in their lists. Adding and removing happens when links are opened and closed;
// nothing here is on a call's path.
#include "core/host_monitor.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "core/background.h"
#include "core/host_monitor_run.h"
#include "core/host_monitors.h"
#include "core/log.h"

namespace core {
namespace {

/// An unused host's monitor waits for the next link so long.
constexpr milliseconds linger{2000};
constexpr milliseconds shortest_rest{10};

}  // namespace

std::string numeric_address(const std::string& peer) {
  const std::size_t colon = peer.rfind(':');
  if (peer.empty() || peer.front() == '/' || colon == std::string::npos) return {};
  const bool bracketed = peer.front() == '[' && colon > 1 && peer[colon - 1] == ']';
  return bracketed ? peer.substr(1, colon - 2) : peer.substr(0, colon);
}

HostMonitors::HostMonitors() {
  pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                 [] {
                   instance().become_child();
                   instance().mutex_.unlock();
                 });
}

HostMonitors& HostMonitors::instance() {
  static HostMonitors& leaked = *new HostMonitors();
  return leaked;
}

void prepare_host_monitors() { HostMonitors::instance(); }

/// The parent's monitors and their links are the parent's, and so are the links that were known.
void HostMonitors::become_child() noexcept {
  for (auto& [key, host] : hosts_)
    while (host->first != nullptr) unlink(*host->first);
  // Not destroyed, for their links are the parent's; kept where a leak checker finds them.
  parents_ = new (std::nothrow) decltype(hosts_)(std::move(hosts_));
  hosts_.clear();
}

void HostMonitors::unlink(MonitoredLink& link) noexcept {
  (link.previous_ != nullptr ? link.previous_->next_ : link.monitored_->first) = link.next_;
  if (link.next_ != nullptr) link.next_->previous_ = link.previous_;
  link.monitored_ = nullptr;
  link.next_ = link.previous_ = nullptr;
}

std::shared_ptr<HostMonitorRun> HostMonitors::renewed_run(
    const std::shared_ptr<MonitoredHost>& host, std::uint64_t generation) {
  if (host->run && host->run->generation() == generation) return nullptr;
  return host->run = std::make_shared<HostMonitorRun>(host, generation);
}

void HostMonitors::add(MonitoredLink& link, const DetectionRule& rule, std::string peer,
                       std::shared_ptr<const ProbeAccess> access) {
  Background& background = Background::instance();
  const std::uint64_t generation = background.generation();
  MonitoredHost::Key key{access->engine, std::move(peer), rule};
  std::shared_ptr<HostMonitorRun> old, fresh, hurried;
  {
    const std::scoped_lock lock(mutex_);
    auto& host = hosts_[key];
    if (!host) host = std::make_shared<MonitoredHost>(std::move(key));
    old = host->run;
    fresh = renewed_run(host, generation);
    if (!fresh) old = nullptr;
    if (host->first == nullptr) host->least_patience = Clock::duration::max();
    if (link.patience_ < host->least_patience) {
      host->least_patience = link.patience_;
      if (!fresh) hurried = host->run;
    }
    host->access = std::move(access);
    link.monitored_ = host.get();
    link.next_ = host->first;
    if (link.next_ != nullptr) link.next_->previous_ = &link;
    host->first = &link;
  }
  if (!fresh && !hurried) return;
  try {
    background.post([=] {
      if (old) old->end();
      if (fresh) fresh->start();
      if (hurried) hurried->look_again();
    });
  } catch (...) {
    remove(link);
    throw;
  }
}

void HostMonitors::remove(MonitoredLink& link) noexcept {
  try {
    Background& background = Background::instance();
    const std::uint64_t generation = background.generation();
    std::shared_ptr<MonitoredHost> unused;
    {
      const std::scoped_lock lock(mutex_);
      if (link.monitored_ == nullptr) return;
      unused = hosts_.at(link.monitored_->key);
      unlink(link);
      if (unused->first != nullptr) return;
      const bool runs = unused->run && unused->run->generation() == generation;
      if (!runs) {  // its run of the background ended it
        unused->run = nullptr;
        hosts_.erase(unused->key);
        return;
      }
    }
    background.post_after(linger, [this, unused] { forget_if_unused(unused); });
  } catch (const std::exception& e) {
    log::line(log::Level::error, "HostMonitoring", "{}", e.what());
  }
}

void HostMonitors::forget_if_unused(const std::shared_ptr<MonitoredHost>& host) {
  std::shared_ptr<HostMonitorRun> run;
  {
    const std::scoped_lock lock(mutex_);
    if (host->first != nullptr) return;
    run = std::exchange(host->run, nullptr);
    if (const auto at = hosts_.find(host->key); at != hosts_.end() && at->second == host)
      hosts_.erase(at);
  }
  if (run) run->end();
}

void HostMonitors::forget_run(const HostMonitorRun& run) {
  const std::scoped_lock lock(mutex_);
  const auto at = hosts_.find(run.host().key);
  if (at == hosts_.end() || at->second->run.get() != &run) return;
  at->second->run = nullptr;
  if (at->second->first == nullptr) hosts_.erase(at);
}

HostMonitors::View HostMonitors::look(const MonitoredHost& host, Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  // A call that begins from now on has half its patience before it matters.
  const Clock::duration soonest =
      std::clamp<Clock::duration>(host.least_patience / 2, shortest_rest, std::chrono::hours(1));
  View view{false, false, now + soonest};
  for (const MonitoredLink* link = host.first; link != nullptr; link = link->next_) {
    if (link->host_died_.load(std::memory_order_relaxed)) continue;  // its call is ending
    const Clock::time_point at = link->overdue_at();
    const Clock::time_point half = at - link->patience_ / 2;
    view.overdue |= at <= now;
    view.nearly |= half <= now;
    view.next_look = std::min(view.next_look, half <= now ? at : half);
  }
  return view;
}

std::shared_ptr<const ProbeAccess> HostMonitors::access(const MonitoredHost& host) const {
  const std::scoped_lock lock(mutex_);
  return host.access;
}

std::vector<HostMonitors::Condemned> HostMonitors::condemn(const MonitoredHost& host,
                                                           Clock::time_point now) {
  std::vector<Condemned> condemned;
  const std::scoped_lock lock(mutex_);
  for (MonitoredLink* link = host.first; link != nullptr; link = link->next_) {
    const Clock::time_point at = link->overdue_at();
    if (at > now || link->host_died_.load(std::memory_order_relaxed)) continue;
    auto client = link->client_.lock();
    if (!client) continue;
    condemned.push_back({std::move(client), link->cluster_, link->host_});
    link->host_died_.store(true, std::memory_order_release);
  }
  return condemned;
}

std::vector<std::shared_ptr<Cluster>> HostMonitors::clusters_of_overdue(
    const MonitoredHost& host, Clock::time_point now) const {
  std::vector<std::shared_ptr<Cluster>> clusters;
  const std::scoped_lock lock(mutex_);
  for (const MonitoredLink* link = host.first; link != nullptr; link = link->next_) {
    if (link->overdue_at() > now) continue;
    auto cluster = link->cluster_.lock();
    if (cluster && std::find(clusters.begin(), clusters.end(), cluster) == clusters.end())
      clusters.push_back(std::move(cluster));
  }
  return clusters;
}

MonitoredLink::MonitoredLink(const std::shared_ptr<Client>& client, ProbeAccess access,
                             const DetectionRule& rule, milliseconds patience,
                             std::weak_ptr<Cluster> cluster, HostPort host)
    : patience_(patience), client_(client), cluster_(std::move(cluster)), host_(std::move(host)) {
  if (access.address.empty()) return;
  HostMonitors::instance().add(*this, rule, client->peer_address(),
                               std::make_shared<const ProbeAccess>(std::move(access)));
}

MonitoredLink::~MonitoredLink() { HostMonitors::instance().remove(*this); }

}  // namespace core
