// SPDX-License-Identifier: Apache-2.0
// The lexer by table, one row per rule of each server, and what the statement classes conclude from
// it.
#include "core/sql_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace core;

// The tokens that are neither blank nor comment, one per bar.
std::string significant(std::string_view sql, const Lexis& lexis) {
  Tokenizer tokens(sql, lexis);
  std::string out;
  for (Token token = tokens.next_significant(); token.kind != TokenKind::end;
       token = tokens.next_significant()) {
    if (!out.empty()) out += '|';
    out += token.text;
    if (!token.closed) out += "<open>";
  }
  return out;
}

struct LexCase {
  std::string_view sql;
  std::string_view tokens;
};

TEST(SqlText, FollowsPostgres) {
  const std::vector<LexCase> cases{
      {"select 'a?' , ?", "select|'a?'|,|?"},
      {"'a''b' 'c\\' ?", "'a''b'|'c\\'|?"},
      {"E'a\\'b' ?", "E'a\\'b'|?"},
      {"e'a\\\\' ?", "e'a\\\\'|?"},
      {"namE'a\\' ?", "namE|'a\\'|?"},
      {"E'a'\n 'b\\'?' ?", "E'a'\n 'b\\'?'|?"},
      {"E'a' -- x\n 'b\\'?' ?", "E'a' -- x\n 'b\\'?'|?"},
      {"E'a' 'b\\'?", "E'a'|'b\\'|?"},
      {"U&'a\\' ? U&\"b\\\"", "U&'a\\'|?|U&\"b\\\""},
      {"B'01' X'FF'", "B'01'|X'FF'"},
      {"\"a\"\"?\" ?", "\"a\"\"?\"|?"},
      {"$$ ?' $$ ?", "$$ ?' $$|?"},
      {"$a$ $$ ? $b$ $a$ ?", "$a$ $$ ? $b$ $a$|?"},
      {"x$a$ ? $a$", "x$a$|?|$a$<open>"},
      {"$1$a$?$a$", "$1|$a$?$a$"},
      {"$a-b$ ?", "$|a|-|b$|?"},
      {"-- ?\n?", "?"},
      {"--?\r?", "?"},
      {"1--?", "1"},
      {"/* ? /* ? */ ? */ ?", "?"},
      {"/* ? /* ? */ ?", "/* ? /* ? */ ?<open>"},
      {"# ?", "#|?"},
      {"1E'\\'' ?", "1|E'\\''|?"},
      {"1.5e-3 .5 1e5", "1.5e-3|.5|1e5"},
      {"'abc", "'abc<open>"},
      {"E'abc\\'", "E'abc\\'<open>"},
      {"$$abc", "$$abc<open>"},
      {"\"abc", "\"abc<open>"},
      {"\xC3\xA9t\xC3\xA9 ?", "\xC3\xA9t\xC3\xA9|?"},
  };
  for (const LexCase& c : cases) EXPECT_EQ(significant(c.sql, postgres_lexis), c.tokens) << c.sql;
}

TEST(SqlText, FollowsPostgresWithoutStandardConformingStrings) {
  Lexis lexis = postgres_lexis;
  lexis.backslash_in_strings = true;
  EXPECT_EQ(significant("'a\\'b' ?", lexis), "'a\\'b'|?");
  EXPECT_EQ(significant("\"a\\\" ?", lexis), "\"a\\\"|?");
}

TEST(SqlText, FollowsMySql) {
  const std::vector<LexCase> cases{
      {"'a\\'?' ?", "'a\\'?'|?"},
      {"\"a\\\"?\" ?", "\"a\\\"?\"|?"},
      {"`a``?` ?", "`a``?`|?"},
      {"`a\\` ?", "`a\\`|?"},
      {"_utf8'a\\'' ?", "_utf8|'a\\''|?"},
      {"# ? ' \n?", "?"},
      {"-- ?\n?", "?"},
      {"--?", "-|-|?"},
      {"1 --", "1"},
      {"--\t?\n?", "?"},
      {"/* /* ? */ ?", "?"},
      {"/*!40101 ? */ ?", "/*!|40101|?|*|/|?"},
      {"/*M!100 ? */", "/*M!|100|?|*|/"},
      {"$$ ?", "$$|?"},
      {"$lower(1)", "$lower|(|1|)"},
      {"1lower(2) 1e5 1.5", "1lower|(|2|)|1e5|1.5"},
      {"E'a\\'' ?", "E|'a\\''|?"},
      {"@x:=1", "@|x|:|=|1"},
  };
  for (const LexCase& c : cases) EXPECT_EQ(significant(c.sql, mysql_lexis), c.tokens) << c.sql;
}

TEST(SqlText, FollowsMySqlsModes) {
  Lexis ansi = mysql_lexis;
  ansi.double_quoted_strings = false;
  EXPECT_EQ(significant("\"a\\\" ?", ansi), "\"a\\\"|?");
  Lexis plain = mysql_lexis;
  plain.backslash_in_strings = false;
  EXPECT_EQ(significant("'a\\' \"b\\\" ?", plain), "'a\\'|\"b\\\"|?");
}

TEST(SqlText, GivesBackEveryByteOfRandomTexts) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces{"'",
                                        "\"",
                                        "`",
                                        "\\",
                                        "$",
                                        "$a$",
                                        "--",
                                        "/*",
                                        "*/",
                                        "E'",
                                        "U&'",
                                        "#",
                                        "\n",
                                        "?",
                                        "{",
                                        "x",
                                        "1",
                                        ".",
                                        " ",
                                        ";",
                                        "/*!",
                                        "\xC3",
                                        std::string(1, '\0')};
  for (int round = 0; round < 50000; ++round) {
    std::string sql;
    for (unsigned count = random() % 14; count > 0; --count)
      sql += pieces[random() % pieces.size()];
    for (const Lexis& lexis : {postgres_lexis, mysql_lexis, Lexis{}}) {
      Tokenizer tokens(sql, lexis);
      std::string again;
      for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
        ASSERT_FALSE(token.text.empty());
        again += token.text;
      }
      ASSERT_EQ(again, sql);
    }
  }
}

TEST(SqlText, ClassifiesStatements) {
  using K = StatementKind;
  const std::vector<std::pair<std::string_view, K>> cases{
      {"", K::other},
      {"select 1", K::select},
      {" /* x */ -- y\n SeLeCt 1", K::select},
      {"((select 1))", K::select},
      {"values (1)", K::select},
      {"table t", K::select},
      {"selector", K::other},
      {"with a as (insert into t values (1) returning *) select * from a", K::select},
      {"with a as (select 1) insert into t select * from a", K::insert},
      {"with a(update1) as (select 1) delete from t", K::remove},
      {"INSERT INTO t VALUES (1)", K::insert},
      {"replace into t values (1)", K::insert},
      {"update t set a = 1", K::update},
      {"merge into t using s on a", K::update},
      {"delete from t", K::remove},
      {"call f()", K::call},
      {"{call f(?)}", K::call},
      {"{?=call f(?)}", K::call},
      {"begin", K::begin},
      {"BEGIN WORK", K::begin},
      {"begin isolation level serializable", K::begin},
      {"begin not atomic select 1; end", K::other},
      {"start transaction read only", K::begin},
      {"start slave", K::other},
      {"commit", K::commit},
      {"commit prepared 'x'", K::other},
      {"end", K::commit},
      {"rollback;", K::rollback},
      {"rollback work", K::rollback},
      {"rollback to savepoint a", K::other},
      {"rollback transaction to a", K::other},
      {"abort", K::rollback},
      {"create table t (a int)", K::ddl},
      {"truncate t", K::ddl},
      {"grant select on t to u", K::ddl},
      {"set a = 1", K::other},
      {"show all", K::other},
      {"explain select 1", K::other},
      {"'select'", K::other},
      {"/* select 1", K::other},
  };
  for (const auto& [sql, kind] : cases) EXPECT_EQ(statement_kind(sql, postgres_lexis), kind) << sql;
  EXPECT_EQ(statement_kind("/*!40101 SET NAMES utf8 */", mysql_lexis), K::other);
  EXPECT_EQ(statement_kind("# x\nselect 1", mysql_lexis), K::select);
}

TEST(SqlText, ProvesPlainReadsReadOnly) {
  for (const std::string_view sql :
       {"select 1", "SELECT * FROM a.b WHERE c = ? AND (d IN (1, 2) OR e IS NULL);",
        "values (1), (2)", "show all",
        "select count(*), max(a), lower(b) from t group by c having (sum(d) > 1) order by 1 limit "
        "5",
        "with a as (select 1) select * from a",
        "select 'for update; delete' as \"insert\" from t -- into", "select (select 1)",
        "select cast(a as varchar(10)), a::numeric(3, 2) from t", "select a from t; ; "}) {
    if (sql.ends_with("; ; ")) {
      EXPECT_FALSE(is_provably_read_only(sql, postgres_lexis)) << sql;
    } else {
      EXPECT_TRUE(is_provably_read_only(sql, postgres_lexis)) << sql;
    }
  }
  EXPECT_TRUE(is_provably_read_only("select `a(b` from t where c = \"for\" # into", mysql_lexis));
}

TEST(SqlText, DoubtsEverythingElse) {
  for (const std::string_view sql : {"",
                                     "insert into t values (1)",
                                     "select f(1)",
                                     "select \"lower\"(1)",
                                     "select s.lower(a)",
                                     "select s . lower(a)",
                                     "select 1 into t",
                                     "select 1 for update",
                                     "select 1 from t for share",
                                     "select 1; delete from t",
                                     "select 1; select 2",
                                     "with a as (delete from t returning *) select * from a",
                                     "with a as (select 1) update t set b = 1",
                                     "select nextval('s')",
                                     "select pg_sleep(1)",
                                     "select count (*) from t",
                                     "explain analyze delete from t",
                                     "select {fn now()}",
                                     "{call f()}",
                                     "select 'abc",
                                     "select 1 /* x",
                                     "select a operator(s.+) b",
                                     "set a = 1",
                                     "begin",
                                     "select year(a)",
                                     "(select 1)",
                                     "table t",
                                     "select $$abc"}) {
    EXPECT_FALSE(is_provably_read_only(sql, postgres_lexis)) << sql;
  }
  for (const std::string_view sql :
       {"select 1 lock in share mode", "select @a := 1", "select /*! sleep(1) */ 1",
        "/*!40101 delete from t */", "select `lower`(1)", "select next value for s",
        "select 1 into outfile 'x'", "select 1lower(2)", "select $lower(1)"}) {
    EXPECT_FALSE(is_provably_read_only(sql, mysql_lexis)) << sql;
  }
}

TEST(SqlText, ProvesNothingAboutBackslashesThatAnotherSettingWouldReadDifferently) {
  EXPECT_FALSE(is_provably_read_only("select 'a\\'; delete from t -- '", mysql_lexis));
  EXPECT_FALSE(is_provably_read_only("select \"a\\\"; delete from t -- \"", mysql_lexis));
  EXPECT_FALSE(is_provably_read_only("select 'a\\', '; delete from t -- '", postgres_lexis));
  EXPECT_TRUE(is_provably_read_only("select E'a\\'b', U&'\\0041'", postgres_lexis));
  EXPECT_TRUE(is_provably_read_only("select `a\\`", mysql_lexis));
}

TEST(SqlText, CountsStatements) {
  const std::vector<std::pair<std::string_view, int>> postgres{
      {"", 0},
      {" ; -- x\n ;", 0},
      {"select 1", 1},
      {"select 1;", 1},
      {"select 1; select 2", 2},
      {"select ';'; /* ; */ $$;$$", 2},
      {"create rule r as on update to t do (select 1; select 2); select 3", 2},
      {"create function f() returns int begin atomic select 1; select case when a then 1 end; end; "
       "select 2",
       2},
      {"create function f() returns int as $$begin; end$$ language plpgsql; begin; commit", 3},
      {"begin; select 1; end; select 2", 4},
      {"select 'a; b", 1},
  };
  for (const auto& [sql, count] : postgres)
    EXPECT_EQ(statement_count(sql, postgres_lexis), count) << sql;
  const std::vector<std::pair<std::string_view, int>> mysql{
      {"create procedure p() begin if a then select 1; end if; while b do set c = 1; end while; "
       "case d when 1 then select 1; end case; begin select 2; end; end",
       1},
      {"create trigger t before insert on u for each row begin set new.a = 1; end; select 1", 2},
      {"begin not atomic select 1; select 2; end; select 3", 2},
      {"select 1 # ; select 2", 1},
      {"select 1 --; select 2", 2},
      {"select 'a\\'; b'", 1},
  };
  for (const auto& [sql, count] : mysql) EXPECT_EQ(statement_count(sql, mysql_lexis), count) << sql;
}

}  // namespace
