// SPDX-License-Identifier: Apache-2.0
// The composition root: the merged option table, and docs/options.md that is made from it.
// AURODBC_WRITE_DOCS=1 rewrites the page instead of comparing it.
#include "odbc/driver.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace {

const core::OptionTable& table() { return odbc::services().options; }

std::string page_path() {
  const char* source = std::getenv("AURODBC_SOURCE_DIR");
  return std::string(source != nullptr ? source : AURODBC_SOURCE_DIR) + "/docs/options.md";
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(MergedOptions, DoNotClash) {
  EXPECT_TRUE(table().clashes().empty()) << table().clashes().front();
}

TEST(MergedOptions, BelongToOneOwnerEach) {
  std::set<const core::Option*> seen;
  for (const core::OptionGroup& group : table().groups())
    for (const core::Option* option : group.options)
      EXPECT_TRUE(seen.insert(option).second) << group.owner << ": " << option->name;
}

TEST(MergedOptions, HaveAMeaningAndALegalDefault) {
  for (const core::OptionGroup& group : table().groups())
    for (const core::Option* option : group.options) {
      EXPECT_FALSE(option->help.empty()) << option->name;
      EXPECT_TRUE(option->type != core::OptionType::choice || !option->choices.empty())
          << option->name;
      const core::Keyword keyword{std::string(option->name), std::string(option->default_value)};
      std::vector<core::OptionWarning> warnings;
      EXPECT_NO_THROW((void)table().read(std::span(&keyword, 1), warnings)) << option->name;
    }
}

TEST(OptionsPage, IsWhatTheTableSays) {
  const std::string wanted = table().documentation();
  if (std::getenv("AURODBC_WRITE_DOCS") != nullptr) {
    std::ofstream(page_path(), std::ios::binary) << wanted;
    GTEST_SKIP() << "wrote " << page_path();
  }
  EXPECT_TRUE(content(page_path()) == wanted)
      << page_path() << " differs from the option table; run the unit tests once with "
      << "AURODBC_WRITE_DOCS=1 and commit the page";
}

TEST(Services, NameAClientForEachEngine) {
  EXPECT_NE(odbc::services().client_for(core::Engine::postgres), nullptr);
  EXPECT_NE(odbc::services().client_for(core::Engine::mysql), nullptr);
}

}  // namespace
