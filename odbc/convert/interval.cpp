// SPDX-License-Identifier: Apache-2.0
// Intervals and their structs. The sums are made in 128 bits: days and microseconds of a PostgreSQL
// interval together need 68. Comes in: interval.h.
#include "odbc/convert/interval.h"

#include <algorithm>
#include <limits>

#include "odbc/convert/interval_fields.h"
#include "odbc/convert/number.h"

namespace odbc::convert {
namespace {

using interval::Field;
using interval::powers_of_ten;
using interval::Range;
using interval::worth_of;

__extension__ using Int128 = __int128;

SQLUINTEGER& field_of(SQL_INTERVAL_STRUCT& value, Field field) noexcept {
  switch (field) {
    case Field::year: return value.intval.year_month.year;
    case Field::month: return value.intval.year_month.month;
    case Field::day: return value.intval.day_second.day;
    case Field::hour: return value.intval.day_second.hour;
    case Field::minute: return value.intval.day_second.minute;
    default: return value.intval.day_second.second;
  }
}
SQLUINTEGER field_of(const SQL_INTERVAL_STRUCT& value, Field field) noexcept {
  return field_of(const_cast<SQL_INTERVAL_STRUCT&>(value), field);
}

bool leading_fits(std::uint64_t field, SQLSMALLINT digits) noexcept {
  if (digits < 1 || digits > 9) return field <= std::numeric_limits<SQLUINTEGER>::max();
  return field < powers_of_ten[static_cast<std::size_t>(digits)];
}

std::size_t fraction_digits(IntervalPrecision precision) noexcept {
  return static_cast<std::size_t>(std::clamp<SQLSMALLINT>(precision.seconds, 0, 9));
}

// Below the second: microseconds to units of 10^-digits. True when something was cut.
bool put_fraction(std::uint32_t microseconds, std::size_t digits, SQLUINTEGER& out) noexcept {
  if (digits >= 6) {
    out = microseconds * powers_of_ten[digits - 6];
    return false;
  }
  const std::uint32_t unit = powers_of_ten[6 - digits];
  out = microseconds / unit;
  return microseconds % unit != 0;
}

// Splits `rest` (months or microseconds) over the fields of the type.
Outcome split(Uint128 rest, Range range, IntervalPrecision precision,
              SQL_INTERVAL_STRUCT& out) noexcept {
  const Uint128 leading = rest / static_cast<Uint128>(worth_of(range.first).amount);
  if (leading > std::numeric_limits<SQLUINTEGER>::max() ||
      !leading_fits(static_cast<std::uint64_t>(leading), precision.leading))
    return Outcome::interval_overflow;
  for (Field field = range.first;; field = interval::next(field)) {
    const auto worth = static_cast<Uint128>(worth_of(field).amount);
    field_of(out, field) = static_cast<SQLUINTEGER>(rest / worth);
    rest %= worth;
    if (field == range.last) break;
  }
  bool cut = rest != 0;
  if (range.last == Field::second)
    cut = put_fraction(static_cast<std::uint32_t>(rest), fraction_digits(precision),
                       out.intval.day_second.fraction);
  return cut ? Outcome::fraction_lost : Outcome::ok;
}

// The sum of the fields in months or microseconds.
Outcome sum(const SQL_INTERVAL_STRUCT& in, Range range, IntervalPrecision precision,
            Int128& out) noexcept {
  if (!leading_fits(field_of(in, range.first), precision.leading))
    return Outcome::interval_overflow;
  out = 0;
  for (Field field = range.first;; field = interval::next(field)) {
    const SQLUINTEGER number = field_of(in, field);
    if (field != range.first && number >= worth_of(field).limit) return Outcome::interval_overflow;
    out += Int128{number} * worth_of(field).amount;
    if (field == range.last) break;
  }
  if (range.last != Field::second) return Outcome::ok;
  const std::size_t digits = fraction_digits(precision);
  const SQLUINTEGER fraction = in.intval.day_second.fraction;
  if (fraction >= powers_of_ten[digits]) return Outcome::interval_overflow;
  const std::uint64_t nanoseconds = std::uint64_t{fraction} * powers_of_ten[9 - digits];
  out += static_cast<std::int64_t>(nanoseconds / 1000);
  return nanoseconds % 1000 != 0 ? Outcome::fraction_lost : Outcome::ok;
}

}  // namespace

SQLINTERVAL interval_type_of(SQLSMALLINT concise) noexcept {
  if (concise < SQL_INTERVAL_YEAR || concise > SQL_INTERVAL_MINUTE_TO_SECOND) return no_interval;
  return static_cast<SQLINTERVAL>(concise - SQL_INTERVAL_YEAR + SQL_IS_YEAR);
}

SQLINTERVAL interval_type_of(core::IntervalFields fields) noexcept {
  static_assert(static_cast<int>(core::IntervalFields::year) == SQL_IS_YEAR);
  static_assert(static_cast<int>(core::IntervalFields::minute_to_second) ==
                SQL_IS_MINUTE_TO_SECOND);
  return static_cast<SQLINTERVAL>(fields);
}

bool is_year_month(SQLINTERVAL type) noexcept {
  return type == SQL_IS_YEAR || type == SQL_IS_MONTH || type == SQL_IS_YEAR_TO_MONTH;
}

bool is_single_field(SQLINTERVAL type) noexcept {
  return type >= SQL_IS_YEAR && type <= SQL_IS_SECOND;
}

Outcome to_struct(const core::Interval& value, SQLINTERVAL type, IntervalPrecision precision,
                  SQL_INTERVAL_STRUCT& out) noexcept {
  out = SQL_INTERVAL_STRUCT();
  out.interval_type = type;
  const Int128 time = Int128{value.days} * worth_of(Field::day).amount + value.microseconds;
  const bool year_month = is_year_month(type);
  if (!year_month && value.months != 0) return Outcome::interval_overflow;
  const Int128 total = year_month ? Int128{value.months} : time;
  out.interval_sign = total < 0 ? SQL_TRUE : SQL_FALSE;
  const Outcome outcome = split(static_cast<Uint128>(total < 0 ? -total : total),
                                interval::range_of(type), precision, out);
  if (outcome == Outcome::ok && year_month && time != 0) return Outcome::fraction_lost;
  return outcome;
}

Outcome from_struct(const SQL_INTERVAL_STRUCT& in, SQLINTERVAL type, IntervalPrecision precision,
                    core::Interval& out) noexcept {
  const Range range = interval::range_of(type);
  Int128 total = 0;
  const Outcome outcome = sum(in, range, precision, total);
  if (!delivers(outcome)) return outcome;
  if (in.interval_sign == SQL_TRUE) total = -total;
  out = core::Interval();
  const Int128 day = worth_of(Field::day).amount;
  Int128 whole = 0;
  if (is_year_month(type)) {
    whole = total;
  } else if (range.first == Field::day) {
    whole = total / day;
    out.microseconds = static_cast<std::int64_t>(total % day);
  } else if (total <= std::numeric_limits<std::int64_t>::max() &&
             total >= std::numeric_limits<std::int64_t>::min()) {
    out.microseconds = static_cast<std::int64_t>(total);
  } else {
    return Outcome::interval_overflow;
  }
  if (whole > std::numeric_limits<std::int32_t>::max() ||
      whole < std::numeric_limits<std::int32_t>::min())
    return Outcome::interval_overflow;
  (is_year_month(type) ? out.months : out.days) = static_cast<std::int32_t>(whole);
  return outcome;
}

Outcome interval_of(const Number& number, SQLINTERVAL type, core::Interval& out) noexcept {
  const std::int64_t worth = worth_of(interval::range_of(type).first).amount;
  Number scaled = number;
  if (type == SQL_IS_SECOND) scaled.scale -= 6;
  Whole whole;
  const Outcome outcome = to_whole(scaled, whole);
  if (!delivers(outcome)) return Outcome::interval_overflow;
  Int128 total = Int128{whole.magnitude} * (type == SQL_IS_SECOND ? 1 : worth);
  if (whole.negative) total = -total;
  out = core::Interval();
  if (is_year_month(type)) {
    if (total != static_cast<std::int32_t>(total)) return Outcome::interval_overflow;
    out.months = static_cast<std::int32_t>(total);
  } else {
    if (total != static_cast<std::int64_t>(total)) return Outcome::interval_overflow;
    out.microseconds = static_cast<std::int64_t>(total);
  }
  return outcome;
}

Outcome count_field(const core::Interval& value, core::IntervalFields fields,
                    Number& out) noexcept {
  const SQLINTERVAL type = interval_type_of(fields);
  if (!is_single_field(type)) return Outcome::restricted;
  SQL_INTERVAL_STRUCT parts{};
  constexpr SQLSMALLINT no_limit = 0, microseconds = 6;
  const Outcome outcome = to_struct(value, type, {no_limit, microseconds}, parts);
  if (!delivers(outcome)) return outcome;
  out = Number();
  out.digits = field_of(parts, interval::range_of(type).first);
  out.negative = parts.interval_sign == SQL_TRUE;
  out.inexact = outcome == Outcome::fraction_lost;
  if (type == SQL_IS_SECOND) {
    out.digits = out.digits * powers_of_ten[microseconds] + parts.intval.day_second.fraction;
    out.scale = microseconds;
  }
  return Outcome::ok;
}

}  // namespace odbc::convert
