// SPDX-License-Identifier: Apache-2.0
// One row per outcome: its SQLSTATE and what the application is told. Comes in: outcome.h.
#include "odbc/convert/outcome.h"

#include <array>

namespace odbc::convert {
namespace {

struct OutcomeRow {
  Outcome outcome;
  core::Sqlstate state;
  std::string_view text;
};

constexpr std::array rows = {
    OutcomeRow{Outcome::ok, {"00000"}, "Success"},
    OutcomeRow{Outcome::truncated, core::sqlstate::string_truncated,
               "Data truncated: the buffer is smaller than the value"},
    OutcomeRow{Outcome::fraction_lost, core::sqlstate::fraction_truncated,
               "Fractional truncation: the C type does not hold the whole value"},
    OutcomeRow{Outcome::out_of_range, core::sqlstate::out_of_range,
               "Numeric value out of range for the type or the buffer asked for"},
    OutcomeRow{Outcome::bad_text, core::sqlstate::invalid_text,
               "Invalid character value: the text is not a literal of the type asked for"},
    OutcomeRow{Outcome::bad_datetime, core::sqlstate::invalid_datetime,
               "Invalid datetime: the fields are no date or time of the calendar"},
    OutcomeRow{Outcome::datetime_overflow, core::sqlstate::datetime_overflow,
               "Datetime field overflow: the value does not fit the type asked for"},
    OutcomeRow{Outcome::interval_overflow, core::sqlstate::interval_overflow,
               "Interval field overflow: a field is beyond the type asked for or its precision"},
    OutcomeRow{Outcome::too_long, core::sqlstate::string_too_long,
               "String data, right truncation: the value does not fit the declared type"},
    OutcomeRow{Outcome::indicator_missing, core::sqlstate::indicator_missing,
               "The value is NULL and no indicator is bound"},
    OutcomeRow{Outcome::restricted, core::sqlstate::restricted_type,
               "Restricted data type: there is no conversion between these types"},
    OutcomeRow{Outcome::bad_length, core::sqlstate::invalid_length,
               "Invalid string or buffer length"},
    OutcomeRow{Outcome::bad_default,
               {"07S01"},
               "Invalid use of default parameter: SQL_DEFAULT_PARAM needs a procedure call"},
    OutcomeRow{Outcome::bad_cell, core::sqlstate::general,
               "The server sent a value that is not what its type promises"},
};
static_assert(rows.size() == static_cast<std::size_t>(Outcome::count_));
static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].outcome != static_cast<Outcome>(i)) return false;
  return true;
}());

const OutcomeRow& row_of(Outcome outcome) noexcept {
  return rows[static_cast<std::size_t>(outcome)];
}

}  // namespace

core::Sqlstate state_of(Outcome outcome) noexcept { return row_of(outcome).state; }
std::string_view text_of(Outcome outcome) noexcept { return row_of(outcome).text; }

}  // namespace odbc::convert
