// SPDX-License-Identifier: Apache-2.0
// Results that stream from MySQL and MariaDB while other calls want the link.
#include <thread>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

/// A statement that streams 0, 1, 2, ... and has been read up to `read`.
class Stream {
 public:
  Stream(Connection& connection, bool prepared, int read) : statement_(connection) {
    const std::string sql = "SELECT n, repeat('x', 500) FROM streamed ORDER BY n";
    EXPECT_EQ(prepared ? statement_.prepare(sql) : statement_.execute(sql), SQL_SUCCESS)
        << statement_.state();
    if (prepared) { EXPECT_EQ(SQLExecute(statement_.handle()), SQL_SUCCESS); }
    for (; next_ < read; ++next_) expect_next();
  }
  void expect_rest(int end) {
    for (; next_ < end; ++next_) expect_next();
    EXPECT_EQ(statement_.fetch(), SQL_NO_DATA);
  }
  Statement& statement() { return statement_; }

 private:
  void expect_next() {
    ASSERT_EQ(statement_.fetch(), SQL_SUCCESS) << statement_.records().front().message;
    ASSERT_EQ(statement_.text_of(1), std::to_string(next_));
  }
  Statement statement_;
  int next_ = 0;
};

constexpr int rows = 30'000;

void fill(Connection& connection) {
  connection.run("DROP TABLE IF EXISTS streamed");
  connection.run("CREATE TABLE streamed (n int PRIMARY KEY)");
  connection.run("INSERT INTO streamed VALUES (0)");
  for (int filled = 1; filled < rows; filled *= 2)
    connection.run("INSERT INTO streamed SELECT n + " + std::to_string(filled) +
                   " FROM streamed WHERE n + " + std::to_string(filled) + " < " +
                   std::to_string(rows));
}

TEST(MysqlStreams, ATableThatAnotherSessionAltersIsReadAnew) {
  Connection connection, other;
  connection.run("DROP TABLE IF EXISTS altered");
  connection.run("CREATE TABLE altered (a int, b int)");
  connection.run("INSERT INTO altered VALUES (1, 2)");
  Statement prepared(connection);
  ASSERT_EQ(prepared.prepare("SELECT * FROM altered WHERE a > ?"), SQL_SUCCESS);
  const auto columns_of = [](Statement& statement, bool direct) {
    SQLINTEGER least = 0;
    SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0,
                     &least, 0, nullptr);
    EXPECT_EQ(direct ? statement.execute("SELECT * FROM altered WHERE a > ?")
                     : SQLExecute(statement.handle()),
              SQL_SUCCESS)
        << statement.state();
    SQLSMALLINT columns = 0;
    SQLNumResultCols(statement.handle(), &columns);
    EXPECT_EQ(statement.fetch(), SQL_SUCCESS) << statement.state();
    EXPECT_EQ(statement.text_of(1), "1");
    SQLFreeStmt(statement.handle(), SQL_CLOSE);
    return columns;
  };
  for (SQLSMALLINT columns = 2; columns < 5; ++columns) {
    for (int i = 0; i < 4; ++i) {
      Statement direct(connection);
      EXPECT_EQ(columns_of(direct, true), columns);
      EXPECT_EQ(columns_of(prepared, false), columns);
    }
    other.run("ALTER TABLE altered ADD COLUMN c" + std::to_string(columns) + " int");
  }
  connection.run("DROP TABLE altered");
}

TEST(MysqlStreams, WhateverWantsTheLinkSetsTheRestAside) {
  for (const bool prepared : {false, true}) {
    Connection connection;
    fill(connection);
    {
      Stream stream(connection, prepared, 100);
      EXPECT_EQ(connection.value("SELECT 7"), "7");
      stream.expect_rest(rows);
    }
    {
      Stream stream(connection, prepared, 100);
      Statement tables(connection);
      EXPECT_EQ(
          SQLTables(tables.handle(), nullptr, 0, nullptr, 0, text("streamed"), SQL_NTS, nullptr, 0),
          SQL_SUCCESS);
      EXPECT_EQ(tables.fetch(), SQL_SUCCESS);
      stream.expect_rest(rows);
    }
    {
      Stream stream(connection, prepared, 100);
      EXPECT_EQ(connection.set(SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_COMMITTED), SQL_SUCCESS)
          << connection.state();
      EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY), SQL_SUCCESS);
      EXPECT_EQ(connection.set(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE), SQL_SUCCESS);
      EXPECT_EQ(SQLSetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG,
                                  text("information_schema"), SQL_NTS),
                SQL_SUCCESS);
      stream.expect_rest(rows);
      EXPECT_EQ(connection.value("SELECT database()"), "information_schema");
    }
    connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
    EXPECT_EQ(
        SQLSetConnectAttr(connection.handle(), SQL_ATTR_CURRENT_CATALOG, text("test"), SQL_NTS),
        SQL_SUCCESS);
    Stream stream(connection, prepared, 100);
    EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
    stream.expect_rest(rows);
  }
}

TEST(MysqlStreams, AQueryKilledByAnotherSessionEndsItsResultOnly) {
  for (const bool prepared : {false, true}) {
    Connection connection, other;
    fill(connection);
    const std::string id = connection.value("SELECT connection_id()");
    Statement statement(connection);
    const std::string sql = "SELECT a.n, repeat('x', 900) FROM streamed a, streamed b";
    ASSERT_EQ(prepared ? statement.prepare(sql) : statement.execute(sql), SQL_SUCCESS);
    if (prepared) { ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS); }
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    other.run("KILL QUERY " + id);
    SQLRETURN code = SQL_SUCCESS;
    int read = 0;
    for (; SQL_SUCCEEDED(code) && read < 10'000'000; ++read) code = statement.fetch();
    EXPECT_EQ(code, SQL_ERROR);
    EXPECT_NE(statement.records().front().message.find("interrupted"), std::string::npos);
    EXPECT_EQ(statement.records().front().native, 1317);
    EXPECT_EQ(SQLFreeStmt(statement.handle(), SQL_CLOSE), SQL_SUCCESS);
    EXPECT_EQ(connection.value("SELECT connection_id()"), id);
    EXPECT_EQ(statement.execute("SELECT 1"), SQL_SUCCESS);
  }
}

TEST(MysqlStreams, AProceduresResultsComeInTurnAndMayBeLeftEarly) {
  Connection connection;
  fill(connection);
  connection.run("DROP PROCEDURE IF EXISTS streams");
  connection.run(
      "CREATE PROCEDURE streams(k int) BEGIN SELECT n FROM streamed ORDER BY n; SELECT k, 'two'; "
      "UPDATE streamed SET n = n WHERE n < k; END");
  for (const bool read_all : {true, false}) {
    Statement statement(connection);
    SQLINTEGER k = 5;
    ASSERT_EQ(statement.prepare("{call streams(?)}"), SQL_SUCCESS);
    ASSERT_EQ(statement.bind(1, k), SQL_SUCCESS);
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.records().front().message;
    int count = 0;
    while (count < (read_all ? rows : 10) && statement.fetch() == SQL_SUCCESS) ++count;
    if (read_all) { EXPECT_EQ(statement.fetch(), SQL_NO_DATA); }
    EXPECT_EQ(connection.value("SELECT 1"), "1");
    ASSERT_EQ(SQLMoreResults(statement.handle()), SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(statement.text_of(1), "5");
    EXPECT_EQ(statement.text_of(2), "two");
    EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
    if (SQLMoreResults(statement.handle()) == SQL_SUCCESS) {
      SQLSMALLINT columns = -1;
      SQLNumResultCols(statement.handle(), &columns);
      EXPECT_EQ(columns, 0);
      EXPECT_EQ(SQLMoreResults(statement.handle()), SQL_NO_DATA);
    }
  }
  connection.run("DROP PROCEDURE streams");
}

TEST(MysqlStreams, AResultIsLeftEarlyAtOnce) {
  Connection connection;
  fill(connection);
  for (int i = 0; i < 20; ++i) {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT a.n, b.n, repeat('x', 900) FROM streamed a, streamed b"),
              SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
    EXPECT_EQ(SQLFreeStmt(statement.handle(), SQL_CLOSE), SQL_SUCCESS);
  }
  EXPECT_EQ(connection.value("SELECT 1"), "1");
}

TEST(MysqlStreams, RowCountsAreRowsFoundUnlessChangedOnesAreWanted) {
  for (const bool found : {true, false}) {
    Connection connection(found ? "" : "found_rows=false");
    connection.run("CREATE TEMPORARY TABLE counted (n int)");
    connection.run("INSERT INTO counted VALUES (1), (2), (3)");
    Statement statement(connection);
    SQLLEN count = -1;
    ASSERT_EQ(statement.execute("UPDATE counted SET n = 2"), SQL_SUCCESS);
    SQLRowCount(statement.handle(), &count);
    EXPECT_EQ(count, found ? 3 : 2);
  }
}

}  // namespace
