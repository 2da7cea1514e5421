// SPDX-License-Identifier: Apache-2.0
// Transactions: manual commit, rollback, by environment, isolation and access mode.
#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

TEST(Transactions, RollbackTakesBackAndCommitKeeps) {
  Connection connection, other;
  Given table(connection);
  table.column("a int").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO " + table.name() + " VALUES (1)");
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK), SQL_SUCCESS);
  connection.run("INSERT INTO " + table.name() + " VALUES (2)");
  EXPECT_EQ(other.value("SELECT count(*) FROM " + table.name()), "0");
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(other.value("SELECT sum(a) FROM " + table.name()), "2");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
}

TEST(Transactions, TurningAutocommitOnCommits) {
  Connection connection, other;
  Given table(connection);
  table.column("a int").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO " + table.name() + " VALUES (1)");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
  EXPECT_EQ(other.value("SELECT count(*) FROM " + table.name()), "1");
}

TEST(Transactions, EnvironmentCommitsAllItsConnections) {
  Connection connection;
  Given table(connection);
  table.column("a int").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO " + table.name() + " VALUES (1)");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_ENV, connection.environment(), SQL_ROLLBACK), SQL_SUCCESS);
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "0");
}

TEST(Transactions, OpenCursorSurvivesCommit) {
  Connection connection;
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT g FROM generate_series(1, 50000) g"), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  int rows = 1;
  while (statement.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 50000);
}

TEST(Transactions, IsolationReachesTheServerBeforeAndAfterConnect) {
  Connection late;
  ASSERT_EQ(late.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), SQL_SUCCESS);
  EXPECT_EQ(late.value("SHOW transaction_isolation"), "serializable");
  Connection early(Connection::Closed{});
  ASSERT_EQ(early.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_REPEATABLE_READ), SQL_SUCCESS);
  ASSERT_EQ(early.open(connection_string()), SQL_SUCCESS);
  EXPECT_EQ(early.value("SHOW transaction_isolation"), "repeatable read");
}

TEST(Transactions, ReadOnlyConnectionRefusesWrites) {
  Connection connection;
  ASSERT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_SUCCESS);
  Statement statement(connection);
  EXPECT_EQ(statement.execute("CREATE TABLE never (a int)"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "25006");
}

TEST(Transactions, IsolationInAnOpenTransactionIsHY011) {
  Connection connection;
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("SELECT 1");
  EXPECT_EQ(connection.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY011");
}

TEST(Transactions, WrongCompletionIsHY012) {
  Connection connection;
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), 7), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY012");
}

}  // namespace
