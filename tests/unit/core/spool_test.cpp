// SPDX-License-Identifier: Apache-2.0
// Rows set aside come back as they were, in memory or in a file, and whatever stops the setting
// aside loses none of them.
#include "core/spool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <vector>

#include "core/error.h"
#include "core/options.h"

namespace core {
namespace {

namespace fs = std::filesystem;

class SpoolTest : public testing::Test {
 protected:
  SpoolTest() {
    std::string name = (fs::temp_directory_path() / "aurodbc-spool-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    settings_.directory = directory_.string();
  }
  ~SpoolTest() override { fs::remove_all(directory_); }

  static std::string text(int row, int column) {
    return std::string(static_cast<std::size_t>((row * 7 + column * 131) % 300), 'a') +
           std::to_string(row) + "," + std::to_string(column);
  }
  // Three cells: text of 2 to 300 characters, NULL or empty, a number.
  static void add(Spool& spool, int row) {
    const std::string first = text(row, 1), last = std::to_string(row);
    const RawCell cells[3] = {{first.data(), static_cast<std::int32_t>(first.size())},
                              {"", row % 2 == 0 ? -1 : 0},
                              {last.data(), static_cast<std::int32_t>(last.size())}};
    spool.add(cells);
  }
  static void expect_row(Spool& spool, int row) {
    RawCell cells[3];
    ASSERT_TRUE(spool.next(cells)) << row;
    EXPECT_EQ(cells[0].view(), text(row, 1));
    EXPECT_EQ(cells[1].length, row % 2 == 0 ? -1 : 0);
    EXPECT_EQ(cells[2].view(), std::to_string(row));
  }
  static Error refusal(Spool& spool) {
    try {
      spool.require_room();
    } catch (const Error& error) { return error; }
    return Error(sqlstate::general, "test", "there was room");
  }

  fs::path directory_;
  SpoolSettings settings_;
};

TEST_F(SpoolTest, rows_stay_in_memory_as_long_as_they_fit) {
  settings_.directory = "/nowhere/at/all";
  Spool spool(settings_);
  for (int row = 0; row < 1000; ++row) {
    spool.require_room();
    add(spool, row);
  }
  EXPECT_EQ(spool.file_bytes(), 0U);
  for (int row = 0; row < 1000; ++row) expect_row(spool, row);
  EXPECT_TRUE(spool.empty());
  RawCell cells[3];
  EXPECT_FALSE(spool.next(cells));
}

TEST_F(SpoolTest, what_memory_does_not_hold_goes_to_a_file_without_a_name) {
  settings_.memory = 10'000;
  Spool spool(settings_);
  for (int row = 0; row < 20'000; ++row) {
    spool.require_room();
    add(spool, row);
  }
  EXPECT_GT(spool.file_bytes(), 3'000'000U);
  EXPECT_TRUE(fs::is_empty(directory_));
  for (int row = 0; row < 20'000; ++row) expect_row(spool, row);
  EXPECT_EQ(spool.file_bytes(), 0U) << "what was read needs no disk any more";
}

TEST_F(SpoolTest, reading_and_adding_may_take_turns) {
  settings_.memory = 0;
  Spool spool(settings_);
  int added = 0, taken = 0;
  for (int turn = 0; turn < 200; ++turn) {
    for (int i = 0; i < 100; ++i) {
      spool.require_room();
      add(spool, added++);
    }
    for (int i = 0; i < (turn % 3 == 0 ? 170 : 60) && taken < added; ++i)
      expect_row(spool, taken++);
  }
  while (taken < added) expect_row(spool, taken++);
}

TEST_F(SpoolTest, large_and_empty_rows_keep_their_size) {
  settings_.memory = 4096;
  Spool spool(settings_);
  const std::string large(3'000'000, 'x');
  for (int i = 0; i < 3; ++i) {
    spool.require_room();
    const RawCell cell{large.data(), static_cast<std::int32_t>(large.size())};
    spool.add({&cell, 1});
    spool.require_room();
    spool.add({});
  }
  for (int i = 0; i < 3; ++i) {
    RawCell cell;
    ASSERT_TRUE(spool.next({&cell, 1}));
    EXPECT_EQ(cell.view(), large);
    ASSERT_TRUE(spool.next({}));
  }
  EXPECT_TRUE(spool.empty());
}

TEST_F(SpoolTest, the_limit_stops_at_any_row_and_loses_none) {
  for (const std::uint64_t limit : {0U, 1U, 2U, 300U, 4096U, 100'000U}) {
    settings_.limit = limit;
    settings_.memory = 1000;
    Spool spool(settings_);
    int added = 0;
    Error error(sqlstate::general, "test", "no limit");
    while (added < 10'000) {
      error = refusal(spool);
      if (error.state() != sqlstate::general) break;
      add(spool, added++);
    }
    EXPECT_EQ(error.state(), sqlstate::no_room) << limit;
    EXPECT_EQ(error.reached(), Reached::not_sent);
    EXPECT_NE(error.main().text.find("spool_limit (" + std::to_string(limit) + " bytes)"),
              std::string::npos)
        << error.main().text;
    for (int row = 0; row < added; ++row) expect_row(spool, row);
    if (limit > 0) { EXPECT_EQ(refusal(spool).state(), sqlstate::general) << "reading makes room"; }
  }
}

TEST_F(SpoolTest, a_directory_that_is_not_there_is_named_when_it_is_needed) {
  settings_.directory = directory_ / "missing";
  settings_.memory = 4096;
  Spool spool(settings_);
  int added = 0;
  Error error(sqlstate::general, "test", "");
  while (error.state() == sqlstate::general && added < 10'000) {
    add(spool, added++);
    error = refusal(spool);
  }
  EXPECT_EQ(error.state(), sqlstate::no_room);
  EXPECT_NE(
      error.main().text.find("spool_dir '" + settings_.directory + "': No such file or directory"),
      std::string::npos)
      << error.main().text;
  for (int row = 0; row < added; ++row) expect_row(spool, row);
}

TEST_F(SpoolTest, a_file_that_cannot_grow_leaves_all_rows_readable) {
  // The file size limit stands for a full disk: the same short or failed write.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{300'000, 300'000};
    ::setrlimit(RLIMIT_FSIZE, &most);
    settings_.memory = 4096;
    Spool spool(settings_);
    int added = 0;
    Error error(sqlstate::general, "test", "");
    while (error.state() == sqlstate::general && added < 100'000) {
      add(spool, added++);
      error = refusal(spool);
    }
    const bool told = error.state() == sqlstate::no_room &&
                      error.main().text.find("File too large") != std::string::npos;
    for (int row = 0; row < added; ++row) expect_row(spool, row);
    ::_exit(told && added > 1000 && !HasFailure() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(SpoolTest, a_forked_child_neither_takes_nor_shortens_the_parents_rows) {
  settings_.memory = 4096;
  Spool spool(settings_);
  for (int row = 0; row < 5000; ++row) {
    spool.require_room();
    add(spool, row);
  }
  for (int row = 0; row < 1000; ++row) expect_row(spool, row);
  const pid_t child = ::fork();
  if (child == 0) {
    for (int row = 1000; row < 5000; ++row) expect_row(spool, row);
    ::_exit(HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  for (int row = 1000; row < 5000; ++row) expect_row(spool, row);
}

TEST_F(SpoolTest, its_file_is_closed_with_it) {
  const auto open_files = [] {
    const fs::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  {
    settings_.memory = 0;
    Spool spool(settings_);
    for (int row = 0; row < 1000; ++row) {
      spool.require_room();
      add(spool, row);
    }
    EXPECT_EQ(open_files(), before + 1);
  }
  EXPECT_EQ(open_files(), before);
}

TEST(SpoolOptions, sizes_take_units) {
  const OptionTable table({spool_options::group()});
  std::vector<OptionWarning> warnings;
  const auto limit = [&](const std::string& value) {
    const std::vector<Keyword> given{{"spool_limit", value}};
    return SpoolSettings::from(table.read(given, warnings)).limit;
  };
  EXPECT_EQ(limit("0"), 0U);
  EXPECT_EQ(limit("123"), 123U);
  EXPECT_EQ(limit("4k"), 4096U);
  EXPECT_EQ(limit("2 MB"), 2U << 20U);
  EXPECT_EQ(limit("3GiB"), std::uint64_t{3} << 30U);
  for (const char* wrong : {"-1", "many", "4x", "1.5G", "9999999T", "k", "4kk"})
    EXPECT_THROW(limit(wrong), Error) << wrong;
  EXPECT_EQ(SpoolSettings::from(Options()).memory, std::uint64_t{16} << 20U);
  EXPECT_EQ(SpoolSettings::from(Options()).limit, std::uint64_t{16} << 30U);
  EXPECT_EQ(SpoolSettings::from(Options()).directory, "/var/tmp");
}

}  // namespace
}  // namespace core
