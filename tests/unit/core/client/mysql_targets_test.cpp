// SPDX-License-Identifier: Apache-2.0
// What the tokens of a statement tell about its parameters.
#include "core/client/mysql_targets.h"

#include <gtest/gtest.h>

namespace {

constexpr std::size_t unknown = core::ParameterTargets::unknown;

core::ParameterTargets of(std::string_view sql) {
  return core::parameter_targets(sql, core::mysql_lexis);
}

using Places = std::vector<std::size_t>;

TEST(MysqlTargets, AnInsertWritesItsParametersToColumns) {
  EXPECT_EQ(of("INSERT INTO d.`t t` (a, `b c`, e) VALUES (?, 1, ?), (f(?), ?, ? + 1)").question,
            "SELECT a, `b c`, e FROM d.`t t` LIMIT 0");
  EXPECT_EQ(of("INSERT INTO t (a, b, c) VALUES (?, 1, ?), (f(?), ?, ? + 1)").places,
            (Places{0, 2, unknown, 1, unknown}));
  EXPECT_EQ(of("REPLACE t VALUES (?, ?) ON DUPLICATE KEY UPDATE a = ?").question,
            "SELECT * FROM t LIMIT 0");
  EXPECT_EQ(of("REPLACE t VALUES (?, ?) ON DUPLICATE KEY UPDATE a = ?").places,
            (Places{0, 1, unknown}));
}

TEST(MysqlTargets, ComparisonsAndAssignmentsNameAColumn) {
  EXPECT_EQ(of("UPDATE t SET a = ?, b = b + ? WHERE t.c >= ? AND (a <> ? OR d LIKE ?)").question,
            "SELECT a, c, d FROM t LIMIT 0");
  EXPECT_EQ(of("UPDATE t SET a = ?, b = b + ? WHERE t.c >= ? AND (a <> ? OR d LIKE ?)").places,
            (Places{0, unknown, 1, 0, 2}));
  EXPECT_EQ(
      of("SELECT x, ? FROM t AS u WHERE a NOT IN (?, ?) AND b BETWEEN ? AND ? LIMIT ?").places,
      (Places{unknown, 0, 0, 1, 1, unknown}));
  EXPECT_EQ(of("DELETE FROM t WHERE a = ? AND f(b) = ? AND c = ? * 2 AND - d = ?").places,
            (Places{0, unknown, unknown, unknown}));
}

TEST(MysqlTargets, MoreThanOneTableOrNothingKnownAsksNothing) {
  for (const char* text :
       {"SELECT * FROM a, b WHERE a.x = ?", "SELECT * FROM a JOIN b ON a.x = ?",
        "SELECT * FROM a WHERE x = (SELECT ? FROM b)", "INSERT INTO t SELECT ?", "SELECT ?",
        "SELECT * FROM a WHERE x + 1 = ?", "CALL p(?)", "SET @a = ?", "?", "",
        "UPDATE a, b SET x = ?", "INSERT INTO t (a VALUES (?)", "SELECT * FROM t WHERE 'open = ?"})
    EXPECT_EQ(of(text).question, "") << text;
}

}  // namespace
