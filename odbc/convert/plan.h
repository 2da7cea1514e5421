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

/// The decoder and the cell of one (column, C type). Plain data.
struct ColumnPlan {
  core::Decode decode = nullptr;
  Cell cell = nullptr;
  Target target = Target::unknown;
  core::SqlType source = core::SqlType::unknown;
  /// Set for frequent pairs: decodes and stores in one step.
  Outcome (*direct)(std::string_view raw, const ColumnPlan& plan,
                    const Destination& out) noexcept = nullptr;

  /// NULL included: SQL_NULL_DATA, or indicator_missing without an indicator.
  Outcome fetch(const core::RawCell& raw, const Destination& out) const noexcept;
};

/// An impossible pair gives a plan whose every value is `restricted` (07006), NULL excepted.
/// `target` may be by_default.
ColumnPlan plan_column(const core::Column& column, Target target) noexcept;

}  // namespace odbc::convert
