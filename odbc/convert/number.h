// SPDX-License-Identifier: Apache-2.0
// Exact numbers between text, 64-bit integers and SQL_NUMERIC_STRUCT. No locale, no allocation.
// Comes in: the number cells of both matrices. Goes next: nowhere, these are leaves.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <limits>
#include <string_view>

#include "core/packed_decimal.h"
#include "odbc/convert/outcome.h"

namespace odbc::convert {

__extension__ using Uint128 = unsigned __int128;

/// digits * 10^-scale, at most 38 digits; `inexact` when further digits were not zero.
struct Number {
  Uint128 digits = 0;
  int scale = 0;
  bool negative = false;
  bool inexact = false;
};

/// The whole part of a number; `fraction` when something behind the point was cut off.
struct Whole {
  std::uint64_t magnitude = 0;
  bool negative = false;
  bool fraction = false;
};

std::string_view trim(std::string_view text) noexcept;

/// A numeric literal with sign, point and exponent, blanks around it allowed. False: it is none.
bool parse_number(std::string_view text, Number& out) noexcept;
/// The same as a double; out_of_range beyond its range, bad_text for no literal.
Outcome parse_real(std::string_view text, double& out) noexcept;

/// ok, fraction_lost or out_of_range (beyond 64 bits).
Outcome to_whole(const Number& number, Whole& out) noexcept;
Outcome to_whole(double value, Whole& out) noexcept;
/// NaN and infinities have no digits: false.
bool to_number(const core::PackedDecimal& packed, Number& out) noexcept;
/// Correctly rounded; special values included. False beyond the range of double.
bool to_real(const core::PackedDecimal& packed, double& out) noexcept;
/// The shortest digits that give the same double. False for NaN and infinities.
bool to_number(double value, Number& out) noexcept;

/// Target::numeric. `scale` Destination::own_scale: the number's own. Digits beyond the scale are
/// cut (fraction_lost), whole digits beyond the precision are out_of_range.
Outcome to_numeric(const Number& number, SQLSMALLINT precision, SQLSMALLINT scale,
                   SQL_NUMERIC_STRUCT& out) noexcept;
Number from_numeric(const SQL_NUMERIC_STRUCT& numeric) noexcept;

constexpr std::size_t number_room = 400;  ///< longest plain decimal of a double is 327
/// Plain decimal notation, no exponent. `buffer` has number_room bytes; returns the view of it.
std::string_view format_number(const Number& number, char* buffer) noexcept;
std::string_view format_plain(double value, char* buffer) noexcept;

/// Puts the whole number into T when it fits.
template <class T>
bool fit(const Whole& whole, T& out) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  if (!whole.negative || whole.magnitude == 0) {
    if (whole.magnitude > most) return false;
    out = static_cast<T>(whole.magnitude);
    return true;
  }
  if (std::numeric_limits<T>::is_signed && whole.magnitude <= most + 1) {
    out = static_cast<T>(0 - whole.magnitude);
    return true;
  }
  return false;
}

}  // namespace odbc::convert
