// SPDX-License-Identifier: Apache-2.0
// Intervals between core::Interval, SQL_INTERVAL_STRUCT and text, for all thirteen interval types.
// No locale, no allocation. Comes in: the interval cells of both matrices. Goes next: nowhere.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <string_view>

#include "core/value.h"
#include "odbc/convert/number.h"
#include "odbc/convert/outcome.h"

namespace odbc::convert {

/// SQL_IS_YEAR .. SQL_IS_MINUTE_TO_SECOND of a concise SQL or C type (SQL_INTERVAL_* and
/// SQL_C_INTERVAL_* are the same numbers); no_interval for other types.
inline constexpr SQLINTERVAL no_interval{};
SQLINTERVAL interval_type_of(SQLSMALLINT concise) noexcept;
SQLINTERVAL interval_type_of(core::IntervalFields fields) noexcept;
/// Years and months; the others are days to seconds.
bool is_year_month(SQLINTERVAL type) noexcept;
/// One field: exact numbers convert from and to it.
bool is_single_field(SQLINTERVAL type) noexcept;

/// SQL_DESC_DATETIME_INTERVAL_PRECISION and SQL_DESC_PRECISION of the record, with ODBC's defaults.
struct IntervalPrecision {
  SQLSMALLINT leading = 2;  ///< digits of the leading field; outside 1 .. 9: no limit
  SQLSMALLINT seconds = 6;  ///< digits of the fraction, 0 .. 9: the struct counts 10^-seconds
};

/// Interval -> struct. A day has 24 hours. Trailing fields and fraction digits that the type lacks
/// are cut (fraction_lost); months for a type of days, or a leading field beyond its precision, are
/// interval_overflow (22015). Years and months take no days: those are cut.
Outcome to_struct(const core::Interval& value, SQLINTERVAL type, IntervalPrecision precision,
                  SQL_INTERVAL_STRUCT& out) noexcept;
/// Struct -> interval, by `type` (the C type bound), not by the struct's own. Fields outside their
/// range (13 months, 24 hours behind days), a leading field beyond its precision and sums beyond
/// core::Interval are interval_overflow; digits below the microsecond are cut (fraction_lost).
Outcome from_struct(const SQL_INTERVAL_STRUCT& in, SQLINTERVAL type, IntervalPrecision precision,
                    core::Interval& out) noexcept;

/// An exact number as an interval of one field; digits below it (a second: below the microsecond)
/// are cut (fraction_lost), too many of it are interval_overflow.
Outcome interval_of(const Number& number, SQLINTERVAL type, core::Interval& out) noexcept;
/// The way back: how many of the one field. fraction_lost when there is more in the value,
/// interval_overflow for months in a field of days, restricted for several fields.
Outcome count_field(const core::Interval& value, core::IntervalFields fields, Number& out) noexcept;

/// Reads ODBC's literals (INTERVAL -'1-2' YEAR TO MONTH, the same in braces, or the quoted part
/// alone, read by the fields of `type`), ISO 8601 (P1Y2MT3.5S) and PostgreSQL's four output styles.
/// Blanks around; digits below the microsecond are cut (fraction_lost). bad_text: none of these;
/// interval_overflow: a field out of range. `type` no_interval: a number needs its unit.
Outcome parse_interval(std::string_view text, SQLINTERVAL type, core::Interval& out) noexcept;

/// The quoted part of ODBC's literal, with a minus sign before it: "1-02", "-3 04:05:06.7". Needs
/// interval_literal_room bytes; returns the end.
inline constexpr std::size_t interval_literal_room = 48;
char* format_interval_literal(const SQL_INTERVAL_STRUCT& value, SQLINTERVAL type,
                              SQLSMALLINT seconds_precision, char* buffer) noexcept;

}  // namespace odbc::convert
