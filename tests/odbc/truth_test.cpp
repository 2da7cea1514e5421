// SPDX-License-Identifier: Apache-2.0
// Success means what it says: a write is committed when its call has succeeded, and a COMMIT that
// the server turned into a rollback is an error.
#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

class Truth : public testing::Test {
 protected:
  Truth() {
    connection.run("DROP TABLE IF EXISTS truth");
    // Where the server can, a doubled value is found at the commit only.
    connection.run("CREATE TABLE truth (a int UNIQUE" +
                   std::string(profile().mysql() ? ")" : " DEFERRABLE INITIALLY DEFERRED)"));
  }
  ~Truth() override {
    if (!connection.get(SQL_ATTR_AUTOCOMMIT))
      connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
    connection.run("DROP TABLE truth");
  }
  Connection connection;
};

TEST_F(Truth, WriteThatReturnsRowsSucceedsOnlyWithItsCommitOnPostgres) {
  for (const char* sql : {"INSERT INTO truth SELECT 1 FROM generate_series(1, 3) RETURNING a",
                          "WITH w AS (INSERT INTO truth SELECT 1 FROM generate_series(1, 3) "
                          "RETURNING a) SELECT a FROM w"}) {
    Statement statement(connection);
    EXPECT_EQ(statement.execute(sql), SQL_ERROR) << sql;
    EXPECT_EQ(statement.state(), "23000") << sql;
    EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  }
}

TEST_F(Truth, WriteThatReturnsRowsAndFailsAtItsEndIsAnErrorAndWroteNothing) {
  Statement statement(connection);
  const std::string doubled = "INSERT INTO truth SELECT g % 2000 FROM " + series(1, 3000);
  EXPECT_EQ(statement.execute(doubled + " RETURNING a"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "23000");
  EXPECT_EQ(connection.value("SELECT count(*) FROM truth"), "0");
  EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
}

TEST_F(Truth, WriteThatReturnsRowsHandsThemOut) {
  Statement statement(connection);
  ASSERT_EQ(
      statement.execute("INSERT INTO truth SELECT g FROM " + series(1, 3000) + " RETURNING a"),
      SQL_SUCCESS);
  int rows = 0;
  while (statement.fetch() == SQL_SUCCESS) EXPECT_EQ(statement.text_of(1), std::to_string(++rows));
  EXPECT_EQ(rows, 3000);
}

TEST_F(Truth, WriteWhoseRowsAreNotReadIsWrittenWhole) {
  Statement statement(connection);
  ASSERT_EQ(
      statement.execute("INSERT INTO truth SELECT g FROM " + series(1, 30000) + " RETURNING a"),
      SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLFreeStmt(statement.handle(), SQL_CLOSE), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT count(*) FROM truth"), "30000");
}

TEST_F(Truth, FunctionThatWritesIsNotCutShort) {
  connection.run("DROP FUNCTION IF EXISTS truth_writes");
  connection.run(profile().mysql()
                     ? "CREATE FUNCTION truth_writes(b int) RETURNS int MODIFIES SQL DATA BEGIN "
                       "INSERT INTO truth VALUES (b); RETURN b; END"
                     : "CREATE FUNCTION truth_writes(b int) RETURNS int LANGUAGE plpgsql AS $$ "
                       "BEGIN INSERT INTO truth VALUES (b); RETURN b; END $$");
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT truth_writes(g), repeat('x', 500) FROM " + series(1, 3000)),
            SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  ASSERT_EQ(SQLFreeStmt(statement.handle(), SQL_CLOSE), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT count(*) FROM truth"), "3000");
  connection.run("DROP FUNCTION truth_writes");
}

TEST_F(Truth, CommitOfAFailedTransactionIs25S03OnPostgres) {
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("INSERT INTO truth VALUES (1)");
  {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT broken"), SQL_ERROR);
  }
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(connection.state(), "25S03");
  EXPECT_EQ(connection.value("SELECT count(*) FROM truth"), "0");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
}

TEST_F(Truth, RoutineThatCommittedBeforeItFailedIsNotRunAgain) {
  const std::string insert =
      "INSERT INTO truth SELECT coalesce(max(a), 0) + 1 FROM truth; COMMIT; ";
  connection.run("DROP PROCEDURE IF EXISTS truth_commits");
  connection.run("CREATE PROCEDURE truth_commits() " +
                 (profile().mysql() ? "BEGIN " + insert + "SIGNAL SQLSTATE '26000'; END"
                                    : "LANGUAGE plpgsql AS $$ BEGIN " + insert +
                                          "RAISE SQLSTATE '26000'; END $$"));
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("CALL truth_commits()"), SQL_SUCCESS);
  for (int i = 1; i <= 6; ++i) {
    EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
    EXPECT_EQ(connection.value("SELECT count(*) FROM truth"), std::to_string(i));
  }
  connection.run("DROP PROCEDURE truth_commits");
}

}  // namespace
