// SPDX-License-Identifier: Apache-2.0
// Which statements of an array may travel as one.
#include "core/client/mysql_rewrite.h"

#include <gtest/gtest.h>

namespace {

using core::plain_change;
using core::StatementKind;

TEST(MysqlRewrite, AnInsertOfMarkersAndLiteralsIsPlain) {
  const auto change = plain_change("INSERT INTO `a`.`b c` (x, `y`) VALUES (?, 'it''s', ?, -1) ;");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->kind, StatementKind::insert);
  EXPECT_EQ(change->table, "`a`.`b c`");
  EXPECT_EQ(change->row, "(?, 'it''s', ?, -1)");
  EXPECT_EQ(change->row_parameters, 2U);
  EXPECT_FALSE(change->tail_has_parameters);
}

TEST(MysqlRewrite, RowsAreRepeatedBetweenHeadAndTail) {
  const auto change = plain_change(
      "REPLACE t VALUES (?, (?)) -- )\n ON DUPLICATE KEY UPDATE x = VALUES(x) + 1, y = y");
  ASSERT_TRUE(change);
  EXPECT_EQ(core::with_rows(*change, 3),
            "REPLACE t VALUES (?, (?)),(?, (?)),(?, (?)) -- )\n ON DUPLICATE KEY UPDATE x = "
            "VALUES(x) + 1, y = y");
  EXPECT_TRUE(
      plain_change("INSERT t VALUES (?) ON DUPLICATE KEY UPDATE x = ?")->tail_has_parameters);
}

TEST(MysqlRewrite, UpdatesAndDeletesOfOneTableArePlain) {
  EXPECT_EQ(plain_change("UPDATE t SET a = ?, b = b + ? WHERE (c = ?) AND d IN (?, 1)")->kind,
            StatementKind::update);
  EXPECT_EQ(plain_change("delete from x.t where a = ?")->table, "x.t");
  EXPECT_TRUE(plain_change("DELETE FROM t"));
}

TEST(MysqlRewrite, WhateverCallsOrReadsMoreIsNotPlain) {
  for (const char* text : {"INSERT INTO t VALUES (?), (?)",
                           "INSERT INTO t VALUES (f(?))",
                           "INSERT INTO t VALUES (uuid (), ?)",
                           "INSERT INTO t SELECT ?",
                           "INSERT INTO t SET a = ?",
                           "INSERT INTO t VALUES (?) RETURNING a",
                           "INSERT INTO t VALUES (?, (SELECT 1))",
                           "INSERT INTO t VALUES (?, @x)",
                           "INSERT INTO t VALUES (@x := ?)",
                           "INSERT INTO t VALUES (?, 'a\\'b')",
                           "INSERT INTO t VALUES (?); DELETE FROM t",
                           "INSERT INTO t VALUES (? /*! , 1 */)",
                           "INSERT INTO t VALUES (?, 'open)",
                           "INSERT DELAYED INTO t VALUES (?)",
                           "INSERT INTO t (a VALUES (?)",
                           "INSERT INTO t VALUES ?",
                           "UPDATE t, u SET a = ?",
                           "UPDATE t SET a = (SELECT ?)",
                           "UPDATE t SET a = f(?)",
                           "DELETE t FROM t WHERE a = ?",
                           "DELETE FROM t USING t, u",
                           "UPDATE",
                           "INSERT",
                           "",
                           "SELECT ?",
                           "UPDATE t x SET a = ?"})
    EXPECT_FALSE(plain_change(text)) << text;
}

TEST(MysqlRewrite, OnlyTablesOfATransactionalEngineTakeAFailedStatementBack) {
  EXPECT_TRUE(core::is_transactional_table(
      "CREATE TABLE `t` (\n  `a` varchar(9) DEFAULT 'ENGINE=Aria' COMMENT ') ENGINE=MyISAM'\n) "
      "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='ENGINE=MyISAM'"));
  EXPECT_TRUE(core::is_transactional_table("CREATE TEMPORARY TABLE `t` (`a` int) ENGINE=InnoDB"));
  for (const char* text :
       {"CREATE TABLE `t` (\n  `a` int COMMENT 'ENGINE=InnoDB'\n) ENGINE=MyISAM",
        "CREATE TABLE `t` (`a` int) ENGINE=MEMORY COMMENT='ENGINE=InnoDB'",
        "CREATE ALGORITHM=UNDEFINED VIEW `t` AS select 1", "CREATE TABLE `t` (a", ""})
    EXPECT_FALSE(core::is_transactional_table(text)) << text;
}

}  // namespace
