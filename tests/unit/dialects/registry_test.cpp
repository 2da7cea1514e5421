// SPDX-License-Identifier: Apache-2.0
// The real table of dialects: spellings, guesses, probes, and what schema-qualified means.
#include "dialects/registry.h"

#include <gtest/gtest.h>

#include <regex>

namespace {

using core::DialectRegistry;
using core::Engine;

const DialectRegistry& registry() {
  static const DialectRegistry all(dialects::all());
  return all;
}

std::string found(std::string_view name) {
  const core::Dialect* dialect = registry().find(name);
  return dialect == nullptr ? "none" : std::string(dialect->name);
}

TEST(Dialects, AreListedMostSpecificFirst) {
  EXPECT_EQ(registry().names(),
            "aurora-pg, multi-az-pg, rds-pg, pg, aurora-mysql, multi-az-mysql, rds-mysql, mariadb, "
            "mysql");
}

TEST(Dialects, AcceptTheSpellingsOfAllThreeFamilies) {
  for (const char* name : {"aurora-pg", "aurora_pg", "AURORA_POSTGRESQL", "aurora-postgresql",
                           "Aurora-Postgres", "AURORA_POSTGRESQL_LIMITLESS"})
    EXPECT_EQ(found(name), "aurora-pg") << name;
  for (const char* name : {"pg", "PG", "postgres", "postgresql", "PostgreSQL"})
    EXPECT_EQ(found(name), "pg") << name;
  for (const char* name : {"aurora-mysql", "aurora_mysql", "AURORA_MYSQL"})
    EXPECT_EQ(found(name), "aurora-mysql") << name;
  for (const char* name : {"multi-az-pg", "multi_az_pg", "rds-multi-az-pg-cluster",
                           "RDS_MULTI_AZ_PG_CLUSTER", "MULTI_AZ_POSTGRESQL", "multi-az-postgresql"})
    EXPECT_EQ(found(name), "multi-az-pg") << name;
  for (const char* name :
       {"multi-az-mysql", "MULTI_AZ_MYSQL", "rds-multi-az-mysql-cluster", "Multi-Az-MySQL"})
    EXPECT_EQ(found(name), "multi-az-mysql") << name;
  EXPECT_EQ(found("rds-pg"), "rds-pg");
  EXPECT_EQ(found("RDS_MYSQL"), "rds-mysql");
  EXPECT_EQ(found("MySQL"), "mysql");
  EXPECT_EQ(found("MariaDB"), "mariadb");
}

TEST(Dialects, DoNotPretendToKnowWhatComesLater) {
  for (const char* name : {"global-aurora-pg", "global-aurora-mysql", "unknown", "custom", ""})
    EXPECT_EQ(found(name), "none") << name;
}

TEST(Dialects, AreGuessedByEngineAndEndpoint) {
  const auto guess = [](const char* name, Engine engine) {
    const auto g = registry().initial("", core::parse_endpoint(name), engine);
    return std::string(g.dialect->name) + (g.fixed ? "!" : "");
  };
  const char* cluster = "o.cluster-x.us-east-1.rds.amazonaws.com";
  EXPECT_EQ(guess("127.0.0.1", Engine::postgres), "pg");
  EXPECT_EQ(guess("o.x.us-east-1.rds.amazonaws.com", Engine::postgres), "rds-pg");
  EXPECT_EQ(guess("o.proxy-x.us-east-1.rds.amazonaws.com", Engine::postgres), "rds-pg");
  EXPECT_EQ(guess("o.x.us-east-1.rds.amazonaws.com", Engine::mysql), "rds-mysql");
  EXPECT_EQ(guess(cluster, Engine::postgres), "aurora-pg");
  EXPECT_EQ(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com", Engine::postgres), "aurora-pg!");
  EXPECT_EQ(guess("127.0.0.1", Engine::mysql), "mysql");
  EXPECT_EQ(guess(cluster, Engine::mysql), "aurora-mysql");
  EXPECT_EQ(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com", Engine::mysql), "aurora-mysql");
}

std::string candidates_of(std::string_view name) {
  std::string text;
  for (const core::Dialect* dialect : registry().candidates(*registry().find(name)))
    text += (text.empty() ? "" : " ") + std::string(dialect->name);
  return text;
}

TEST(Dialects, AreProbedInTheOrderOfTheirSpecificity) {
  EXPECT_EQ(candidates_of("pg"), "aurora-pg multi-az-pg rds-pg");
  EXPECT_EQ(candidates_of("rds-pg"), "multi-az-pg aurora-pg rds-pg");
  EXPECT_EQ(candidates_of("aurora-pg"), "multi-az-pg aurora-pg rds-pg");
  EXPECT_EQ(candidates_of("multi-az-pg"), "");
  EXPECT_EQ(candidates_of("mysql"), "aurora-mysql multi-az-mysql rds-mysql mariadb");
  EXPECT_EQ(candidates_of("rds-mysql"), "aurora-mysql multi-az-mysql rds-mysql mariadb");
  EXPECT_EQ(candidates_of("aurora-mysql"), "multi-az-mysql aurora-mysql rds-mysql mariadb");
  EXPECT_EQ(candidates_of("multi-az-mysql"), "");
}

TEST(Dialects, ThatAreNotRecognisedAreTheEnginesPlainOne) {
  const auto spoken = [](std::string_view guessed) {
    return registry().fallback(*registry().find(guessed)).name;
  };
  EXPECT_EQ(spoken("aurora-pg"), "pg");
  EXPECT_EQ(spoken("rds-pg"), "pg");
  EXPECT_EQ(spoken("pg"), "pg");
  EXPECT_EQ(spoken("aurora-mysql"), "mysql");
  EXPECT_EQ(spoken("rds-mysql"), "mysql");
  EXPECT_EQ(spoken("mysql"), "mysql");
}

/// Answers to the probes of pg in their order, and who lacks grants.
TEST(Dialects, OfPostgresAreFoundByOneStatement) {
  const core::Dialect& pg = *registry().find("pg");
  const core::Dialects candidates = registry().candidates(pg);
  EXPECT_EQ(core::variables_statement(candidates), "");
  EXPECT_TRUE(
      core::probe_statement(candidates)
          .starts_with("SELECT (pg_catalog.to_regproc('pg_catalog.aurora_replica_status')"));
  const auto found_by = [&](const std::vector<std::optional<std::string>>& answers) {
    return core::first_true(candidates, {answers}, pg).name;
  };
  EXPECT_EQ(found_by({"t", "f", "f", "f"}), "aurora-pg");
  EXPECT_EQ(found_by({"f", "t", "t", "f"}), "multi-az-pg");
  EXPECT_EQ(found_by({"f", "f", "t", "t"}), "rds-pg");
  EXPECT_EQ(found_by({"f", "f", "f", "f"}), "pg");
  const auto without_grants = [&](const std::vector<std::optional<std::string>>& answers) {
    const core::Dialect* dialect = core::first_without_grants(candidates, {answers});
    return dialect == nullptr ? "" : std::string(dialect->name);
  };
  EXPECT_EQ(without_grants({"f", "f", "t", "t"}), "multi-az-pg");
  EXPECT_EQ(without_grants({"f", "f", "t", "f"}), "");
  EXPECT_EQ(without_grants({"f", "t", "t", std::nullopt}), "");
  EXPECT_EQ(core::first_without_grants(candidates, {}), nullptr);
}

TEST(Dialects, OfMysqlAreFoundByTheirVariables) {
  const core::Dialect& mysql = *registry().find("mysql");
  const core::Dialects candidates = registry().candidates(mysql);
  EXPECT_EQ(core::variables_statement(candidates),
            "SHOW VARIABLES WHERE Variable_name IN ('aurora_version', 'report_host', "
            "'version_comment', 'version')");
  const auto found_by = [&](const core::TextRows& variables, const core::TextRows& probes = {}) {
    return core::first_true(core::holding(candidates, variables), probes, mysql).name;
  };
  EXPECT_EQ(found_by({{"version", "8.0.28"}}), "mysql");
  EXPECT_EQ(found_by({{"version", "8.0.28"}, {"aurora_version", "3.04.0"}}), "aurora-mysql");
  EXPECT_EQ(found_by({{"version", "10.11.19-MariaDB-0+deb12u1"}, {"report_host", ""}}), "mariadb");
  EXPECT_EQ(registry().by_version(mysql, "10.11.19-MariaDB").name, "mariadb");
  EXPECT_EQ(registry().by_version(mysql, "8.4.0").name, "mysql");
  EXPECT_EQ(registry().by_version(*registry().find("rds-mysql"), "10.11.19-MariaDB").name,
            "mariadb");
  const core::TextRows instance = {
      {"version", "8.0.35"}, {"version_comment", "Source distribution"}, {"report_host", ""}};
  const core::TextRows cluster = {
      {"version", "8.0.35"}, {"version_comment", "Source distribution"}, {"report_host", "h-1"}};
  EXPECT_EQ(found_by(instance), "rds-mysql");
  EXPECT_EQ(found_by(cluster, {{"1", "0"}}), "multi-az-mysql");
  EXPECT_EQ(found_by(cluster, {{"0", "1"}}), "mysql");
}

/// The second question is asked of those only whose variables are filled as a cluster's are.
TEST(Dialects, OfMysqlAreAskedOnceUnlessTheyMayBeMultiAz) {
  const core::Dialects candidates = registry().candidates(*registry().find("mysql"));
  const auto second_question = [&](const core::TextRows& variables) {
    return core::probe_statement(core::holding(candidates, variables));
  };
  EXPECT_EQ(second_question({{"version", "8.0.28"}, {"aurora_version", "3.04.0"}}), "");
  EXPECT_EQ(second_question({{"version", "8.0.28"}, {"report_host", ""}}), "");
  EXPECT_NE(second_question({{"version", "8.0.28"}, {"report_host", "h"}}).find("rds_topology"),
            std::string::npos);
}

TEST(Dialects, HaveAllFourQueriesWhenTheyHaveATopology) {
  for (const core::Dialect* dialect : dialects::all()) {
    if (!dialect->has_topology()) continue;
    const core::TopologyQueries& t = *dialect->topology;
    for (const std::string_view sql : {t.hosts, t.own_id, t.is_reader})
      EXPECT_TRUE(sql.starts_with("SELECT ")) << dialect->name << ": " << sql;
    EXPECT_EQ(t.writer_id.starts_with("SELECT "), t.followed_column.empty()) << dialect->name;
    EXPECT_FALSE(t.writer_id.empty()) << dialect->name;
  }
}

TEST(Dialects, OfMultiAzTakeTheHostThatFollowsNobodyForTheWriter) {
  const core::TopologyQueries& pg = *registry().find("multi-az-pg")->topology;
  EXPECT_TRUE(core::read_self_report(pg, {{std::nullopt, "f", "a"}}).writer);
  EXPECT_FALSE(core::read_self_report(pg, {{"db-B", "f", "a"}}).writer);
  EXPECT_FALSE(core::read_self_report(pg, {{std::nullopt, "t", "a"}}).writer);
  const core::TopologyQueries& mysql = *registry().find("multi-az-mysql")->topology;
  EXPECT_EQ(core::self_question(mysql), "");
  const core::TextRows self = {{"a", "11"}}, reads = {{"1"}}, writes = {{"0"}};
  // MySQL 8.4 has other columns before it than 8.0: the name counts.
  const core::NamedRows follows{{"Replica_IO_State", "Source_Server_Id"}, {{"Waiting", "12"}}};
  const core::NamedRows nobody{{"Replica_IO_State", "Source_Server_Id"}, {}};
  EXPECT_TRUE(core::read_self_report(mysql, self, nobody, writes).writer);
  EXPECT_EQ(core::read_self_report(mysql, self, nobody, writes).writer_key, "11");
  EXPECT_FALSE(core::read_self_report(mysql, self, nobody, reads).writer);
  EXPECT_FALSE(core::read_self_report(mysql, self, follows, writes).writer);
  EXPECT_EQ(core::read_self_report(mysql, self, follows, reads).writer_key, "12");
}

TEST(Dialects, OfMultiAzReadTheirTopologies) {
  const auto pattern = core::HostPattern::parse("?.xyz.us-east-1.rds.amazonaws.com");
  const core::HostPattern none{"?", 0};
  const core::TopologyQueries& mysql = *registry().find("multi-az-mysql")->topology;
  const core::TextRows rows = {
      {"a", "11", "0", "0", std::nullopt, "a.xyz.us-east-1.rds.amazonaws.com", "3307"},
      {"b", "12", "0", "0", std::nullopt, "b.xyz.us-east-1.rds.amazonaws.com", "3307"}};
  const auto by_reader = core::read_topology(mysql, {"a", false, "12"}, rows, pattern, 3306);
  ASSERT_EQ(by_reader.size(), 2U);
  EXPECT_EQ(by_reader[0].role, core::HostRole::reader);
  EXPECT_EQ(by_reader[1].role, core::HostRole::writer);
  EXPECT_EQ(by_reader[1].endpoint.text(), "b.xyz.us-east-1.rds.amazonaws.com:3307");
  const auto by_writer = core::read_topology(mysql, {"a", true, "11"}, rows, none, 3306);
  ASSERT_EQ(by_writer.size(), 2U);
  EXPECT_EQ(by_writer[0].role, core::HostRole::writer);
  EXPECT_EQ(by_writer[1].endpoint.text(), "b.xyz.us-east-1.rds.amazonaws.com:3307");
  EXPECT_TRUE(core::read_topology(mysql, {"elsewhere", true, "11"}, rows, none, 3306).empty());
  EXPECT_TRUE(core::read_topology(mysql, {"a", false, ""}, rows, none, 3306).empty());
  EXPECT_TRUE(core::read_topology(mysql, {"a", false, "0"}, rows, none, 3306).empty());
  const core::TopologyQueries& pg = *registry().find("multi-az-pg")->topology;
  const auto told = core::read_topology(pg, {"a", true, {}},
                                        {{"a", "t", "0", "0", std::nullopt, "a.example", "5433"},
                                         {"b", "f", "0", "0", std::nullopt, "", "0"}},
                                        none, 5432);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].endpoint.text(), "a.example:5433");
  EXPECT_EQ(told[1].endpoint.text(), "b:5432");
}

/// An unqualified operator or function could be one the application's search_path brings in.
TEST(Dialects, QualifyEveryOperatorAndFunctionOfPostgres) {
  const std::regex qualified(R"(OPERATOR\(pg_catalog\.[^)]*\)|'[^']*')");
  // Syntax of the grammar, not names: looked up in no schema.
  const std::regex syntax(R"(\b(EXTRACT|COALESCE|EXISTS|CAST|WHERE|FROM|AND|OR|IN|NOT|s)\s*\()");
  const std::regex call(R"((pg_catalog\.|rds_tools\.)?\b([A-Za-z_]+)\()");
  for (const core::Dialect* dialect : dialects::all()) {
    if (dialect->engine != Engine::postgres) continue;
    std::vector<std::string> texts{std::string(dialect->probe), std::string(dialect->lacks_grants)};
    if (const core::TopologyQueries* t = dialect->topology)
      for (const std::string_view sql : {t->hosts, t->own_id, t->writer_id, t->is_reader})
        texts.emplace_back(sql);
    for (const std::string& sql : texts) {
      const std::string bare =
          std::regex_replace(std::regex_replace(sql, qualified, " "), syntax, " (");
      EXPECT_EQ(bare.find_first_of("=<>~+-*/|!"), std::string::npos) << bare;
      EXPECT_FALSE(std::regex_search(bare, std::regex(R"(\b(LIKE|NOT IN|BETWEEN)\b)"))) << bare;
      for (std::sregex_iterator at(bare.begin(), bare.end(), call), end; at != end; ++at)
        EXPECT_TRUE((*at)[1].matched) << (*at)[2] << " in " << sql;
    }
  }
}

}  // namespace
