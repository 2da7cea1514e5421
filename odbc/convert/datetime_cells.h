// SPDX-License-Identifier: Apache-2.0
// Cells that end in a date, time, timestamp or GUID struct. Comes in: the rows of fetch_matrix.
#pragma once

#include "odbc/convert/datetime.h"
#include "odbc/convert/guid.h"
#include "odbc/convert/plan.h"
#include "odbc/convert/text_cells.h"

namespace odbc::convert::cells {

template <class Struct>
Outcome datetime_to(const core::Value& value, const Destination& out) noexcept {
  Struct result{};
  const Outcome outcome = to_struct(value.time, result);
  if (delivers(outcome)) out.store(result);
  return outcome;
}

/// The date becomes today (ODBC reference, appendix D, "SQL to C: Time").
inline Outcome time_to_timestamp(const core::Value& value, const Destination& out) noexcept {
  core::Value dated = value;
  const core::DateTime date = today();
  dated.time.year = date.year;
  dated.time.month = date.month;
  dated.time.day = date.day;
  return datetime_to<SQL_TIMESTAMP_STRUCT>(dated, out);
}

/// The kind's own struct, whole or not at all.
template <class Struct>
Outcome datetime_to_binary(const core::Value& value, const Destination& out) noexcept {
  Struct result{};
  const Outcome outcome = to_struct(value.time, result);
  if (!delivers(outcome)) return outcome;
  const Outcome stored = store_binary(result, out);
  return stored == Outcome::ok ? outcome : stored;
}

inline Outcome text_to_date(const core::Value& value, const Destination& out) noexcept {
  core::Value parsed;
  DateTimeParts parts;
  if (!parse_datetime(value.text, parsed.time, parts) || !parts.date) return Outcome::bad_text;
  return datetime_to<SQL_DATE_STRUCT>(parsed, out);
}
inline Outcome text_to_time(const core::Value& value, const Destination& out) noexcept {
  core::Value parsed;
  DateTimeParts parts;
  if (!parse_datetime(value.text, parsed.time, parts) || !parts.time) return Outcome::bad_text;
  return datetime_to<SQL_TIME_STRUCT>(parsed, out);
}
inline Outcome text_to_timestamp(const core::Value& value, const Destination& out) noexcept {
  core::Value parsed;
  DateTimeParts parts;
  if (!parse_datetime(value.text, parsed.time, parts)) return Outcome::bad_text;
  return parts.date ? datetime_to<SQL_TIMESTAMP_STRUCT>(parsed, out)
                    : time_to_timestamp(parsed, out);
}

inline Outcome guid_to_guid(const core::Value& value, const Destination& out) noexcept {
  if (value.text.size() != guid_bytes) return Outcome::bad_cell;
  out.store(to_struct_guid(value.text));
  return Outcome::ok;
}
inline Outcome text_to_guid(const core::Value& value, const Destination& out) noexcept {
  char bytes[guid_bytes];
  if (!parse_guid(value.text, bytes)) return Outcome::bad_text;
  out.store(to_struct_guid({bytes, guid_bytes}));
  return Outcome::ok;
}

}  // namespace odbc::convert::cells
