// SPDX-License-Identifier: Apache-2.0
// Digits that the declared type cannot hold are never dropped silently: of a number the fraction is
// cut with 01S07, of text it is refused with 22001 (ODBC reference, appendix D, "C to SQL").
// Sizes and digits the application declares do not limit a value: the server's own column does.
// Comes in: adapters.h. Intervals are in interval_adapters.cpp.
#include "odbc/convert/adapters.h"

#include <cmath>
#include <limits>

#include "odbc/convert/datetime.h"
#include "odbc/convert/guid.h"
#include "odbc/convert/number.h"
#include "odbc/convert/render.h"

namespace odbc::convert::adapters {
namespace {

using core::Value;
using core::ValueKind;

Outcome set_whole(const Whole& whole, Value& value) {
  if (fit(whole, value.integer)) {
    value.kind = ValueKind::integer;
  } else if (fit(whole, value.unsigned_integer)) {
    value.kind = ValueKind::unsigned_;
  } else {
    return Outcome::out_of_range;
  }
  return Outcome::ok;
}

// Between 0 and 2, but neither 0 nor 1: 22001; beyond: 22003.
Outcome set_boolean(const Whole& whole, Value& value) {
  if (whole.magnitude > 1 || (whole.negative && (whole.magnitude != 0 || whole.fraction)))
    return Outcome::out_of_range;
  if (whole.fraction) return Outcome::too_long;
  value.integer = static_cast<std::int64_t>(whole.magnitude);
  value.kind = ValueKind::boolean;
  return Outcome::ok;
}

Outcome parse_whole(std::string_view text, Whole& whole) {
  Number number;
  return parse_number(text, number) ? to_whole(number, whole) : Outcome::bad_text;
}

Outcome set_delivered(Outcome parsed, const Whole& whole, Value& value) {
  if (!delivers(parsed)) return parsed;
  const Outcome set = set_whole(whole, value);
  return set == Outcome::ok ? parsed : set;
}

bool fits_declared(double real, const ParameterTraits& traits) {
  return traits.sql_type != SQL_REAL || !std::isfinite(real) ||
         std::fabs(real) <= double{std::numeric_limits<float>::max()};
}

bool is_special(std::string_view text) {
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

bool at_midnight(const core::DateTime& time) {
  return time.hour == 0 && time.minute == 0 && time.second == 0 && time.nanosecond == 0;
}

Outcome parse(Value& value, ValueKind kind, DateTimeParts& parts) {
  core::DateTime time;
  if (!parse_datetime(value.text, time, parts)) return Outcome::bad_text;
  value.time = time;
  value.kind = kind;
  return Outcome::ok;
}

}  // namespace

Outcome any_to_text(Value& value, const ParameterTraits& /*traits*/, Arena& arena) {
  char scratch[scratch_size];
  const Render render = render_of(value.kind);
  value.text = arena.keep(render(value, core::SqlType::unknown, scratch).text);
  value.kind = ValueKind::text;
  return Outcome::ok;
}

Outcome decimal_to_whole(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  Whole whole;
  const Outcome parsed = parse_whole(value.text, whole);
  return set_delivered(parsed, whole, value);
}

Outcome text_to_whole(Value& value, const ParameterTraits& traits, Arena& arena) {
  const Outcome outcome = decimal_to_whole(value, traits, arena);
  return outcome == Outcome::fraction_lost ? Outcome::too_long : outcome;
}

Outcome text_to_boolean(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  Whole whole;
  const Outcome parsed = parse_whole(value.text, whole);
  return delivers(parsed) ? set_boolean(whole, value) : parsed;
}

Outcome text_to_real(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  const std::string_view text = trim(value.text);
  double real = 0;
  if (text == "NaN") {
    real = std::numeric_limits<double>::quiet_NaN();
  } else if (is_special(text)) {
    real = std::numeric_limits<double>::infinity() * (text.front() == '-' ? -1 : 1);
  } else if (const Outcome outcome = parse_real(text, real); outcome != Outcome::ok) {
    return outcome;
  }
  if (!fits_declared(real, traits)) return Outcome::out_of_range;
  value.real = real;
  value.kind = ValueKind::real;
  return Outcome::ok;
}

Outcome text_to_decimal(Value& value, const ParameterTraits& /*traits*/, Arena& arena) {
  std::string_view text = trim(value.text);
  value.kind = ValueKind::decimal;
  Number number;
  if (is_special(text)) {
    value.text = text;
    return Outcome::ok;
  }
  if (!parse_number(text, number)) return Outcome::bad_text;
  if (text.front() == '+') text.remove_prefix(1);
  if (text.find_first_of("eE") == std::string_view::npos) {
    value.text = text;  // every digit of it, also beyond the 38 that were checked
    return Outcome::ok;
  }
  if (number.inexact) return Outcome::too_long;
  if (number.scale > 127 || number.scale < -127) return Outcome::out_of_range;
  char buffer[number_room];
  value.text = arena.keep(format_number(number, buffer));
  return Outcome::ok;
}

Outcome text_to_bytes(Value& value, const ParameterTraits& /*traits*/, Arena& arena) {
  const std::string_view text = trim(value.text);
  if (text.size() % 2 != 0) return Outcome::bad_text;
  char* const bytes = arena.take(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return Outcome::bad_text;
    bytes[i / 2] = static_cast<char>(high * 16 + low);
  }
  value.text = {bytes, text.size() / 2};
  value.kind = ValueKind::bytes;
  return Outcome::ok;
}

Outcome text_to_date(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  DateTimeParts parts;
  const Outcome outcome = parse(value, ValueKind::date, parts);
  if (outcome != Outcome::ok) return outcome;
  if (!parts.date) return Outcome::bad_text;
  return at_midnight(value.time) ? Outcome::ok : Outcome::datetime_overflow;
}

Outcome text_to_time(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  DateTimeParts parts;
  const Outcome outcome = parse(value, ValueKind::time, parts);
  return outcome == Outcome::ok && !parts.time ? Outcome::bad_text : outcome;
}

Outcome text_to_timestamp(Value& value, const ParameterTraits& traits, Arena& arena) {
  DateTimeParts parts;
  const Outcome outcome = parse(value, ValueKind::timestamp, parts);
  return outcome == Outcome::ok && !parts.date ? time_to_timestamp(value, traits, arena) : outcome;
}

Outcome text_to_guid(Value& value, const ParameterTraits& /*traits*/, Arena& arena) {
  char* const bytes = arena.take(guid_bytes);
  if (!parse_guid(value.text, bytes)) return Outcome::bad_text;
  value.text = {bytes, guid_bytes};
  value.kind = ValueKind::guid;
  return Outcome::ok;
}

Outcome integer_to_boolean(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  if (value.integer < 0 || value.integer > 1) return Outcome::out_of_range;
  value.kind = ValueKind::boolean;
  return Outcome::ok;
}

Outcome integer_to_real(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  const std::int64_t integer = value.integer;
  value.real = static_cast<double>(integer);
  value.kind = ValueKind::real;
  return Outcome::ok;
}

Outcome unsigned_to_real(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  const std::uint64_t integer = value.unsigned_integer;
  value.real = static_cast<double>(integer);
  value.kind = ValueKind::real;
  return Outcome::ok;
}

Outcome boolean_to_integer(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  value.kind = ValueKind::integer;
  return Outcome::ok;
}

Outcome unsigned_to_boolean(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  return set_boolean({value.unsigned_integer, false, false}, value);
}

Outcome real_to_real(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  return fits_declared(value.real, traits) ? Outcome::ok : Outcome::out_of_range;
}

Outcome real_to_whole(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  Whole whole;
  const Outcome parsed = to_whole(value.real, whole);
  return set_delivered(parsed, whole, value);
}

Outcome real_to_boolean(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  Whole whole;
  const Outcome parsed = to_whole(value.real, whole);
  return delivers(parsed) ? set_boolean(whole, value) : parsed;
}

Outcome real_to_decimal(Value& value, const ParameterTraits& /*traits*/, Arena& arena) {
  const double real = value.real;
  value.kind = ValueKind::decimal;
  if (std::isnan(real)) {
    value.text = "NaN";
  } else if (std::isinf(real)) {
    value.text = real < 0 ? "-Infinity" : "Infinity";
  } else {
    char buffer[number_room];
    value.text = arena.keep(format_plain(real, buffer));
  }
  return Outcome::ok;
}

Outcome bytes_to_text(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  value.kind = ValueKind::text;
  return Outcome::ok;
}

Outcome bytes_to_guid(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  if (value.text.size() != guid_bytes) return Outcome::out_of_range;
  value.kind = ValueKind::guid;
  return Outcome::ok;
}

Outcome date_to_timestamp(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  value.kind = ValueKind::timestamp;
  return Outcome::ok;
}

Outcome time_to_timestamp(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  const core::DateTime date = today();
  value.time.year = date.year;
  value.time.month = date.month;
  value.time.day = date.day;
  value.kind = ValueKind::timestamp;
  return Outcome::ok;
}

Outcome timestamp_to_date(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  if (!at_midnight(value.time)) return Outcome::datetime_overflow;
  value.kind = ValueKind::date;
  return Outcome::ok;
}

Outcome timestamp_to_time(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  value.kind = ValueKind::time;
  return Outcome::ok;
}

Outcome guid_to_bytes(Value& value, const ParameterTraits& /*traits*/, Arena& /*arena*/) {
  value.kind = ValueKind::bytes;
  return Outcome::ok;
}

}  // namespace odbc::convert::adapters
