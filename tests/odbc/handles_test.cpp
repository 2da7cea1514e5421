// SPDX-License-Identifier: Apache-2.0
// Handles: allocation, order of freeing, and values that are no handles. The last part calls the
// library itself: the driver manager would not let such values through.
#include <array>
#include <cstdint>
#include <random>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

TEST(Handles, ConnectionCannotBeFreedWhileOpen) {
  Connection connection;
  EXPECT_EQ(SQLFreeHandle(SQL_HANDLE_DBC, connection.handle()), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY010");
  EXPECT_EQ(connection.value("SELECT 1"), "1");
}

TEST(Handles, StatementNeedsAnOpenConnection) {
  Connection connection(Connection::Closed{});
  SQLHSTMT statement = SQL_NULL_HSTMT;
  EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &statement), SQL_ERROR);
  EXPECT_EQ(connection.state(), "08003");
}

TEST(Handles, DisconnectFreesStatementsAndDescriptors) {
  Connection connection;
  SQLHSTMT statement = SQL_NULL_HSTMT;
  SQLHDESC descriptor = SQL_NULL_HDESC;
  ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &statement), SQL_SUCCESS);
  ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DESC, connection.handle(), &descriptor), SQL_SUCCESS);
  ASSERT_EQ(SQLExecDirect(statement, text("SELECT 1"), SQL_NTS), SQL_SUCCESS);
  EXPECT_EQ(SQLDisconnect(connection.handle()), SQL_SUCCESS);
  EXPECT_EQ(connection.open(connection_string()), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT 2"), "2");
}

TEST(Handles, ExplicitDescriptorServesAStatementAndIsLeftWhenFreed) {
  Connection connection;
  Statement statement(connection);
  SQLHDESC own = SQL_NULL_HDESC, descriptor = SQL_NULL_HDESC, now = SQL_NULL_HDESC;
  ASSERT_EQ(SQLGetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, &own, 0, nullptr),
            SQL_SUCCESS);
  ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DESC, connection.handle(), &descriptor), SQL_SUCCESS);
  ASSERT_EQ(SQLSetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, descriptor, 0), SQL_SUCCESS);
  SQLINTEGER value = 0;
  ASSERT_EQ(SQLBindCol(statement.handle(), 1, SQL_C_SLONG, &value, 0, nullptr), SQL_SUCCESS);
  ASSERT_EQ(statement.execute("SELECT 41 UNION ALL SELECT 42"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(value, 41);
  ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(value, 41) << "the freed descriptor's binding must not be written through";
  ASSERT_EQ(SQLGetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, &now, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(now, own);
}

TEST(Handles, ImplicitDescriptorCannotBeFreed) {
  Connection connection;
  Statement statement(connection);
  SQLHDESC own = SQL_NULL_HDESC;
  ASSERT_EQ(SQLGetStmtAttr(statement.handle(), SQL_ATTR_APP_ROW_DESC, &own, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_ERROR);
  EXPECT_EQ(sqlstate(SQL_HANDLE_DESC, own), "HY017");
}

TEST(Handles, ValuesThatAreNoHandlesAreRefusedWithoutBeingTouched) {
  const Library library;
  auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
  auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
  auto* fetch = library.get(SQLFetch, "SQLFetch");
  auto* disconnect = library.get(SQLDisconnect, "SQLDisconnect");
  auto* diagnostic = library.get(SQLGetDiagRec, "SQLGetDiagRec");
  int here = 0;
  std::vector<SQLHANDLE> garbage = {nullptr, &here, &garbage, reinterpret_cast<SQLHANDLE>(1),
                                    reinterpret_cast<SQLHANDLE>(~std::uintptr_t{0})};
  std::mt19937_64 random(7);  // NOLINT(cert-msc51-cpp): the same values each time
  for (int i = 0; i < 10000; ++i) garbage.push_back(reinterpret_cast<SQLHANDLE>(random()));
  for (const SQLHANDLE value : garbage) {
    EXPECT_EQ(fetch(value), SQL_INVALID_HANDLE);
    EXPECT_EQ(disconnect(value), SQL_INVALID_HANDLE);
    for (const SQLSMALLINT type :
         {SQL_HANDLE_ENV, SQL_HANDLE_DBC, SQL_HANDLE_STMT, SQL_HANDLE_DESC}) {
      EXPECT_EQ(free_handle(type, value), SQL_INVALID_HANDLE);
      EXPECT_EQ(diagnostic(type, value, 1, nullptr, nullptr, nullptr, 0, nullptr),
                SQL_INVALID_HANDLE);
    }
    SQLHANDLE out = SQL_NULL_HANDLE;
    EXPECT_EQ(alloc(SQL_HANDLE_DBC, value, &out), SQL_INVALID_HANDLE);
    EXPECT_EQ(alloc(SQL_HANDLE_STMT, value, &out), SQL_INVALID_HANDLE);
  }
}

TEST(Handles, FreedHandlesStayRefusedAfterTheirPlaceIsUsedAgain) {
  const Library library;
  auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
  auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
  SQLHANDLE environment = SQL_NULL_HANDLE;
  ASSERT_EQ(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment), SQL_SUCCESS);
  std::vector<SQLHANDLE> freed;
  for (int round = 0; round < 1000; ++round) {
    SQLHANDLE connection = SQL_NULL_HANDLE;
    ASSERT_EQ(alloc(SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
    for (const SQLHANDLE old : freed) ASSERT_NE(old, connection);
    ASSERT_EQ(free_handle(SQL_HANDLE_DBC, connection), SQL_SUCCESS);
    ASSERT_EQ(free_handle(SQL_HANDLE_DBC, connection), SQL_INVALID_HANDLE);
    freed.push_back(connection);
  }
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_SUCCESS);
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_INVALID_HANDLE);
}

TEST(Handles, HandleOfAnotherKindIsRefused) {
  const Library library;
  auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
  auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
  auto* fetch = library.get(SQLFetch, "SQLFetch");
  SQLHANDLE environment = SQL_NULL_HANDLE;
  ASSERT_EQ(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment), SQL_SUCCESS);
  EXPECT_EQ(fetch(environment), SQL_INVALID_HANDLE);
  EXPECT_EQ(free_handle(SQL_HANDLE_STMT, environment), SQL_INVALID_HANDLE);
  SQLHANDLE out = SQL_NULL_HANDLE;
  EXPECT_EQ(alloc(SQL_HANDLE_STMT, environment, &out), SQL_INVALID_HANDLE);
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_SUCCESS);
}

TEST(Handles, EnvironmentWithConnectionsCannotBeFreed) {
  const Library library;
  auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
  auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
  SQLHANDLE environment = SQL_NULL_HANDLE, connection = SQL_NULL_HANDLE;
  ASSERT_EQ(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment), SQL_SUCCESS);
  ASSERT_EQ(alloc(SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_ERROR);
  EXPECT_EQ(free_handle(SQL_HANDLE_DBC, connection), SQL_SUCCESS);
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_SUCCESS);
}

}  // namespace
