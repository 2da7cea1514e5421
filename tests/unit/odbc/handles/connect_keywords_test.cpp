// SPDX-License-Identifier: Apache-2.0
// Keywords of the connection string, of odbc.ini and of the driver's entry, one over the other.
#include "odbc/handles/connect_keywords.h"

#include <gtest/gtest.h>

namespace {

namespace general = core::general;
using Attributes = std::vector<odbc::text::Attribute>;

core::Options merged(Attributes explicitly, Attributes data_source, Attributes entry) {
  static const core::OptionTable table({general::group()});
  odbc::ConnectKeywords keywords;
  keywords.explicitly = std::move(explicitly);
  keywords.of_data_source = data_source.size();
  keywords.inherited = std::move(data_source);
  keywords.inherited.insert(keywords.inherited.end(), entry.begin(), entry.end());
  std::vector<core::OptionWarning> warnings;
  return keywords.options(table, warnings);
}

const Attributes mysql_entry = {{"Driver", "/lib/x.so"}, {"engine", "mysql"}};

TEST(ConnectKeywords, TheDriversEntryPresetsTheEngine) {
  EXPECT_EQ(merged({}, {}, mysql_entry).text(general::engine), "mysql");
  EXPECT_EQ(merged({{"Port", "5432"}}, {{"Server", "h"}}, mysql_entry).text(general::engine),
            "mysql");
}

TEST(ConnectKeywords, ANearerSourceOverrulesTheEngineWhicheverWordItUses) {
  EXPECT_EQ(merged({{"engine", "pg"}}, {}, mysql_entry).text(general::engine), "pg");
  EXPECT_EQ(merged({}, {{"ENGINE", "pg"}}, mysql_entry).text(general::engine), "pg");
  for (const char* word : {"wrapper_dialect", "DATABASE_DIALECT", "wrapperDialect"}) {
    EXPECT_FALSE(merged({{word, "aurora-pg"}}, {}, mysql_entry).given(general::engine)) << word;
    EXPECT_FALSE(merged({}, {{word, "aurora-pg"}}, mysql_entry).given(general::engine)) << word;
  }
  EXPECT_FALSE(merged({{"engine", "pg"}}, {{"wrapper_dialect", "aurora-mysql"}}, {})
                   .given(general::wrapper_dialect));
}

TEST(ConnectKeywords, BothWordsOfOneSourceCount) {
  const auto both = merged({}, {{"wrapper_dialect", "pg"}, {"engine", "mysql"}}, {});
  EXPECT_EQ(both.text(general::wrapper_dialect), "pg");
  EXPECT_EQ(both.text(general::engine), "mysql");
}

TEST(ConnectKeywords, AnEmptyWordTellsNothing) {
  EXPECT_EQ(merged({{"engine", ""}}, {}, mysql_entry).text(general::engine), "mysql");
}

}  // namespace
