// SPDX-License-Identifier: Apache-2.0
// Copies of a rowset's rows, for SQLGetData after SQLSetPos. A cell of one row lies close behind
// the one before (libpq and libmariadb give a row one block), so a row is kept by two memcpys, and
// the addresses are corrected only when somebody reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/value.h"

namespace odbc::cursor {

/// One thread. Keeps its memory from rowset to rowset.
class KeptRows {
 public:
  /// A new rowset of rows with `columns` cells.
  void begin(std::size_t columns) noexcept;
  /// Copies a row. Throws std::bad_alloc; the row is not kept then.
  void add(const core::RawCell* cells);
  std::size_t count() const noexcept { return rows_.size(); }
  /// Row `index`, from 0; valid until the next call of any member.
  std::span<const core::RawCell> row(std::size_t index);
  /// Forgets the rows and gives large memory back.
  void release() noexcept;

 private:
  struct Row {
    std::size_t start;      ///< of its cells, then its bytes
    std::uintptr_t origin;  ///< address that the cells' addresses count from
  };
  bool add_stretch(std::span<const core::RawCell> cells);
  void add_each(std::span<const core::RawCell> cells);
  char* take(std::size_t size);

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0, used_ = 0, columns_ = 0;
  std::vector<Row> rows_;
  std::vector<core::RawCell> shown_;
};

}  // namespace odbc::cursor
