// SPDX-License-Identifier: Apache-2.0
// The fetch matrix: which pairs exist, and the rules of appendix D on the pairs that bite.
#include "odbc/convert/fetch_matrix.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "odbc/convert/datetime.h"
#include "odbc/convert/number.h"

namespace odbc::convert {
namespace {

using Kind = core::ValueKind;
using core::Value;

Value integer(std::int64_t number) {
  Value value;
  value.kind = Kind::integer;
  value.integer = number;
  return value;
}
Value real(double number) {
  Value value;
  value.kind = Kind::real;
  value.real = number;
  return value;
}
Value view(Kind kind, std::string_view text) {
  Value value;
  value.kind = kind;
  value.text = text;
  return value;
}
Value datetime(Kind kind, int year, int month, int day, int hour = 0, int minute = 0,
               int second = 0, std::uint32_t nanosecond = 0) {
  Value value;
  value.kind = kind;
  value.time.year = year;
  value.time.month = static_cast<std::uint8_t>(month);
  value.time.day = static_cast<std::uint8_t>(day);
  value.time.hour = static_cast<std::uint8_t>(hour);
  value.time.minute = static_cast<std::uint8_t>(minute);
  value.time.second = static_cast<std::uint8_t>(second);
  value.time.nanosecond = nanosecond;
  return value;
}

template <class T>
struct Got {
  Outcome outcome;
  T value{};
  SQLLEN length = -99;
};

template <class T>
Got<T> fetch(const Value& value, Target target, core::SqlType source = core::SqlType::unknown) {
  Got<T> got;
  Destination out;
  out.data = &got.value;
  out.capacity = sizeof(T);
  out.length = out.indicator = &got.length;
  out.source = source;
  const Cell cell = fetch_cell(value.kind, target);
  got.outcome = cell != nullptr ? cell(value, out) : Outcome::restricted;
  return got;
}

Got<std::string> fetch_char(const Value& value, SQLLEN capacity,
                            core::SqlType source = core::SqlType::unknown) {
  Got<std::string> got;
  std::string buffer(static_cast<std::size_t>(capacity) + 1, '#');
  Destination out;
  out.data = buffer.data();
  out.capacity = capacity;
  out.length = out.indicator = &got.length;
  out.source = source;
  got.outcome = fetch_cell(value.kind, Target::char_)(value, out);
  EXPECT_EQ(buffer.back(), '#');
  got.value = buffer.substr(0, buffer.find_first_of(std::string_view("\0#", 2)));
  return got;
}

Got<std::u16string> fetch_wide(const Value& value, SQLLEN capacity) {
  Got<std::u16string> got;
  std::u16string buffer(static_cast<std::size_t>(capacity) / 2 + 1, u'#');
  Destination out;
  out.data = buffer.data();
  out.capacity = capacity;
  out.length = out.indicator = &got.length;
  got.outcome = fetch_cell(value.kind, Target::wchar)(value, out);
  EXPECT_EQ(buffer.back(), u'#');
  got.value = buffer.substr(0, buffer.find(u'\0'));
  return got;
}

TEST(FetchMatrix, has_exactly_the_pairs_of_appendix_d) {
  const auto numbers = {Target::bit,     Target::stinyint, Target::utinyint, Target::sshort,
                        Target::ushort,  Target::slong,    Target::ulong,    Target::sbigint,
                        Target::ubigint, Target::float_,   Target::double_,  Target::numeric};
  for (const Kind kind :
       {Kind::boolean, Kind::integer, Kind::unsigned_, Kind::real, Kind::decimal, Kind::text}) {
    for (const Target target : numbers) EXPECT_NE(fetch_cell(kind, target), nullptr);
  }
  for (const Kind kind : {Kind::bytes, Kind::date, Kind::time, Kind::timestamp, Kind::guid}) {
    for (const Target target : numbers) EXPECT_EQ(fetch_cell(kind, target), nullptr);
  }
  for (auto kind = 1; kind < static_cast<int>(Kind::count_); ++kind) {
    EXPECT_NE(fetch_cell(static_cast<Kind>(kind), Target::char_), nullptr) << kind;
    EXPECT_NE(fetch_cell(static_cast<Kind>(kind), Target::wchar), nullptr) << kind;
  }
  EXPECT_EQ(fetch_cell(Kind::date, Target::time), nullptr);
  EXPECT_EQ(fetch_cell(Kind::time, Target::date), nullptr);
  EXPECT_EQ(fetch_cell(Kind::integer, Target::guid), nullptr);
  EXPECT_EQ(fetch_cell(Kind::null, Target::char_), nullptr);
}

TEST(FetchMatrix, integers_that_do_not_fit_are_out_of_range) {
  EXPECT_EQ(fetch<SQLINTEGER>(integer(-7), Target::slong).value, -7);
  EXPECT_EQ(fetch<SQLINTEGER>(integer(-7), Target::slong).length, 4);
  EXPECT_EQ(fetch<SQLINTEGER>(integer(1LL << 31), Target::slong).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch<SQLUINTEGER>(integer(1LL << 31), Target::ulong).value, 1U << 31);
  EXPECT_EQ(fetch<SQLUINTEGER>(integer(-1), Target::ulong).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch<SQLSCHAR>(integer(-128), Target::stinyint).value, -128);
  EXPECT_EQ(fetch<SQLCHAR>(integer(256), Target::utinyint).outcome, Outcome::out_of_range);
  Value big;
  big.kind = Kind::unsigned_;
  big.unsigned_integer = ~0ULL;
  EXPECT_EQ(fetch<SQLUBIGINT>(big, Target::ubigint).value, ~0ULL);
  EXPECT_EQ(fetch<SQLBIGINT>(big, Target::sbigint).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch_char(big, 21).value, "18446744073709551615");
}

TEST(FetchMatrix, a_fraction_is_cut_with_a_warning) {
  EXPECT_EQ(fetch<SQLINTEGER>(real(2.75), Target::slong).value, 2);
  EXPECT_EQ(fetch<SQLINTEGER>(real(2.75), Target::slong).outcome, Outcome::fraction_lost);
  EXPECT_EQ(fetch<SQLINTEGER>(view(Kind::decimal, "-3.10"), Target::slong).value, -3);
  EXPECT_EQ(fetch<SQLINTEGER>(view(Kind::decimal, "-3.00"), Target::slong).outcome, Outcome::ok);
  EXPECT_EQ(fetch<SQLINTEGER>(view(Kind::text, " 1.5e2 "), Target::slong).value, 150);
  EXPECT_EQ(fetch<SQLCHAR>(real(0.5), Target::bit).outcome, Outcome::fraction_lost);
  EXPECT_EQ(fetch<SQLCHAR>(real(-0.5), Target::bit).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch<SQLCHAR>(integer(2), Target::bit).outcome, Outcome::out_of_range);
}

TEST(FetchMatrix, text_that_is_no_number_is_22018) {
  for (const char* text : {"", "abc", "1x", "--1", "1e", ".", "nan"}) {
    EXPECT_EQ(fetch<SQLINTEGER>(view(Kind::text, text), Target::slong).outcome, Outcome::bad_text)
        << text;
    EXPECT_EQ(fetch<SQLDOUBLE>(view(Kind::text, text), Target::double_).outcome, Outcome::bad_text)
        << text;
  }
  EXPECT_EQ(fetch<SQLDOUBLE>(view(Kind::text, "+1.5"), Target::double_).value, 1.5);
  EXPECT_EQ(fetch<SQLINTEGER>(view(Kind::text, "99999999999"), Target::slong).outcome,
            Outcome::out_of_range);
}

TEST(FetchMatrix, extremes_of_64_bits_survive_every_road) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(fetch<SQLBIGINT>(view(Kind::decimal, "-9223372036854775808"), Target::sbigint).value,
            least);
  EXPECT_EQ(fetch<SQLBIGINT>(view(Kind::decimal, "-9223372036854775809"), Target::sbigint).outcome,
            Outcome::out_of_range);
  EXPECT_EQ(fetch<SQLBIGINT>(real(9.3e18), Target::sbigint).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch<SQLBIGINT>(real(-9223372036854775808.0), Target::sbigint).value, least);
  EXPECT_EQ(fetch<SQLBIGINT>(real(std::nan("")), Target::sbigint).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch_char(integer(least), 21).value, "-9223372036854775808");
}

TEST(FetchMatrix, reals) {
  EXPECT_EQ(fetch<SQLREAL>(real(1e39), Target::float_).outcome, Outcome::out_of_range);
  EXPECT_TRUE(std::isinf(
      fetch<SQLREAL>(real(std::numeric_limits<double>::infinity()), Target::float_).value));
  EXPECT_TRUE(std::isnan(fetch<SQLDOUBLE>(view(Kind::decimal, "NaN"), Target::double_).value));
  EXPECT_EQ(fetch_char(real(0.1), 10).value, "0.1");
  EXPECT_EQ(fetch_char(real(static_cast<double>(1.1F)), 30, core::SqlType::real).value, "1.1");
  EXPECT_EQ(fetch_char(real(-std::numeric_limits<double>::infinity()), 30).value, "-Infinity");
}

TEST(FetchMatrix, numeric_struct_is_scaled_and_little_endian) {
  const auto got = fetch<SQL_NUMERIC_STRUCT>(view(Kind::decimal, "-123.45"), Target::numeric);
  EXPECT_EQ(got.outcome, Outcome::ok);
  EXPECT_EQ(got.value.scale, 2);
  EXPECT_EQ(got.value.sign, 0);
  EXPECT_EQ(got.value.val[0], 12345 & 255);
  EXPECT_EQ(got.value.val[1], 12345 >> 8);
  char buffer[number_room];
  EXPECT_EQ(format_number(from_numeric(got.value), buffer), "-123.45");

  Number number;
  ASSERT_TRUE(parse_number("123.45", number));
  SQL_NUMERIC_STRUCT out;
  EXPECT_EQ(to_numeric(number, 10, 1, out), Outcome::fraction_lost);
  EXPECT_EQ(format_number(from_numeric(out), buffer), "123.4");
  EXPECT_EQ(to_numeric(number, 10, 4, out), Outcome::ok);
  EXPECT_EQ(format_number(from_numeric(out), buffer), "123.4500");
  EXPECT_EQ(to_numeric(number, 4, 2, out), Outcome::out_of_range);
  EXPECT_EQ(fetch<SQL_NUMERIC_STRUCT>(view(Kind::decimal, "99999999999999999999999999999999999999"),
                                      Target::numeric)
                .outcome,
            Outcome::ok);
  EXPECT_EQ(fetch<SQL_NUMERIC_STRUCT>(
                view(Kind::decimal, "100000000000000000000000000000000000000"), Target::numeric)
                .outcome,
            Outcome::out_of_range);
}

TEST(FetchMatrix, a_number_loses_fraction_digits_in_a_small_buffer_but_no_whole_ones) {
  const Value value = view(Kind::decimal, "1234.567");
  EXPECT_EQ(fetch_char(value, 9).outcome, Outcome::ok);
  EXPECT_EQ(fetch_char(value, 7).value, "1234.5");
  EXPECT_EQ(fetch_char(value, 7).outcome, Outcome::truncated);
  EXPECT_EQ(fetch_char(value, 7).length, 8);
  EXPECT_EQ(fetch_char(value, 5).value, "1234");
  EXPECT_EQ(fetch_char(value, 4).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch_wide(value, 10).value, u"1234");
  EXPECT_EQ(fetch_wide(value, 8).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch_char(integer(100), 3).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch_char(real(1e30), 4).outcome, Outcome::out_of_range);
}

TEST(FetchMatrix, text_is_cut_between_characters_and_tells_its_whole_length) {
  const Value value = view(Kind::text, "ab\xC3\xA9");
  EXPECT_EQ(fetch_char(value, 5).value, "ab\xC3\xA9");
  EXPECT_EQ(fetch_char(value, 4).value, "ab");
  EXPECT_EQ(fetch_char(value, 4).outcome, Outcome::truncated);
  EXPECT_EQ(fetch_char(value, 4).length, 4);
  EXPECT_EQ(fetch_char(value, 0).outcome, Outcome::truncated);
  const Value emoji = view(Kind::text, "a\xF0\x9F\x98\x80z");
  EXPECT_EQ(fetch_wide(emoji, 10).value, u"a\U0001F600z");
  EXPECT_EQ(fetch_wide(emoji, 6).value, u"a");
  EXPECT_EQ(fetch_wide(emoji, 6).length, 8);
}

TEST(FetchMatrix, bytes_are_hexadecimal_as_text) {
  const Value value = view(Kind::bytes, std::string_view("\x00\xAB\x7F", 3));
  EXPECT_EQ(fetch_char(value, 7).value, "00AB7F");
  EXPECT_EQ(fetch_char(value, 6).value, "00AB");
  EXPECT_EQ(fetch_char(value, 6).length, 6);
  EXPECT_EQ(fetch_wide(value, 14).value, u"00AB7F");
  const auto raw = fetch<std::array<char, 2>>(value, Target::binary);
  EXPECT_EQ(raw.outcome, Outcome::truncated);
  EXPECT_EQ(raw.length, 3);
}

TEST(FetchMatrix, numbers_as_binary_are_native_or_nothing) {
  EXPECT_EQ(fetch<SQLINTEGER>(integer(-2), Target::binary, core::SqlType::integer).value, -2);
  EXPECT_EQ(fetch<SQLINTEGER>(integer(-2), Target::binary, core::SqlType::bigint).outcome,
            Outcome::out_of_range);
}

TEST(FetchMatrix, dates_and_times) {
  const Value stamp = datetime(Kind::timestamp, 2024, 2, 29, 13, 5, 9, 120'000'000);
  EXPECT_EQ(fetch_char(stamp, 30).value, "2024-02-29 13:05:09.12");
  EXPECT_EQ(fetch_char(stamp, 20).value, "2024-02-29 13:05:09");
  EXPECT_EQ(fetch_char(stamp, 20).outcome, Outcome::truncated);
  EXPECT_EQ(fetch_char(stamp, 19).outcome, Outcome::out_of_range);
  EXPECT_EQ(fetch<SQL_TIMESTAMP_STRUCT>(stamp, Target::timestamp).value.fraction, 120'000'000U);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(stamp, Target::date).outcome, Outcome::fraction_lost);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(stamp, Target::date).value.day, 29);
  EXPECT_EQ(fetch<SQL_TIME_STRUCT>(stamp, Target::time).outcome, Outcome::fraction_lost);
  const Value date = datetime(Kind::date, 1999, 12, 31);
  EXPECT_EQ(fetch<SQL_TIMESTAMP_STRUCT>(date, Target::timestamp).value.hour, 0);
  EXPECT_EQ(fetch_char(date, 11).value, "1999-12-31");
  EXPECT_EQ(fetch_char(date, 10).outcome, Outcome::out_of_range);
  const auto now =
      fetch<SQL_TIMESTAMP_STRUCT>(datetime(Kind::time, 0, 0, 0, 1, 2, 3), Target::timestamp);
  EXPECT_EQ(now.value.year, today().year);
  EXPECT_EQ(now.value.second, 3);
}

TEST(FetchMatrix, dates_beyond_the_struct_overflow_but_are_text) {
  const Value far = datetime(Kind::date, 100000, 1, 1);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(far, Target::date).outcome, Outcome::datetime_overflow);
  EXPECT_EQ(fetch_char(far, 30).value, "100000-01-01");
  EXPECT_EQ(fetch_char(datetime(Kind::date, -43, 3, 15), 30).value, "0044-03-15 BC");
  Value endless = datetime(Kind::timestamp, 0, 0, 0);
  endless.time.infinity = -1;
  EXPECT_EQ(fetch_char(endless, 30).value, "-infinity");
  EXPECT_EQ(fetch<SQL_TIMESTAMP_STRUCT>(endless, Target::timestamp).outcome,
            Outcome::datetime_overflow);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(datetime(Kind::date, 0, 0, 0), Target::date).outcome,
            Outcome::bad_datetime);
  EXPECT_EQ(fetch_char(datetime(Kind::date, 0, 0, 0), 30).value, "0000-00-00");
}

TEST(FetchMatrix, an_offset_is_kept_as_text) {
  Value value = datetime(Kind::timestamp, 2024, 1, 1, 12);
  value.time.has_offset = true;
  value.time.offset_minutes = -210;
  EXPECT_EQ(fetch_char(value, 40).value, "2024-01-01 12:00:00-03:30");
}

TEST(FetchMatrix, text_is_read_as_date_and_time) {
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(view(Kind::text, " 2024-02-29 "), Target::date).value.month, 2);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(view(Kind::text, "2023-02-29"), Target::date).outcome,
            Outcome::bad_text);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(view(Kind::text, "{d '2024-02-29'}"), Target::date).outcome,
            Outcome::ok);
  EXPECT_EQ(fetch<SQL_DATE_STRUCT>(view(Kind::text, "12:00:00"), Target::date).outcome,
            Outcome::bad_text);
  const auto stamp = fetch<SQL_TIMESTAMP_STRUCT>(
      view(Kind::text, "2024-02-29T23:59:59.1234567899+02"), Target::timestamp);
  EXPECT_EQ(stamp.outcome, Outcome::ok);
  EXPECT_EQ(stamp.value.fraction, 123'456'789U);
  EXPECT_EQ(fetch<SQL_TIME_STRUCT>(view(Kind::text, "24:00:00"), Target::time).outcome,
            Outcome::bad_text);
}

TEST(FetchMatrix, guids_travel_in_both_forms) {
  const std::string_view bytes("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\xFF",
                               16);
  const std::string text = "01020304-0506-0708-090a-0b0c0d0e0fff";
  EXPECT_EQ(fetch_char(view(Kind::guid, bytes), 37).value, text);
  EXPECT_EQ(fetch_char(view(Kind::guid, bytes), 36).outcome, Outcome::out_of_range);
  const auto guid = fetch<SQLGUID>(view(Kind::guid, bytes), Target::guid);
  EXPECT_EQ(guid.value.Data1, 0x01020304U);
  EXPECT_EQ(guid.value.Data3, 0x0708);
  EXPECT_EQ(guid.value.Data4[7], 0xFF);
  EXPECT_EQ(fetch<SQLGUID>(view(Kind::text, text), Target::guid).value.Data2, 0x0506);
  EXPECT_EQ(fetch<SQLGUID>(view(Kind::text, "no guid"), Target::guid).outcome, Outcome::bad_text);
}

TEST(FetchMatrix, intervals_are_text) {
  Value value;
  value.kind = Kind::interval;
  value.interval = {14, -3, 3'723'500'000};
  EXPECT_EQ(fetch_char(value, 60).value, "1 year 2 mons -3 days +01:02:03.5");
  value.interval = {0, 0, -100LL * 3600 * 1'000'000};
  EXPECT_EQ(fetch_char(value, 60).value, "-100:00:00");
}

TEST(ColumnPlan, null_needs_an_indicator) {
  core::Column column;
  column.kind = Kind::integer;
  const ColumnPlan plan = plan_column(column, Target::slong);
  EXPECT_EQ(plan.fetch({nullptr, -1}, {}), Outcome::indicator_missing);
  SQLLEN indicator = 0;
  Destination out;
  out.indicator = &indicator;
  EXPECT_EQ(plan.fetch({nullptr, -1}, out), Outcome::ok);
  EXPECT_EQ(indicator, SQL_NULL_DATA);
}

TEST(ColumnPlan, follows_a_decoder_that_gives_another_kind) {
  core::Column column;
  column.kind = Kind::time;
  column.decode = [](std::string_view raw, Value& out) noexcept {
    out.kind = Kind::text;
    out.text = raw;
    return true;
  };
  char buffer[16] = {};
  SQLLEN length = 0;
  Destination out;
  out.data = buffer;
  out.capacity = sizeof buffer;
  out.length = out.indicator = &length;
  EXPECT_EQ(plan_column(column, Target::char_).fetch({"-838:59:59", 10}, out), Outcome::ok);
  EXPECT_STREQ(buffer, "-838:59:59");
}

TEST(Target, knows_the_codes_of_both_versions) {
  EXPECT_EQ(target_of(SQL_C_LONG), Target::slong);
  EXPECT_EQ(target_of(SQL_C_SLONG), Target::slong);
  EXPECT_EQ(target_of(SQL_C_DATE), target_of(SQL_C_TYPE_DATE));
  EXPECT_EQ(target_of(SQL_C_DEFAULT), Target::by_default);
  EXPECT_EQ(target_of(SQL_C_INTERVAL_DAY), Target::interval);
  EXPECT_EQ(target_of(4711), Target::unknown);
  EXPECT_EQ(default_target(SQL_WVARCHAR, false), Target::wchar);
  EXPECT_EQ(default_target(SQL_BIGINT, true), Target::ubigint);
  EXPECT_EQ(default_target(SQL_DECIMAL, false), Target::char_);
  for (int i = 0; i < static_cast<int>(Target::interval); ++i)
    EXPECT_EQ(target_of(c_type_of(static_cast<Target>(i))), static_cast<Target>(i));
}

}  // namespace
}  // namespace odbc::convert
