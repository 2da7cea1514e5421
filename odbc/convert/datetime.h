// SPDX-License-Identifier: Apache-2.0
// Dates and times between text, core::DateTime and the structs of ODBC. Proleptic Gregorian
// calendar. Comes in: the datetime cells of both matrices, render. Goes next: nowhere.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <string_view>

#include "core/value.h"
#include "odbc/convert/outcome.h"

namespace odbc::convert {

/// Which parts a text or value has.
struct DateTimeParts {
  bool date = false;
  bool time = false;
};

/// yyyy-mm-dd, hh:mm[:ss[.f...]], or both with a blank or T between; an offset (Z, +hh[:mm]) behind
/// a time; the ODBC escapes {d '...'}, {t '...'}, {ts '...'}; blanks around. More than nine
/// fraction digits are cut. False: no such text, or fields outside the calendar.
bool parse_datetime(std::string_view text, core::DateTime& out, DateTimeParts& parts) noexcept;

bool valid_date(const core::DateTime& value) noexcept;
bool valid_time(const core::DateTime& value) noexcept;

constexpr std::size_t datetime_room = 64;
/// Each writes into `buffer` (datetime_room bytes) and returns the end. Fractions without trailing
/// zeros; BC years with " BC" at the end, infinities as PostgreSQL spells them.
char* format_date(const core::DateTime& value, char* buffer) noexcept;
char* format_time(const core::DateTime& value, char* buffer) noexcept;
char* format_timestamp(const core::DateTime& value, char* buffer) noexcept;
/// "1 year 2 mons -3 days +04:05:06.7" as PostgreSQL's style "postgres" has it, or only the time
/// when there are no months and days.
constexpr std::size_t interval_room = 96;
char* format_interval(const core::Interval& value, char* buffer) noexcept;

/// The local date of now (a time fetched as a timestamp gets it).
core::DateTime today() noexcept;

/// datetime_overflow for years beyond SQLSMALLINT, for infinities and for 24:00:00; bad_datetime
/// for MySQL's zero dates; fraction_lost when what the struct lacks is not zero.
Outcome to_struct(const core::DateTime& value, SQL_DATE_STRUCT& out) noexcept;
Outcome to_struct(const core::DateTime& value, SQL_TIME_STRUCT& out) noexcept;
Outcome to_struct(const core::DateTime& value, SQL_TIMESTAMP_STRUCT& out) noexcept;
/// datetime_overflow or bad_datetime for fields outside the calendar: 22008, 22007.
Outcome from_struct(const SQL_DATE_STRUCT& in, core::DateTime& out) noexcept;
Outcome from_struct(const SQL_TIME_STRUCT& in, core::DateTime& out) noexcept;
Outcome from_struct(const SQL_TIMESTAMP_STRUCT& in, core::DateTime& out) noexcept;

}  // namespace odbc::convert
