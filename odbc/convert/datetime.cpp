// SPDX-License-Identifier: Apache-2.0
// A small scanner and small formatters: sscanf and strftime would ask the locale. Comes in:
// datetime.h.
#include "odbc/convert/datetime.h"

#include <time.h>

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

#include "odbc/convert/number.h"

namespace odbc::convert {
namespace {

constexpr std::int64_t second_us = 1'000'000;

bool leap(std::int32_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_of(std::int32_t year, int month) noexcept {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// Reads a text from left to right; every function says whether it found what it looks for.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}
  bool at_end() const noexcept { return text_.empty(); }
  bool skip(char c) noexcept {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // `least` to `most` digits.
  template <class T>
  bool number(std::size_t least, std::size_t most, T& out) noexcept {
    std::size_t count = 0;
    std::int64_t value = 0;
    for (; count < text_.size() && count < most && digit(text_[count]); ++count)
      value = value * 10 + (text_[count] - '0');
    if (count < least || value > std::numeric_limits<T>::max()) return false;
    out = static_cast<T>(value);
    text_.remove_prefix(count);
    return true;
  }
  bool fraction(std::uint32_t& nanosecond) noexcept {
    std::uint32_t value = 0;
    std::size_t count = 0;
    for (; count < text_.size() && digit(text_[count]); ++count)
      if (count < 9) value = value * 10 + static_cast<std::uint32_t>(text_[count] - '0');
    if (count == 0) return false;
    for (std::size_t i = count; i < 9; ++i) value *= 10;
    nanosecond = value;
    text_.remove_prefix(count);
    return true;
  }
  std::string_view rest() const noexcept { return text_; }

 private:
  static bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
  std::string_view text_;
};

std::string_view without_escape(std::string_view text) noexcept {
  if (!text.starts_with('{') || !text.ends_with('}')) return text;
  text = trim(text.substr(1, text.size() - 2));
  for (const std::string_view word : {"ts", "d", "t"}) {
    if (!text.starts_with(word)) continue;
    const std::string_view literal = trim(text.substr(word.size()));
    if (literal.size() >= 2 && literal.starts_with('\'') && literal.ends_with('\''))
      return literal.substr(1, literal.size() - 2);
  }
  return text;
}

bool scan_date(Scanner& in, core::DateTime& out) noexcept {
  const bool negative = in.skip('-');
  if (!in.number(4, 6, out.year) || !in.skip('-') || !in.number(1, 2, out.month) || !in.skip('-') ||
      !in.number(1, 2, out.day))
    return false;
  if (negative) out.year = -out.year;
  return true;
}

bool scan_offset(Scanner& in, core::DateTime& out) noexcept {
  if (in.at_end()) return true;
  out.has_offset = true;
  if (in.skip('Z')) return true;
  const bool west = in.skip('-');
  if (!west && !in.skip('+')) return false;
  std::int16_t hours = 0, minutes = 0;
  if (!in.number(2, 2, hours) || hours > 15) return false;
  if (!in.at_end() && ((void)in.skip(':'), !in.number(2, 2, minutes) || minutes > 59)) return false;
  const int total = hours * 60 + minutes;
  out.offset_minutes = static_cast<std::int16_t>(west ? -total : total);
  return true;
}

bool scan_time(Scanner& in, core::DateTime& out) noexcept {
  if (!in.number(1, 2, out.hour) || !in.skip(':') || !in.number(2, 2, out.minute)) return false;
  if (in.skip(':')) {
    if (!in.number(2, 2, out.second)) return false;
    if (in.skip('.') && !in.fraction(out.nanosecond)) return false;
  }
  return scan_offset(in, out);
}

constexpr auto pairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

// Below 100: every field of a date or clock but years and hours of intervals.
char* put_two(char* at, unsigned value) noexcept {
  std::memcpy(at, &pairs[std::size_t{value} * 2], 2);
  return at + 2;
}

char* put(char* at, std::uint64_t value) noexcept { return std::to_chars(at, at + 20, value).ptr; }

// At least four digits.
char* put_year(char* at, std::uint32_t year) noexcept {
  if (year >= 10'000) return put(at, year);
  return put_two(put_two(at, year / 100), year % 100);
}

char* put(char* at, std::string_view text) noexcept {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// ".5", ".000001", or nothing.
char* put_fraction(char* at, std::uint32_t nanosecond) noexcept {
  if (nanosecond == 0) return at;
  *at++ = '.';
  const std::uint32_t microsecond = nanosecond / 1000, rest = nanosecond % 1000;
  at = put_two(put_two(put_two(at, microsecond / 10'000), microsecond / 100 % 100),
               microsecond % 100);
  if (rest != 0) {
    at = put_two(at, rest / 10);
    *at++ = static_cast<char>('0' + rest % 10);
  }
  while (at[-1] == '0') --at;
  return at;
}

char* put_clock(char* at, std::uint64_t hours, unsigned minutes, unsigned seconds) noexcept {
  at = hours < 100 ? put_two(at, static_cast<unsigned>(hours)) : put(at, hours);
  *at++ = ':';
  at = put_two(at, minutes % 100);
  *at++ = ':';
  return put_two(at, seconds % 100);
}

char* put_offset(char* at, const core::DateTime& value) noexcept {
  if (!value.has_offset) return at;
  *at++ = value.offset_minutes < 0 ? '-' : '+';
  const auto minutes = static_cast<unsigned>(value.offset_minutes < 0 ? -value.offset_minutes
                                                                      : value.offset_minutes);
  at = put_two(at, minutes / 60 % 100);
  if (minutes % 60 == 0) return at;
  *at++ = ':';
  return put_two(at, minutes % 60);
}

char* put_days(char* at, const core::DateTime& value) noexcept {
  const std::int64_t year = value.year > 0 || value.month == 0 ? value.year : 1 - value.year;
  at = put_year(at, static_cast<std::uint32_t>(year));
  *at++ = '-';
  at = put_two(at, value.month % 100U);
  *at++ = '-';
  return put_two(at, value.day % 100U);
}

// MySQL's zero date has month 0 and is not BC.
char* put_era(char* at, const core::DateTime& value) noexcept {
  return value.year <= 0 && value.month != 0 ? put(at, " BC") : at;
}

char* put_infinity(char* at, const core::DateTime& value) noexcept {
  return put(at, value.infinity < 0 ? "-infinity" : "infinity");
}

// PostgreSQL writes a plus where the part before was negative.
char* put_amount(char* at, std::int64_t amount, std::string_view unit, bool first,
                 bool& after_negative) noexcept {
  if (amount == 0) return at;
  if (!first) *at++ = ' ';
  if (amount < 0)
    *at++ = '-';
  else if (after_negative)
    *at++ = '+';
  after_negative = amount < 0;
  at = put(at, static_cast<std::uint64_t>(amount < 0 ? -amount : amount));
  *at++ = ' ';
  at = put(at, unit);
  if (amount != 1) *at++ = 's';
  return at;
}

Outcome check_date(const core::DateTime& value) noexcept {
  if (value.infinity != 0 || value.year > std::numeric_limits<SQLSMALLINT>::max() ||
      value.year < std::numeric_limits<SQLSMALLINT>::min())
    return Outcome::datetime_overflow;
  return valid_date(value) ? Outcome::ok : Outcome::bad_datetime;
}

}  // namespace

bool valid_date(const core::DateTime& value) noexcept {
  return value.month >= 1 && value.month <= 12 && value.day >= 1 &&
         value.day <= days_of(value.year, value.month);
}

bool valid_time(const core::DateTime& value) noexcept {
  return value.hour < 24 && value.minute < 60 && value.second < 60 &&
         value.nanosecond < 1'000'000'000;
}

bool parse_datetime(std::string_view text, core::DateTime& out, DateTimeParts& parts) noexcept {
  Scanner in(without_escape(trim(text)));
  out = core::DateTime();
  parts = DateTimeParts();
  Scanner attempt = in;
  if (scan_date(attempt, out)) {
    parts.date = true;
    in = attempt;
    if (!valid_date(out)) return false;
    if (in.at_end()) return true;
    if (!in.skip(' ') && !in.skip('T')) return false;
  } else {
    out = core::DateTime();
  }
  parts.time = true;
  return scan_time(in, out) && in.at_end() && valid_time(out);
}

char* format_date(const core::DateTime& value, char* buffer) noexcept {
  if (value.infinity != 0) return put_infinity(buffer, value);
  return put_era(put_days(buffer, value), value);
}

char* format_time(const core::DateTime& value, char* buffer) noexcept {
  char* at = put_clock(buffer, value.hour, value.minute, value.second);
  return put_offset(put_fraction(at, value.nanosecond), value);
}

char* format_timestamp(const core::DateTime& value, char* buffer) noexcept {
  if (value.infinity != 0) return put_infinity(buffer, value);
  char* at = put_days(buffer, value);
  *at++ = ' ';
  return put_era(format_time(value, at), value);
}

char* format_interval(const core::Interval& value, char* buffer) noexcept {
  bool after_negative = false;
  char* at = put_amount(buffer, value.months / 12, "year", true, after_negative);
  at = put_amount(at, value.months % 12, "mon", at == buffer, after_negative);
  at = put_amount(at, value.days, "day", at == buffer, after_negative);
  if (value.microseconds == 0 && at != buffer) return at;
  if (at != buffer) *at++ = ' ';
  if (value.microseconds < 0)
    *at++ = '-';
  else if (after_negative)
    *at++ = '+';
  const auto micros = value.microseconds < 0 ? 0 - static_cast<std::uint64_t>(value.microseconds)
                                             : static_cast<std::uint64_t>(value.microseconds);
  const std::uint64_t seconds = micros / second_us;
  at = put_clock(at, seconds / 3600, static_cast<unsigned>(seconds / 60 % 60),
                 static_cast<unsigned>(seconds % 60));
  return put_fraction(at, static_cast<std::uint32_t>(micros % second_us * 1000));
}

core::DateTime today() noexcept {
  const time_t now = ::time(nullptr);
  tm local{};
  ::localtime_r(&now, &local);
  core::DateTime date;
  date.year = local.tm_year + 1900;
  date.month = static_cast<std::uint8_t>(local.tm_mon + 1);
  date.day = static_cast<std::uint8_t>(local.tm_mday);
  return date;
}

Outcome to_struct(const core::DateTime& value, SQL_DATE_STRUCT& out) noexcept {
  if (const Outcome outcome = check_date(value); outcome != Outcome::ok) return outcome;
  out = {static_cast<SQLSMALLINT>(value.year), value.month, value.day};
  const bool midnight =
      value.hour == 0 && value.minute == 0 && value.second == 0 && value.nanosecond == 0;
  return midnight ? Outcome::ok : Outcome::fraction_lost;
}

Outcome to_struct(const core::DateTime& value, SQL_TIME_STRUCT& out) noexcept {
  if (value.infinity != 0 || value.hour > 23) return Outcome::datetime_overflow;
  out = {value.hour, value.minute, value.second};
  return value.nanosecond == 0 ? Outcome::ok : Outcome::fraction_lost;
}

Outcome to_struct(const core::DateTime& value, SQL_TIMESTAMP_STRUCT& out) noexcept {
  if (const Outcome outcome = check_date(value); outcome != Outcome::ok) return outcome;
  if (value.hour > 23) return Outcome::datetime_overflow;
  out = {static_cast<SQLSMALLINT>(value.year),
         value.month,
         value.day,
         value.hour,
         value.minute,
         value.second,
         value.nanosecond};
  return Outcome::ok;
}

Outcome from_struct(const SQL_DATE_STRUCT& in, core::DateTime& out) noexcept {
  if (in.month > 12 || in.day > 31) return Outcome::datetime_overflow;
  out = core::DateTime();
  out.year = in.year;
  out.month = static_cast<std::uint8_t>(in.month);
  out.day = static_cast<std::uint8_t>(in.day);
  return valid_date(out) ? Outcome::ok : Outcome::bad_datetime;
}

Outcome from_struct(const SQL_TIME_STRUCT& in, core::DateTime& out) noexcept {
  if (in.hour > 23 || in.minute > 59 || in.second > 59) return Outcome::datetime_overflow;
  out = core::DateTime();
  out.hour = static_cast<std::uint8_t>(in.hour);
  out.minute = static_cast<std::uint8_t>(in.minute);
  out.second = static_cast<std::uint8_t>(in.second);
  return Outcome::ok;
}

Outcome from_struct(const SQL_TIMESTAMP_STRUCT& in, core::DateTime& out) noexcept {
  if (in.fraction > 999'999'999) return Outcome::datetime_overflow;
  core::DateTime clock;
  const Outcome time = from_struct(SQL_TIME_STRUCT{in.hour, in.minute, in.second}, clock);
  if (time != Outcome::ok) return time;
  const Outcome date = from_struct(SQL_DATE_STRUCT{in.year, in.month, in.day}, out);
  out.hour = clock.hour;
  out.minute = clock.minute;
  out.second = clock.second;
  out.nanosecond = in.fraction;
  return date;
}

}  // namespace odbc::convert
