// SPDX-License-Identifier: Apache-2.0
// Choosing a plan, and the step from wire bytes to the application's buffer. Comes in: plan.h.
#include "odbc/convert/plan.h"

#include "odbc/convert/direct.h"
#include "odbc/convert/fetch_matrix.h"
#include "odbc/tables/type_table.h"

namespace odbc::convert {
namespace {

Outcome restricted(const core::Value&, const Destination&) noexcept { return Outcome::restricted; }

}  // namespace

Outcome store_null(const Destination& out) noexcept {
  if (out.indicator == nullptr) return Outcome::indicator_missing;
  constexpr SQLLEN null_data = SQL_NULL_DATA;
  std::memcpy(out.indicator, &null_data, sizeof null_data);
  return Outcome::ok;
}

Outcome ColumnPlan::fetch_as(const core::Value& value, const Destination& out) const noexcept {
  const Cell other = fetch_cell(value.kind, target);
  if (other != nullptr) return other(value, out);
  // The column's own kind may be read so: it is this value that is too large.
  const bool too_long_a_time = kind == core::ValueKind::time && cell != restricted;
  return too_long_a_time ? Outcome::datetime_overflow : Outcome::restricted;
}

ColumnPlan plan_column(const core::Column& column, Target target) noexcept {
  if (target == Target::by_default)
    target = default_target(tables::type_row(column.type).concise, column.is_unsigned);
  ColumnPlan plan;
  plan.decode = column.decode;
  plan.target = target;
  plan.source = column.type;
  plan.kind = column.kind;
  const Cell cell = fetch_cell(column.kind, target);
  plan.cell = cell != nullptr ? cell : restricted;
  if (const ColumnPlan::Read direct = direct_reader(column.wire, target)) plan.read = direct;
  return plan;
}

}  // namespace odbc::convert
