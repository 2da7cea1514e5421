// SPDX-License-Identifier: Apache-2.0
// Attributes: legal times, legal values, substitution, widths.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

SQLRETURN set(Statement& statement, SQLINTEGER attribute, SQLULEN value) {
  return SQLSetStmtAttr(statement.handle(), attribute, reinterpret_cast<SQLPOINTER>(value), 0);
}

SQLULEN get(Statement& statement, SQLINTEGER attribute) {
  SQLULEN value = 99;
  EXPECT_EQ(SQLGetStmtAttr(statement.handle(), attribute, &value, 0, nullptr), SQL_SUCCESS);
  return value;
}

TEST(Attributes, CursorTypesThatAreNotOfferedBecomeForwardOnlyWith01S02) {
  Connection connection;
  Statement statement(connection);
  EXPECT_EQ(set(statement, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(statement.state(), "01S02");
  EXPECT_EQ(get(statement, SQL_ATTR_CURSOR_TYPE), SQLULEN{SQL_CURSOR_FORWARD_ONLY});
  EXPECT_EQ(set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_LOCK), SQL_SUCCESS_WITH_INFO);
}

TEST(Attributes, UnknownAttributeIsHY092AndUnknownValueHY024) {
  Connection connection;
  Statement statement(connection);
  EXPECT_EQ(set(statement, 987654, 1), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY092");
  EXPECT_EQ(set(statement, SQL_ATTR_NOSCAN, 77), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY024");
  EXPECT_EQ(connection.set(987654, 1), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY092");
}

TEST(Attributes, CursorAttributesWaitUntilTheCursorIsClosed) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  EXPECT_EQ(set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY), SQL_ERROR);
  EXPECT_EQ(statement.state(), "24000");
  ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  EXPECT_EQ(set(statement, SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY), SQL_SUCCESS);
}

TEST(Attributes, ConnectionDeadIsFalseOnAnOpenConnectionAndReadOnly) {
  Connection connection;
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), SQLULEN{SQL_CD_FALSE});
  EXPECT_EQ(connection.set(SQL_ATTR_CONNECTION_DEAD, 1), SQL_ERROR);
}

TEST(Attributes, CurrentCatalogIsTheDatabaseAndCannotMoveWhileOpen) {
  Connection connection;
  std::array<SQLCHAR, 64> name{};
  SQLINTEGER length = 0;
  ASSERT_EQ(SQLGetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG, name.data(),
                              name.size(), &length),
            SQL_SUCCESS);
  EXPECT_EQ(std::string(reinterpret_cast<char*>(name.data())),
            connection.value("SELECT current_database()"));
  EXPECT_EQ(
      SQLSetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG, text("elsewhere"), SQL_NTS),
      SQL_ERROR);
  EXPECT_EQ(connection.state(), "HYC00");
}

TEST(Attributes, JetsOwnAttributeIsAccepted) {
  constexpr SQLINTEGER jet = 30002;
  Connection connection;
  EXPECT_EQ(connection.set(jet, 1), SQL_SUCCESS);
}

TEST(Attributes, RowNumberFollowsTheCursor) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT g FROM generate_series(1, 3) g"), SQL_SUCCESS);
  for (SQLULEN row = 1; row <= 3; ++row) {
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(get(statement, SQL_ATTR_ROW_NUMBER), row);
  }
}

TEST(Attributes, DescriptorFieldsAndStatementAttributesAreTheSame) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 17), SQL_SUCCESS);
  SQLHDESC ard = SQL_NULL_HDESC;
  ASSERT_EQ(SQLGetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr),
            SQL_SUCCESS);
  SQLULEN size = 0;
  ASSERT_EQ(SQLGetDescField(ard, 0, SQL_DESC_ARRAY_SIZE, &size, 0, nullptr), SQL_SUCCESS);
  EXPECT_EQ(size, 17U);
  EXPECT_EQ(set(statement, SQL_ATTR_ROW_ARRAY_SIZE, 0), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY024");
}

TEST(Attributes, DescriptorBindingsCanBeMadeFieldByField) {
  Connection connection;
  Statement statement(connection);
  SQLHDESC ard = SQL_NULL_HDESC;
  ASSERT_EQ(SQLGetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr),
            SQL_SUCCESS);
  SQLINTEGER value = 0;
  SQLLEN length = 0;
  const auto field = [&](SQLSMALLINT identifier, SQLPOINTER content) {
    ASSERT_EQ(SQLSetDescField(ard, 1, identifier, content, 0), SQL_SUCCESS);
  };
  field(SQL_DESC_TYPE, reinterpret_cast<SQLPOINTER>(SQL_C_SLONG));
  field(SQL_DESC_INDICATOR_PTR, &length);
  field(SQL_DESC_OCTET_LENGTH_PTR, &length);
  field(SQL_DESC_DATA_PTR, &value);
  ASSERT_EQ(statement.execute("SELECT 23"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(value, 23);
  EXPECT_EQ(length, 4);
}

}  // namespace
