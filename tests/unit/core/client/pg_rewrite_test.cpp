// SPDX-License-Identifier: Apache-2.0
// Which texts are plain INSERTs, and what arrays of their sets look like.
#include "core/client/pg_rewrite.h"

#include <gtest/gtest.h>

#include "core/client/pg_parameters.h"
#include "core/client/pg_types.h"

namespace core {
namespace {

TEST(PlainInsert, ShowsTableColumnsAndParameters) {
  const auto insert =
      plain_insert("/* x */ INSERT INTO \"My S\".t (a, \"B\"\"b\") VALUES ($1, $2) ; -- end");
  ASSERT_TRUE(insert);
  EXPECT_EQ(insert->table, "\"My S\".t");
  EXPECT_EQ(insert->parameters, 2U);
  EXPECT_EQ(column_array(*insert), R"({"a","\"B\"\"b\""})");
  EXPECT_EQ(unnested(*insert),
            "/* x */ INSERT INTO \"My S\".t (a, \"B\"\"b\") SELECT * FROM ROWS FROM "
            "(pg_catalog.unnest($1), pg_catalog.unnest($2)) AS sets");
  EXPECT_TRUE(plain_insert("insert into t values($1)"));
}

TEST(PlainInsert, IsNothingElse) {
  for (const char* text : {"INSERT INTO t VALUES ($1, 2)",
                           "INSERT INTO t VALUES ($1), ($2)",
                           "INSERT INTO t VALUES ($2, $1)",
                           "INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING",
                           "INSERT INTO t (a) VALUES ($1) RETURNING a",
                           "INSERT INTO t (a, b) VALUES ($1)",
                           "INSERT INTO t (a[1]) VALUES ($1)",
                           "INSERT INTO t (a.b) VALUES ($1)",
                           "INSERT INTO t (a) VALUES ($1::int)",
                           "INSERT INTO t (a) VALUES (upper($1))",
                           "INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES ($1)",
                           "INSERT INTO t AS u VALUES ($1)",
                           "INSERT INTO t DEFAULT VALUES",
                           "INSERT INTO t (a) VALUES ($1); SELECT 1",
                           "WITH x AS (SELECT 1) INSERT INTO t VALUES ($1)",
                           "INSERT INTO U&\"t\" VALUES ($1)",
                           "INSERT INTO t SELECT $1",
                           "UPDATE t SET a = $1",
                           "INSERT INTO t VALUES (DEFAULT)",
                           ""})
    EXPECT_FALSE(plain_insert(text)) << text;
}

Parameter integer(std::int64_t number) {
  Parameter parameter;
  parameter.value.kind = ValueKind::integer;
  parameter.value.integer = number;
  parameter.declared = SqlType::integer;
  return parameter;
}

Parameter characters(std::string_view text) {
  Parameter parameter;
  parameter.value.kind = ValueKind::text;
  parameter.value.text = text;
  parameter.declared = SqlType::varchar;
  return parameter;
}

class Arrays : public testing::Test {
 protected:
  bool add(const Parameter& parameter, std::uint32_t type) {
    const std::uint32_t types[] = {type};
    encoded_.encode({&parameter, 1}, types);
    return arrays_.add({&parameter, 1}, encoded_);
  }
  void begin(std::uint32_t type) { arrays_.begin({&type, 1}); }
  std::string finished() {
    arrays_.finish();
    return {arrays_.values()[0], static_cast<std::size_t>(arrays_.lengths()[0])};
  }
  PgParameters encoded_;
  PgArrays arrays_;
};

TEST_F(Arrays, BinaryWithNullsBeforeTheFirstValue) {
  begin(pg_oid::int4);
  EXPECT_TRUE(add(Parameter(), pg_oid::int4));
  EXPECT_TRUE(add(integer(7), pg_oid::int4));
  const std::string expected(
      "\0\0\0\1\0\0\0\1\0\0\0\x17\0\0\0\2\0\0\0\1\xff\xff\xff\xff\0\0\0\4\0\0\0\7", 32);
  EXPECT_EQ(finished(), expected);
  EXPECT_EQ(arrays_.types()[0], 1007U);
  EXPECT_EQ(arrays_.formats()[0], 1);
}

TEST_F(Arrays, ElementsThatGoAsTextAreQuoted) {
  begin(pg_oid::date);
  EXPECT_TRUE(add(characters("2026-01-02"), pg_oid::date));
  EXPECT_TRUE(add(Parameter(), pg_oid::date));
  EXPECT_TRUE(add(characters("a\"b\\c"), pg_oid::date));
  EXPECT_EQ(finished(), R"({"2026-01-02",NULL,"a\"b\\c"})");
  EXPECT_EQ(arrays_.formats()[0], 0);
}

TEST_F(Arrays, RefuseWhatWouldGoAsAnotherTypeAlone) {
  Parameter real = integer(0);
  real.value.kind = ValueKind::real;
  real.value.real = 0.1;
  real.declared = SqlType::double_;
  begin(pg_oid::numeric);
  EXPECT_FALSE(add(real, pg_oid::numeric));
  begin(pg_oid::int4);
  EXPECT_FALSE(add(real, pg_oid::int4));
  begin(pg_oid::int4);
  EXPECT_TRUE(add(integer(1), pg_oid::int4));
  EXPECT_FALSE(add(characters("2"), pg_oid::int4));  // text among binary elements
  EXPECT_EQ(PgArrays::array_of(114), 0U);
}

}  // namespace
}  // namespace core
