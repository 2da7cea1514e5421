// SPDX-License-Identifier: Apache-2.0
// Cells that end in a number: readers say what a kind holds, templates say where it goes. Comes in:
// the rows of fetch_matrix.
#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include "odbc/convert/number.h"
#include "odbc/convert/plan.h"
#include "odbc/convert/text_cells.h"

namespace odbc::convert::cells {

using core::Value;

// -- Readers: Value -> Whole, double, Number -----------------------------------------------------
inline Outcome whole_of_integer(const Value& value, Whole& out) noexcept {
  out.negative = value.integer < 0;
  out.magnitude = out.negative ? 0 - static_cast<std::uint64_t>(value.integer)
                               : static_cast<std::uint64_t>(value.integer);
  return Outcome::ok;
}
inline Outcome whole_of_unsigned(const Value& value, Whole& out) noexcept {
  out.magnitude = value.unsigned_integer;
  return Outcome::ok;
}
inline Outcome whole_of_real(const Value& value, Whole& out) noexcept {
  return to_whole(value.real, out);
}

inline Outcome number_of_integer(const Value& value, Number& out) noexcept {
  Whole whole;
  whole_of_integer(value, whole);
  out.digits = whole.magnitude;
  out.negative = whole.negative;
  return Outcome::ok;
}
inline Outcome number_of_unsigned(const Value& value, Number& out) noexcept {
  out.digits = value.unsigned_integer;
  return Outcome::ok;
}
inline Outcome number_of_real(const Value& value, Number& out) noexcept {
  return to_number(value.real, out) ? Outcome::ok : Outcome::out_of_range;
}
/// NaN and infinities are numbers of the server that no exact C type holds.
inline Outcome number_of_decimal(const Value& value, Number& out) noexcept {
  return parse_number(value.text, out) ? Outcome::ok : Outcome::out_of_range;
}
inline Outcome number_of_text(const Value& value, Number& out) noexcept {
  return parse_number(value.text, out) ? Outcome::ok : Outcome::bad_text;
}

inline Outcome number_of_packed(const Value& value, Number& out) noexcept {
  return to_number(core::PackedDecimal(value.text), out) ? Outcome::ok : Outcome::out_of_range;
}

template <auto read_number>
Outcome whole_by_number(const Value& value, Whole& out) noexcept {
  Number number;
  const Outcome outcome = read_number(value, number);
  return delivers(outcome) ? to_whole(number, out) : outcome;
}

inline Outcome real_of_integer(const Value& value, double& out) noexcept {
  out = static_cast<double>(value.integer);
  return Outcome::ok;
}
inline Outcome real_of_unsigned(const Value& value, double& out) noexcept {
  out = static_cast<double>(value.unsigned_integer);
  return Outcome::ok;
}
inline Outcome real_of_real(const Value& value, double& out) noexcept {
  out = value.real;
  return Outcome::ok;
}
inline Outcome real_of_text(const Value& value, double& out) noexcept {
  return parse_real(value.text, out);
}
inline Outcome real_of_decimal(const Value& value, double& out) noexcept {
  if (parse_real(value.text, out) == Outcome::ok) return Outcome::ok;
  if (value.text == "NaN") {
    out = std::numeric_limits<double>::quiet_NaN();
  } else if (value.text == "Infinity" || value.text == "-Infinity") {
    out = value.text.front() == '-' ? -std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::infinity();
  } else {
    return Outcome::out_of_range;
  }
  return Outcome::ok;
}
inline Outcome real_of_packed(const Value& value, double& out) noexcept {
  return to_real(core::PackedDecimal(value.text), out) ? Outcome::ok : Outcome::out_of_range;
}

// -- Cells ---------------------------------------------------------------------------------------
template <class T>
Outcome integer_to(const Value& value, const Destination& out) noexcept {
  if (!std::in_range<T>(value.integer)) return Outcome::out_of_range;
  out.store(static_cast<T>(value.integer));
  return Outcome::ok;
}

template <auto read_whole, class T>
Outcome whole_to(const Value& value, const Destination& out) noexcept {
  Whole whole;
  const Outcome outcome = read_whole(value, whole);
  if (!delivers(outcome)) return outcome;
  T result;
  if (!fit(whole, result)) return Outcome::out_of_range;
  out.store(result);
  return outcome;
}

/// SQL_C_BIT: 0 and 1 are exact, what lies between 0 and 2 is cut, the rest is out of range.
template <auto read_whole>
Outcome whole_to_bit(const Value& value, const Destination& out) noexcept {
  Whole whole;
  const Outcome outcome = read_whole(value, whole);
  if (!delivers(outcome)) return outcome;
  const bool below_zero = whole.negative && (whole.magnitude != 0 || whole.fraction);
  if (whole.magnitude > 1 || below_zero) return Outcome::out_of_range;
  out.store(static_cast<SQLCHAR>(whole.magnitude));
  return outcome;
}

template <auto read_real, class T>
Outcome real_to(const Value& value, const Destination& out) noexcept {
  double real = 0;
  const Outcome outcome = read_real(value, real);
  if (!delivers(outcome)) return outcome;
  if (std::isfinite(real) && std::fabs(real) > static_cast<double>(std::numeric_limits<T>::max()))
    return Outcome::out_of_range;
  out.store(static_cast<T>(real));
  return outcome;
}

template <auto read_number>
Outcome number_to_numeric(const Value& value, const Destination& out) noexcept {
  Number number;
  Outcome outcome = read_number(value, number);
  if (!delivers(outcome)) return outcome;
  SQL_NUMERIC_STRUCT numeric;
  outcome = to_numeric(number, out.precision, out.scale, numeric);
  if (delivers(outcome)) out.store(numeric);
  return outcome;
}

/// The native representation of the column's own type.
inline Outcome integer_to_binary(const Value& value, const Destination& out) noexcept {
  switch (out.source) {
    case core::SqlType::boolean:
    case core::SqlType::tinyint: return store_binary(static_cast<SQLSCHAR>(value.integer), out);
    case core::SqlType::smallint: return store_binary(static_cast<SQLSMALLINT>(value.integer), out);
    case core::SqlType::integer: return store_binary(static_cast<SQLINTEGER>(value.integer), out);
    default: return store_binary(value.integer, out);
  }
}
inline Outcome unsigned_to_binary(const Value& value, const Destination& out) noexcept {
  return store_binary(value.unsigned_integer, out);
}
inline Outcome real_to_binary(const Value& value, const Destination& out) noexcept {
  if (out.source == core::SqlType::real) return store_binary(static_cast<SQLREAL>(value.real), out);
  return store_binary(value.real, out);
}

}  // namespace odbc::convert::cells
