// SPDX-License-Identifier: Apache-2.0
// MySQL's sql_mode moves the ends of literals and names; the driver reads texts as the server does
// at that moment. Also which database a session is in, however it got there.
#include <array>

#include "tests/support/odbc.h"
#include "tests/support/profile.h"

namespace odbc_test {
namespace {

class ServerModes : public testing::Test {
 protected:
  void set(const std::string& modes) { connection_.run("SET SESSION sql_mode = '" + modes + "'"); }
  /// The first column of a text with one marker, to which `value` is bound.
  std::string cell(const std::string& sql, std::string value = "bound") {
    Statement statement(connection_);
    statement.bind(1, value);
    const SQLRETURN code = statement.execute(sql);
    if (!SQL_SUCCEEDED(code)) return statement.state() + " " + statement.records()[0].message;
    EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
    return statement.text_of(1).value_or("NULL");
  }

  Connection connection_;
};

TEST_F(ServerModes, BackslashesHideQuotesUnlessTheModeSaysOtherwise) {
  set("");
  EXPECT_EQ(cell(R"(SELECT CONCAT('a\'?', ?))"), "a'?bound");
  EXPECT_EQ(cell(R"(SELECT CONCAT("a\"?", ?))"), "a\"?bound");
  set("NO_BACKSLASH_ESCAPES");
  EXPECT_EQ(cell(R"(SELECT CONCAT('a\', ?, ''))"), "a\\bound");
  EXPECT_EQ(cell(R"(SELECT CONCAT("a\", ?, "\"))"), "a\\bound\\");
  set("");
  EXPECT_EQ(cell(R"(SELECT CONCAT('a\'?', ?))"), "a'?bound");
}

TEST_F(ServerModes, DoubleQuotesAreNamesWhereTheModeSaysSo) {
  set("ANSI_QUOTES");
  EXPECT_EQ(cell(R"(SELECT CONCAT("x\", ?) FROM (SELECT 'in' AS "x\") t)"), "inbound");
  EXPECT_EQ(cell(R"(SELECT CONCAT('a\'?', ?))"), "a'?bound");
  set("ANSI_QUOTES,NO_BACKSLASH_ESCAPES");
  EXPECT_EQ(cell(R"(SELECT CONCAT("x\", ?, '\') FROM (SELECT 'in' AS "x\") t)"), "inbound\\");
  set("");
  EXPECT_EQ(cell(R"(SELECT CONCAT("x\"?", ?))"), "x\"?bound");
}

TEST_F(ServerModes, ATextPreparedUnderAnotherModeIsReadAgain) {
  const std::string sql = R"(SELECT 'a\', ?, '\')";
  set("NO_BACKSLASH_ESCAPES");
  Statement statement(connection_);
  SQLSMALLINT parameters = 0;
  ASSERT_EQ(statement.prepare(sql), SQL_SUCCESS);
  ASSERT_EQ(SQLNumParams(statement.handle(), &parameters), SQL_SUCCESS);
  EXPECT_EQ(parameters, 1);
  set("");
  ASSERT_EQ(statement.prepare(sql), SQL_SUCCESS);
  ASSERT_EQ(SQLNumParams(statement.handle(), &parameters), SQL_SUCCESS);
  EXPECT_EQ(parameters, 0);
}

TEST_F(ServerModes, NativeSqlFollowsToo) {
  std::string out(100, '\0');
  std::string sql = R"(SELECT 'a\', {fn UCASE('b')}, '\')";
  const auto native = [&] {
    SQLINTEGER length = 0;
    EXPECT_EQ(SQLNativeSql(connection_.handle(), text(sql), SQL_NTS, text(out),
                           static_cast<SQLINTEGER>(out.size()), &length),
              SQL_SUCCESS);
    return out.substr(0, static_cast<std::size_t>(length));
  };
  set("NO_BACKSLASH_ESCAPES");
  EXPECT_EQ(native(), R"(SELECT 'a\', UCASE('b'), '\')");
  set("");
  EXPECT_EQ(native(), sql);
}

TEST_F(ServerModes, UseMovesTheCatalog) {
  const auto catalog = [&] {
    std::array<SQLCHAR, 100> name{};
    EXPECT_EQ(SQLGetConnectAttr(connection_.handle(), SQL_ATTR_CURRENT_CATALOG, name.data(),
                                name.size(), nullptr),
              SQL_SUCCESS);
    return std::string(reinterpret_cast<const char*>(name.data()));
  };
  EXPECT_EQ(catalog(), "test");
  connection_.run("USE information_schema");
  EXPECT_EQ(catalog(), "information_schema");
  connection_.run(" /* a comment */ use `test`");
  EXPECT_EQ(catalog(), "test");
}

}  // namespace
}  // namespace odbc_test
