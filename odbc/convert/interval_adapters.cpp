// SPDX-License-Identifier: Apache-2.0
// Intervals as parameters: to and from text, exact numbers and each other. Data that the declared
// interval cannot hold is 22015 (ODBC reference, appendix D, "C to SQL"). Comes in: adapters.h.
#include <algorithm>

#include "odbc/convert/adapters.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/number.h"

namespace odbc::convert::adapters {
namespace {

using core::Value;
using core::ValueKind;

constexpr int fraction_digits = 6;  // PostgreSQL and MySQL keep microseconds
constexpr IntervalPrecision unlimited{0, fraction_digits};

SQLUINTEGER& single_field(SQL_INTERVAL_STRUCT& value, SQLINTERVAL type) {
  switch (type) {
    case SQL_IS_YEAR: return value.intval.year_month.year;
    case SQL_IS_MONTH: return value.intval.year_month.month;
    case SQL_IS_DAY: return value.intval.day_second.day;
    case SQL_IS_HOUR: return value.intval.day_second.hour;
    case SQL_IS_MINUTE: return value.intval.day_second.minute;
    default: return value.intval.day_second.second;
  }
}

Outcome overflow_when_cut(Outcome outcome) {
  return outcome == Outcome::fraction_lost ? Outcome::interval_overflow : outcome;
}

// The number is the one field of the declared interval; only seconds have a fraction.
Outcome number_to_interval(Number number, Value& value, const ParameterTraits& traits) {
  const SQLINTERVAL type = interval_type_of(traits.sql_type);
  if (!is_single_field(type)) return Outcome::restricted;
  SQL_INTERVAL_STRUCT in{};
  in.interval_sign = number.negative ? SQL_TRUE : SQL_FALSE;
  Whole whole;
  if (type == SQL_IS_SECOND) {
    Number micro = number;
    micro.scale -= fraction_digits;
    const Outcome outcome = to_whole(micro, whole);
    if (outcome != Outcome::ok) return Outcome::interval_overflow;
    in.intval.day_second.fraction = static_cast<SQLUINTEGER>(whole.magnitude % 1'000'000);
  }
  if (!delivers(to_whole(number, whole)) || (whole.fraction && type != SQL_IS_SECOND) ||
      !fit(Whole{whole.magnitude, false, false}, single_field(in, type)))
    return Outcome::interval_overflow;
  value.kind = ValueKind::interval;
  return overflow_when_cut(
      from_struct(in, type, {traits.to.leading, fraction_digits}, value.interval));
}

// Of an interval with one field.
Outcome as_struct(const Value& value, const ParameterTraits& traits, SQL_INTERVAL_STRUCT& out) {
  const SQLINTERVAL type = interval_type_of(traits.c_type);
  if (!is_single_field(type)) return Outcome::restricted;
  return to_struct(value.interval, type, unlimited, out);
}

}  // namespace

Outcome text_to_interval(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  core::Interval interval;
  const SQLINTERVAL type = interval_type_of(traits.sql_type);
  const Outcome outcome = parse_interval(value.text, type, interval);
  if (outcome != Outcome::ok) return overflow_when_cut(outcome);
  value.interval = interval;
  value.kind = ValueKind::interval;
  if (type == no_interval) return Outcome::ok;
  SQL_INTERVAL_STRUCT unused;
  return overflow_when_cut(to_struct(interval, type, {traits.to.leading, fraction_digits}, unused));
}

Outcome integer_to_interval(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  Number number;
  number.negative = value.integer < 0;
  const auto bits = static_cast<std::uint64_t>(value.integer);
  number.digits = number.negative ? 0 - bits : bits;
  return number_to_interval(number, value, traits);
}

Outcome unsigned_to_interval(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  Number number;
  number.digits = value.unsigned_integer;
  return number_to_interval(number, value, traits);
}

Outcome decimal_to_interval(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  Number number;
  if (!parse_number(value.text, number)) return Outcome::bad_text;
  return number_to_interval(number, value, traits);
}

Outcome interval_to_whole(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  SQL_INTERVAL_STRUCT parts{};
  if (const Outcome outcome = as_struct(value, traits, parts); outcome != Outcome::ok)
    return outcome;
  const std::int64_t magnitude = single_field(parts, parts.interval_type);
  value.integer = parts.interval_sign == SQL_TRUE ? -magnitude : magnitude;
  value.kind = ValueKind::integer;
  const bool seconds = parts.interval_type == SQL_IS_SECOND;
  return seconds && parts.intval.day_second.fraction != 0 ? Outcome::fraction_lost : Outcome::ok;
}

Outcome interval_to_decimal(Value& value, const ParameterTraits& traits, Arena& arena) {
  SQL_INTERVAL_STRUCT parts{};
  if (const Outcome outcome = as_struct(value, traits, parts); outcome != Outcome::ok)
    return outcome;
  Number number;
  number.negative = parts.interval_sign == SQL_TRUE;
  number.digits = single_field(parts, parts.interval_type);
  if (parts.interval_type == SQL_IS_SECOND && parts.intval.day_second.fraction != 0) {
    number.digits = number.digits * 1'000'000 + parts.intval.day_second.fraction;
    number.scale = fraction_digits;
  }
  char buffer[number_room];
  value.text = arena.keep(format_number(number, buffer));
  value.kind = ValueKind::decimal;
  return Outcome::ok;
}

Outcome interval_to_text(Value& value, const ParameterTraits& traits, Arena& arena) {
  const SQLINTERVAL type = interval_type_of(traits.c_type);
  SQL_INTERVAL_STRUCT parts{};
  const Outcome outcome = to_struct(value.interval, type, unlimited, parts);
  if (outcome != Outcome::ok) return outcome;
  char buffer[interval_literal_room];
  const char* const end = format_interval_literal(parts, type, fraction_digits, buffer);
  value.text = arena.keep({buffer, static_cast<std::size_t>(end - buffer)});
  value.kind = ValueKind::text;
  return Outcome::ok;
}

Outcome interval_to_interval(Value& value, const ParameterTraits& traits, Arena& /*arena*/) {
  const SQLINTERVAL from = interval_type_of(traits.c_type);
  const SQLINTERVAL to = interval_type_of(traits.sql_type);
  if (to == no_interval) return Outcome::ok;
  if (is_year_month(from) != is_year_month(to)) return Outcome::restricted;
  SQL_INTERVAL_STRUCT unused;
  return overflow_when_cut(
      to_struct(value.interval, to, {traits.to.leading, fraction_digits}, unused));
}

}  // namespace odbc::convert::adapters
