// SPDX-License-Identifier: Apache-2.0
// What to do with a column, decided once per binding and called per row: the column's decoder, then
// the cell of the matrix. Comes in: rowset, get_data. Goes next: fetch_matrix.
#pragma once

#include "core/value.h"
#include "odbc/convert/outcome.h"
#include "odbc/convert/target.h"

namespace odbc::convert {

/// Writes one value that is not NULL. Never allocates, never throws.
using Cell = Outcome (*)(const core::Value& value, const Destination& out) noexcept;

/// SQL_NULL_DATA into the indicator; indicator_missing (22002) without one.
Outcome store_null(const Destination& out) noexcept;

/// The decoder and the cell of one (column, C type). Plain data.
struct ColumnPlan {
  /// Reads a cell that is not NULL.
  using Read = Outcome (*)(const ColumnPlan& plan, const core::RawCell& raw,
                           const Destination& out) noexcept;
  Read read = &ColumnPlan::read_by_value;  ///< or a direct one (direct.h)
  core::Decode decode = nullptr;
  Cell cell = nullptr;
  Target target = Target::unknown;
  core::SqlType source = core::SqlType::unknown;
  core::ValueKind kind = core::ValueKind::null;  ///< what the cell reads

  /// NULL included.
  Outcome fetch(const core::RawCell& raw, const Destination& out) const noexcept {
    if (raw.is_null()) [[unlikely]]
      return store_null(out);
    return read(*this, raw, out);
  }
  /// The way that knows every case: decoder, then cell.
  Outcome by_value(const core::RawCell& raw, const Destination& out) const noexcept {
    core::Value value;
    if (!decode(raw.view(), value)) return Outcome::bad_cell;
    if (value.kind != kind) [[unlikely]]
      return fetch_as(value, out);
    return cell(value, out);
  }

 private:
  static Outcome read_by_value(const ColumnPlan& plan, const core::RawCell& raw,
                               const Destination& out) noexcept {
    return plan.by_value(raw, out);
  }
  /// A decoder may give a neighbour of the column's kind: MySQL's TIME beyond a day is an interval.
  Outcome fetch_as(const core::Value& value, const Destination& out) const noexcept;
};

/// An impossible pair gives a plan whose every value is `restricted` (07006), NULL excepted.
/// `target` may be by_default.
ColumnPlan plan_column(const core::Column& column, Target target) noexcept;

}  // namespace odbc::convert
