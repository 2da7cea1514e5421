// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's type table and decoders: one line per fact.
#include "core/client/pg_types.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <limits>
#include <string>

#include "core/client/pg_bytes.h"
#include "core/client/pg_decode.h"

namespace {

using namespace core;

template <class Number>
std::string wire(Number number) {
  std::string bytes(sizeof number, '\0');
  put_big_endian(number, bytes.data());
  return bytes;
}

Value decoded(Decode decode, std::string_view raw) {
  Value value;
  EXPECT_TRUE(decode(raw, value)) << raw;
  return value;
}

bool refused(Decode decode, std::string_view raw) {
  Value value;
  return !decode(raw, value);
}

std::string date_text(const Value& v) {
  return std::to_string(v.time.year) + "-" + std::to_string(v.time.month) + "-" +
         std::to_string(v.time.day);
}

TEST(PgTypes, EveryRowIsFoundByItsOid) {
  for (const PgType& type : all_pg_types()) {
    EXPECT_EQ(find_pg_type(type.oid), &type) << type.name;
    EXPECT_NE(type.from_text, nullptr) << type.name;
    EXPECT_FALSE(type.name.empty());
  }
  EXPECT_EQ(find_pg_type(0), nullptr);
  EXPECT_EQ(find_pg_type(99999), nullptr);
}

TEST(PgTypes, NoDecoderAcceptsAnEmptyCellOfAFixedType) {
  for (const PgType& type : all_pg_types()) {
    if (type.kind == ValueKind::text || type.kind == ValueKind::bytes) continue;
    EXPECT_TRUE(refused(type.from_text, "")) << type.name;
    if (type.from_binary != nullptr) { EXPECT_TRUE(refused(type.from_binary, "")) << type.name; }
  }
}

TEST(PgTypes, SizesFollowTheModifier) {
  struct Case {
    std::uint32_t oid;
    int modifier;
    SqlType type;
    std::int64_t size;
    std::int16_t scale;
  };
  const Case cases[] = {
      {pg_oid::text, -1, SqlType::longvarchar, 0, 0},
      {pg_oid::varchar, 14, SqlType::varchar, 10, 0},
      {pg_oid::varchar, -1, SqlType::longvarchar, 0, 0},
      {pg_oid::bpchar, 5, SqlType::char_, 1, 0},
      {pg_oid::numeric, -1, SqlType::decimal, 38, 15},
      {pg_oid::numeric, ((10 << 16) | 2) + 4, SqlType::decimal, 10, 2},
      {pg_oid::numeric, ((5 << 16) | (-3 & 0x7FF)) + 4, SqlType::decimal, 5, -3},
      {pg_oid::timestamp, -1, SqlType::timestamp, 26, 6},
      {pg_oid::timestamp, 0, SqlType::timestamp, 19, 0},
      {pg_oid::timestamptz, 3, SqlType::timestamp, 23, 3},
      {pg_oid::time, 0, SqlType::time, 8, 0},
      {pg_oid::int8, -1, SqlType::bigint, 19, 0},
      {pg_oid::uuid, -1, SqlType::guid, 36, 0},
      {1560, 1, SqlType::boolean, 1, 0},  // bit(1)
      {1560, 5, SqlType::char_, 5, 0},    // bit(5)
      {1562, 8, SqlType::varchar, 8, 0},  // varbit(8)
      {1562, -1, SqlType::longvarchar, 0, 0},
      {pg_oid::interval, -1, SqlType::varchar, 64, 0},
      {pg_oid::timetz, 0, SqlType::time, 8, 0},
      {790, -1, SqlType::decimal, 19, 2},  // money
      {869, -1, SqlType::varchar, 43, 0},  // inet
      {pg_oid::bytea, -1, SqlType::longvarbinary, 0, 0},
      {4711, -1, SqlType::longvarchar, 0, 0},
  };
  for (const Case& c : cases) {
    Column column;
    describe_column(column, c.oid, c.modifier, PgFormat::text, {});
    EXPECT_EQ(column.type, c.type) << c.oid;
    EXPECT_EQ(column.size, c.size) << c.oid;
    EXPECT_EQ(column.scale, c.scale) << c.oid;
  }
}

TEST(PgTypes, IntervalsAreReportedByTheirFieldsWhenTheOptionSaysSo) {
  PgTypeRules rules;
  rules.interval_as_interval = true;
  struct Case {
    int modifier;
    IntervalFields fields;
    std::int16_t scale;
  };
  constexpr int no_precision = 0xFFFF;
  for (const Case& c :
       {Case{-1, IntervalFields::any, 6},
        Case{(1 << 2) << 16 | no_precision, IntervalFields::year, 0},
        Case{(1 << 1 | 1 << 2) << 16 | no_precision, IntervalFields::year_to_month, 0},
        Case{(1 << 3 | 1 << 10 | 1 << 11 | 1 << 12) << 16 | 3, IntervalFields::day_to_second, 3},
        Case{0x7FFF << 16 | 2, IntervalFields::any, 2}}) {
    Column column;
    describe_column(column, pg_oid::interval, c.modifier, PgFormat::text, rules);
    EXPECT_EQ(column.type, SqlType::interval);
    EXPECT_EQ(column.fields, c.fields) << c.modifier;
    EXPECT_EQ(column.scale, c.scale) << c.modifier;
  }
}

TEST(PgTypes, OnlyTypesThatDecodersReadComeInBinary) {
  PgTypeRules rules;
  EXPECT_EQ(binary_form(pg_oid::numeric, rules), BinaryForm::always);
  EXPECT_EQ(binary_form(pg_oid::timestamptz, rules), BinaryForm::in_utc);
  EXPECT_EQ(binary_form(142, rules), BinaryForm::never);   // xml
  EXPECT_EQ(binary_form(4711, rules), BinaryForm::never);  // an extension's
  rules.timestamptz = PgTypeRules::TimestampTz::utc;
  EXPECT_EQ(binary_form(pg_oid::timestamptz, rules), BinaryForm::always);
}

TEST(PgTypes, ATypeWithoutARowIsTextNamedByItsOid) {
  Column column;
  describe_column(column, 4711, -1, PgFormat::text, {});
  EXPECT_EQ(column.type_name, "4711");
  EXPECT_EQ(decoded(column.decode, "x").text, "x");
}

TEST(PgDecode, IntegersReachTheirLimits) {
  EXPECT_EQ(decoded(integer_from_text, "-9223372036854775808").integer,
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decoded(int2_from_binary, wire<std::int16_t>(-32768)).integer, -32768);
  EXPECT_EQ(decoded(int4_from_binary, wire<std::int32_t>(-2147483648)).integer, -2147483648LL);
  EXPECT_EQ(decoded(int8_from_binary, wire(std::numeric_limits<std::int64_t>::max())).integer,
            std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(decoded(oid_from_binary, wire<std::int32_t>(-1)).integer, 4294967295LL);
  EXPECT_TRUE(refused(integer_from_text, "9223372036854775808"));
  EXPECT_TRUE(refused(integer_from_text, "12x"));
}

TEST(PgDecode, UnsignedNumbersAndBitsReachTheirLimits) {
  EXPECT_EQ(decoded(unsigned_from_text, "18446744073709551615").unsigned_integer, ~0ULL);
  EXPECT_EQ(decoded(unsigned8_from_binary, wire<std::int64_t>(-1)).unsigned_integer, ~0ULL);
  EXPECT_TRUE(refused(unsigned_from_text, "-1"));
  EXPECT_EQ(decoded(bit_from_text, "1").integer, 1);
  EXPECT_EQ(decoded(bit_from_text, "0").kind, ValueKind::boolean);
  EXPECT_TRUE(refused(bit_from_text, "10"));
}

std::string money(std::string amount) {
  const std::int32_t length = unpack_money(amount.data(), static_cast<std::int32_t>(amount.size()));
  return length < 0 ? "refused" : amount.substr(0, static_cast<std::size_t>(length));
}

TEST(PgDecode, AmountsOfEveryLocaleBecomeDecimals) {
  EXPECT_EQ(money("$1,234.56"), "1234.56");
  EXPECT_EQ(money("-$0.05"), "-0.05");
  EXPECT_EQ(money("($1,234,567.00)"), "-1234567.00");
  EXPECT_EQ(money("1.234.567,89 \u20ac"), "1234567.89");
  EXPECT_EQ(money("Fr. 1'234.50"), "1234.50");
  EXPECT_EQ(money("\u00a51,234"), "1234");
  EXPECT_EQ(money("\u00a51,234,567"), "1234567");
  EXPECT_EQ(money("1.234,567"), "1234.567");
  EXPECT_EQ(money("$"), "refused");
  EXPECT_EQ(money(std::string(100, '1')), "refused");
}

TEST(PgDecode, TimesKeepTheirOffset) {
  const Value text = decoded(time_from_text, "01:02:03.5-03:30");
  EXPECT_EQ(text.time.offset_minutes, -210);
  const Value binary =
      decoded(timetz_from_binary, wire<std::int64_t>(3'723'500'000) + wire<std::int32_t>(12'600));
  EXPECT_EQ(binary.time.offset_minutes, -210);
  EXPECT_EQ(binary.time.hour, 1);
  EXPECT_EQ(binary.time.nanosecond, 500'000'000U);
  EXPECT_TRUE(refused(timetz_from_binary, wire<std::int64_t>(0) + wire<std::int32_t>(90'000)));
}

TEST(PgDecode, TimestampsAreBroughtToUtc) {
  const auto utc = [](std::string_view text) {
    const Value v = decoded(timestamptz_from_text_in_utc, text);
    EXPECT_EQ(v.time.offset_minutes, 0);
    return date_text(v) + " " + std::to_string(v.time.hour) + ":" + std::to_string(v.time.minute);
  };
  EXPECT_EQ(utc("2024-03-01 01:00:00+05:30"), "2024-2-29 19:30");
  EXPECT_EQ(utc("2023-12-31 23:00:00-03"), "2024-1-1 2:0");
  EXPECT_EQ(utc("0001-01-01 00:30:00+01 BC"), "-1-12-31 23:30");
  EXPECT_EQ(decoded(timestamptz_from_text_in_utc, "infinity").time.infinity, 1);
}

TEST(PgDecode, RealsIncludeTheSpecialOnes) {
  EXPECT_TRUE(std::isnan(decoded(real_from_text, "NaN").real));
  EXPECT_EQ(decoded(real_from_text, "Infinity").real, std::numeric_limits<double>::infinity());
  EXPECT_EQ(decoded(real_from_text, "-Infinity").real, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(decoded(real_from_text, "1e-300").real, 1e-300);
  EXPECT_EQ(decoded(float4_from_binary, wire(std::bit_cast<std::int32_t>(0.1F))).real, 0.1);
  EXPECT_EQ(decoded(float8_from_binary, wire(std::bit_cast<std::int64_t>(-0.1))).real, -0.1);
}

TEST(PgDecode, BooleansAreNothingButTAndF) {
  EXPECT_EQ(decoded(boolean_from_text, "t").integer, 1);
  EXPECT_EQ(decoded(boolean_from_text, "f").integer, 0);
  EXPECT_TRUE(refused(boolean_from_text, "true"));
}

TEST(PgDecode, DatesFromTheFirstToTheLast) {
  EXPECT_EQ(date_text(decoded(date_from_text, "4713-01-01 BC")), "-4712-1-1");
  EXPECT_EQ(date_text(decoded(date_from_text, "5874897-12-31")), "5874897-12-31");
  EXPECT_EQ(date_text(decoded(date_from_binary, wire<std::int32_t>(0))), "2000-1-1");
  EXPECT_EQ(date_text(decoded(date_from_binary, wire<std::int32_t>(-10958))), "1969-12-31");
  EXPECT_EQ(date_text(decoded(date_from_binary, wire<std::int32_t>(59))), "2000-2-29");
  EXPECT_EQ(date_text(decoded(date_from_binary, wire<std::int32_t>(-2451545))), "-4713-11-24");
  EXPECT_EQ(date_text(decoded(date_from_binary, wire<std::int32_t>(2145031948))), "5874897-12-31");
  EXPECT_EQ(decoded(date_from_text, "infinity").time.infinity, 1);
  EXPECT_EQ(decoded(date_from_binary, wire(std::numeric_limits<std::int32_t>::min())).time.infinity,
            -1);
  EXPECT_TRUE(refused(date_from_text, "2024-01"));
  EXPECT_TRUE(refused(date_from_text, "31.01.2024"));
}

TEST(PgDecode, TimesKeepTheirFractionAndMidnightAtTheEnd) {
  const Value v = decoded(time_from_text, "23:59:59.000001");
  EXPECT_EQ(v.time.nanosecond, 1000U);
  EXPECT_EQ(decoded(time_from_text, "24:00:00").time.hour, 24);
  EXPECT_EQ(decoded(time_from_binary, wire<std::int64_t>(86'400'000'000)).time.hour, 24);
  EXPECT_TRUE(refused(time_from_binary, wire<std::int64_t>(-1)));
  EXPECT_TRUE(refused(time_from_text, "12:00"));
}

TEST(PgDecode, TimestampsBeforeTheEpochAndWithOffsets) {
  Value v = decoded(timestamp_from_binary, wire<std::int64_t>(-1));
  EXPECT_EQ(date_text(v), "1999-12-31");
  EXPECT_EQ(v.time.nanosecond, 999'999'000U);
  v = decoded(timestamp_from_text, "2024-02-29 12:34:56.789-03:30");
  EXPECT_EQ(v.time.offset_minutes, -210);
  EXPECT_EQ(v.time.nanosecond, 789'000'000U);
  v = decoded(timestamp_from_text, "0001-01-01 00:00:00+00:53:28 BC");
  EXPECT_EQ(v.time.year, 0);
  EXPECT_EQ(v.time.offset_minutes, 53);
  EXPECT_EQ(decoded(timestamp_from_text, "-infinity").time.infinity, -1);
  EXPECT_EQ(
      decoded(timestamp_from_binary, wire(std::numeric_limits<std::int64_t>::max())).time.infinity,
      1);
  EXPECT_TRUE(refused(timestamp_from_text, "2024-02-29"));
}

TEST(PgDecode, IntervalsKeepTheirThreeParts) {
  struct Case {
    const char* text;
    Interval interval;
  };
  const Case cases[] = {
      {"00:00:00", {0, 0, 0}},
      {"1 year 2 mons 3 days 04:05:06.789", {14, 3, 14'706'789'000}},
      {"-1 years -2 mons +3 days -04:05:06", {-14, 3, -14'706'000'000}},
      {"1 mon", {1, 0, 0}},
      {"-00:00:00.000001", {0, 0, -1}},
      {"178000000 years", {2'136'000'000, 0, 0}},
      {"2562047788:00:54.775807", {0, 0, 9'223'372'036'854'775'807}},
  };
  for (const Case& c : cases) {
    const Value v = decoded(interval_from_text, c.text);
    EXPECT_EQ(v.interval.months, c.interval.months) << c.text;
    EXPECT_EQ(v.interval.days, c.interval.days) << c.text;
    EXPECT_EQ(v.interval.microseconds, c.interval.microseconds) << c.text;
  }
  const Value v = decoded(interval_from_binary,
                          wire<std::int64_t>(-5) + wire<std::int32_t>(6) + wire<std::int32_t>(-7));
  EXPECT_EQ(v.interval.microseconds, -5);
  EXPECT_EQ(v.interval.days, 6);
  EXPECT_EQ(v.interval.months, -7);
  EXPECT_TRUE(refused(interval_from_text, "P1Y"));
  // More than fits, as only a server that lies would write.
  EXPECT_TRUE(refused(interval_from_text, "8 77771:77:77777777773888"));
  EXPECT_TRUE(refused(interval_from_text, "77777777773:00:00"));
  EXPECT_TRUE(refused(interval_from_text, "2147483647 years"));
  EXPECT_TRUE(refused(interval_from_text, "2147483647 days 1 day"));
  EXPECT_TRUE(refused(time_from_text, "13:15:15-166666666"));
}

TEST(PgDecode, ByteaIsUnpackedInPlace) {
  std::string hex = "\\x00ff4A";
  ASSERT_EQ(unpack_bytea(hex.data(), 8), 3);
  EXPECT_EQ(hex.substr(0, 3), std::string("\0\xffJ", 3));
  std::string escaped = "a\\\\b\\001";
  ASSERT_EQ(unpack_bytea(escaped.data(), static_cast<int>(escaped.size())), 4);
  EXPECT_EQ(escaped.substr(0, 4), "a\\b\1");
  std::string empty = "\\x";
  EXPECT_EQ(unpack_bytea(empty.data(), 2), 0);
  std::string odd = "\\x0";
  EXPECT_EQ(unpack_bytea(odd.data(), 3), -1);
  std::string wrong = "\\x0g";
  EXPECT_EQ(unpack_bytea(wrong.data(), 4), -1);
}

TEST(PgDecode, HexadecimalOfAnyLengthIsReadInPlace) {
  constexpr const char* lower = "0123456789abcdef";
  constexpr const char* upper = "0123456789ABCDEF";
  for (int size = 0; size <= 300; ++size) {
    std::string hex = "\\x", bytes;
    for (int i = 0; i < size; ++i) {
      const int byte = (i * 7 + size) & 0xFF;
      bytes.push_back(static_cast<char>(byte));
      hex.push_back((i % 3 == 0 ? upper : lower)[byte >> 4]);
      hex.push_back((i % 5 == 0 ? upper : lower)[byte & 0xF]);
    }
    ASSERT_EQ(unpack_bytea(hex.data(), static_cast<int>(hex.size())), size);
    ASSERT_EQ(hex.substr(0, bytes.size()), bytes);
  }
}

TEST(PgDecode, NothingButDigitsIsHexadecimal) {
  for (int byte = 0; byte <= 0xFF; ++byte)
    for (const std::size_t at : {2U, 33U, 34U, 61U, 70U}) {
      std::string hex = "\\x" + std::string(70, '7');
      hex[at] = static_cast<char>(byte);
      const bool digit = std::isxdigit(byte) != 0;
      EXPECT_EQ(unpack_bytea(hex.data(), static_cast<int>(hex.size())), digit ? 35 : -1)
          << byte << " at " << at;
    }
}

TEST(PgDecode, AUuidIsUnpackedInPlace) {
  std::string uuid = "00112233-4455-6677-8899-aAbBcCdDeEfF";
  ASSERT_EQ(unpack_uuid(uuid.data(), 36), 16);
  EXPECT_EQ(static_cast<unsigned char>(uuid[15]), 0xFF);
  std::string wrong = "00112233-4455-6677-8899-aabbccddeefg";
  EXPECT_EQ(unpack_uuid(wrong.data(), 36), -1);
  std::string dashes(36, '-');
  EXPECT_EQ(unpack_uuid(dashes.data(), 36), -1);
}

TEST(PgDecode, BinaryJsonbHasAVersion) {
  EXPECT_EQ(decoded(jsonb_from_binary, "\1{}").text, "{}");
  EXPECT_TRUE(refused(jsonb_from_binary, "\2{}"));
}

}  // namespace
