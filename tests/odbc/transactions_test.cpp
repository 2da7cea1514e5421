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
  ASSERT_EQ(statement.execute("SELECT g FROM " + series(1, 50000)), SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  int rows = 1;
  while (statement.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 50000);
}

TEST(Transactions, IsolationReachesTheServerBeforeAndAfterConnect) {
  Connection late;
  ASSERT_EQ(late.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE), SQL_SUCCESS);
  EXPECT_EQ(late.value(select_setting(engine_sql().isolation)), engine_sql().serializable);
  Connection early(Connection::Closed{});
  ASSERT_EQ(early.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_REPEATABLE_READ), SQL_SUCCESS);
  ASSERT_EQ(early.open(connection_string()), SQL_SUCCESS);
  EXPECT_EQ(early.value(select_setting(engine_sql().isolation)), engine_sql().repeatable_read);
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

TEST(Transactions, AccessModeInAnOpenTransactionIsHY011) {
  Connection connection;
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("SELECT 1");
  EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY011");
  EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE), SQL_SUCCESS);
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK), SQL_SUCCESS);
  EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_SUCCESS);
  EXPECT_EQ(connection.value(select_setting(engine_sql().read_only)), engine_sql().on);
}

TEST(Transactions, CommitOfAFailedTransactionIs25S03OnPostgres) {
  Connection connection;
  Given table(connection);
  table.column("a int PRIMARY KEY").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO " + table.name() + " VALUES (1)");
  Statement statement(connection);
  EXPECT_EQ(statement.execute("INSERT INTO " + table.name() + " VALUES (1)"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "23000");
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "25P02");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(connection.state(), "25S03");
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "0");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
}

TEST(Transactions, AFailedStatementLeavesTheTransactionWholeOnMySql) {
  Connection connection;
  Given table(connection);
  table.column("a int PRIMARY KEY").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  const std::string insert = "INSERT INTO " + table.name() + " VALUES ";
  connection.run(insert + "(1)");
  Statement statement(connection);
  EXPECT_EQ(statement.execute(insert + "(2), (1)"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "23000");
  connection.run(insert + "(3)");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT sum(a) FROM " + table.name()), "4");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
}

TEST(Transactions, StatementRollbackKeepsWhatCameBefore) {
  Connection connection("rollback_on_error=statement;");
  Given table(connection);
  table.column("a int PRIMARY KEY").name();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(connection);
  SQLINTEGER number = 0;
  ASSERT_EQ(statement.prepare("INSERT INTO " + table.name() + " VALUES (?)"), SQL_SUCCESS);
  ASSERT_EQ(statement.bind(1, number), SQL_SUCCESS);
  for (const SQLINTEGER next : {1, 2, 2, 3, 1, 4}) {
    number = next;
    const bool doubled = connection.value("SELECT count(*) FROM " + table.name() +
                                          " WHERE a = " + std::to_string(next)) != "0";
    EXPECT_EQ(SQLExecute(statement.handle()), doubled ? SQL_ERROR : SQL_SUCCESS) << next;
    EXPECT_EQ(statement.state(), doubled ? "23000" : "");
  }
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "4");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
}

TEST(Transactions, AStreamGoesOnBehindCommitRollbackAndAFailedStatement) {
  for (const char* level : {"transaction", "statement"}) {
    Connection connection(std::string("rollback_on_error=") + level + ";");
    ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
    Statement stream(connection), other(connection);
    for (const SQLSMALLINT completion : {SQL_COMMIT, SQL_ROLLBACK}) {
      ASSERT_EQ(stream.execute("SELECT g FROM " + series(1, 30000)), SQL_SUCCESS);
      ASSERT_EQ(stream.fetch(), SQL_SUCCESS);
      EXPECT_EQ(other.execute("SELECT no_such_column"), SQL_ERROR);
      EXPECT_EQ(other.state(), "42S22");
      ASSERT_EQ(stream.fetch(), SQL_SUCCESS);
      const bool lost =
          !profile().mysql() && completion == SQL_COMMIT && std::string(level) == "transaction";
      EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), completion),
                lost ? SQL_ERROR : SQL_SUCCESS);
      int rows = 2;
      while (stream.fetch() == SQL_SUCCESS) ++rows;
      EXPECT_EQ(rows, 30000);
      ASSERT_EQ(SQLCloseCursor(stream.handle()), SQL_SUCCESS);
    }
  }
}

TEST(Transactions, SeveralStatementsAreOneTransactionInAutocommitOnPostgres) {
  Connection connection;
  Given table(connection);
  table.column("a int").name();
  const std::string insert = "INSERT INTO " + table.name() + " VALUES ";
  Statement statement(connection);
  ASSERT_EQ(statement.execute(insert + "(1); " + insert + "(2); SELECT 1/0; " + insert + "(3)"),
            SQL_SUCCESS);
  EXPECT_EQ(SQLMoreResults(statement.handle()), SQL_SUCCESS);
  EXPECT_EQ(SQLMoreResults(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "22012");
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "0");
}

/// Past the driver manager, which speaks to the connections itself.
TEST(Transactions, TheEnvironmentGoesOnBehindAConnectionThatFailsOnPostgres) {
  Library library;
  const auto end = library.get(SQLEndTran, "SQLEndTran");
  const auto run = [&](SQLHDBC connection, const char* sql) {
    SQLHANDLE statement = SQL_NULL_HANDLE;
    library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, connection, &statement);
    const SQLRETURN code =
        library.get(SQLExecDirect, "SQLExecDirect")(statement, text(sql), SQL_NTS);
    library.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_STMT, statement);
    return code;
  };
  Connection witness;
  Given table(witness);
  table.column("a int").name();
  const std::string insert = "INSERT INTO " + table.name() + " VALUES (1)";
  SQLHANDLE environment = SQL_NULL_HANDLE;
  library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  library.get(SQLSetEnvAttr, "SQLSetEnvAttr")(environment, SQL_ATTR_ODBC_VERSION,
                                              reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0);
  std::vector<SQLHANDLE> connections(3, SQL_NULL_HANDLE);
  for (SQLHANDLE& connection : connections) {
    library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_DBC, environment, &connection);
    std::string where = server();
    ASSERT_TRUE(SQL_SUCCEEDED(library.get(SQLDriverConnect, "SQLDriverConnect")(
        connection, nullptr, text(where), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)));
    library.get(SQLSetConnectAttr, "SQLSetConnectAttr")(
        connection, SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0);
    EXPECT_EQ(run(connection, insert.c_str()), SQL_SUCCESS);
  }
  EXPECT_EQ(run(connections[1], "SELECT no_such_column"), SQL_ERROR);
  EXPECT_EQ(end(SQL_HANDLE_ENV, environment, SQL_COMMIT), SQL_ERROR);
  const auto state_of = [&](SQLSMALLINT type, SQLHANDLE handle) {
    SQLCHAR state[6] = {};
    library.get(SQLGetDiagRec, "SQLGetDiagRec")(type, handle, 1, state, nullptr, nullptr, 0,
                                                nullptr);
    return std::string(reinterpret_cast<char*>(state));
  };
  EXPECT_EQ(state_of(SQL_HANDLE_ENV, environment), "25S03");
  EXPECT_EQ(state_of(SQL_HANDLE_DBC, connections[0]), "");
  EXPECT_EQ(state_of(SQL_HANDLE_DBC, connections[1]), "25S03");
  EXPECT_EQ(witness.value("SELECT count(*) FROM " + table.name()), "2");
  EXPECT_EQ(end(SQL_HANDLE_ENV, environment, SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(end(SQL_HANDLE_ENV, environment, 7), SQL_ERROR);
  EXPECT_EQ(state_of(SQL_HANDLE_ENV, environment), "HY012");
  for (const SQLHANDLE connection : connections) {
    library.get(SQLDisconnect, "SQLDisconnect")(connection);
    library.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_DBC, connection);
  }
  library.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_ENV, environment);
}

}  // namespace
