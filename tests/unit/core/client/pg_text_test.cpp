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
    EXPECT_TRUE(drops_prepared(sql)) << sql;
  for (const char* sql : {"DISCARD PLANS", "DEALLOCATE one", "SELECT 'DISCARD ALL'"})
    EXPECT_FALSE(drops_prepared(sql)) << sql;
}

}  // namespace
