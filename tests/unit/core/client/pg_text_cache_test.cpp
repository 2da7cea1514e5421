// SPDX-License-Identifier: Apache-2.0
// Which texts a link remembers, and that it does not remember without end.
#include "core/client/pg_text_cache.h"

#include <gtest/gtest.h>

namespace {

using namespace core;

TEST(PgTextCache, RemembersFromTheSecondUseOn) {
  PgTextCache cache;
  EXPECT_EQ(cache.find("SELECT a FROM b"), nullptr);
  EXPECT_EQ(cache.entries(), 0U);
  PgPrepared* const entry = cache.find("SELECT a FROM b");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->sql(), "SELECT a FROM b");
  EXPECT_EQ(cache.find("SELECT a FROM b"), entry);
}

TEST(PgTextCache, KnowsOfTextsThatAreNotWorthIt) {
  PgTextCache cache;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(cache.find("SELECT 1"), nullptr);
  const std::string longer = "SELECT '" + std::string(PgTextCache::longest_text, 'x') + "' FROM b";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(cache.find(longer), nullptr);
  EXPECT_EQ(cache.entries(), 1U);
}

TEST(PgTextCache, DropsTheLeastRecentlyUsed) {
  PgTextCache cache;
  const auto use = [&](int number) {
    const std::string sql = "SELECT a FROM b WHERE c = " + std::to_string(number);
    cache.find(sql);
    return cache.find(sql);
  };
  use(0);
  for (int i = 1; i < 200; ++i) {
    use(i);
    EXPECT_NE(use(0), nullptr);
    EXPECT_LE(cache.entries(), PgTextCache::most_entries);
  }
  const std::size_t before = cache.entries();
  EXPECT_EQ(cache.find("SELECT a FROM b WHERE c = 1"), nullptr);
  EXPECT_EQ(cache.entries(), before);
}

TEST(PgTextCache, IsBoundedInBytes) {
  PgTextCache cache;
  const std::string filling(PgTextCache::longest_text - 100, 'x');
  for (int i = 0; i < 40; ++i) {
    const std::string sql = "SELECT " + std::to_string(i) + ", '" + filling + "' FROM b";
    cache.find(sql);
    EXPECT_NE(cache.find(sql), nullptr);
  }
  EXPECT_EQ(cache.entries(), PgTextCache::most_bytes / (PgTextCache::longest_text - 80));
  cache.clear();
  EXPECT_EQ(cache.entries(), 0U);
}

}  // namespace
