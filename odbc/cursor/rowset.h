// SPDX-License-Identifier: Apache-2.0
// One fetch: rows of a result into the buffers an ARD names. Comes in: SQLFetch, SQLFetchScroll
// (SQL_FETCH_NEXT), SQLExtendedFetch. Goes next: convert/ for each cell, get_data for the rest of a
// row. Knows no session: rows come from a callable.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/value.h"
#include "odbc/convert/plan.h"
#include "odbc/cursor/kept_rows.h"
#include "odbc/handles/descriptor.h"
#include "odbc/handles/diagnostics.h"

namespace odbc::cursor {

/// Refers to a callable `const core::RawCell*()`: the next row's cells (one per column, valid until
/// the next call) or null at the end. The callable must outlive the call it is passed to; it may
/// throw core::Error.
class RowSource {
 public:
  template <class F>
  RowSource(F& pull) noexcept  // NOLINT(google-explicit-constructor)
      : object_(&pull),
        call_([](void* object) -> const core::RawCell* { return (*static_cast<F*>(object))(); }) {}
  const core::RawCell* operator()() const { return call_(object_); }

 private:
  void* object_;
  const core::RawCell* (*call_)(void*);
};

/// Where one fetch writes. SQLFetch takes everything from the descriptors (`of`); SQLExtendedFetch
/// brings its own size, status array and count.
struct FetchTarget {
  const Descriptor& ard;
  const Descriptor& ird;
  SQLULEN array_size = 1;
  SQLUSMALLINT* row_status = nullptr;
  SQLULEN* rows_fetched = nullptr;

  static FetchTarget of(const Descriptor& ard, const Descriptor& ird) noexcept {
    return {ard, ird, ard.header.array_size, ird.header.array_status_ptr,
            ird.header.rows_processed_ptr};
  }
};

/// Forward-only rowsets of one result. Belongs to a statement; under its mutex and the wire's.
class Rowset {
 public:
  /// Fetches up to array_size rows. Returns SQL_SUCCESS, SQL_SUCCESS_WITH_INFO, SQL_NO_DATA, or
  /// SQL_ERROR when every row failed; records carry row (from 1, in the rowset) and column numbers.
  /// `columns` must be those the IRD was described with. Throws what
  /// `next` throws, after the count and status of the rows already delivered are written.
  SQLRETURN fetch(RowSource next, std::span<const core::Column> columns, const FetchTarget& target,
                  Diagnostics& diagnostics);
  /// A new result or a closed cursor: forgets rows and position. The plan serves again while ARD
  /// and IRD are the same.
  void reset() noexcept;

  /// Rows in the current rowset; 0 before the first and after the last.
  SQLULEN rows() const noexcept { return rows_; }
  /// Number in the result of the current row, from 1 (SQL_ATTR_ROW_NUMBER); 0: none.
  SQLULEN row_number() const noexcept { return rows_ == 0 ? 0 : first_row_ + position_; }
  /// SQLSetPos(SQL_POSITION), from 1. Throws HY107 outside the rowset.
  void set_position(SQLULEN row);
  /// Cells of the current row for SQLGetData, valid until the next call; empty when there is no
  /// row.
  std::span<const core::RawCell> current_row() {
    if (rows_ != 0 && last_row_ != nullptr && position_ + 1 == rows_) [[likely]]
      return {last_row_, column_count_};
    return kept_row();
  }

 private:
  struct Binding {
    convert::ColumnPlan plan;
    SQLUSMALLINT number;         ///< of the column, from 1; 0 is the bookmark
    convert::Destination first;  ///< of the rowset's first row, bind offset included
    convert::Destination at;     ///< of the row being fetched
    /// From row to row; 0 where there is no buffer.
    std::ptrdiff_t data_step, length_step, indicator_step;

    void advance() noexcept;
  };
  std::span<const core::RawCell> kept_row();
  void make_plan(std::span<const core::Column> columns, const Descriptor& ard);
  void place(const Descriptor& ard);
  void place_again(const Descriptor& ard, std::ptrdiff_t offset);
  bool fetch_row(const core::RawCell* cells);
  void note(const Binding& binding, convert::Outcome outcome, bool first);
  convert::Outcome store_bookmark(const Binding& binding) const;
  void begin(const FetchTarget& target);
  struct Tally {
    SQLULEN failed = 0;
    bool clean = true;
  };
  Tally fetch_rows(RowSource next, std::span<const core::Column> columns, const FetchTarget& target,
                   Diagnostics& diagnostics);
  SQLUSMALLINT report_row(SQLULEN row, std::span<const core::Column> columns,
                          Diagnostics& diagnostics) const;

  std::vector<Binding> bindings_;
  std::vector<convert::Outcome> outcomes_;  ///< of a row that was not stored without a word
  std::uint64_t planned_ard_ = 0, planned_ird_ = 0;
  std::ptrdiff_t placed_offset_ = 0;
  SQLULEN placed_bind_type_ = 0;
  bool placed_ = false;
  std::size_t column_count_ = 0;
  SQLULEN rows_ = 0, first_row_ = 1, position_ = 0;
  const core::RawCell* last_row_ = nullptr;  ///< null when the source has moved on
  KeptRows kept_;                            ///< of a rowset larger than 1
};

}  // namespace odbc::cursor
