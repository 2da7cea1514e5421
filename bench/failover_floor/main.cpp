// SPDX-License-Identifier: Apache-2.0
// The floor of an outage: when did any host first accept an INSERT again, seen by the engine's
// native client?
// No client can be faster than that moment; what a driver needs beyond it is its own.
// Started by bench/failover, which reads "ready", makes the fault and reads one JSON line.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "failover_floor/link.h"
#include "subject/arguments.h"

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* insert = "INSERT INTO bench_failover (client, attempt) VALUES (-1, 0)";

using Link = std::unique_ptr<bench::FloorLink>;
using Connect = Link (*)(const std::string& conninfo);

bool accepts_insert(const Link& link) { return link->accepts(insert); }

struct Accepted {
  Clock::time_point at;
  std::size_t host;
  const char* how;
};

// The earliest acceptance of all pollers. Thread-safe.
class Floor {
 public:
  void report(std::size_t host, const char* how) {
    const Accepted accepted{Clock::now(), host, how};
    const std::lock_guard lock(mutex_);
    if (!first_) first_ = accepted;
  }
  std::optional<Accepted> first() const {
    const std::lock_guard lock(mutex_);
    return first_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Accepted> first_;
};

// Polls one reader on a connection that stays open through its promotion.
void poll_kept(Floor& floor, const Link& link, std::size_t host, milliseconds interval) {
  for (auto tick = Clock::now(); !floor.first(); tick += interval) {
    std::this_thread::sleep_until(tick);
    if (accepts_insert(link)) floor.report(host, "kept");
  }
}

// Polls one host with a new connection for each try. The old writer's acceptances count only once
// a try has failed there: before that the fault has not come.
void poll_new(Floor& floor, Connect connect, const std::string& conninfo, std::size_t host,
              bool is_writer, milliseconds interval) {
  bool counts = !is_writer;
  for (auto tick = Clock::now(); !floor.first(); tick = std::max(tick + interval, Clock::now())) {
    std::this_thread::sleep_until(tick);
    const Link link = connect(conninfo);
    const bool accepted = accepts_insert(link);
    if (accepted && counts) floor.report(host, "new");
    counts = counts || !accepted;
  }
}

Link open_reader(Connect connect, const std::string& conninfo) {
  Link link = connect(conninfo);
  if (!link->is_open()) throw std::runtime_error(link->error());
  if (accepts_insert(link)) throw std::runtime_error("not a reader: " + conninfo);
  return link;
}

// Kept connections to all readers, and new ones to everybody.
void start_pollers(Floor& floor, std::vector<std::string> hosts, const std::string& writer,
                   const bench::Arguments& arguments) {
  const milliseconds kept_interval(arguments.number("--kept-interval-ms", 2));
  const milliseconds new_interval(arguments.number("--new-interval-ms", 100));
  const Connect connect =
      arguments.text("--engine") == "mysql" ? bench::connect_mysql : bench::connect_postgres;
  auto& links = *new std::vector<Link>;
  for (const auto& host : hosts) links.push_back(open_reader(connect, host));
  for (std::size_t host = 0; host < links.size(); ++host) {
    std::thread(poll_kept, std::ref(floor), std::cref(links[host]), host, kept_interval).detach();
  }
  hosts.push_back(writer);
  for (std::size_t host = 0; new_interval.count() > 0 && host < hosts.size(); ++host) {
    const bool is_writer = host == links.size();
    std::thread(poll_new, std::ref(floor), connect, hosts[host], host, is_writer, new_interval)
        .detach();
  }
}

int watch(const bench::Arguments& arguments) {
  const auto hosts = arguments.all("--reader");
  const std::string writer = arguments.text("--writer");
  if (hosts.empty() || writer.empty()) throw std::invalid_argument("--writer and --reader needed");
  // The pollers may still hang in a connect when the process ends, so nothing of theirs is freed.
  auto& floor = *new Floor;
  start_pollers(floor, hosts, writer, arguments);
  std::puts("ready");
  std::fflush(stdout);
  const auto deadline = Clock::now() + milliseconds(arguments.number("--limit-ms", 60000));
  while (!floor.first() && Clock::now() < deadline) std::this_thread::sleep_for(milliseconds(1));
  const auto first = floor.first();
  if (!first) throw std::runtime_error("no host accepted an INSERT in time");
  std::printf("{\"accepted_ns\": %lld, \"host\": %zu, \"how\": \"%s\"}\n",
              static_cast<long long>(first->at.time_since_epoch().count()), first->host,
              first->how);
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return watch({argc,
                  argv,
                  {"--engine", "--reader", "--writer", "--kept-interval-ms", "--new-interval-ms",
                   "--limit-ms"}});
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    std::fflush(stderr);
    std::_Exit(1);
  }
}
