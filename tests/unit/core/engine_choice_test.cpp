// SPDX-License-Identifier: Apache-2.0
// Which source tells the engine, nearest first.
#include "core/engine_choice.h"

#include <gtest/gtest.h>

namespace core {
namespace {

Engine chosen(std::initializer_list<std::pair<const Option*, const char*>> given,
              const Dialect* named = nullptr) {
  Options options;
  for (const auto& [option, value] : given) options.set(*option, value);
  return choose_engine(options, named);
}

Dialect dialect_of(Engine engine) {
  Dialect dialect{};
  dialect.engine = engine;
  return dialect;
}
const Dialect mysql = dialect_of(Engine::mysql);
const Dialect postgres = dialect_of(Engine::postgres);
constexpr auto shard_group = "limits.shardgrp-abc.us-east-1.rds.amazonaws.com";
constexpr auto cluster = "orders.cluster-abc.us-east-1.rds.amazonaws.com";

TEST(EngineChoice, TheOptionComesFirst) {
  EXPECT_EQ(chosen({{&general::engine, "mysql"}, {&general::port, "5432"}}, &postgres),
            Engine::mysql);
  EXPECT_EQ(chosen({{&general::engine, "pg"}, {&general::port, "3306"}}, &mysql), Engine::postgres);
}

TEST(EngineChoice, ThenTheDialect) {
  EXPECT_EQ(chosen({{&general::port, "5432"}}, &mysql), Engine::mysql);
  EXPECT_EQ(chosen({{&general::port, "3306"}}, &postgres), Engine::postgres);
}

TEST(EngineChoice, ThenTheEndpoint) {
  EXPECT_EQ(chosen({{&general::host, shard_group}, {&general::port, "3306"}}), Engine::postgres);
  EXPECT_EQ(chosen({{&general::host, cluster}, {&general::port, "3306"}}), Engine::mysql);
}

TEST(EngineChoice, ThenThePort) {
  EXPECT_EQ(chosen({{&general::port, "3306"}}), Engine::mysql);
  EXPECT_EQ(chosen({{&general::port, "5432"}}), Engine::postgres);
  EXPECT_EQ(chosen({{&general::port, "3307"}}), Engine::postgres);
}

TEST(EngineChoice, ElsePostgreSql) {
  EXPECT_EQ(chosen({}), Engine::postgres);
  EXPECT_EQ(chosen({{&general::host, cluster}}), Engine::postgres);
}

}  // namespace
}  // namespace core
