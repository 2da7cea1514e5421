// SPDX-License-Identifier: Apache-2.0
// Reading topologies and choosing dialects, on a registry of the test's own.
#include "core/dialect.h"

#include <gtest/gtest.h>

namespace {

using core::Dialect;
using core::DialectRegistry;
using core::Engine;
using core::Host;
using core::HostPattern;
using core::HostRole;
using core::SuggestedBy;
using core::TextRows;

std::vector<Host> read(const TextRows& rows, const char* pattern = "?.db.example.com") {
  return core::read_topology(rows, HostPattern::parse(pattern), 5432);
}

std::string ids(const std::vector<Host>& hosts) {
  std::string text;
  for (const Host& host : hosts)
    text += (text.empty() ? "" : " ") + host.id + (host.role == HostRole::writer ? "!" : "");
  return text;
}

constexpr const char* t1 = "2024-05-01 10:00:00+00";
constexpr const char* t2 = "2024-05-01 10:00:00.5+00";
constexpr const char* t3 = "2024-05-01 10:00:01+00";

TEST(Truthy, KnowsBothEnginesTextForms) {
  for (const char* yes : {"t", "true", "TRUE", "1", "ON", "yes", "y"})
    EXPECT_TRUE(core::truthy(yes)) << yes;
  for (const char* no : {"f", "false", "0", "OFF", "no", "", "2"})
    EXPECT_FALSE(core::truthy(no)) << no;
  EXPECT_FALSE(core::truthy(std::nullopt));
}

TEST(ReadTopology, BuildsHostsWithRoleEndpointAndWeight) {
  const auto hosts = read({{"a", "t", "12.5", "0", t1}, {"b", "f", "7.4", "19.6", t1}});
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(ids(hosts), "a! b");
  EXPECT_EQ(hosts[0].endpoint, (core::HostPort{"a.db.example.com", 5432}));
  EXPECT_EQ(hosts[0].weight, 13);
  EXPECT_EQ(hosts[1].weight, 20 * 100 + 7);
  EXPECT_EQ(hosts[1].last_update, t1);
}

TEST(ReadTopology, TakesThePatternsPortBeforeTheDefault) {
  EXPECT_EQ(read({{"a", "1", "0", "0", t1}}, "?.x:7000")[0].endpoint,
            (core::HostPort{"a.x", 7000}));
}

TEST(ReadTopology, KeepsTheNewestOfDuplicates) {
  EXPECT_EQ(read({{"a", "t", "1", "0", t1}, {"b", "f", "1", "0", t1}, {"b", "f", "2", "0", t2}})[1]
                .weight,
            2);
  EXPECT_EQ(read({{"a", "t", "1", "0", t1}, {"b", "f", "2", "0", t2}, {"b", "f", "1", "0", t1}})[1]
                .weight,
            2);
  EXPECT_EQ(
      ids(read({{"a", "t", "1", "0", t1}, {"a", "f", "1", "0", t2}, {"b", "t", "1", "0", t1}})),
      "a b!");
}

TEST(ReadTopology, KeepsTheNewestOfSeveralWritersAndDropsTheOthers) {
  EXPECT_EQ(
      ids(read({{"a", "t", "0", "0", t1}, {"b", "t", "0", "0", t3}, {"c", "f", "0", "0", t1}})),
      "b! c");
  EXPECT_EQ(ids(read({{"b", "t", "0", "0", t3}, {"a", "t", "0", "0", t2}})), "b!");
}

TEST(ReadTopology, TreatsAMissingTimeAsNow) {
  EXPECT_EQ(ids(read({{"a", "t", "0", "0", t3}, {"b", "t", "0", "0", std::nullopt}})), "b!");
  EXPECT_EQ(ids(read({{"b", "t", "0", "0", std::nullopt}, {"a", "t", "0", "0", t3}})), "b!");
}

TEST(ReadTopology, IsEmptyWithoutAWriter) {
  EXPECT_TRUE(read({}).empty());
  EXPECT_TRUE(read({{"a", "f", "0", "0", t1}, {"b", "f", "0", "0", t1}}).empty());
}

TEST(ReadTopology, BearsOddRows) {
  EXPECT_EQ(ids(read({{}, {std::nullopt, "t"}, {"", "t", "0", "0", t1}, {"a", "t"}})), "a!");
  const auto hosts = read({{"a", "t", std::nullopt, "nonsense", t1},
                           {"b", "f", "NaN", "inf", t1},
                           {"c", "f", "-1", "1e300", t1}});
  ASSERT_EQ(hosts.size(), 3U);
  EXPECT_EQ(hosts[0].weight, 0);
  EXPECT_EQ(hosts[1].weight, 0);
  EXPECT_EQ(hosts[2].weight, 100000000000000);
}

constexpr std::string_view big_aliases[] = {"BIG_POSTGRES", "bigger"};
constexpr std::string_view small_upgrades[] = {"missing", "big-pg", "mute", "mid-pg"};
constexpr Dialect big{.name = "big-pg",
                      .aliases = big_aliases,
                      .engine = Engine::postgres,
                      .default_port = 1,
                      .probe = "big()",
                      .upgrades = {},
                      .session = {},
                      .display_name = "Big",
                      .suggested_by = SuggestedBy::aurora_cluster};
constexpr Dialect mid{.name = "mid-pg",
                      .aliases = {},
                      .engine = Engine::postgres,
                      .default_port = 1,
                      .probe = "mid OR x",
                      .upgrades = {},
                      .session = {},
                      .display_name = "Mid"};
constexpr Dialect mute{.name = "mute",
                       .aliases = {},
                       .engine = Engine::postgres,
                       .default_port = 1,
                       .probe = {},
                       .upgrades = {},
                       .session = {},
                       .display_name = "Mute"};
constexpr Dialect small{.name = "small",
                        .aliases = {},
                        .engine = Engine::postgres,
                        .default_port = 1,
                        .probe = {},
                        .upgrades = small_upgrades,
                        .session = {},
                        .display_name = "Small",
                        .suggested_by = SuggestedBy::any_name};
constexpr const Dialect* four[] = {&big, &mid, &mute, &small};

TEST(Registry, FindsByNameAndAliasInAnySpelling) {
  const DialectRegistry registry(four);
  for (const char* name : {"big-pg", "BIG_PG", "bigpg", "big_postgres", "BiggeR"})
    EXPECT_EQ(registry.find(name), &big) << name;
  EXPECT_EQ(registry.find(""), nullptr);
  EXPECT_EQ(registry.find("bi"), nullptr);
  EXPECT_EQ(registry.names(), "big-pg, mid-pg, mute, small");
}

TEST(Registry, AsksAllProbesInOneStatement) {
  const DialectRegistry registry(four);
  EXPECT_EQ(core::probe_statement(registry.candidates(small)), "SELECT (big()), (mid OR x)");
  EXPECT_EQ(core::probe_statement(registry.candidates(big)), "");
  EXPECT_EQ(core::variables_statement(registry.candidates(small)), "");
}

TEST(Registry, TakesTheFirstTrueAnswer) {
  const DialectRegistry registry(four);
  const auto chosen = [&](const core::TextRows& answer) {
    return &core::first_true(registry.candidates(small), answer, small);
  };
  EXPECT_EQ(chosen({{"f", "f"}}), &small);
  EXPECT_EQ(chosen({{"f", "t"}}), &mid);
  EXPECT_EQ(chosen({{"t", "t"}}), &big);
  EXPECT_EQ(chosen({{std::nullopt, "1"}}), &mid);
  EXPECT_EQ(chosen({{"f"}}), &small);
  EXPECT_EQ(chosen({}), &small);
  EXPECT_EQ(&core::first_true({}, {{"t"}}, big), &big);
}

TEST(Registry, AsksAllVariablesInOneStatementAndTellsByThem) {
  using Is = core::VariableTest::Is;
  static constexpr core::VariableTest cloud[] = {{Is::present, "cloud"}, {Is::filled, "report"}};
  static constexpr core::VariableTest fork[] = {{Is::containing, "version", "FORK"}};
  static constexpr core::VariableTest built[] = {{Is::equal, "comment", "Source Build"},
                                                 {Is::empty, "report"}};
  const auto dialect = [](std::string_view name, std::span<const core::VariableTest> tests,
                          std::string_view probe = {}) {
    return Dialect{.name = name,
                   .aliases = {},
                   .engine = Engine::mysql,
                   .default_port = 1,
                   .probe = probe,
                   .upgrades = {},
                   .session = {},
                   .display_name = name,
                   .variables = tests};
  };
  static constexpr std::string_view upgrades[] = {"cloud", "built", "fork"};
  Dialect plain = dialect("plain", {});
  plain.upgrades = upgrades;
  const Dialect of_cloud = dialect("cloud", cloud, "probe()"), of_fork = dialect("fork", fork),
                of_built = dialect("built", built);
  const Dialect* const table[] = {&of_cloud, &of_built, &of_fork, &plain};
  const DialectRegistry registry(table);
  const core::Dialects all = registry.candidates(plain);
  EXPECT_EQ(core::variables_statement(all),
            "SHOW VARIABLES WHERE Variable_name IN ('cloud', 'report', 'comment', 'version')");
  using Found = core::Dialects;
  EXPECT_EQ(core::holding(all, {}), Found{});
  EXPECT_EQ(core::holding(all, {{"Version", "1-fork-2"}}), Found{&of_fork});
  EXPECT_EQ(core::holding(all, {{"cloud", ""}, {"report", "x"}, {"comment", "source build"}}),
            Found{&of_cloud});
  EXPECT_EQ(core::holding(all, {{"report", ""}, {"comment", "source build"}, {"version", "FORK"}}),
            (Found{&of_built, &of_fork}));
  EXPECT_EQ(core::probe_statement({&of_cloud, &of_fork}), "SELECT (probe())");
  EXPECT_EQ(&core::first_true({&of_cloud, &of_fork}, {{"0"}}, plain), &of_fork);
  EXPECT_EQ(&core::first_true({&of_cloud, &of_fork}, {{"1"}}, plain), &of_cloud);
  EXPECT_EQ(&registry.by_version(plain, "2.0-Fork"), &of_fork);
  EXPECT_EQ(&registry.by_version(plain, "2.0"), &plain);
}

TEST(Registry, GuessesByTheEndpoint) {
  const DialectRegistry registry(four);
  const auto guess = [&](const char* name, const char* explicit_name = "") {
    return registry.initial(explicit_name, core::parse_endpoint(name), Engine::postgres);
  };
  EXPECT_EQ(guess("localhost").dialect, &small);
  EXPECT_FALSE(guess("localhost").fixed);
  EXPECT_EQ(guess("o.cluster-x.us-east-1.rds.amazonaws.com").dialect, &big);
  EXPECT_FALSE(guess("o.cluster-x.us-east-1.rds.amazonaws.com").fixed);
  EXPECT_EQ(guess("o.cluster-ro-x.us-east-1.rds.amazonaws.com").dialect, &big);
  EXPECT_EQ(guess("o.cluster-custom-x.us-east-1.rds.amazonaws.com").dialect, &big);
  EXPECT_EQ(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com").dialect, &big);
  EXPECT_TRUE(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com").fixed);
  EXPECT_EQ(guess("o.global-x.global.rds.amazonaws.com").dialect, &big);
  EXPECT_FALSE(guess("o.global-x.global.rds.amazonaws.com").fixed);
  EXPECT_EQ(guess("o.x.us-east-1.rds.amazonaws.com").dialect, &small);
  EXPECT_EQ(guess("o.proxy-x.us-east-1.rds.amazonaws.com").dialect, &small);
  EXPECT_EQ(guess("o.cluster-x.us-east-1.rds.amazonaws.com", "mute").dialect, &mute);
  EXPECT_TRUE(guess("localhost", "mute").fixed);
  EXPECT_EQ(guess("localhost", "nonsense").dialect, nullptr);
  EXPECT_EQ(registry.initial("", core::parse_endpoint("localhost"), Engine::mysql).dialect,
            nullptr);
}

}  // namespace
