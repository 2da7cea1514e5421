// SPDX-License-Identifier: Apache-2.0
// Decoders of MySQL cells: what is well-formed becomes the value, what is not is refused.
#include "core/client/mysql_types.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

using core::Column;
using core::SqlType;
using core::Value;
using core::ValueKind;
using namespace std::string_literals;

Column column(enum_field_types type, bool binary, unsigned int flags = 0, unsigned long length = 20,
              unsigned int charset = 45) {
  MYSQL_FIELD field{};
  char name[] = "c";
  field.name = name;
  field.name_length = 1;
  field.type = type;
  field.flags = flags;
  field.length = length;
  field.charsetnr = charset;
  return core::mysql_column(field, binary);
}

/// Nothing when the decoder refuses.
std::optional<Value> decode(const Column& from, std::string_view raw) {
  Value value;
  if (!from.decode(raw, value)) return std::nullopt;
  return value;
}

TEST(MysqlTypes, IntegersAreRefusedWhenTheirLengthOrTextIsWrong) {
  EXPECT_EQ(decode(column(MYSQL_TYPE_LONG, true), "\xfe\xff\xff\xff"s)->integer, -2);
  EXPECT_EQ(decode(column(MYSQL_TYPE_LONG, true, UNSIGNED_FLAG), "\xfe\xff\xff\xff"s)->integer,
            4294967294);
  EXPECT_FALSE(decode(column(MYSQL_TYPE_LONG, true), "\x01"s));
  EXPECT_EQ(decode(column(MYSQL_TYPE_LONG, false), "-2")->integer, -2);
  EXPECT_FALSE(decode(column(MYSQL_TYPE_LONG, false), ""));
  EXPECT_FALSE(decode(column(MYSQL_TYPE_LONG, false), "12x"));
  EXPECT_FALSE(decode(column(MYSQL_TYPE_LONGLONG, false), "99999999999999999999"));
  EXPECT_EQ(decode(column(MYSQL_TYPE_LONGLONG, false, UNSIGNED_FLAG), "18446744073709551615")
                ->unsigned_integer,
            UINT64_MAX);
}

TEST(MysqlTypes, TimesOfDayAndIntervalsShareAType) {
  const Column text = column(MYSQL_TYPE_TIME, false);
  EXPECT_EQ(decode(text, "23:59:59.25")->kind, ValueKind::time);
  EXPECT_EQ(decode(text, "23:59:59.25")->time.nanosecond, 250'000'000U);
  EXPECT_EQ(decode(text, "-00:00:01")->interval.microseconds, -1'000'000);
  EXPECT_EQ(decode(text, "24:00:00")->interval.microseconds, 86'400'000'000);
  for (const char* wrong : {"", "-", "1", "1:2", "1:2:", "1:2:3:4", "a:b:c", "1:2:3.4x"})
    EXPECT_FALSE(decode(text, wrong)) << wrong;
  const Column binary = column(MYSQL_TYPE_TIME, true);
  EXPECT_EQ(decode(binary, "")->kind, ValueKind::time);
  EXPECT_EQ(decode(binary, "\0\0\0\0\0\x17\x3b\x3b"s)->time.hour, 23);
  EXPECT_EQ(decode(binary, "\1\2\0\0\0\0\0\1"s)->interval.microseconds, -172'801'000'000);
  EXPECT_FALSE(decode(binary, "\0\0"s));
  EXPECT_FALSE(decode(binary, "\0\0\0\0\0\0\0\0\xff\xff\xff\xff"s));
}

TEST(MysqlTypes, DatesAreRefusedWhenTheirLengthOrTextIsWrong) {
  const Column text = column(MYSQL_TYPE_DATETIME, false);
  EXPECT_EQ(decode(text, "2024-02-29 01:02:03.5")->time.nanosecond, 500'000'000U);
  EXPECT_EQ(decode(text, "0000-00-00 00:00:00")->time.month, 0);
  for (const char* wrong : {"", "2024", "2024-02", "2024-02-29", "2024-02-29T01:02:03",
                            "2024-02-29 01:02:03z", "2024-999-01 00:00:00"})
    EXPECT_FALSE(decode(text, wrong)) << wrong;
  const Column binary = column(MYSQL_TYPE_DATETIME, true);
  EXPECT_EQ(decode(binary, "\xe8\x07\x02\x1d"s)->time.year, 2024);
  EXPECT_EQ(decode(binary, "")->time.year, 0);
  for (std::size_t length = 0; length < 16; ++length)
    EXPECT_EQ(decode(binary, std::string(length, '\1')).has_value(),
              length == 0 || length == 4 || length == 7 || length == 11)
        << length;
}

TEST(MysqlTypes, TheCharacterSetTellsBytesFromText) {
  EXPECT_EQ(column(MYSQL_TYPE_VAR_STRING, true, 0, 80).type, SqlType::varchar);
  EXPECT_EQ(column(MYSQL_TYPE_VAR_STRING, true, 0, 80).size, 20);
  EXPECT_EQ(column(MYSQL_TYPE_VAR_STRING, true, 0, 80, 63).type, SqlType::varbinary);
  EXPECT_EQ(column(MYSQL_TYPE_VAR_STRING, true, 0, 80, 63).size, 80);
  EXPECT_EQ(column(MYSQL_TYPE_BLOB, true, 0, 80, 63).kind, ValueKind::bytes);
  EXPECT_EQ(column(MYSQL_TYPE_JSON, true, 0, 80, 63).kind, ValueKind::text);
  EXPECT_EQ(column(MYSQL_TYPE_NULL, true, 0, 0, 63).type, SqlType::varchar);
}

TEST(MysqlTypes, ATypeOfTheFutureIsText) {
  const Column future = column(static_cast<enum_field_types>(200), true);
  EXPECT_EQ(decode(future, "x")->text, "x");
  EXPECT_EQ(core::mysql_binary_length(static_cast<enum_field_types>(200)), -1);
}

}  // namespace
