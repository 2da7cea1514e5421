// SPDX-License-Identifier: Apache-2.0
// Hosts and topologies as values and as text.
#include "core/topology.h"

#include <gtest/gtest.h>

namespace {

using core::Host;
using core::HostPort;
using core::HostRole;

core::Topology orders() {
  core::Topology topology;
  topology.hosts = {{"orders-2", {"10.0.0.2", 5432}, HostRole::reader, 0, ""},
                    {"orders-1", {"::1", 5433}, HostRole::writer, 0, ""},
                    {"orders-3", {"o3", 5432}, HostRole::unknown, 0, ""}};
  return topology;
}

TEST(HostPorts, PutAddressesWithColonsInBrackets) {
  EXPECT_EQ((HostPort{"name", 5432}).text(), "name:5432");
  EXPECT_EQ((HostPort{"::1", 5432}).text(), "[::1]:5432");
  EXPECT_EQ((HostPort{"", 0}).text(), ":0");
}

TEST(Topologies, FindHostsByIdAndEndpoint) {
  const core::Topology topology = orders();
  EXPECT_EQ(topology.find("orders-1"), &topology.hosts[1]);
  EXPECT_EQ(topology.find("orders"), nullptr);
  EXPECT_EQ(topology.find(HostPort{"10.0.0.2", 5432}), &topology.hosts[0]);
  EXPECT_EQ(topology.find(HostPort{"10.0.0.2", 5433}), nullptr);
  EXPECT_TRUE(topology.contains("orders-3"));
  EXPECT_EQ(topology.writer(), &topology.hosts[1]);
  EXPECT_EQ(core::Topology().writer(), nullptr);
}

TEST(Topologies, ReadAsText) {
  EXPECT_EQ(to_text(orders()),
            "reader orders-2 (10.0.0.2:5432), writer orders-1 ([::1]:5433), host orders-3 "
            "(o3:5432)");
  EXPECT_EQ(to_text(core::Topology()), "no hosts");
}

}  // namespace
