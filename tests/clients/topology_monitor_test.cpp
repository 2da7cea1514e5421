// SPDX-License-Identifier: Apache-2.0
// The topology monitor against a real cluster (tests/cluster): a crash of the writer, and a second
// one soon after. AURODBC_TEST_CLUSTER_* name the cluster; AURODBC_TEST_CLUSTER_FAILOVER is a
// command that kills the writer, promotes a reader and prints its steps as JSON.
#include "core/topology_monitor.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <sstream>

#include "core/client/link_options.h"
#include "core/client/pg_client.h"
#include "core/services.h"
#include "dialects/aurora_postgres.h"

using namespace std::chrono_literals;
using core::Clock;
using core::Cluster;
using core::Deadline;

namespace {

std::string setting(const char* name) {
  const char* value = std::getenv((std::string("AURODBC_TEST_CLUSTER_") + name).c_str());
  return value ? value : "";
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t got = pipe ? fread(buffer.data(), 1, buffer.size(), pipe.get()) : 0)
    text.append(buffer.data(), got);
  return text;
}

/// When a step of a failover happened; both sides use CLOCK_MONOTONIC.
Clock::time_point time_of(const std::string& steps, const std::string& step) {
  const auto at = steps.find("\"" + step + "\"");
  const std::string key = "\"monotonic_ns\":";
  const auto number = at == std::string::npos ? at : steps.find(key, at);
  if (number == std::string::npos) return {};
  return Clock::time_point(
      std::chrono::nanoseconds(std::strtoll(steps.c_str() + number + key.size(), nullptr, 10)));
}

const core::Services& services() {
  static const core::ClientDescriptor* const clients[] = {&core::pg_client_descriptor};
  static core::Services& leaked = *new core::Services{
      .plugins = core::PluginRegistry({}),
      .dialects = core::DialectRegistry({}),
      .clients = clients,
      .options = core::OptionTable({core::general::group(), core::link_options::group()}),
      .resolver = &core::system_resolver()};
  return leaked;
}

core::MonitoringAccess access() {
  const auto port = static_cast<std::uint16_t>(std::stoi(setting("PORT")));
  core::Options options;
  options.set(core::general::database, setting("DATABASE"));
  options.set(core::link_options::sslmode, "prefer");
  return {options,
          core::fixed_credentials(setting("USER"), core::Secret(setting("PASSWORD"))),
          core::HostPattern::parse(setting("PATTERN")),
          {setting("ENDPOINT"), port}};
}

/// The hosts as a connection would have read them.
std::vector<core::Host> hosts() {
  std::vector<core::Host> result;
  std::istringstream ids(setting("IDS"));
  const core::MonitoringAccess how = access();
  for (std::string id; std::getline(ids, id, ',');) {
    core::Host host;
    host.id = id;
    host.endpoint = {how.pattern.host_for(id), how.initial.port};
    host.role = id == setting("WRITER") ? core::HostRole::writer : core::HostRole::reader;
    result.push_back(host);
  }
  return result;
}

}  // namespace

TEST(TopologyMonitorLiveTest, a_crash_and_another_one_soon_after_are_answered_by_the_new_writer) {
  ASSERT_FALSE(setting("FAILOVER").empty()) << "run it by tests/clients/run_on_cluster.py";
  const auto cluster =
      std::make_shared<Cluster>("live", dialects::aurora_postgres, access(), services());
  cluster->publish(hosts(), "");
  const Cluster::Use use(cluster, access());
  const auto settled = Deadline::after(5s);
  while (cluster->topology()->verified_writer.empty() && !settled.expired())
    static_cast<void>(core::pause(5ms, nullptr));
  ASSERT_EQ(cluster->topology()->verified_writer, setting("WRITER"));
  std::string before = setting("WRITER");
  for (int crash = 1; crash <= 2; ++crash) {
    auto steps = std::async(std::launch::async, [] { return output_of(setting("FAILOVER")); });
    // A connection would notice by its broken link; here: until somebody but the old one answers.
    core::TopologyPtr found;
    Clock::time_point found_at{};
    const auto patience = Deadline::after(20s);
    do {
      found = cluster->wait_for_writer(Clock::now(), patience, nullptr);
      found_at = Clock::now();
      ASSERT_NE(found, nullptr);
      static_cast<void>(core::pause(1ms, nullptr));
    } while (found->verified_writer == before);
    const std::string told = steps.get();
    EXPECT_EQ(found->writer()->id, found->verified_writer);
    EXPECT_NE(told.find("\"" + found->verified_writer + "\""), std::string::npos) << told;
    const auto fault = time_of(told, "fault");
    const auto told_at = time_of(told, "told");
    std::printf("crash %d: writer known %.1f ms after the fault, %.1f ms after the hosts told it\n",
                crash, core::elapsed_ms(fault, found_at), core::elapsed_ms(told_at, found_at));
    EXPECT_LT(core::elapsed_ms(told_at, found_at), 1000);
    before = found->verified_writer;
    static_cast<void>(core::pause(3s, nullptr));
  }
}
