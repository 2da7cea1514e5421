// SPDX-License-Identifier: Apache-2.0
// Attributes: legal times, legal values, substitution, widths.
#include <array>
#include <cstring>

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

std::string catalog(Connection& connection) {
  std::array<SQLCHAR, 64> name{};
  SQLINTEGER length = 0;
  EXPECT_EQ(SQLGetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG, name.data(),
                              name.size(), &length),
            SQL_SUCCESS);
  EXPECT_EQ(static_cast<std::size_t>(length), std::strlen(reinterpret_cast<char*>(name.data())));
  return reinterpret_cast<char*>(name.data());
}

SQLRETURN set_catalog(Connection& connection, const char* name) {
  return SQLSetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG, text(name), SQL_NTS);
}

std::string current_database(Connection& connection) {
  return connection.value("SELECT " + std::string(profile().current_database));
}

TEST(Attributes, CurrentCatalogIsTheDatabase) {
  Connection connection;
  EXPECT_EQ(catalog(connection), current_database(connection));
  EXPECT_EQ(set_catalog(connection, catalog(connection).c_str()), SQL_SUCCESS);
}

TEST(Attributes, CurrentCatalogMovesWhereTheServerCanMove) {
  Connection connection;
  const std::string before = catalog(connection);
  if (!profile().mysql()) {
    EXPECT_EQ(set_catalog(connection, "elsewhere"), SQL_ERROR);
    EXPECT_EQ(connection.state(), "HYC00");
    EXPECT_EQ(catalog(connection), before);
    return;
  }
  Statement open(connection);
  ASSERT_EQ(open.execute(std::string(profile().three_rows)), SQL_SUCCESS);
  ASSERT_EQ(open.fetch(), SQL_SUCCESS);
  EXPECT_EQ(set_catalog(connection, "information_schema"), SQL_SUCCESS);
  EXPECT_EQ(open.fetch(), SQL_SUCCESS) << "an open result goes on";
  EXPECT_EQ(catalog(connection), "information_schema");
  EXPECT_EQ(current_database(connection), "information_schema");
  std::array<SQLCHAR, 64> name{};
  ASSERT_EQ(SQLGetInfo(connection.handle(), SQL_DATABASE_NAME, name.data(), name.size(), nullptr),
            SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(name.data()), "information_schema");
  EXPECT_EQ(set_catalog(connection, "no `such' \"database"), SQL_ERROR);
  EXPECT_EQ(catalog(connection), "information_schema");
  connection.run("USE " + before);
  EXPECT_EQ(catalog(connection), before) << "USE as a statement counts as well";
}

TEST(Attributes, JetsOwnAttributeIsAccepted) {
  constexpr SQLINTEGER jet = 30002;
  Connection connection;
  EXPECT_EQ(connection.set(jet, 1), SQL_SUCCESS);
}

TEST(Attributes, RowNumberFollowsTheCursor) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(statement.execute(std::string(profile().three_rows)), SQL_SUCCESS);
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
