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
  EXPECT_EQ(registry().names(), "aurora-pg, pg, aurora-mysql, mariadb, mysql");
}

TEST(Dialects, AcceptTheSpellingsOfAllThreeFamilies) {
  for (const char* name : {"aurora-pg", "aurora_pg", "AURORA_POSTGRESQL", "aurora-postgresql",
                           "Aurora-Postgres", "AURORA_POSTGRESQL_LIMITLESS"})
    EXPECT_EQ(found(name), "aurora-pg") << name;
  for (const char* name : {"pg", "PG", "postgres", "postgresql", "PostgreSQL"})
    EXPECT_EQ(found(name), "pg") << name;
  for (const char* name : {"aurora-mysql", "aurora_mysql", "AURORA_MYSQL"})
    EXPECT_EQ(found(name), "aurora-mysql") << name;
  EXPECT_EQ(found("MySQL"), "mysql");
  EXPECT_EQ(found("MariaDB"), "mariadb");
}

TEST(Dialects, DoNotPretendToKnowWhatComesLater) {
  for (const char* name : {"rds-pg", "multi-az-pg", "global-aurora-pg", "rds-mysql",
                           "multi-az-mysql", "MULTI_AZ_POSTGRESQL", "unknown", ""})
    EXPECT_EQ(found(name), "none") << name;
}

TEST(Dialects, AreGuessedByEngineAndEndpoint) {
  const auto guess = [](const char* name, Engine engine) {
    const auto g = registry().initial("", core::parse_endpoint(name), engine);
    return std::string(g.dialect->name) + (g.fixed ? "!" : "");
  };
  const char* cluster = "o.cluster-x.us-east-1.rds.amazonaws.com";
  EXPECT_EQ(guess("127.0.0.1", Engine::postgres), "pg");
  EXPECT_EQ(guess("o.x.us-east-1.rds.amazonaws.com", Engine::postgres), "pg");
  EXPECT_EQ(guess(cluster, Engine::postgres), "aurora-pg");
  EXPECT_EQ(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com", Engine::postgres), "aurora-pg!");
  EXPECT_EQ(guess("127.0.0.1", Engine::mysql), "mysql");
  EXPECT_EQ(guess(cluster, Engine::mysql), "aurora-mysql");
  EXPECT_EQ(guess("o.shardgrp-x.us-east-1.rds.amazonaws.com", Engine::mysql), "aurora-mysql");
}

TEST(Dialects, OfPostgresAreFoundByProbing) {
  const core::Dialect& pg = *registry().find("pg");
  const core::Dialects candidates = registry().candidates(pg);
  EXPECT_EQ(core::variables_statement(candidates), "");
  EXPECT_TRUE(
      core::probe_statement(candidates)
          .starts_with("SELECT (pg_catalog.to_regproc('pg_catalog.aurora_replica_status')"));
  EXPECT_EQ(core::first_true(candidates, {{"t"}}, pg).name, "aurora-pg");
  EXPECT_TRUE(registry().candidates(*registry().find("aurora-pg")).empty());
}

TEST(Dialects, OfMysqlAreFoundByTheirVariables) {
  const core::Dialect& mysql = *registry().find("mysql");
  const core::Dialects candidates = registry().candidates(mysql);
  EXPECT_EQ(core::variables_statement(candidates),
            "SHOW VARIABLES WHERE Variable_name IN ('aurora_version', 'version')");
  EXPECT_EQ(core::probe_statement(candidates), "");
  const auto found_by = [&](const core::TextRows& variables) {
    return core::first_true(core::holding(candidates, variables), {}, mysql).name;
  };
  EXPECT_EQ(found_by({{"version", "8.0.28"}}), "mysql");
  EXPECT_EQ(found_by({{"version", "8.0.28"}, {"aurora_version", "3.04.0"}}), "aurora-mysql");
  EXPECT_EQ(found_by({{"version", "10.11.19-MariaDB-0+deb12u1"}}), "mariadb");
  EXPECT_EQ(registry().by_version(mysql, "10.11.19-MariaDB").name, "mariadb");
  EXPECT_EQ(registry().by_version(mysql, "8.4.0").name, "mysql");
}

TEST(Dialects, HaveAllFourQueriesWhenTheyHaveATopology) {
  for (const core::Dialect* dialect : dialects::all()) {
    if (!dialect->has_topology()) continue;
    const core::TopologyQueries& t = *dialect->topology;
    for (const std::string_view sql : {t.hosts, t.own_id, t.writer_id, t.is_reader})
      EXPECT_TRUE(sql.starts_with("SELECT ")) << dialect->name << ": " << sql;
  }
}

/// An unqualified operator or function could be one the application's search_path brings in.
TEST(Dialects, QualifyEveryOperatorAndFunctionOfPostgres) {
  const std::regex qualified(R"(OPERATOR\(pg_catalog\.[^)]*\)|'[^']*')");
  // Syntax of the grammar, not names: looked up in no schema.
  const std::regex syntax(R"(\b(EXTRACT|COALESCE|EXISTS|FROM|AND|OR|IN)\s*\()");
  const std::regex call(R"((pg_catalog\.)?\b([A-Za-z_]+)\()");
  for (const core::Dialect* dialect : dialects::all()) {
    if (dialect->engine != Engine::postgres) continue;
    std::vector<std::string> texts{std::string(dialect->probe)};
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
