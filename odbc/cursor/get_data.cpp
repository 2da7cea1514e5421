// SPDX-License-Identifier: Apache-2.0
// Long values are rendered anew for each piece (a view for text and bytes, a few digits for the
// rest) and copied from where the last piece ended. Comes in: get_data.h.
#include "odbc/cursor/get_data.h"

#include "odbc/convert/fetch_matrix.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/message.h"
#include "odbc/convert/plan.h"
#include "odbc/tables/type_table.h"

namespace odbc::cursor {
namespace {

using convert::Copied;
using convert::Destination;
using convert::Outcome;
using convert::Target;
using core::ValueKind;

[[noreturn]] void refuse(core::Sqlstate state, std::string text) {
  throw core::Error(state, "Cursor", std::move(text), core::Reached::not_sent);
}

SQLSMALLINT requested_type(const DataRequest& request, const Descriptor& ard) {
  if (request.c_type != SQL_ARD_TYPE) return request.c_type;
  const DescriptorRecord* const record = ard.find(request.column);
  if (record == nullptr)
    refuse(core::sqlstate::invalid_descriptor_index,
           "Invalid descriptor index: SQL_ARD_TYPE needs a record of the column");
  return record->concise_type;
}

Target resolve(SQLSMALLINT c_type, const core::Column& column) {
  Target target = convert::target_of(c_type);
  if (target == Target::unknown)
    refuse(core::sqlstate::invalid_c_type,
           "Program type out of range: C type " + std::to_string(c_type) + " is unknown");
  if (target == Target::by_default)
    target = convert::default_target(tables::type_row(column.type).concise, column.is_unsigned);
  return target;
}

Destination destination(SQLUSMALLINT number, SQLSMALLINT c_type, const core::Column& column,
                        const Descriptor& ard) {
  Destination out;
  out.source = column.type;
  out.fields = column.fields;
  const DescriptorRecord* const record = ard.find(number);
  out.interval =
      convert::interval_type_of(c_type == SQL_C_DEFAULT ? tables::concise_type_of(column) : c_type);
  if (out.interval != convert::no_interval) {
    const bool same = record != nullptr && record->type == SQL_INTERVAL;
    out.precision = same ? record->precision : convert::IntervalPrecision().seconds;
    out.leading_precision = same ? static_cast<SQLSMALLINT>(record->datetime_interval_precision)
                                 : convert::IntervalPrecision().leading;
  } else if (record != nullptr && record->precision > 0) {
    out.precision = record->precision;
    out.scale = record->scale;
  }
  return out;
}

// Text, decimals, bytes and GUIDs are read as binary in pieces; numbers and structs at once.
bool in_pieces(ValueKind kind, Target target) {
  if (!convert::variable_length(target)) return false;
  if (target != Target::binary) return true;
  return kind == ValueKind::text || kind == ValueKind::bytes || kind == ValueKind::decimal ||
         kind == ValueKind::packed || kind == ValueKind::guid;
}

// False when the whole value may not fit and is long enough not to be converted in vain.
bool may_fit(ValueKind kind, const core::RawCell& cell, SQLLEN capacity, Target target) {
  const bool as_it_is = kind == ValueKind::text || kind == ValueKind::decimal;
  if (!as_it_is && kind != ValueKind::bytes) return true;
  if (target == Target::binary) return cell.length <= capacity;
  const SQLLEN room = target == Target::wchar ? capacity / 2 : capacity;
  return room > (as_it_is ? SQLLEN{cell.length} : SQLLEN{cell.length} * 2);
}

// A buffer without room for a single character asks for the length.
bool too_small(const convert::Rendered& rendered, const Destination& out, Target target) {
  const auto unit = static_cast<SQLLEN>(target == Target::wchar ? sizeof(SQLWCHAR) : 1);
  const SQLLEN room = out.capacity / unit;
  return room > 1 && room <= static_cast<SQLLEN>(rendered.essential);
}

}  // namespace

SQLRETURN GetData::report(Outcome outcome, const core::Column& column,
                          Diagnostics& diagnostics) const {
  if (outcome == Outcome::ok) return SQL_SUCCESS;
  if (!delivers(outcome)) throw convert::error(outcome, "column", column_, column.name);
  diagnostics.warn(state_of(outcome), convert::component,
                   convert::message(outcome, "column", column_, column.name), SQL_NO_ROW_NUMBER,
                   column_);
  return SQL_SUCCESS_WITH_INFO;
}

SQLRETURN GetData::read_piece(const core::Column& column, const core::RawCell& cell,
                              const Destination& out, Target target, Diagnostics& diagnostics) {
  core::Value value;
  if (!column.decode(cell.view(), value)) return report(Outcome::bad_cell, column, diagnostics);
  if (fetch_cell(value.kind, target) == nullptr)
    return report(Outcome::restricted, column, diagnostics);
  Copied copied{};
  char scratch[convert::scratch_size];
  if (value.kind == ValueKind::packed) {
    const core::PackedDecimal number(value.text);
    if (consumed_ == 0 && target != Target::binary &&
        too_small({{}, number.whole_size()}, out, target))
      return report(Outcome::out_of_range, column, diagnostics);
    const auto copy = target == Target::binary  ? convert::copy_packed_bytes
                      : target == Target::wchar ? convert::copy_packed_wide
                                                : convert::copy_packed;
    copied = copy(number, consumed_, out);
  } else if (target == Target::binary) {
    copied = copy_binary(value.text, consumed_, out);
  } else if (value.kind == ValueKind::bytes) {
    copied = target == Target::wchar ? copy_hex_wide(value.text, consumed_, out)
                                     : copy_hex(value.text, consumed_, out);
  } else {
    const convert::Render render = convert::render_of(value.kind);
    const convert::Rendered rendered = render(value, column.type, scratch);
    if (consumed_ == 0 && too_small(rendered, out, target))
      return report(Outcome::out_of_range, column, diagnostics);
    copied = target == Target::wchar
                 ? copy_wchar(rendered.text, consumed_, out, units_left_)
                 : copy_char(rendered.text, consumed_, out, convert::Cut::anywhere);
  }
  consumed_ += copied.consumed;
  units_left_ = target == Target::wchar ? copied.units_left : convert::not_counted;
  ended_ = copied.outcome == Outcome::ok;
  return report(copied.outcome, column, diagnostics);
}

SQLRETURN GetData::read(const DataRequest& request, std::span<const core::Column> columns,
                        std::span<const core::RawCell> row, const Descriptor& ard,
                        Diagnostics& diagnostics) {
  const std::size_t index = request.column - 1U;
  const bool usual =
      index < plans_.size() && index < row.size() && plans_[index].c_type == request.c_type &&
      plans_[index].ard == ard.revision() && request.capacity >= 0 && request.data != nullptr;
  const Plan& plan = usual ? plans_[index] : make_plan(request, columns, row, ard);
  if (request.column != column_ || plan.c_type != c_type_) begin(request.column, plan.c_type);
  if (ended_) return SQL_NO_DATA;

  const core::RawCell& cell = row[index];
  Destination out = plan.to;
  out.data = request.data;
  out.capacity = request.capacity;
  out.length = out.indicator = request.indicator;
  const core::Column& column = columns[index];
  const bool whole = !plan.in_pieces || cell.is_null();
  if (whole || (consumed_ == 0 && may_fit(column.kind, cell, request.capacity, plan.cell.target))) {
    const Outcome outcome = plan.cell.fetch(cell, out);
    ended_ = outcome == Outcome::ok || (whole && delivers(outcome));
    if (outcome == Outcome::ok) [[likely]]
      return SQL_SUCCESS;
    if (whole) return report(outcome, column, diagnostics);
  }
  return read_piece(column, cell, out, plan.cell.target, diagnostics);
}

const GetData::Plan& GetData::make_plan(const DataRequest& request,
                                        std::span<const core::Column> columns,
                                        std::span<const core::RawCell> row, const Descriptor& ard) {
  if (request.column < 1 || request.column > columns.size() || request.column > row.size())
    refuse(core::sqlstate::invalid_descriptor_index,
           "Invalid descriptor index: there is no column " + std::to_string(request.column));
  if (request.capacity < 0)
    refuse(core::sqlstate::invalid_length,
           "Invalid string or buffer length: " + std::to_string(request.capacity));
  if (request.data == nullptr)
    refuse(core::sqlstate::null_pointer, "Invalid use of null pointer: no buffer");
  const SQLSMALLINT c_type = requested_type(request, ard);
  if (plans_.size() != columns.size()) plans_.assign(columns.size(), Plan{});
  Plan& plan = plans_[request.column - 1U];
  if (plan.ard == ard.revision() && plan.c_type == c_type) return plan;
  const core::Column& column = columns[request.column - 1U];
  const Target target = resolve(c_type, column);
  plan = {c_type, in_pieces(column.kind, target), ard.revision(), plan_column(column, target),
          destination(request.column, c_type, column, ard)};
  return plan;
}

}  // namespace odbc::cursor
