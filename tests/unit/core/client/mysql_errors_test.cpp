// SPDX-License-Identifier: Apache-2.0
// MySQL error codes as SQLSTATEs: logins, links, statements.
#include "core/client/mysql_errors.h"

#include <gtest/gtest.h>

namespace {

using core::Error;
using core::mysql_connect_error;
using core::mysql_statement_error;
using core::Reached;

std::string state_of(const Error& error) { return std::string(error.state().view()); }

TEST(MysqlErrors, ConnectFailuresAreSorted) {
  EXPECT_EQ(state_of(mysql_connect_error({1045, "28000", "denied"}, "h:1")), "28000");
  EXPECT_EQ(state_of(mysql_connect_error({1049, "42000", "unknown"}, "h:1")), "08004");
  EXPECT_EQ(state_of(mysql_connect_error({1040, "08004", "too many"}, "h:1")), "08004");
  EXPECT_EQ(state_of(mysql_connect_error({2026, "HY000", "TLS"}, "h:1")), "08001");
  EXPECT_EQ(state_of(mysql_connect_error({9999, "HY000", "?"}, "h:1")), "08001");
  EXPECT_EQ(mysql_connect_error({1045, "28000", "denied"}, "h:1").main().native, 1045);
}

TEST(MysqlErrors, ALostLinkIsToldWithWhatItMeansForTheStatement) {
  for (const unsigned int code : {2006U, 2013U, 2026U, 1053U, 1927U}) {
    const Error error = mysql_statement_error({code, "HY000", "gone"}, Reached::sent);
    EXPECT_EQ(state_of(error), "08S01");
    EXPECT_EQ(error.reached(), Reached::sent);
    EXPECT_TRUE(error.link_lost());
    EXPECT_EQ(error.main().native, static_cast<int>(code));
  }
}

TEST(MysqlErrors, AnAnswerKeepsTheServersState) {
  const Error error = mysql_statement_error({1062, "23000", "duplicate (5)"}, Reached::sent);
  EXPECT_EQ(state_of(error), "23000");
  EXPECT_EQ(error.reached(), Reached::answered);
  EXPECT_STREQ(error.what(), "duplicate (5)");  // the server's own words
  EXPECT_EQ(state_of(mysql_statement_error({1969, "70100", "time"}, Reached::sent)), "HYT00");
}

TEST(MysqlErrors, TheSystemsErrnoIsNotTakenForTheNativeCode) {
  const Error error = mysql_connect_error({2002, "HY000", "Can't connect (111)"}, "h:1");
  EXPECT_NE(std::string(error.what()).find("errno 111"), std::string::npos);
  EXPECT_EQ(std::string(error.what()).find('('), std::string::npos);
  EXPECT_NE(std::string(mysql_connect_error({2013, "HY000", ""}, "h:1").what()).find("no reason"),
            std::string::npos);
  for (const char* odd : {")", "()", "x)", "(1", "(a)"})
    (void)mysql_connect_error({2013, "HY000", odd}, "h:1");
}

}  // namespace
