// SPDX-License-Identifier: Apache-2.0
// Which type a parameter goes by, and in which form.
#include "core/client/pg_parameters.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/client/pg_format.h"
#include "core/client/pg_types.h"
#include "core/error.h"

namespace {

using namespace core;

Parameter integer(std::int64_t number, SqlType declared) {
  Parameter p;
  p.value.kind = ValueKind::integer;
  p.value.integer = number;
  p.declared = declared;
  return p;
}

Parameter text(std::string_view content, SqlType declared) {
  Parameter p;
  p.value.kind = ValueKind::text;
  p.value.text = content;
  p.declared = declared;
  return p;
}

std::string as_text(const Value& value) {
  std::string out;
  append_text(value, out);
  return out;
}

TEST(PgParameters, TheDeclaredTypeIsWidenedForTheValue) {
  EXPECT_EQ(inferred_type(integer(1, SqlType::smallint)), pg_oid::int2);
  EXPECT_EQ(inferred_type(integer(32768, SqlType::smallint)), pg_oid::int4);
  EXPECT_EQ(inferred_type(integer(2147483648, SqlType::integer)), pg_oid::int8);
  EXPECT_EQ(inferred_type(integer(1, SqlType::bigint)), pg_oid::int8);
  EXPECT_EQ(inferred_type(integer(1, SqlType::decimal)), pg_oid::numeric);
  EXPECT_EQ(inferred_type(integer(1, SqlType::unknown)), pg_oid::int4);
}

TEST(PgParameters, TheServerDecidesAboutCharactersAndNull) {
  EXPECT_EQ(inferred_type(text("x", SqlType::varchar)), pg_oid::unspecified);
  EXPECT_EQ(inferred_type(Parameter{Value(), SqlType::integer}), pg_oid::unspecified);
}

TEST(PgParameters, WhatTheServerExpectsWinsUnlessTheValueWouldLose) {
  PgParameters p;
  const Parameter whole = integer(5, SqlType::bigint);
  const std::uint32_t small[] = {pg_oid::int2};
  p.encode({&whole, 1}, small);
  EXPECT_EQ(p.types()[0], pg_oid::int2);
  EXPECT_TRUE(p.as_described());
  EXPECT_EQ(std::string(p.values()[0], 2), std::string("\0\5", 2));
  EXPECT_EQ(p.formats()[0], 1);

  const Parameter large = integer(70000, SqlType::bigint);
  p.encode({&large, 1}, small);
  EXPECT_EQ(p.types()[0], pg_oid::int8);
  EXPECT_FALSE(p.as_described());

  Parameter real;
  real.value.kind = ValueKind::real;
  real.value.real = 1.5;
  real.declared = SqlType::double_;
  p.encode({&real, 1}, small);
  EXPECT_EQ(p.types()[0], pg_oid::float8);
}

TEST(PgParameters, ManyParametersKeepTheirPlaces) {
  PgParameters p;
  std::vector<Parameter> parameters;
  const std::string long_text(1000, 'x');
  for (int i = 0; i < 200; ++i)
    parameters.push_back(i % 2 == 0 ? integer(i, SqlType::integer)
                                    : text(long_text, SqlType::varchar));
  p.encode(parameters, {});
  ASSERT_EQ(p.count(), 200);
  EXPECT_EQ(std::string(p.values()[198], 4), std::string("\0\0\0\306", 4));
  EXPECT_EQ(std::string(p.values()[199]), long_text);
}

TEST(PgParameters, EmptyBytesAreNotNull) {
  Parameter bytes;
  bytes.value.kind = ValueKind::bytes;
  PgParameters p;
  p.encode({&bytes, 1}, {});
  EXPECT_NE(p.values()[0], nullptr);
  EXPECT_EQ(p.lengths()[0], 0);
}

TEST(PgParameters, AZeroByteInTextIs22021) {
  const Parameter parameter = text(std::string_view("a\0b", 3), SqlType::varchar);
  PgParameters p;
  try {
    p.encode({&parameter, 1}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), Sqlstate("22021"));
    EXPECT_EQ(error.reached(), Reached::not_sent);
  }
}

TEST(PgParameters, TextGoesFromWhereItLies) {
  const std::string content = "hello";
  Parameter known = text(content, SqlType::varchar);
  const std::uint32_t varchar[] = {pg_oid::varchar};
  PgParameters p;
  p.encode({&known, 1}, varchar);
  EXPECT_EQ(p.values()[0], content.data());
  EXPECT_EQ(p.formats()[0], 1);
  EXPECT_EQ(p.lengths()[0], 5);
  EXPECT_TRUE(p.as_described());

  p.encode({&known, 1}, {});  // the server may find any type: text, which needs its NUL
  EXPECT_NE(p.values()[0], content.data());
  EXPECT_EQ(p.formats()[0], 0);
  EXPECT_STREQ(p.values()[0], "hello");

  known.value.nul_follows = true;
  p.encode({&known, 1}, {});
  EXPECT_EQ(p.values()[0], content.data());
  EXPECT_EQ(p.formats()[0], 0);
}

TEST(PgParameters, TheServersTypeIsNotTakenForAValueOfAnotherFamily) {
  Parameter bytes;
  bytes.value.kind = ValueKind::bytes;
  bytes.value.text = "abc";
  bytes.declared = SqlType::varbinary;
  const Parameter number = integer(1, SqlType::integer);
  constexpr std::uint32_t json = 114;
  PgParameters p;
  for (const std::uint32_t expected : {pg_oid::text, pg_oid::uuid, json, pg_oid::interval}) {
    p.encode({&bytes, 1}, {&expected, 1});
    EXPECT_EQ(p.types()[0], pg_oid::bytea);
    p.encode({&number, 1}, {&expected, 1});
    EXPECT_EQ(p.types()[0], pg_oid::int4);
    EXPECT_FALSE(p.as_described());
  }
}

TEST(PgParameters, ABooleanIsWhatTheServerMakesOfOneAndZero) {
  Parameter truth;
  truth.value.kind = ValueKind::boolean;
  truth.value.integer = 1;
  truth.declared = SqlType::boolean;
  PgParameters p;
  p.encode({&truth, 1}, {});
  EXPECT_EQ(p.types()[0], pg_oid::unspecified);
  EXPECT_STREQ(p.values()[0], "1");
  const std::uint32_t described[] = {pg_oid::boolean};
  p.encode({&truth, 1}, described);
  EXPECT_EQ(p.formats()[0], 1);
  EXPECT_EQ(std::string(p.values()[0], 1), std::string(1, '\1'));
}

TEST(PgParameters, AMomentIsNotCutToWhatTheServerExpects) {
  Parameter moment;
  moment.value.kind = ValueKind::timestamp;
  moment.value.time = {.year = 2024, .month = 2, .day = 29};
  moment.declared = SqlType::timestamp;
  PgParameters p;
  const std::uint32_t date = pg_oid::date, timestamp = pg_oid::timestamp;
  p.encode({&moment, 1}, {&date, 1});
  EXPECT_EQ(p.types()[0], pg_oid::date);
  moment.value.time.hour = 1;
  p.encode({&moment, 1}, {&date, 1});
  EXPECT_EQ(p.types()[0], pg_oid::timestamp);
  moment.value.time.has_offset = true;
  p.encode({&moment, 1}, {&timestamp, 1});
  EXPECT_EQ(p.types()[0], pg_oid::timestamptz);
}

TEST(PgParameters, ADoubleBeyondRealDoesNotBecomeInfinite) {
  Parameter real;
  real.value.kind = ValueKind::real;
  real.value.real = 1e300;
  real.declared = SqlType::double_;
  const std::uint32_t float4 = pg_oid::float4;
  PgParameters p;
  p.encode({&real, 1}, {&float4, 1});
  EXPECT_EQ(p.types()[0], pg_oid::float8);
  real.value.real = 0.5;
  p.encode({&real, 1}, {&float4, 1});
  EXPECT_EQ(p.types()[0], pg_oid::float4);
}

TEST(PgFormat, DatesAndTimesAreIso) {
  Value v;
  v.kind = ValueKind::date;
  v.time = {.year = -43, .month = 3, .day = 15};
  EXPECT_EQ(as_text(v), "0044-03-15 BC");
  v.kind = ValueKind::timestamp;
  v.time = {.year = 2024,
            .month = 2,
            .day = 29,
            .hour = 1,
            .minute = 2,
            .second = 3,
            .has_offset = true,
            .offset_minutes = -210,
            .nanosecond = 1000};
  EXPECT_EQ(as_text(v), "2024-02-29 01:02:03.000001-03:30");
  v.time.infinity = -1;
  EXPECT_EQ(as_text(v), "-infinity");
}

TEST(PgFormat, IntervalsCarryASignOnEveryPart) {
  Value v;
  v.kind = ValueKind::interval;
  v.interval = {-14, 3, -5};
  EXPECT_EQ(as_text(v), "-14 mons +3 days -5 microseconds");
}

TEST(PgFormat, GuidsAndReals) {
  Value v;
  v.kind = ValueKind::guid;
  const std::string bytes("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16);
  v.text = bytes;
  EXPECT_EQ(as_text(v), "00112233-4455-6677-8899-aabbccddeeff");
  v.kind = ValueKind::real;
  v.real = 0.1;
  EXPECT_EQ(as_text(v), "0.1");
  v.real = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(as_text(v), "-inf");
}

}  // namespace
