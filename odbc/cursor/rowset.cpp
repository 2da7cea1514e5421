// SPDX-License-Identifier: Apache-2.0
// The loop over rows and bound columns. Addresses are computed once per fetch; a row costs one
// multiplication per pointer and one plan per column. Comes in: rowset.h.
#include "odbc/cursor/rowset.h"

#include <cstring>

#include "odbc/convert/fetch_matrix.h"
#include "odbc/convert/message.h"

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
  if (record.precision > 0) {  // else never set: the value keeps its digits
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
  bindings_.clear();
  planned_ard_ = planned_ird_ = 0;
  column_count_ = 0;
  rows_ = position_ = 0;
  first_row_ = 1;
  last_row_ = nullptr;
  kept_cells_.clear();
  kept_bytes_.clear();
}

void Rowset::make_plan(std::span<const core::Column> columns, const Descriptor& ard) {
  bindings_.clear();
  column_count_ = columns.size();
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
  outcomes_.assign(bindings_.size(), Outcome::ok);
  std::size_t with_buffer = 0;
  for (std::size_t number = 1; number <= bound; ++number)
    if (ard.find(static_cast<SQLUSMALLINT>(number))->data_ptr != nullptr) ++with_buffer;
  all_bound_ = with_buffer == columns.size();
}

void Rowset::place(const Descriptor& ard) {
  const DescriptorHeader& header = ard.header;
  const std::ptrdiff_t offset = header.bind_offset_ptr != nullptr ? *header.bind_offset_ptr : 0;
  for (Binding& binding : bindings_) {
    const DescriptorRecord& record = *ard.find(binding.number);
    binding.first.data = moved(record.data_ptr, offset);
    binding.first.length = moved(record.octet_length_ptr, offset);
    binding.first.indicator = moved(record.indicator_ptr, offset);
    if (header.bind_type == SQL_BIND_BY_COLUMN) {
      const std::size_t size = convert::fixed_size(binding.plan.target);
      binding.data_stride = size != 0 ? size : static_cast<std::size_t>(record.octet_length);
      binding.length_stride = sizeof(SQLLEN);
    } else {
      binding.data_stride = binding.length_stride = header.bind_type;
    }
  }
}

Outcome Rowset::store_bookmark(const Binding& binding, const Destination& out) const {
  core::Value value;
  value.kind = core::ValueKind::integer;
  value.integer = static_cast<std::int64_t>(first_row_ + rows_);
  return binding.plan.cell(value, out);
}

// True when every column was stored without a word.
bool Rowset::fetch_row(const core::RawCell* cells, SQLULEN row) {
  bool clean = true;
  convert::Outcome* outcome = outcomes_.data();
  for (const Binding& binding : bindings_) {
    Destination out = binding.first;
    const auto data_offset = static_cast<std::ptrdiff_t>(row * binding.data_stride);
    const auto length_offset = static_cast<std::ptrdiff_t>(row * binding.length_stride);
    out.data = moved(out.data, data_offset);
    out.length = moved(out.length, length_offset);
    out.indicator = moved(out.indicator, length_offset);
    *outcome = binding.number == 0 ? store_bookmark(binding, out)
                                   : binding.plan.fetch(cells[binding.number - 1], out);
    clean = clean && *outcome == Outcome::ok;
    ++outcome;
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

void Rowset::keep_row(const core::RawCell* cells) {
  for (std::size_t i = 0; i < column_count_; ++i) {
    core::RawCell kept = cells[i];
    if (!kept.is_null()) kept.data = kept_bytes_.keep(kept.view()).data();
    kept_cells_.push_back(kept);
  }
}

SQLRETURN Rowset::fetch(RowSource next, std::span<const core::Column> columns,
                        const FetchTarget& target, Diagnostics& diagnostics) {
  if (planned_ard_ != target.ard.revision() || planned_ird_ != target.ird.revision() ||
      column_count_ != columns.size()) {
    make_plan(columns, target.ard);
    planned_ard_ = target.ard.revision();
    planned_ird_ = target.ird.revision();
  }
  place(target.ard);
  first_row_ += rows_;
  rows_ = position_ = 0;
  last_row_ = nullptr;
  kept_cells_.clear();
  kept_bytes_.clear();
  const bool keep = target.array_size > 1 && !all_bound_;

  const Progress progress(target);
  SQLULEN failed = 0;
  bool clean = true;
  try {
    while (rows_ < target.array_size) {
      last_row_ = next();
      if (last_row_ == nullptr) break;
      SQLUSMALLINT status = SQL_ROW_SUCCESS;
      if (!fetch_row(last_row_, rows_)) {
        clean = false;
        status = report_row(rows_, columns, diagnostics);
        if (status == SQL_ROW_ERROR) ++failed;
      }
      if (keep) keep_row(last_row_);
      progress.row(rows_, status);
      ++rows_;
    }
  } catch (...) {
    last_row_ = nullptr;
    progress.end(rows_);
    throw;
  }
  progress.end(rows_);
  if (rows_ == 0) return SQL_NO_DATA;
  if (failed == rows_) return SQL_ERROR;
  return clean ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

void Rowset::set_position(SQLULEN row) {
  if (row < 1 || row > rows_)
    throw core::Error({"HY107"}, "Cursor",
                      "Row value out of range: the rowset has " + std::to_string(rows_) + " rows",
                      core::Reached::not_sent);
  position_ = row - 1;
}

std::span<const core::RawCell> Rowset::current_row() const {
  if (rows_ == 0) return {};
  if (!kept_cells_.empty())
    return std::span(kept_cells_).subspan(position_ * column_count_, column_count_);
  if (last_row_ != nullptr && position_ + 1 == rows_) return {last_row_, column_count_};
  throw core::Error(core::sqlstate::not_implemented, "Cursor",
                    "Only the last row of a rowset can be read again when all columns are bound",
                    core::Reached::not_sent);
}

}  // namespace odbc::cursor
