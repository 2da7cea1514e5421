// SPDX-License-Identifier: Apache-2.0
// Clusters as plain shared state, and the directory that learns which connection belongs to which.
#include "core/cluster.h"

#include <gtest/gtest.h>

#include "fake_client.h"

using core::Availability;
using core::Cluster;
using core::ClusterDirectory;
using core::Engine;
using core::Error;
using core::HostPort;

namespace {

ClusterDirectory& directory() { return ClusterDirectory::instance(); }

class ClusterTest : public ::testing::Test {
 protected:
  void SetUp() override { directory().clear_unused(); }
  void TearDown() override { directory().clear_unused(); }

  std::shared_ptr<Cluster> lone =
      std::make_shared<Cluster>("lone", fake::dialect(), fake::access("a"), fake::services());

  ClusterDirectory::Identity learn(const std::string& host, const std::string& instance,
                                   std::vector<std::string> ids, const std::string& id = "",
                                   const std::string& pattern = "?.fake",
                                   Engine engine = Engine::postgres) {
    return directory().learn(engine, {host, 5432}, "10.0.0.1:5432", instance,
                             fake::hosts(ids, ids.front()), id, fake::dialect(),
                             fake::access(host, "first", pattern), fake::services());
  }
};

}  // namespace

TEST_F(ClusterTest, pictures_without_a_writer_or_hosts_are_ignored) {
  lone->publish(fake::hosts({"a", "b"}, "a"), "");
  lone->publish({}, "");
  lone->publish(fake::hosts({"a", "b"}, "nobody"), "");
  ASSERT_NE(lone->topology(), nullptr);
  EXPECT_EQ(lone->topology()->version, 1u);
  EXPECT_EQ(lone->topology()->writer()->id, "a");
}

TEST_F(ClusterTest, the_version_counts_changes_of_hosts_and_roles_only) {
  lone->publish(fake::hosts({"a", "b"}, "a"), "");
  auto same = fake::hosts({"a", "b"}, "a");
  same[0].weight = 7;
  lone->publish(same, "");
  EXPECT_EQ(lone->topology()->version, 1u);
  EXPECT_EQ(lone->topology()->find("a")->weight, 7);
  lone->publish(fake::hosts({"a", "b"}, "b"), "");
  EXPECT_EQ(lone->topology()->version, 2u);
}

TEST_F(ClusterTest, a_host_that_is_gone_loses_its_mark) {
  lone->publish(fake::hosts({"a", "b"}, "a"), "");
  lone->mark({"b.fake", 5432}, Availability::unavailable);
  EXPECT_EQ(lone->availability({"b.fake", 5432}), Availability::unavailable);
  EXPECT_EQ(lone->availability({"a.fake", 5432}), Availability::available);
  lone->publish(fake::hosts({"a"}, "a"), "");
  EXPECT_EQ(lone->availability({"b.fake", 5432}), Availability::available);
}

TEST_F(ClusterTest, connections_to_hosts_of_one_cluster_share_it) {
  const auto first = learn("a.fake", "a", {"a", "b"});
  const auto second = learn("b.fake", "b", {"a", "b"});
  EXPECT_EQ(first.cluster, second.cluster);
  EXPECT_EQ(second.instance_id, "b");
  const auto grown = learn("d.fake", "d", {"a", "b", "d"});
  EXPECT_EQ(grown.cluster, first.cluster);
}

TEST_F(ClusterTest, clusters_of_one_account_are_told_apart_by_their_instances) {
  EXPECT_NE(learn("a.fake", "a", {"a", "b"}).cluster, learn("x.fake", "x", {"x", "y"}).cluster);
}

TEST_F(ClusterTest, engines_and_patterns_separate_equal_instance_ids) {
  const auto first = learn("a.fake", "a", {"a"});
  EXPECT_NE(first.cluster, learn("a.fake", "a", {"a"}, "", "?.other").cluster);
  EXPECT_NE(first.cluster, learn("a.fake", "a", {"a"}, "", "?.fake", Engine::mysql).cluster);
}

TEST_F(ClusterTest, behind_a_bare_pattern_only_the_same_endpoint_shares) {
  const auto first = learn("orders.fake", "a", {"a"}, "", "?");
  EXPECT_EQ(first.cluster, learn("ORDERS.fake", "a", {"a"}, "", "?").cluster);
  EXPECT_NE(first.cluster, learn("billing.fake", "a", {"a"}, "", "?").cluster);
}

TEST_F(ClusterTest, an_explicit_id_is_kept_and_a_clash_is_hy024) {
  const auto first = learn("a.fake", "a", {"a", "b"}, "orders");
  EXPECT_EQ(first.cluster->id(), "orders");
  EXPECT_EQ(learn("10.0.0.7", "b", {"a", "b"}, "orders", "?").cluster, first.cluster);
  try {
    learn("x.fake", "x", {"x", "y"}, "orders");
    ADD_FAILURE() << "no error";
  } catch (const Error& e) { EXPECT_EQ(e.state(), core::sqlstate::invalid_attribute_value); }
}

TEST_F(ClusterTest, an_identity_is_known_until_the_hosts_change) {
  const auto first = learn("a.fake", "a", {"a", "b"});
  const auto known = [] {
    return directory().known_identity(Engine::postgres, {"a.fake", 5432}, "10.0.0.1:5432");
  };
  ASSERT_TRUE(known());
  EXPECT_EQ(known()->instance_id, "a");
  EXPECT_FALSE(directory().known_identity(Engine::postgres, {"a.fake", 5432}, "10.0.0.2:5432"));
  first.cluster->publish(fake::hosts({"a", "b"}, "b"), "");
  EXPECT_FALSE(known());
  learn("a.fake", "a", {"b", "a"});
  EXPECT_TRUE(known());
}

TEST_F(ClusterTest, a_dialect_is_remembered_per_engine_and_endpoint) {
  const HostPort endpoint{"dialect.fake", 5432};
  EXPECT_EQ(directory().known_dialect(Engine::postgres, endpoint), nullptr);
  directory().remember_dialect(Engine::postgres, endpoint, fake::dialect());
  EXPECT_EQ(directory().known_dialect(Engine::postgres, endpoint), &fake::dialect());
  EXPECT_EQ(directory().known_dialect(Engine::mysql, endpoint), nullptr);
}
