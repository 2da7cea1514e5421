// SPDX-License-Identifier: Apache-2.0
// Which statements control the transaction they run in.
#include "core/client/pg_text.h"

#include <gtest/gtest.h>

namespace {

using namespace core;

TEST(PgText, KnowsWhatControlsTheTransaction) {
  for (const char* sql :
       {"BEGIN", "start transaction", "COMMIT", "end", "SAVEPOINT a", "ROLLBACK",
        "/* x */ rollback and chain", "ABORT WORK", "PREPARE TRANSACTION 'x'",
        "SET TRANSACTION READ ONLY", "SET LOCAL transaction_isolation = 'serializable'"})
    EXPECT_EQ(transaction_control(sql), PgControl::other) << sql;
  for (const char* sql : {"ROLLBACK TO a", "rollback work to savepoint a", "-- x\nRELEASE a"})
    EXPECT_EQ(transaction_control(sql), PgControl::to_savepoint) << sql;
  for (const char* sql :
       {"", ";", "SELECT 1", "(SELECT 1)", "SET search_path = x", "PREPARE p AS SELECT 1",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "\"commit\"", "'COMMIT'"})
    EXPECT_EQ(transaction_control(sql), PgControl::none) << sql;
}

TEST(PgText, FindsControlBehindOtherStatements) {
  EXPECT_TRUE(controls_transaction("SELECT 1; /* ; */ COMMIT"));
  EXPECT_TRUE(controls_transaction("SAVEPOINT a; SELECT 1"));
  EXPECT_FALSE(controls_transaction("SELECT 'a; COMMIT'; SELECT $$; ROLLBACK$$; -- ; BEGIN\n;"));
}

TEST(PgText, KnowsWhatDropsPreparedStatements) {
  for (const char* sql :
       {"DISCARD ALL", "deallocate all", "DEALLOCATE PREPARE ALL", "SELECT 1; DISCARD ALL"})
    EXPECT_TRUE(drops_prepared(sql, true)) << sql;
  for (const char* sql : {"DISCARD PLANS", "DEALLOCATE one", "SELECT 'DISCARD ALL'"})
    EXPECT_FALSE(drops_prepared(sql, true)) << sql;
}

TEST(PgText, OneStatementIsLookedAtByItsFirstWordsOnly) {
  EXPECT_FALSE(drops_prepared("SELECT 1; DISCARD ALL", false));
  EXPECT_TRUE(drops_prepared("DISCARD ALL", false));
}

TEST(PgText, KnowsWhatMayChangeTables) {
  for (const char* sql : {"ALTER TABLE a ADD b int", "CREATE TEMP TABLE a()", "CALL f()", "DO 'x'"})
    EXPECT_TRUE(changes_tables(sql)) << sql;
  for (const char* sql : {"SELECT 1", "SET a = b", "COMMIT", "INSERT INTO a VALUES (1)"})
    EXPECT_FALSE(changes_tables(sql)) << sql;
}

TEST(PgText, ATextAnswersWhatIsAskedOfEachExecution) {
  const PgText copy("COPY a TO STDOUT"), insert("INSERT INTO a VALUES (1)"), table("DROP TABLE a"),
      names("DISCARD ALL"), query("SELECT 1");
  EXPECT_TRUE(copy.copies && insert.writes_rows && table.alters_tables && names.drops_names);
  EXPECT_FALSE(query.copies || query.writes_rows || query.alters_tables || query.drops_names);
  EXPECT_EQ(insert.sql, "INSERT INTO a VALUES (1)");
}

TEST(PgText, OnlyStatementsOnTablesGainFromAName) {
  for (const char* sql : {"SELECT a FROM b", "WITH x AS (SELECT 1) SELECT * FROM x",
                          "UPDATE a SET b = 1", "DELETE FROM a", "INSERT INTO a VALUES (1)"})
    EXPECT_TRUE(gains_from_a_name(sql)) << sql;
  for (const char* sql :
       {"SELECT 1", "SELECT 'FROM'", "COMMIT", "SET a = b", "CREATE TABLE a(b int)", "CALL f()"})
    EXPECT_FALSE(gains_from_a_name(sql)) << sql;
}

TEST(PgText, QueriesOnTablesAreToldFromWrites) {
  for (const char* sql :
       {"SELECT a FROM b", "WITH x AS (SELECT 1) SELECT * FROM x", "/* c */ select 1 from t"})
    EXPECT_TRUE(reads_tables(sql)) << sql;
  for (const char* sql : {"SELECT 1", "UPDATE a SET b = 1", "INSERT INTO a SELECT b FROM c",
                          "WITH x AS (DELETE FROM a RETURNING b) SELECT b FROM x", "CALL f()"})
    EXPECT_FALSE(reads_tables(sql)) << sql;
}

}  // namespace
