// SPDX-License-Identifier: Apache-2.0
#include "core/catalog_query.h"

#include <gtest/gtest.h>

#include <array>

namespace {

using core::CatalogArgument;
using Is = CatalogArgument::Is;

constexpr core::CatalogQueries with_parameters{};
constexpr core::CatalogQueries inlined = [] {
  core::CatalogQueries queries{};
  queries.inline_arguments = true;
  return queries;
}();

std::string rendered(const CatalogArgument& argument) {
  return core::catalog_statement(inlined, "x $1", std::array{argument}).sql;
}

TEST(CatalogQuery, PatternWithoutWildcardsIsAName) {
  EXPECT_EQ(CatalogArgument::from_pattern("orders").is, Is::equal);
  const CatalogArgument escaped = CatalogArgument::from_pattern(R"(a\_b\%c\\d)");
  EXPECT_EQ(escaped.is, Is::equal);
  EXPECT_EQ(escaped.text, R"(a_b%c\d)");
  EXPECT_EQ(CatalogArgument::from_pattern("a_b").is, Is::like);
  EXPECT_EQ(CatalogArgument::from_pattern("%").is, Is::any);
  EXPECT_EQ(CatalogArgument::from_pattern("").is, Is::any);
  EXPECT_EQ(CatalogArgument::from_pattern("a\\").text, "a\\") << "nothing left to escape";
}

TEST(CatalogQuery, ParametersArePatterns) {
  const std::array arguments = {CatalogArgument{}, CatalogArgument{Is::equal, "a_b"},
                                CatalogArgument{Is::like, "a\\_%"},
                                CatalogArgument{Is::value, "TABLE,VIEW"}};
  const auto statement = core::catalog_statement(with_parameters, "$1 $2 $3 $4", arguments);
  EXPECT_EQ(statement.sql, "$1 $2 $3 $4");
  EXPECT_EQ(statement.parameters, (std::vector<std::string>{"%", "a\\_b", "a\\_%", "TABLE,VIEW"}));
}

TEST(CatalogQuery, InlinedArgumentsReadTheSameUnderEverySqlMode) {
  EXPECT_EQ(rendered({}), "x LIKE '%'");
  EXPECT_EQ(rendered({Is::equal, "it's"}), "x = 'it''s'");
  EXPECT_EQ(rendered({Is::equal, "a\\' OR 1"}), "x = _utf8mb4 x'615c27204f522031'");
  EXPECT_EQ(rendered({Is::like, "a\\_b|%"}), "x LIKE 'a|_b||%' ESCAPE '|'");
  EXPECT_EQ(rendered({Is::like, "a\\\\%"}), "x LIKE _utf8mb4 x'617c5c25' ESCAPE '|'");
  EXPECT_EQ(rendered({Is::value, "TABLE"}), "x 'TABLE'");
}

TEST(CatalogQuery, ArgumentsAreNotReadForPlaces) {
  const std::array arguments = {CatalogArgument{Is::equal, "$2"}, CatalogArgument{Is::equal, "y"}};
  EXPECT_EQ(core::catalog_statement(inlined, "$1, $2, $1, $3", arguments).sql,
            "= '$2', = 'y', = '$2', $3");
}

}  // namespace
