// SPDX-License-Identifier: Apache-2.0
// Results that are open while the writer is lost: streams that break, and the other statements of
// the connection.
#include "tests/faults/cluster_control.h"

namespace faults {
namespace {

/// 200,000 rows of a kilobyte: far more than sockets hold.
constexpr auto long_query =
    "SELECT a.id, repeat('x', 1000) FROM faults a, faults b WHERE a.id > ? AND b.id <= 100";
constexpr int all_rows = 200'000;

class OpenCursor : public Faults {
 protected:
  void SetUp() override {
    Faults::SetUp();
    if (IsSkipped()) return;
    cluster.ask(insert_numbers(2000));
    ASSERT_TRUE(link.connect(cluster.connection())) << to_text(link.records());
  }
  void begin_stream(Statement& statement) {
    ASSERT_EQ(statement.prepare(long_query), SQL_SUCCESS) << to_text(statement.records());
    ASSERT_EQ(statement.bind_parameter(1, above), SQL_SUCCESS);
    ASSERT_EQ(statement.bind_column(1, id), SQL_SUCCESS);
    ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
    for (int row = 0; row < 10; ++row)
      ASSERT_EQ(statement.fetch(), SQL_SUCCESS) << to_text(statement.records());
  }
  /// Fetches what had arrived; returns the first answer that is not a row.
  static SQLRETURN fetch_to_the_end(Statement& statement, int& rows) {
    SQLRETURN answer = SQL_SUCCESS;
    for (rows = 0; rows < all_rows; ++rows)
      if ((answer = statement.fetch()) != SQL_SUCCESS) break;
    return answer;
  }
  void expect_stream_works_again(Statement& statement) {
    statement.close();
    id = 0;
    ASSERT_EQ(statement.execute(), SQL_SUCCESS) << to_text(statement.records());
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS) << to_text(statement.records());
    EXPECT_GT(id, above);
    EXPECT_EQ(statement.close(), SQL_SUCCESS);
  }

  Link link;
  SQLINTEGER above = 5;
  SQLINTEGER id = 0;
};

TEST_F(OpenCursor, AStreamThatBreaksIsReportedAndCanBeExecutedAgain) {
  Statement statement(link);
  begin_stream(statement);
  cluster.failover("crash");
  int rows = 0;
  ASSERT_EQ(fetch_to_the_end(statement, rows), SQL_ERROR);
  EXPECT_LT(rows, all_rows / 2);
  expect_records(statement.records(), "08S02", failover_success);
  expect_stream_works_again(statement);
}

TEST_F(OpenCursor, AStreamThatBreaksInATransactionIsUnknown) {
  ASSERT_EQ(link.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  Statement statement(link);
  begin_stream(statement);
  cluster.failover("crash");
  int rows = 0;
  ASSERT_EQ(fetch_to_the_end(statement, rows), SQL_ERROR);
  expect_records(statement.records(), "08007", outcome_unknown);
  expect_stream_works_again(statement);
}

TEST_F(OpenCursor, AnotherStatementsOpenCursorLearnsOfTheSwitchOnce) {
  Statement reading(link);
  begin_stream(reading);
  cluster.failover("crash");
  Statement writing(link);
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (-1)"), SQL_ERROR);
  expect_records(writing.records(), "08S02", failover_success);
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (-1)"), SQL_SUCCESS)
      << to_text(writing.records());
  int rows = 0;
  ASSERT_EQ(fetch_to_the_end(reading, rows), SQL_ERROR);
  ASSERT_FALSE(reading.records().empty());
  EXPECT_EQ(reading.records()[0].sqlstate, "08S02") << to_text(reading.records());
  EXPECT_EQ(reading.records()[0].native, failover_success);
  EXPECT_FALSE(link.is_dead());
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (-2)"), SQL_SUCCESS)
      << to_text(writing.records());
  expect_stream_works_again(reading);
}

TEST_F(OpenCursor, RowsThatHadBeenReadSurvive) {
  Statement reading(link);
  ASSERT_EQ(reading.run("SELECT id FROM faults WHERE id <= 50"), SQL_SUCCESS);
  ASSERT_EQ(reading.fetch(), SQL_SUCCESS);
  Statement writing(link);
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (-1)"), SQL_SUCCESS)
      << to_text(writing.records());
  cluster.failover("crash");
  ASSERT_EQ(writing.run("INSERT INTO faults VALUES (-2)"), SQL_ERROR);
  expect_records(writing.records(), "08S02", failover_success);
  int rows = 0;
  EXPECT_EQ(fetch_to_the_end(reading, rows), SQL_NO_DATA) << to_text(reading.records());
  EXPECT_EQ(rows, 49);
}

}  // namespace
}  // namespace faults
