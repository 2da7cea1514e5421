// SPDX-License-Identifier: Apache-2.0
// The loop over rows and bound columns. Addresses are computed once per fetch; a row costs one
// addition per pointer and one plan per column. Comes in: rowset.h.
#include "odbc/cursor/rowset.h"

#include <cstring>

#include "odbc/convert/fetch_matrix.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/message.h"
#include "odbc/tables/type_table.h"

namespace odbc::cursor {
namespace {

using convert::Destination;
using convert::Outcome;

template <class T>
T* moved(T* pointer, std::ptrdiff_t bytes) noexcept {
  if (pointer == nullptr) return nullptr;
  return reinterpret_cast<T*>(reinterpret_cast<char*>(pointer) + bytes);
}
void* moved(void* pointer, std::ptrdiff_t bytes) noexcept {
  return pointer == nullptr ? nullptr : static_cast<char*>(pointer) + bytes;
}

Destination destination(const DescriptorRecord& record, const core::Column& column) {
  Destination out;
  out.capacity = record.octet_length;
  out.source = column.type;
  out.fields = column.fields;
  out.interval = convert::interval_type_of(
      record.concise_type == SQL_C_DEFAULT ? tables::concise_type_of(column) : record.concise_type);
  if (out.interval != convert::no_interval) {
    out.precision = record.precision;
    out.leading_precision = static_cast<SQLSMALLINT>(record.datetime_interval_precision);
  } else if (record.precision > 0) {  // else never set: the value keeps its digits
    out.precision = record.precision;
    out.scale = record.scale;
  }
  return out;
}

class Progress {
 public:
  Progress(const FetchTarget& target) noexcept : target_(target) {}
  void row(SQLULEN row, SQLUSMALLINT status) const noexcept {
    if (target_.row_status != nullptr) target_.row_status[row] = status;
  }
  void end(SQLULEN rows) const noexcept {
    if (target_.rows_fetched != nullptr) *target_.rows_fetched = rows;
    for (SQLULEN i = rows; i < target_.array_size; ++i) row(i, SQL_ROW_NOROW);
  }

 private:
  const FetchTarget& target_;
};

}  // namespace

void Rowset::reset() noexcept {
  rows_ = position_ = 0;
  first_row_ = 1;
  last_row_ = nullptr;
  kept_.release();
}

void Rowset::make_plan(std::span<const core::Column> columns, const Descriptor& ard) {
  bindings_.clear();
  column_count_ = columns.size();
  placed_ = false;
  static const core::Column bookmark = [] {
    core::Column column;
    column.type = core::SqlType::bigint;
    column.kind = core::ValueKind::integer;
    return column;
  }();
  const auto bound = std::min<std::size_t>(columns.size(), static_cast<std::size_t>(ard.count()));
  for (std::size_t number = 0; number <= bound; ++number) {
    const DescriptorRecord& record = *ard.find(static_cast<SQLUSMALLINT>(number));
    if (!record.bound()) continue;
    const core::Column& column = number == 0 ? bookmark : columns[number - 1];
    Binding binding{};
    binding.number = static_cast<SQLUSMALLINT>(number);
    binding.plan = plan_column(column, convert::target_of(record.concise_type));
    binding.first = destination(record, column);
    bindings_.push_back(binding);
  }
  outcomes_.reserve(bindings_.size());  // so that noting one cannot fail
}

void Rowset::place(const Descriptor& ard) {
  const DescriptorHeader& header = ard.header;
  const std::ptrdiff_t offset = header.bind_offset_ptr != nullptr ? *header.bind_offset_ptr : 0;
  if (!placed_ || offset != placed_offset_ || header.bind_type != placed_bind_type_)
    place_again(ard, offset);
  for (Binding& binding : bindings_) binding.at = binding.first;
}

void Rowset::place_again(const Descriptor& ard, std::ptrdiff_t offset) {
  const DescriptorHeader& header = ard.header;
  placed_ = true;
  placed_offset_ = offset;
  placed_bind_type_ = header.bind_type;
  for (Binding& binding : bindings_) {
    const DescriptorRecord& record = *ard.find(binding.number);
    Destination& at = binding.first;
    at.data = moved(record.data_ptr, offset);
    at.length = moved(record.octet_length_ptr, offset);
    at.indicator = moved(record.indicator_ptr, offset);
    auto data_step = static_cast<std::ptrdiff_t>(header.bind_type);
    std::ptrdiff_t length_step = data_step;
    if (header.bind_type == SQL_BIND_BY_COLUMN) {
      const std::size_t size = convert::fixed_size(binding.plan.target);
      data_step = size != 0 ? static_cast<std::ptrdiff_t>(size) : record.octet_length;
      length_step = sizeof(SQLLEN);
    }
    binding.data_step = at.data != nullptr ? data_step : 0;
    binding.length_step = at.length != nullptr ? length_step : 0;
    binding.indicator_step = at.indicator != nullptr ? length_step : 0;
  }
}

inline void Rowset::Binding::advance() noexcept {
  at.data = static_cast<char*>(at.data) + data_step;
  at.length = reinterpret_cast<SQLLEN*>(reinterpret_cast<char*>(at.length) + length_step);
  at.indicator = reinterpret_cast<SQLLEN*>(reinterpret_cast<char*>(at.indicator) + indicator_step);
}

Outcome Rowset::store_bookmark(const Binding& binding) const {
  core::Value value;
  value.kind = core::ValueKind::integer;
  value.integer = static_cast<std::int64_t>(first_row_ + rows_);
  return binding.plan.cell(value, binding.at);
}

void Rowset::note(const Binding& binding, Outcome outcome, bool first) {
  if (first) outcomes_.assign(bindings_.size(), Outcome::ok);
  outcomes_[static_cast<std::size_t>(&binding - bindings_.data())] = outcome;
}

// True when every column was stored without a word.
inline bool Rowset::fetch_row(const core::RawCell* cells) {
  bool clean = true;
  for (Binding& binding : bindings_) {
    const Outcome outcome = binding.number != 0
                                ? binding.plan.fetch(cells[binding.number - 1], binding.at)
                                : store_bookmark(binding);
    if (outcome != Outcome::ok) [[unlikely]] {
      note(binding, outcome, clean);
      clean = false;
    }
    binding.advance();
  }
  return clean;
}

// Errors of a row stand before its warnings (ODBC reference, "Sequence of Status Records").
SQLUSMALLINT Rowset::report_row(SQLULEN row, std::span<const core::Column> columns,
                                Diagnostics& diagnostics) const {
  bool failed = false;
  const auto post = [&](bool errors) {
    for (std::size_t i = 0; i < bindings_.size(); ++i) {
      if (outcomes_[i] == Outcome::ok || delivers(outcomes_[i]) == errors) continue;
      failed = failed || errors;
      const SQLUSMALLINT number = bindings_[i].number;
      const bool described = number >= 1 && number <= columns.size();
      diagnostics.warn(state_of(outcomes_[i]), convert::component,
                       convert::message(outcomes_[i], "column", number,
                                        described ? columns[number - 1U].name : std::string()),
                       static_cast<SQLLEN>(row) + 1, number);
    }
  };
  post(true);
  post(false);
  return failed ? SQL_ROW_ERROR : SQL_ROW_SUCCESS_WITH_INFO;
}

void Rowset::begin(const FetchTarget& target) {
  place(target.ard);
  first_row_ += rows_;
  rows_ = position_ = 0;
  last_row_ = nullptr;
  kept_.begin(column_count_);
}

Rowset::Tally Rowset::fetch_rows(RowSource next, std::span<const core::Column> columns,
                                 const FetchTarget& target, Diagnostics& diagnostics) {
  const Progress progress(target);
  const bool keep = target.array_size > 1;
  Tally tally;
  while (rows_ < target.array_size) {
    const core::RawCell* const row = next();
    last_row_ = row;
    if (row == nullptr) break;
    SQLUSMALLINT status = SQL_ROW_SUCCESS;
    if (!fetch_row(row)) [[unlikely]] {
      status = report_row(rows_, columns, diagnostics);
      tally.clean = false;
      if (status == SQL_ROW_ERROR) ++tally.failed;
    }
    if (keep) kept_.add(row);
    progress.row(rows_, status);
    ++rows_;
  }
  return tally;
}

SQLRETURN Rowset::fetch(RowSource next, std::span<const core::Column> columns,
                        const FetchTarget& target, Diagnostics& diagnostics) {
  if (planned_ard_ != target.ard.revision() || planned_ird_ != target.ird.revision() ||
      column_count_ != columns.size()) {
    make_plan(columns, target.ard);
    planned_ard_ = target.ard.revision();
    planned_ird_ = target.ird.revision();
  }
  begin(target);
  const Progress progress(target);
  Tally tally;
  try {
    tally = fetch_rows(next, columns, target, diagnostics);
  } catch (...) {
    last_row_ = nullptr;
    progress.end(rows_);
    throw;
  }
  progress.end(rows_);
  if (rows_ == 0) return SQL_NO_DATA;
  if (tally.failed == rows_) return SQL_ERROR;
  return tally.clean ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

void Rowset::set_position(SQLULEN row) {
  if (row < 1 || row > rows_)
    throw core::Error({"HY107"}, "Cursor",
                      "Row value out of range: the rowset has " + std::to_string(rows_) + " rows",
                      core::Reached::not_sent);
  position_ = row - 1;
}

std::span<const core::RawCell> Rowset::kept_row() {
  if (rows_ != 0 && position_ < kept_.count()) return kept_.row(position_);
  return {};
}

}  // namespace odbc::cursor
