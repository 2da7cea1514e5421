// SPDX-License-Identifier: Apache-2.0
// Markers and escapes for both servers, by table, and the rules of the tables themselves.
#include "odbc/text/escapes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/error.h"
#include "odbc/text/escape_tables.h"

namespace {

using namespace odbc::text;

std::string postgres(std::string_view sql) {
  return std::string(translate(sql, core::postgres_lexis, MarkerStyle::numbered).text(sql));
}

std::string mysql(std::string_view sql) {
  return std::string(translate(sql, core::mysql_lexis, MarkerStyle::question).text(sql));
}

struct Case {
  std::string_view odbc;
  std::string_view expected;
};

TEST(Escapes, NumberMarkersForPostgres) {
  const std::vector<Case> cases{
      {"select ?, '?', ?", "select $1, '?', $2"},
      {"select a ?? 'b', a ??| ?", "select a ? 'b', a ?| $1"},
      {"select ???", "select ?$1"},
      {"select E'\\'?', \"?\", $$?$$ -- ?\n, ? /* ? */",
       "select E'\\'?', \"?\", $$?$$ -- ?\n, $1 /* ? */"},
      {"select '{d}', $${$$, \"{\"", "select '{d}', $${$$, \"{\""},
  };
  for (const Case& c : cases) EXPECT_EQ(postgres(c.odbc), c.expected) << c.odbc;
}

TEST(Escapes, LeaveMarkersToMySql) {
  const Translated translated =
      translate("select ?, '?', \"?\", ??", core::mysql_lexis, MarkerStyle::question);
  EXPECT_TRUE(translated.unchanged);
  EXPECT_EQ(translated.parameter_count, 4 - 1);
}

TEST(Escapes, CostNothingWithoutMarkersAndBraces) {
  const std::string_view sql = "select 1";
  const Translated translated = translate(sql, core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_TRUE(translated.unchanged);
  EXPECT_EQ(translated.text(sql).data(), sql.data());
}

TEST(Escapes, AreLeftAloneWhenScanningIsOff) {
  const Translated translated =
      translate("{fn now()} ?", core::postgres_lexis, MarkerStyle::numbered, false);
  EXPECT_EQ(translated.sql, "{fn now()} $1");
  EXPECT_TRUE(translate("{x", core::postgres_lexis, MarkerStyle::numbered, false).unchanged);
}

TEST(Escapes, BecomePostgres) {
  const std::vector<Case> cases{
      {"select {d '2024-01-02'}", "select DATE '2024-01-02'"},
      {"{ T '10:00:00' }", "TIME '10:00:00'"},
      {"{ts'2024-01-02 10:00:00'}", "TIMESTAMP '2024-01-02 10:00:00'"},
      {"{guid 'a'}", "UUID 'a'"},
      {"a like 'b' {escape '\\'}", "a like 'b' ESCAPE '\\'"},
      {"from {oj a left outer join b on a.x = {fn ucase(?)}} where ?",
       "from a left outer join b on a.x = upper($1) where $2"},
      {"{fn UCASE( {fn lcase(a)} )}", "upper(lower(a))"},
      {"{fn CONCAT('a,)', (b, c))}", "('a,)' || (b, c))"},
      {"{fn LOCATE(?, ?)}", "strpos($2, $1)"},
      {"{fn SUBSTRING(a, 1, 2)}", "substr(a, CAST(1 AS integer), CAST(2 AS integer))"},
      {"{fn NOW()}", "LOCALTIMESTAMP"},
      {"{fn CURRENT_DATE}", "CURRENT_DATE"},
      {"{fn current_timestamp(3)}", "LOCALTIMESTAMP(3)"},
      {"{fn EXTRACT(YEAR FROM a)}", "EXTRACT(YEAR FROM a)"},
      {"{fn mine(a , ?)}", "mine(a, $1)"},
      {"{fn mine()}", "mine()"},
      {"{fn CONVERT(a, SQL_DECIMAL)}", "CAST(a AS numeric)"},
      {"{fn convert(a, sql_type_date)}", "CAST(a AS date)"},
      {"{fn TIMESTAMPADD(SQL_TSI_DAY, 1, a)}",
       "(CAST(a AS timestamp) + CAST(1 AS bigint) * INTERVAL '1 day')"},
      {"{fn ABS(a -- x\n)}", "ABS(a)"},
      {"{fn LENGTH(a)}", "char_length(rtrim(a))"},
      {"{call f(?, 'a')}", "SELECT * FROM f($1, 'a')"},
      {"{ call s.\"F\" }", "SELECT * FROM s.\"F\"()"},
      {"{?=call f(?)}", "SELECT * FROM f($1)"},
      {"{ ? = call f() }", "SELECT * FROM f()"},
      {"{interval '1' day}", "INTERVAL '1' DAY"},
      {"{INTERVAL -'1-2' YEAR(3) TO MONTH}", "(- INTERVAL '1-2' YEAR TO MONTH)"},
      {"{INTERVAL + '1 10:00:00.5' DAY TO SECOND(1)}", "INTERVAL '1 10:00:00.5' DAY TO SECOND(1)"},
      {"{interval '5.1' second(2, 1)}", "INTERVAL '5.1' SECOND(1)"},
      {"select } from", "select } from"},
  };
  for (const Case& c : cases) EXPECT_EQ(postgres(c.odbc), c.expected) << c.odbc;
}

TEST(Escapes, BecomeMySql) {
  const std::vector<Case> cases{
      {"{d '2024-01-02'}", "DATE '2024-01-02'"},
      {"{guid 'a'}", "'a'"},
      {"{fn UCASE(?)}", "UCASE(?)"},
      {"{fn LENGTH(a)}", "CHAR_LENGTH(RTRIM(a))"},
      {"{fn CONVERT(a, SQL_VARCHAR)}", "CAST(a AS CHAR)"},
      {"{fn CONVERT(a, CHAR)}", "CONVERT(a, CHAR)"},
      {"{fn TIMESTAMPDIFF(SQL_TSI_MONTH, a, b)}", "TIMESTAMPDIFF(MONTH, a, b)"},
      {"a like 'b' {escape '\\'}", "a like 'b' ESCAPE '\\\\'"},
      {"a like 'b' {escape '\\\\'}", "a like 'b' ESCAPE '\\\\'"},
      {"a like 'b' {escape '!'} and c = '}'", "a like 'b' ESCAPE '!' and c = '}'"},
      {"{call f(?, ?)}", "CALL f(?, ?)"},
      {"{?=call f(?)}", "SELECT f(?)"},
      {"{interval -'1 10' day to hour}", "INTERVAL '-1 10' DAY_HOUR"},
  };
  for (const Case& c : cases) EXPECT_EQ(mysql(c.odbc), c.expected) << c.odbc;
}

TEST(Escapes, TellTheParametersOfACall) {
  const Translated call = translate("{call f(?,?)}", core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_TRUE(call.is_call);
  EXPECT_FALSE(call.has_return_value);
  EXPECT_EQ(call.parameter_count, 2);
  const Translated result =
      translate("{?=call f(?,?)}", core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_TRUE(result.is_call);
  EXPECT_TRUE(result.has_return_value);
  EXPECT_EQ(result.parameter_count, 3);
}

TEST(Escapes, NameThePositionOfDamage) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{fn abs(";
  std::string wide = "'a'";
  for (int i = 0; i < 40; ++i) wide = "{fn locate(a, b, " + wide + ")}";
  for (const std::string& sql : std::vector<std::string>{"{",
                                                         "{}",
                                                         "{x 'a'}",
                                                         "{d}",
                                                         "{d 'a'",
                                                         "{d 'a}",
                                                         "{d ?}",
                                                         "{d 1}",
                                                         "{fn}",
                                                         "{fn 1(2)}",
                                                         "{fn f",
                                                         "{fn f(",
                                                         "{fn f(1}",
                                                         "{fn f(1)",
                                                         "{fn f(1) + 1}",
                                                         "{fn f x}",
                                                         "{oj a",
                                                         "{call}",
                                                         "{call f(}",
                                                         "{call f(1) 2}",
                                                         "{?call f()}",
                                                         "{?=f()}",
                                                         "{fn convert(a, SQL_NONSENSE)}",
                                                         "{fn timestampadd(SQL_TSI_AGE, 1, a)}",
                                                         "{escape}",
                                                         "{interval 1 day}",
                                                         "{interval '1'}",
                                                         "{interval '1' day to}",
                                                         "{interval '1' day x}",
                                                         deep,
                                                         wide}) {
    for (const std::string& text : {sql, "?? " + sql}) {
      try {
        postgres(text);
        ADD_FAILURE() << text;
      } catch (const core::Error& error) {
        EXPECT_EQ(error.state(), core::sqlstate::syntax_error);
        EXPECT_NE(std::string_view(error.what()).find("at position "), std::string_view::npos)
            << error.what();
      }
    }
  }
  EXPECT_THROW(postgres("select ? from {?=call f()}"), core::Error);
}

int highest_argument(std::string_view form) {
  int highest = 0;
  for (std::size_t i = 0; i + 1 < form.size(); ++i) {
    if (form[i] == '%') highest = std::max(highest, form[i + 1] - '0');
  }
  return highest;
}

std::string arguments_in_order(std::string_view form) {
  std::string order;
  for (std::size_t i = 0; i + 1 < form.size(); ++i) {
    if (form[i] == '%') order += form[i + 1];
  }
  return order;
}

TEST(EscapeTables, HoldEachRowOnceAndOnlyItsOwnArguments) {
  for (const EscapeTables* tables : {&postgres_escapes, &mysql_escapes}) {
    std::set<std::pair<std::string_view, int>> seen;
    for (const FunctionRow& row : tables->functions) {
      EXPECT_TRUE(seen.emplace(row.name, row.arity).second) << row.name;
      EXPECT_EQ(highest_argument(row.form), row.arity) << row.name;
    }
    for (const ConvertRow& row : tables->conversions)
      EXPECT_EQ(arguments_in_order(row.form), "1") << row.type;
    for (const UnitRow& row : tables->units) {
      EXPECT_EQ(highest_argument(row.add), 2) << row.unit;
      EXPECT_EQ(highest_argument(row.difference), 2) << row.unit;
    }
    EXPECT_EQ(tables->units.size(), 9U);
  }
}

TEST(EscapeTables, UseMySqlsArgumentsOnceAndInOrder) {
  for (const FunctionRow& row : mysql_escapes.functions) {
    EXPECT_EQ(arguments_in_order(row.form), std::string("123456789").substr(0, row.arity))
        << row.name;
  }
  for (const UnitRow& row : mysql_escapes.units) {
    EXPECT_EQ(arguments_in_order(row.add), "12") << row.unit;
    EXPECT_EQ(arguments_in_order(row.difference), "12") << row.unit;
  }
}

}  // namespace
