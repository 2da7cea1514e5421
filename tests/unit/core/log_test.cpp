// SPDX-License-Identifier: Apache-2.0
// Masking of secrets, and the log itself: it is process-wide, so each case runs in its own child.
#include "core/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

namespace {

namespace log = core::log;
using log::Level;

TEST(Redacted, MasksSecretsWhateverTheirForm) {
  const std::pair<const char*, const char*> texts[] = {
      {"PWD=tiger;UID=anna", "PWD=***;UID=anna"},
      {"UID=anna;Password = tiger", "UID=anna;Password = ***"},
      {"PWD={ti;g}}er};UID=a", "PWD=***;UID=a"},
      {"PWD={never closed;UID=a", "PWD=***"},
      {"PWD=two words;UID=a", "PWD=***;UID=a"},
      {"pwd='ti''ger' host=x", "pwd=*** host=x"},
      {"PWD=;UID=a", "PWD=;UID=a"},
      {"password1=a;pwd1=b;sslpassword=c", "password1=***;pwd1=***;sslpassword=***"},
      {"token=abc&x=1", "token=***&x=1"},
      {"?X-Amz-Signature=abc123 refused", "?X-Amz-Signature=*** refused"},
      {"a&X-Amz-Security-Token=q%2F&X-Amz-Credential=k",
       "a&X-Amz-Security-Token=***&X-Amz-Credential=***"},
      {"ALTER ROLE a PASSWORD 'ti\\'ger' LOGIN", "ALTER ROLE a PASSWORD *** LOGIN"},
      {"alter role a password E'x' login", "alter role a password *** login"},
      {"ALTER ROLE a PASSWORD $q$ti'ger$q$ LOGIN", "ALTER ROLE a PASSWORD *** LOGIN"},
      {"ALTER USER a IDENTIFIED BY 'tiger'", "ALTER USER a IDENTIFIED BY ***"},
      {"SET PASSWORD\n\t'tiger", "SET PASSWORD\n\t***"},
      {"{\"password\": \"ti\\\"ger\", \"user\": 1}", "{\"password\": ***, \"user\": 1}"},
      {"postgresql://anna:tiger@db:5432/x", "postgresql://anna:***@db:5432/x"},
      {"postgresql://db:5432/x?password=tiger", "postgresql://db:5432/x?password=***"},
      {"https://h/p@q", "https://h/p@q"},
      {"password authentication failed for user \"anna\"",
       "password authentication failed for user \"anna\""},
      {"SELECT a FROM t ORDER BY 'x'", "SELECT a FROM t ORDER BY ***"},
      {"my_pwd_column = 1", "my_pwd_column = 1"},
      {"password", "password"},
      {"password=", "password="},
      {"password '", "password ***"},
      {"password $", "password $"},
      {"", ""},
  };
  for (const auto& [text, expected] : texts) EXPECT_EQ(log::redacted(text), expected) << text;
}

TEST(Redacted, BearsLongTexts) {
  EXPECT_EQ(log::redacted(std::string(100000, '\'')).size(), 100000U);
  EXPECT_EQ(log::redacted("PWD=" + std::string(100000, 'x')), "PWD=***");
}

/// A directory of this test, gone afterwards.
class LogFiles : public testing::Test {
 protected:
  LogFiles() {
    char name[] = "/tmp/aurodbc-log-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~LogFiles() override {
    (void)std::remove(path("log").c_str());
    (void)std::remove(path("second").c_str());
    (void)rmdir(folder_.c_str());
  }
  std::string path(const char* name) const { return folder_ + "/" + name; }
  static std::string content(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  std::string folder_;
};

/// Runs `body` in a child whose log was never configured; true when all its checks held.
#define IN_CHILD(body)                    \
  EXPECT_EXIT(                            \
      {                                   \
        body;                             \
        std::_Exit(HasFailure() ? 1 : 0); \
      },                                  \
      testing::ExitedWithCode(0), "")

TEST_F(LogFiles, HoldOneLinePerEntry) {
  IN_CHILD({
    log::configure(Level::debug, path("log"));
    log::line(Level::debug, "Session", "took {} ms", 3);
    log::line(Level::trace, "Session", "not wanted");
    log::write(Level::warn, "Topology", "two\nlines\t");
    log::flush();
  });
  const std::string text = content(path("log"));
  const std::regex expected(
      R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \d+ \d+ debug Session: took 3 ms\n)"
      R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \d+ \d+ warning Topology: two\\nlines \n)");
  EXPECT_TRUE(std::regex_match(text, expected)) << text;
}

TEST_F(LogFiles, StayTheFirstGivenAtTheMostTalkativeLevel) {
  IN_CHILD({
    log::configure(Level::off, path("second"));
    EXPECT_FALSE(log::enabled(Level::error));
    log::configure(Level::info, path("log"));
    log::configure(Level::error, path("second"));
    EXPECT_TRUE(log::enabled(Level::info));
    EXPECT_FALSE(log::enabled(Level::debug));
    EXPECT_FALSE(log::enabled(Level::off));
    log::configure(Level::trace, "");
    log::write(Level::trace, "X", "here");
  });
  EXPECT_NE(content(path("log")).find("X: here"), std::string::npos);
  EXPECT_EQ(content(path("second")), "");
}

TEST_F(LogFiles, NeverFailAConnectWhenTheyCannotBeWritten) {
  EXPECT_EXIT(
      {
        log::configure(Level::info, "/proc/none/log");
        log::configure(Level::info, "/proc/none/log");
        log::write(Level::info, "X", "on standard error");
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "the log file cannot be used.*X: on standard error");
}

TEST_F(LogFiles, TakeLinesFromManyThreads) {
  IN_CHILD({
    log::configure(Level::info, path("log"));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < 500; ++i) log::line(Level::info, "T", "line {}", i);
      });
    for (std::thread& thread : threads) thread.join();
  });
  const std::string text = content(path("log"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2000);
}

}  // namespace
