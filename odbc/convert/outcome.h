// SPDX-License-Identifier: Apache-2.0
// What a conversion says. Cells do not throw: they return an Outcome, and one table says which
// SQLSTATE and which words that is. Comes in: the cells of convert/. Goes next: cursor/ makes
// diagnostic records of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/sqlstate.h"

namespace odbc::convert {

/// Ordered: everything up to `last_success` delivers data.
enum class Outcome : std::uint8_t {
  ok,
  truncated,      ///< 01004: text or bytes cut, the indicator says how much there was
  fraction_lost,  ///< 01S07
  last_success = fraction_lost,
  out_of_range,       ///< 22003
  bad_text,           ///< 22018: not a literal of the type asked for
  bad_datetime,       ///< 22007
  datetime_overflow,  ///< 22008
  interval_overflow,  ///< 22015
  too_long,           ///< 22001: a parameter's text or digits do not fit the declared type
  indicator_missing,  ///< 22002
  restricted,         ///< 07006: no such conversion
  bad_length,         ///< HY090
  bad_default,        ///< 07S01: SQL_DEFAULT_PARAM outside a procedure call
  bad_cell,           ///< HY000: the server sent bytes that are not what the type promises
  count_
};

constexpr bool delivers(Outcome outcome) noexcept { return outcome <= Outcome::last_success; }

/// Not for Outcome::ok.
core::Sqlstate state_of(Outcome outcome) noexcept;
std::string_view text_of(Outcome outcome) noexcept;

}  // namespace odbc::convert
