// SPDX-License-Identifier: Apache-2.0
// Sections of odbc.ini and odbcinst.ini through the real installer library, on files of the test's
// own.
#include "odbc/text/data_source.h"

#include <gtest/gtest.h>
#include <odbcinst.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

using odbc::text::Attribute;
using odbc::text::data_source;
using odbc::text::driver_entry;
using odbc::text::find;

// One folder for all tests: the library remembers where the system's files are when it first looks.
class DataSource : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (std::filesystem::temp_directory_path() / "data_source_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    setenv("ODBCINI", (folder / "user.ini").c_str(), 1);
    setenv("ODBCSYSINI", folder.c_str(), 1);
    unsetenv("ODBCINSTINI");
    std::ofstream user(folder / "user.ini");
    user << "[first]\nDriver = aurodbc\nServer=h\nPWD={a}}b;c}\nEmpty=\n\n[other]\nServer=x\n";
    user << "[long]\nPWD=" << std::string(900, 'v') << "\n[many]\n";
    for (int i = 0; i < 500; ++i) user << "a_rather_long_key_number_" << i << "=v" << i << "\n";
    std::ofstream(folder / "odbc.ini") << "[everyones]\nServer=system\n";
    std::ofstream(folder / "odbcinst.ini")
        << "[aurodbc]\nDescription=x\nDriver=/lib/libaurodbc.so\n";
  }

  static void TearDownTestSuite() {
    unsetenv("ODBCINI");
    unsetenv("ODBCSYSINI");
    std::filesystem::remove_all(folder);
  }

  inline static std::filesystem::path folder;
};

TEST_F(DataSource, ReadsTheKeysInOrder) {
  const std::vector<Attribute> expected{
      {"Driver", "aurodbc"}, {"Server", "h"}, {"PWD", "{a}}b;c}"}, {"Empty", ""}};
  EXPECT_EQ(data_source("first"), expected);
  EXPECT_TRUE(data_source("nowhere").empty());
  EXPECT_TRUE(data_source("").empty());
}

TEST_F(DataSource, FallsBackToTheSystemFile) {
  EXPECT_EQ(data_source("everyones"), (std::vector<Attribute>{{"Server", "system"}}));
}

TEST_F(DataSource, ReadsAllOfManyKeys) {
  const std::vector<Attribute> read = data_source("many");
  ASSERT_EQ(read.size(), 500U);
  EXPECT_EQ(read.back(), (Attribute{"a_rather_long_key_number_499", "v499"}));
}

TEST_F(DataSource, ReadsALongValue) {
  const std::string value(900, 'v');
  EXPECT_EQ(data_source("long"), (std::vector<Attribute>{{"PWD", value}}));
}

TEST_F(DataSource, ReadsTheDriversOwnSection) {
  const std::vector<Attribute> read = driver_entry("aurodbc");
  ASSERT_NE(find(read, "DRIVER"), nullptr);
  EXPECT_EQ(find(read, "DRIVER")->value, "/lib/libaurodbc.so");
}

}  // namespace
