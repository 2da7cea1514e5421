// SPDX-License-Identifier: Apache-2.0
// Cells that begin or end in an interval. The type asked for, its precisions and the fields of the
// column come with the Destination. Comes in: the rows of fetch_matrix.
#pragma once

#include <limits>

#include "odbc/convert/interval.h"
#include "odbc/convert/number_cells.h"

namespace odbc::convert::cells {

inline Outcome store_interval(const core::Interval& value, const Destination& out) noexcept {
  SQL_INTERVAL_STRUCT result{};
  const Outcome outcome =
      to_struct(value, out.interval, {out.leading_precision, out.precision}, result);
  if (delivers(outcome)) out.store(result);
  return outcome;
}

inline Outcome interval_to_interval(const Value& value, const Destination& out) noexcept {
  return store_interval(value.interval, out);
}

inline Outcome text_to_interval(const Value& value, const Destination& out) noexcept {
  core::Interval interval;
  const Outcome parsed = parse_interval(value.text, out.interval, interval);
  if (!delivers(parsed)) return parsed;
  const Outcome stored = store_interval(interval, out);
  return stored == Outcome::ok ? parsed : stored;
}

/// Exact numbers become intervals of one field; others have no such conversion.
template <auto read_number>
Outcome number_to_interval(const Value& value, const Destination& out) noexcept {
  if (!is_single_field(out.interval)) return Outcome::restricted;
  Number number;
  const Outcome outcome = read_number(value, number);
  if (!delivers(outcome)) return outcome;
  core::Interval interval;
  const Outcome made = interval_of(number, out.interval, interval);
  if (!delivers(made)) return made;
  const Outcome stored = store_interval(interval, out);
  return stored == Outcome::ok ? made : stored;
}

/// A column of one field is an exact number; others have no such conversion.
template <class T>
Outcome interval_to_whole(const Value& value, const Destination& out) noexcept {
  Number number;
  Whole whole;
  T result;
  const Outcome counted = count_field(value.interval, out.fields, number);
  if (!delivers(counted)) return counted;
  const Outcome outcome = to_whole(number, whole);
  if (!delivers(outcome)) return outcome;
  if (!fit(whole, result)) return Outcome::out_of_range;
  out.store(result);
  return outcome;
}

inline Outcome interval_to_numeric(const Value& value, const Destination& out) noexcept {
  Number number;
  SQL_NUMERIC_STRUCT numeric;
  const Outcome counted = count_field(value.interval, out.fields, number);
  if (!delivers(counted)) return counted;
  const Outcome outcome = to_numeric(number, out.precision, out.scale, numeric);
  if (delivers(outcome)) out.store(numeric);
  return outcome;
}

/// The struct of the column's fields; without fields of years and months, or days to seconds, by
/// what the value has.
inline Outcome interval_to_binary(const Value& value, const Destination& out) noexcept {
  SQLINTERVAL type = interval_type_of(out.fields);
  if (type == no_interval)
    type = value.interval.months != 0 ? SQL_IS_YEAR_TO_MONTH : SQL_IS_DAY_TO_SECOND;
  SQL_INTERVAL_STRUCT result{};
  constexpr SQLSMALLINT no_limit = 0, microseconds = 6;
  const Outcome outcome = to_struct(value.interval, type, {no_limit, microseconds}, result);
  if (!delivers(outcome)) return outcome;
  const Outcome stored = store_binary(result, out);
  return stored == Outcome::ok ? outcome : stored;
}

}  // namespace odbc::convert::cells
