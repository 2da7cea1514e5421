// SPDX-License-Identifier: Apache-2.0
// C type x declared type: what travels, and what is refused.
#include "odbc/convert/parameter_matrix.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace odbc::convert {
namespace {

using core::SqlType;
using Kind = core::ValueKind;

struct Read {
  Outcome outcome;
  core::Value value;
};

class ParameterMatrix : public testing::Test {
 protected:
  Read text(std::string_view data, SqlType declared) {
    Read read{};
    read.outcome = plan_parameter(Target::char_, declared).read(data, arena_, read.value);
    return read;
  }
  template <class T>
  Read fixed(const T& data, Target c_type, SqlType declared) {
    Read read{};
    const std::string_view bytes(reinterpret_cast<const char*>(&data), sizeof data);
    read.outcome = plan_parameter(c_type, declared).read(bytes, arena_, read.value);
    return read;
  }
  Arena arena_;
};

TEST_F(ParameterMatrix, text_declared_as_text_is_not_copied) {
  const std::string data = "hello";
  const Read read = text(data, SqlType::varchar);
  EXPECT_EQ(read.value.kind, Kind::text);
  EXPECT_EQ(read.value.text.data(), data.data());
}

TEST_F(ParameterMatrix, text_declared_as_a_number_is_checked) {
  EXPECT_EQ(text(" 42 ", SqlType::integer).value.integer, 42);
  EXPECT_EQ(text("42.5", SqlType::integer).outcome, Outcome::too_long);
  EXPECT_EQ(text("x", SqlType::integer).outcome, Outcome::bad_text);
  EXPECT_EQ(text("99999999999999999999", SqlType::bigint).outcome, Outcome::out_of_range);
  EXPECT_EQ(text("18446744073709551615", SqlType::bigint).value.kind, Kind::unsigned_);
  EXPECT_EQ(text("1", SqlType::boolean).value.kind, Kind::boolean);
  EXPECT_EQ(text("2", SqlType::boolean).outcome, Outcome::out_of_range);
  EXPECT_EQ(text("1e3", SqlType::double_).value.real, 1000);
}

TEST_F(ParameterMatrix, a_decimal_keeps_every_digit) {
  EXPECT_EQ(text("+1.50", SqlType::decimal).value.text, "1.50");
  EXPECT_EQ(text("1.5e3", SqlType::decimal).value.text, "1500");
  EXPECT_EQ(text("-1.5E-3", SqlType::decimal).value.text, "-0.0015");
  const std::string digits(60, '7');
  EXPECT_EQ(text(digits, SqlType::decimal).value.text, digits);
  EXPECT_EQ(text("1,5", SqlType::decimal).outcome, Outcome::bad_text);
  EXPECT_EQ(text("NaN", SqlType::decimal).value.kind, Kind::decimal);
  EXPECT_EQ(fixed(0.1, Target::double_, SqlType::decimal).value.text, "0.1");
  EXPECT_EQ(fixed(1e22, Target::double_, SqlType::decimal).value.text, "10000000000000000000000");
}

TEST_F(ParameterMatrix, numbers_stay_numbers_and_become_text_where_text_is_declared) {
  const Read number = fixed(SQLINTEGER{-5}, Target::slong, SqlType::integer);
  EXPECT_EQ(number.value.kind, Kind::integer);
  EXPECT_EQ(number.value.integer, -5);
  EXPECT_EQ(fixed(SQLINTEGER{-5}, Target::slong, SqlType::varchar).value.text, "-5");
  EXPECT_EQ(fixed(SQLINTEGER{-5}, Target::slong, SqlType::decimal).value.kind, Kind::integer);
  EXPECT_EQ(fixed(SQLINTEGER{-5}, Target::slong, SqlType::double_).value.real, -5.0);
  EXPECT_EQ(fixed(SQLINTEGER{-5}, Target::slong, SqlType::date).outcome, Outcome::restricted);
  EXPECT_EQ(fixed(2.5, Target::double_, SqlType::integer).outcome, Outcome::fraction_lost);
  EXPECT_EQ(fixed(2.5, Target::double_, SqlType::integer).value.integer, 2);
  EXPECT_EQ(fixed(~SQLUBIGINT{0}, Target::ubigint, SqlType::bigint).value.kind, Kind::unsigned_);
  EXPECT_EQ(fixed(SQLCHAR{2}, Target::bit, SqlType::boolean).outcome, Outcome::out_of_range);
}

TEST_F(ParameterMatrix, wide_text_becomes_utf8) {
  const std::u16string wide = u"\u00e9\U0001F600x";
  const std::string_view bytes(reinterpret_cast<const char*>(wide.data()), wide.size() * 2);
  core::Value value;
  const ParameterPlan plan = plan_parameter(Target::wchar, SqlType::varchar);
  EXPECT_EQ(plan.read(bytes, arena_, value), Outcome::ok);
  EXPECT_EQ(value.text, "\xC3\xA9\xF0\x9F\x98\x80x");
  EXPECT_EQ(plan.read(bytes.substr(0, 4), arena_, value), Outcome::bad_text);  // half a pair
  const std::string odd = "_" + std::string(bytes);                            // unaligned
  EXPECT_EQ(plan.read(std::string_view(odd).substr(1), arena_, value), Outcome::ok);
}

TEST_F(ParameterMatrix, dates) {
  const SQL_TIMESTAMP_STRUCT stamp{2024, 2, 29, 1, 2, 3, 4};
  const Read read = fixed(stamp, Target::timestamp, SqlType::timestamp);
  EXPECT_EQ(read.value.time.day, 29);
  EXPECT_EQ(read.value.time.nanosecond, 4U);
  EXPECT_EQ(fixed(stamp, Target::timestamp, SqlType::date).outcome, Outcome::datetime_overflow);
  EXPECT_EQ(fixed(SQL_DATE_STRUCT{2023, 2, 29}, Target::date, SqlType::date).outcome,
            Outcome::bad_datetime);
  EXPECT_EQ(fixed(SQL_DATE_STRUCT{2023, 13, 1}, Target::date, SqlType::date).outcome,
            Outcome::datetime_overflow);
  EXPECT_EQ(text("2024-02-29", SqlType::date).value.kind, Kind::date);
  EXPECT_EQ(text("tomorrow", SqlType::date).outcome, Outcome::bad_text);
  EXPECT_EQ(fixed(stamp, Target::timestamp, SqlType::varchar).value.text,
            "2024-02-29 01:02:03.000000004");
}

TEST_F(ParameterMatrix, numeric_structs_guids_and_bytes) {
  SQL_NUMERIC_STRUCT numeric{};
  numeric.precision = 5;
  numeric.scale = 2;
  numeric.sign = 0;
  numeric.val[0] = 0x39;
  numeric.val[1] = 0x30;
  EXPECT_EQ(fixed(numeric, Target::numeric, SqlType::decimal).value.text, "-123.45");
  EXPECT_EQ(fixed(numeric, Target::numeric, SqlType::double_).value.real, -123.45);
  const SQLGUID guid{0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}};
  EXPECT_EQ(fixed(guid, Target::guid, SqlType::guid).value.text[1], 2);
  EXPECT_EQ(fixed(guid, Target::guid, SqlType::varchar).value.text,
            "01020304-0506-0708-090a-0b0c0d0e0f10");
  EXPECT_EQ(text("01020304-0506-0708-090a-0b0c0d0e0f10", SqlType::guid).value.text.size(), 16U);
  EXPECT_EQ(text("00ff", SqlType::varbinary).value.text, std::string_view("\x00\xFF", 2));
  EXPECT_EQ(text("0", SqlType::varbinary).outcome, Outcome::bad_text);
}

TEST(Arena, keeps_what_it_gave_while_it_grows) {
  Arena arena;
  const auto first = arena.keep("first");
  for (int i = 0; i < 1000; ++i) arena.keep(std::string(100, 'x'));
  EXPECT_EQ(first, "first");
  arena.clear();
  EXPECT_EQ(arena.keep("again"), "again");
}

}  // namespace
}  // namespace odbc::convert
