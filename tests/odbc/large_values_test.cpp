// SPDX-License-Identifier: Apache-2.0
// How long bytea values travel: in binary from a query's first execution on where its types are
// asked for first, which the bytes through a counting proxy tell.
#include <algorithm>
#include <optional>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;

constexpr std::size_t size = 300000;
constexpr std::uint64_t in_binary = size + size / 5, as_text = 2 * size;

class LargeValues : public testing::Test {
 protected:
  LargeValues()
      : proxy_(static_cast<std::uint16_t>(std::stoi(required_environment("AURODBC_TEST_PG_PORT")))),
        connection_(Connection::Closed{}) {}

  void open(const std::string& more = {}) {
    ASSERT_TRUE(SQL_SUCCEEDED(
        connection_.open(driver() + "SERVER=127.0.0.1;PORT=" + std::to_string(proxy_.port()) +
                         ";sslmode=disable;plugins=none;" + more + server())))
        << connection_.state();
    table_.emplace(connection_);
    table_->column("id int").column("b bytea");
    for (const char* id : {"1", "2", "3"})
      table_->row(id + std::string(", decode(repeat('00ff4a', 100000), 'hex')"));
    table_->name();
  }
  std::string query(const std::string& where) {
    return "SELECT b FROM " + table_->name() + " WHERE " + where;
  }

  /// Fetches one value in pieces; what came through the proxy since `before`.
  std::uint64_t read(Statement& statement, std::uint64_t before) {
    EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
    std::string value;
    std::vector<char> piece(7001);
    SQLRETURN code = SQL_SUCCESS_WITH_INFO;
    while (code == SQL_SUCCESS_WITH_INFO) {
      SQLLEN rest = 0;
      code = SQLGetData(statement.handle(), 1, SQL_C_BINARY, piece.data(),
                        static_cast<SQLLEN>(piece.size()), &rest);
      EXPECT_TRUE(SQL_SUCCEEDED(code)) << statement.state();
      EXPECT_EQ(rest, static_cast<SQLLEN>(size - value.size()));
      value.append(piece.data(), std::min(piece.size(), size - value.size()));
    }
    std::string expected;
    for (std::size_t i = 0; i < size / 3; ++i) expected.append("\0\xff\x4a", 3);
    EXPECT_TRUE(value == expected);
    EXPECT_EQ(statement.fetch(), SQL_NO_DATA);
    SQLFreeStmt(statement.handle(), SQL_CLOSE);
    return proxy_.bytes_to_clients() - before;
  }
  std::uint64_t read_directly(const std::string& where) {
    Statement statement(connection_);
    const std::uint64_t before = proxy_.bytes_to_clients();
    EXPECT_EQ(statement.execute(query(where)), SQL_SUCCESS) << statement.state();
    return read(statement, before);
  }

  throttle::Proxy proxy_;
  Connection connection_;
  std::optional<Given> table_;
};

TEST_F(LargeValues, APreparedQueryReadsThemInBinaryAtItsFirstExecution) {
  open();
  Statement statement(connection_);
  ASSERT_EQ(statement.prepare(query("id = 1")), SQL_SUCCESS);
  for (int i = 0; i < 4; ++i) {
    const std::uint64_t before = proxy_.bytes_to_clients();
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
    EXPECT_LT(read(statement, before), in_binary) << i;
  }
}

TEST_F(LargeValues, ATextThatRepeatsReadsThemInBinary) {
  open();
  EXPECT_GT(read_directly("id = 1"), as_text);
  EXPECT_LT(read_directly("id = 1"), in_binary);
}

TEST_F(LargeValues, OnceTheyCameAsTextUnknownQueriesAreDescribedFirst) {
  open();
  EXPECT_GT(read_directly("id = 1"), as_text);
  for (const char* where : {"id = 2", "id = 3", "id = 1 + 1"})
    EXPECT_LT(read_directly(where), in_binary) << where;
  {
    Statement statement(connection_);
    SQLINTEGER id = 2;
    ASSERT_EQ(statement.prepare(query("id = ?")), SQL_SUCCESS);
    ASSERT_EQ(statement.bind(1, id), SQL_SUCCESS);
    const std::uint64_t before = proxy_.bytes_to_clients();
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
    EXPECT_LT(read(statement, before), in_binary);
  }
}

TEST_F(LargeValues, AfterQueriesWithoutThemNothingIsDescribedFirst) {
  open();
  EXPECT_GT(read_directly("id = 1"), as_text);
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(connection_.value("SELECT count(*) FROM " + table_->name() + " WHERE id < " +
                                std::to_string(i)),
              std::to_string(std::clamp(i - 1, 0, 3)));
  EXPECT_GT(read_directly("id = 3"), as_text);
}

TEST_F(LargeValues, APreparedQueryThatIsDescribedFirstOpensTheTransaction) {
  open();
  connection_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  Statement statement(connection_);
  ASSERT_EQ(statement.prepare("SELECT pg_current_xact_id() FROM " + table_->name()), SQL_SUCCESS);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), connection_.value("SELECT pg_current_xact_id()"));
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_.handle(), SQL_ROLLBACK), SQL_SUCCESS);
}

TEST_F(LargeValues, AQueryThatCannotBeDescribedFailsAsItsExecutionWould) {
  for (const char* options : {"", "rollback_on_error=statement;"}) {
    Connection connection(options + std::string("plugins=none"));
    for (const SQLULEN autocommit : {SQL_AUTOCOMMIT_ON, SQL_AUTOCOMMIT_OFF}) {
      connection.set(SQL_ATTR_AUTOCOMMIT, autocommit);
      Statement statement(connection);
      if (autocommit == SQL_AUTOCOMMIT_OFF) connection.run("SELECT 1");
      ASSERT_EQ(statement.prepare("SELECT a FROM no_such_table"), SQL_SUCCESS);
      EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
      EXPECT_EQ(statement.state(), "42S02");
      const bool failed = autocommit == SQL_AUTOCOMMIT_OFF && *options == 0;
      EXPECT_EQ(statement.execute("SELECT 1"), failed ? SQL_ERROR : SQL_SUCCESS);
      SQLFreeStmt(statement.handle(), SQL_CLOSE);
      EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK), SQL_SUCCESS);
    }
  }
}

TEST_F(LargeValues, ADescriptionThatWaitsForALockRunsIntoTheQueryTimeout) {
  open();
  Connection other;
  other.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  other.run("LOCK TABLE " + table_->name() + " IN ACCESS EXCLUSIVE MODE");
  Statement statement(connection_);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0);
  ASSERT_EQ(statement.prepare(query("id = 1")), SQL_SUCCESS);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HYT00");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, other.handle(), SQL_ROLLBACK), SQL_SUCCESS);
  const std::uint64_t before = proxy_.bytes_to_clients();
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  EXPECT_LT(read(statement, before), in_binary);
}

}  // namespace
