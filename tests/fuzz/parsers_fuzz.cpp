// SPDX-License-Identifier: Apache-2.0
// Any text as number, date, interval and GUID: no crash, and what is understood survives being
// written and read again. Comes in: libFuzzer, with the seeds of corpus/parsers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "odbc/convert/datetime.h"
#include "odbc/convert/guid.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/number.h"
#include "odbc/convert/target.h"

namespace {

using namespace odbc::convert;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

void check_number(std::string_view text) {
  Number number, again;
  double real = 0;
  const Outcome outcome = parse_real(text, real);
  if (!parse_number(text, number)) return;
  require(outcome == Outcome::ok || outcome == Outcome::out_of_range ||
          outcome == Outcome::bad_text);
  Whole whole;
  to_whole(number, whole);
  SQL_NUMERIC_STRUCT numeric{};
  to_numeric(number, 38, Destination::own_scale, numeric);
  if (number.scale > 127 || number.scale < -127 || number.inexact) return;
  char buffer[number_room];
  const std::string_view plain = format_number(number, buffer);
  require(plain.size() <= number_room && parse_number(plain, again));
}

void check_datetime(std::string_view text) {
  core::DateTime time, again;
  DateTimeParts parts, parts_again;
  if (!parse_datetime(text, time, parts)) return;
  require(parts.date || parts.time);
  char buffer[datetime_room];
  char* (*const format)(const core::DateTime&, char*) noexcept = !parts.time  ? format_date
                                                                 : parts.date ? format_timestamp
                                                                              : format_time;
  const std::string_view written = between(buffer, format(time, buffer));
  require(written.size() <= datetime_room);
  if (time.year <= 0 || time.infinity != 0) return;  // BC is written as PostgreSQL does
  require(parse_datetime(written, again, parts_again));
  require(again.nanosecond == time.nanosecond && again.day == time.day);
}

void check_interval(std::string_view text, SQLINTERVAL type) {
  core::Interval interval, again;
  if (!delivers(parse_interval(text, type, interval)) || type == no_interval) return;
  SQL_INTERVAL_STRUCT parts{};
  if (to_struct(interval, type, {0, 6}, parts) != Outcome::ok) return;
  require(from_struct(parts, type, {0, 6}, again) == Outcome::ok);
  char buffer[interval_literal_room];
  const char* const end = format_interval_literal(parts, type, 6, buffer);
  require(end <= buffer + sizeof buffer);
  core::Interval literal;
  require(parse_interval(between(buffer, end), type, literal) == Outcome::ok);
  SQL_INTERVAL_STRUCT back{};
  require(to_struct(literal, type, {0, 6}, back) == Outcome::ok);
  require(back.interval_sign == parts.interval_sign || literal.months == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_number(text);
  check_datetime(text);
  check_interval(text, static_cast<SQLINTERVAL>(data[0] % (SQL_IS_MINUTE_TO_SECOND + 1)));
  char bytes[guid_bytes];
  if (parse_guid(text, bytes)) {
    char digits[guid_digits], again[guid_bytes];
    require(parse_guid(format_guid({bytes, guid_bytes}, digits), again));
    require(std::string_view(bytes, guid_bytes) == std::string_view(again, guid_bytes));
  }
  return 0;
}
