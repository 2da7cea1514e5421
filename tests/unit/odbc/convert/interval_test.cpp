// SPDX-License-Identifier: Apache-2.0
// Intervals: every struct type from and to core::Interval, every notation of text.
#include "odbc/convert/interval.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace odbc::convert {
namespace {

using core::Interval;

constexpr std::int64_t second = 1'000'000, minute = 60 * second, hour = 60 * minute;

const SQLINTERVAL all_types[] = {
    SQL_IS_YEAR,
    SQL_IS_MONTH,
    SQL_IS_DAY,
    SQL_IS_HOUR,
    SQL_IS_MINUTE,
    SQL_IS_SECOND,
    SQL_IS_YEAR_TO_MONTH,
    SQL_IS_DAY_TO_HOUR,
    SQL_IS_DAY_TO_MINUTE,
    SQL_IS_DAY_TO_SECOND,
    SQL_IS_HOUR_TO_MINUTE,
    SQL_IS_HOUR_TO_SECOND,
    SQL_IS_MINUTE_TO_SECOND,
};

bool same(const Interval& a, const Interval& b) {
  return a.months == b.months && a.days == b.days && a.microseconds == b.microseconds;
}

std::string shown(const Interval& value) {
  return std::to_string(value.months) + " months, " + std::to_string(value.days) + " days, " +
         std::to_string(value.microseconds) + " us";
}

struct Fields {
  Outcome outcome;
  std::string literal;  ///< sign, fields and fraction of the struct
  SQLINTERVAL type = no_interval;
};

Fields split(const Interval& value, SQLINTERVAL type, IntervalPrecision precision = {9, 6}) {
  SQL_INTERVAL_STRUCT out{};
  const Outcome outcome = to_struct(value, type, precision, out);
  if (!delivers(outcome)) return {outcome, {}};
  char buffer[interval_literal_room];
  return {outcome,
          {buffer, format_interval_literal(out, type, precision.seconds, buffer)},
          out.interval_type};
}

TEST(Interval, every_type_takes_its_fields_of_a_value) {
  const Interval time{0, 3, 4 * hour + 5 * minute + 6 * second + 700'000};
  const Interval date{-14, 0, 0};
  struct Case {
    SQLINTERVAL type;
    Interval value;
    std::string literal;
    Outcome outcome;
  };
  const Case cases[] = {
      {SQL_IS_YEAR, date, "-1", Outcome::fraction_lost},
      {SQL_IS_MONTH, date, "-14", Outcome::ok},
      {SQL_IS_YEAR_TO_MONTH, date, "-1-02", Outcome::ok},
      {SQL_IS_DAY, time, "3", Outcome::fraction_lost},
      {SQL_IS_HOUR, time, "76", Outcome::fraction_lost},
      {SQL_IS_MINUTE, time, "4565", Outcome::fraction_lost},
      {SQL_IS_SECOND, time, "273906.7", Outcome::ok},
      {SQL_IS_DAY_TO_HOUR, time, "3 04", Outcome::fraction_lost},
      {SQL_IS_DAY_TO_MINUTE, time, "3 04:05", Outcome::fraction_lost},
      {SQL_IS_DAY_TO_SECOND, time, "3 04:05:06.7", Outcome::ok},
      {SQL_IS_HOUR_TO_MINUTE, time, "76:05", Outcome::fraction_lost},
      {SQL_IS_HOUR_TO_SECOND, time, "76:05:06.7", Outcome::ok},
      {SQL_IS_MINUTE_TO_SECOND, time, "4565:06.7", Outcome::ok},
  };
  ASSERT_EQ(std::size(cases), std::size(all_types));
  for (const Case& c : cases) {
    const Fields got = split(c.value, c.type);
    EXPECT_EQ(got.literal, c.literal);
    EXPECT_EQ(got.outcome, c.outcome) << c.literal;
    EXPECT_EQ(got.type, c.type) << c.literal;
  }
}

TEST(Interval, months_do_not_become_days_and_days_are_cut_behind_months) {
  const Interval both{1, 2, 3};
  EXPECT_EQ(split(both, SQL_IS_DAY_TO_SECOND).outcome, Outcome::interval_overflow);
  EXPECT_EQ(split(both, SQL_IS_MONTH).outcome, Outcome::fraction_lost);
  EXPECT_EQ(split(both, SQL_IS_MONTH).literal, "1");
}

TEST(Interval, days_and_hours_of_different_signs_are_one_duration) {
  const Interval value{0, 1, -hour};
  EXPECT_EQ(split(value, SQL_IS_DAY_TO_HOUR).literal, "0 23");
  EXPECT_EQ(split({0, -1, hour}, SQL_IS_HOUR).literal, "-23");
}

TEST(Interval, the_leading_field_keeps_to_its_precision) {
  const Interval hundred{0, 100, 0};
  EXPECT_EQ(split(hundred, SQL_IS_DAY, {2, 6}).outcome, Outcome::interval_overflow);
  EXPECT_EQ(split(hundred, SQL_IS_DAY, {3, 6}).literal, "100");
  EXPECT_EQ(split(hundred, SQL_IS_DAY, {0, 6}).literal, "100");
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(split({0, most, 0}, SQL_IS_DAY, {0, 6}).literal, "2147483647");
  EXPECT_EQ(split({0, most, 0}, SQL_IS_SECOND, {0, 6}).outcome, Outcome::interval_overflow);
  EXPECT_EQ(split({0, 0, std::numeric_limits<std::int64_t>::min()}, SQL_IS_HOUR, {0, 6}).literal,
            "-2562047788");
}

TEST(Interval, the_fraction_counts_units_of_the_seconds_precision) {
  const Interval value{0, 0, 1'234'567};
  struct Case {
    SQLSMALLINT digits;
    SQLUINTEGER fraction;
    Outcome outcome;
  };
  for (const Case& c : {Case{0, 0, Outcome::fraction_lost}, Case{3, 234, Outcome::fraction_lost},
                        Case{6, 234'567, Outcome::ok}, Case{9, 234'567'000, Outcome::ok}}) {
    SQL_INTERVAL_STRUCT out{};
    EXPECT_EQ(to_struct(value, SQL_IS_SECOND, {2, c.digits}, out), c.outcome) << c.digits;
    EXPECT_EQ(out.intval.day_second.fraction, c.fraction) << c.digits;
  }
}

TEST(Interval, every_struct_type_gives_back_what_it_was_made_of) {
  for (const SQLINTERVAL type : all_types) {
    const bool date = is_year_month(type);
    for (const int sign : {1, -1}) {
      const Interval value = date ? Interval{sign * 24, 0, 0} : Interval{0, sign * 2, 0};
      SQL_INTERVAL_STRUCT between{};
      Interval back;
      ASSERT_EQ(to_struct(value, type, {9, 6}, between), Outcome::ok) << type;
      ASSERT_EQ(from_struct(between, type, {9, 6}, back), Outcome::ok) << type;
      EXPECT_EQ(back.months, value.months) << type;
      EXPECT_EQ(back.days * 24 * hour + back.microseconds, value.days * 24 * hour) << type;
    }
  }
}

SQL_INTERVAL_STRUCT day_second(SQLUINTEGER day, SQLUINTEGER h, SQLUINTEGER m, SQLUINTEGER s,
                               SQLUINTEGER fraction, bool negative = false) {
  SQL_INTERVAL_STRUCT value{};
  value.interval_sign = negative ? SQL_TRUE : SQL_FALSE;
  value.intval.day_second = {day, h, m, s, fraction};
  return value;
}

TEST(Interval, structs_are_read_by_the_type_bound_and_checked) {
  Interval out;
  EXPECT_EQ(from_struct(day_second(1, 2, 3, 4, 500'000, true), SQL_IS_DAY_TO_SECOND, {}, out),
            Outcome::ok);
  EXPECT_TRUE(same(out, {0, -1, -(2 * hour + 3 * minute + 4'500'000)})) << shown(out);
  EXPECT_EQ(from_struct(day_second(1, 24, 0, 0, 0), SQL_IS_DAY_TO_HOUR, {}, out),
            Outcome::interval_overflow);
  EXPECT_EQ(from_struct(day_second(0, 24, 60, 0, 0), SQL_IS_HOUR_TO_MINUTE, {}, out),
            Outcome::interval_overflow);
  EXPECT_EQ(from_struct(day_second(0, 0, 0, 1, 1'000'000), SQL_IS_SECOND, {}, out),
            Outcome::interval_overflow);
  EXPECT_EQ(from_struct(day_second(0, 100, 0, 0, 0), SQL_IS_HOUR, {}, out),
            Outcome::interval_overflow);
  EXPECT_EQ(from_struct(day_second(0, 100, 0, 0, 0), SQL_IS_HOUR, {0, 6}, out), Outcome::ok);
  EXPECT_TRUE(same(out, {0, 0, 100 * hour})) << shown(out);
  EXPECT_EQ(from_struct(day_second(0, 0, 0, 1, 123'456'789), SQL_IS_SECOND, {2, 9}, out),
            Outcome::fraction_lost);
  EXPECT_TRUE(same(out, {0, 0, 1'123'456})) << shown(out);
  SQL_INTERVAL_STRUCT months{};
  months.intval.year_month = {178'956'970, 8};
  EXPECT_EQ(from_struct(months, SQL_IS_YEAR_TO_MONTH, {0, 6}, out), Outcome::interval_overflow);
  months.intval.year_month.month = 7;
  EXPECT_EQ(from_struct(months, SQL_IS_YEAR_TO_MONTH, {0, 6}, out), Outcome::ok);
  EXPECT_EQ(out.months, std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(from_struct(day_second(~0U, 0, 0, 0, 0), SQL_IS_DAY, {0, 6}, out),
            Outcome::interval_overflow);
  EXPECT_EQ(from_struct(day_second(0, ~0U, 0, 0, 0), SQL_IS_HOUR, {0, 6}, out),
            Outcome::interval_overflow);
}

struct TextCase {
  std::string text;
  SQLINTERVAL type;
  Interval value;
};

TEST(Interval, text_is_read_in_every_notation) {
  const Interval long_one{14, 3, 4 * hour + 5 * minute + 6'700'000};
  const Interval mixed{-14, 3, -(4 * hour + 5 * minute + 6 * second)};
  const TextCase cases[] = {
      // PostgreSQL: postgres, postgres_verbose, sql_standard, iso_8601
      {"1 year 2 mons 3 days 04:05:06.7", no_interval, long_one},
      {"-1 years -2 mons +3 days -04:05:06", no_interval, mixed},
      {"@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs", no_interval, long_one},
      {"@ 1 year 2 mons -3 days 4 hours 5 mins 6 secs ago", no_interval, mixed},
      {"+1-2 +3 +4:05:06.7", no_interval, long_one},
      {"-1-2 +3 -4:05:06", no_interval, mixed},
      {"-3 4:05:06", no_interval, {0, -3, -(4 * hour + 5 * minute + 6 * second)}},
      {"P1Y2M3DT4H5M6.7S", no_interval, long_one},
      {"P-1Y-2M3DT-4H-5M-6S", no_interval, mixed},
      {"-P2W", no_interval, {0, -14, 0}},
      {"PT0.5S", no_interval, {0, 0, 500'000}},
      {"00:00:00", no_interval, {0, 0, 0}},
      {" 1.5 hours ", no_interval, {0, 0, 90 * minute}},
      {"1.5 years", no_interval, {18, 0, 0}},
      // ODBC
      {"INTERVAL '1-2' YEAR TO MONTH", no_interval, {14, 0, 0}},
      {"interval -'1-2' year(4) to month", no_interval, {-14, 0, 0}},
      {"{INTERVAL '3 04:05:06.7' DAY(2) TO SECOND(6)}",
       no_interval,
       {0, 3, 4 * hour + 5 * minute + 6'700'000}},
      {"{interval '-163 12' day(3) to hour}", no_interval, {0, -163, -12 * hour}},
      {"{ INTERVAL '163' HOUR( 3 ) }", no_interval, {0, 0, 163 * hour}},
      {"INTERVAL '3 days' ", no_interval, {0, 3, 0}},
      // The quoted part alone, by the type asked for
      {"7", SQL_IS_YEAR, {84, 0, 0}},
      {"-7", SQL_IS_MONTH, {-7, 0, 0}},
      {"+7", SQL_IS_DAY, {0, 7, 0}},
      {"7", SQL_IS_HOUR, {0, 0, 7 * hour}},
      {"7", SQL_IS_MINUTE, {0, 0, 7 * minute}},
      {"7.25", SQL_IS_SECOND, {0, 0, 7'250'000}},
      {"7-11", SQL_IS_YEAR_TO_MONTH, {95, 0, 0}},
      {"7 23", SQL_IS_DAY_TO_HOUR, {0, 7, 23 * hour}},
      {"7 23:59", SQL_IS_DAY_TO_MINUTE, {0, 7, 23 * hour + 59 * minute}},
      {"-7 00:00:01", SQL_IS_DAY_TO_SECOND, {0, -7, -second}},
      {"7:08", SQL_IS_HOUR_TO_MINUTE, {0, 0, 7 * hour + 8 * minute}},
      {"7:08:09", SQL_IS_HOUR_TO_SECOND, {0, 0, 7 * hour + 8 * minute + 9 * second}},
      {"7:08.5", SQL_IS_MINUTE_TO_SECOND, {0, 0, 7 * minute + 8'500'000}},
      {"3 days", SQL_IS_HOUR, {0, 3, 0}},
  };
  for (const TextCase& c : cases) {
    Interval out;
    EXPECT_EQ(parse_interval(c.text, c.type, out), Outcome::ok) << c.text;
    EXPECT_TRUE(same(out, c.value)) << c.text << " gave " << shown(out);
  }
}

TEST(Interval, what_is_no_interval_is_refused) {
  const std::string texts[] = {"",
                               "abc",
                               "1",
                               "1 parsec",
                               "1:",
                               "1 year x",
                               "P",
                               "PT",
                               "P1",
                               "P1H",
                               "PT1Y",
                               "INTERVAL",
                               "INTERVAL 1 DAY",
                               "INTERVAL '1' MONTH TO YEAR",
                               "INTERVAL '1' FORTNIGHT",
                               "INTERVAL '1' DAY(",
                               "INTERVAL '1",
                               "{interval '1' day",
                               "1-",
                               "--1 day",
                               "1 day ago 2 days",
                               "1 2 3"};
  for (const std::string& text : texts) {
    Interval out;
    EXPECT_EQ(parse_interval(text, no_interval, out), Outcome::bad_text) << text;
  }
}

TEST(Interval, fields_out_of_range_overflow_and_fine_digits_are_cut) {
  Interval out;
  for (const std::string text :
       {"INTERVAL '1-12' YEAR TO MONTH", "INTERVAL '1 24' DAY TO HOUR", "99999999999 mons",
        "99999999999999999999 days", "9999999999999999 hours"}) {
    EXPECT_EQ(parse_interval(text, no_interval, out), Outcome::interval_overflow) << text;
  }
  EXPECT_EQ(parse_interval("0.1234567", SQL_IS_SECOND, out), Outcome::fraction_lost);
  EXPECT_EQ(out.microseconds, 123'456);
}

TEST(Interval, concise_types_name_their_fields) {
  EXPECT_EQ(interval_type_of(SQL_INTERVAL_YEAR), SQL_IS_YEAR);
  EXPECT_EQ(interval_type_of(SQL_C_INTERVAL_MINUTE_TO_SECOND), SQL_IS_MINUTE_TO_SECOND);
  EXPECT_EQ(interval_type_of(SQL_C_CHAR), no_interval);
  EXPECT_EQ(interval_type_of(114), no_interval);
  EXPECT_TRUE(is_single_field(SQL_IS_SECOND));
  EXPECT_FALSE(is_single_field(SQL_IS_YEAR_TO_MONTH));
}

}  // namespace
}  // namespace odbc::convert
