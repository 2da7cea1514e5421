// SPDX-License-Identifier: Apache-2.0
// init_sql, which every link runs after its login; attributes set beside an open result.
#include "tests/support/odbc.h"
#include "tests/support/profile.h"

namespace odbc_test {
namespace {

TEST(InitSql, IsRunAfterTheLogin) {
  const std::string sql =
      profile().mysql() ? "SET @init = 'by init', @other = 2" : "SET aurodbc.init = 'by init'";
  const std::string asked =
      profile().mysql() ? "SELECT @init" : "SELECT current_setting('aurodbc.init')";
  for (const char* word : {"init_sql", "INITSTMT", "init_command"}) {
    Connection connection(std::string(word) + "={" + sql + "}");
    EXPECT_EQ(connection.value(asked), "by init") << word;
  }
}

TEST(InitSql, ThatFailsFailsTheConnect) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(connection_string("init_sql=NONSENSE")), SQL_ERROR);
  ASSERT_FALSE(connection.records().empty());
  EXPECT_NE(connection.records()[0].message.find("NONSENSE"), std::string::npos)
      << connection.records()[0].message;
}

TEST(InitSql, AModeItSetsIsFollowedOnMySql) {
  Connection connection("init_sql={SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'}");
  EXPECT_EQ(connection.value(R"(SELECT "x\" FROM (SELECT 'in {fn NOW()}\' AS "x\") t)"),
            "in {fn NOW()}\\");
}

TEST(OpenResult, AnAttributeSetBesideItLosesNoRow) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute(std::string(profile().three_rows)), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(connection.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), SQL_SUCCESS)
      << connection.state();
  EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_SUCCESS)
      << connection.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "2");
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
}

}  // namespace
}  // namespace odbc_test
