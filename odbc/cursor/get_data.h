// SPDX-License-Identifier: Apache-2.0
// SQLGetData: any column in any order, long values in pieces with exact remaining lengths. Comes
// in: SQLGetData with the rowset's current row. Goes next: convert/.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/value.h"
#include "odbc/convert/plan.h"
#include "odbc/convert/render.h"
#include "odbc/handles/descriptor.h"
#include "odbc/handles/diagnostics.h"

namespace odbc::cursor {

/// The arguments of SQLGetData.
struct DataRequest {
  SQLUSMALLINT column;  ///< from 1
  SQLSMALLINT c_type;   ///< SQL_ARD_TYPE and SQL_C_DEFAULT included
  SQLPOINTER data;
  SQLLEN capacity;
  SQLLEN* indicator;
};

/// Remembers how much of the current column was read. Belongs to a statement.
class GetData {
 public:
  /// The cursor moved (fetch, SQLSetPos): every column is read from its start.
  void reset() noexcept {
    column_ = 0;
    consumed_ = 0;
    units_left_ = convert::not_counted;
    ended_ = false;
  }
  /// Other columns: also forgets how they are read.
  void forget() noexcept {
    reset();
    plans_.clear();
  }

  /// Reads the next piece, or the value. SQL_NO_DATA when a column read to its end is read again;
  /// another column in between starts it anew. SQL_SUCCESS_WITH_INFO posts 01004 or 01S07.
  /// Throws 07009 column, HY003 C type, 07006, 22002 NULL without indicator, 22003, 22018, 22007,
  /// HY009 no buffer, HY090 negative length. The message names the column.
  SQLRETURN read(const DataRequest& request, std::span<const core::Column> columns,
                 std::span<const core::RawCell> row, const Descriptor& ard,
                 Diagnostics& diagnostics);

 private:
  /// How a column was read last, for the next row.
  struct Plan {
    SQLSMALLINT c_type = 0;
    bool in_pieces = false;
    std::uint64_t ard = UINT64_MAX;  ///< revision of the ARD it was made with; no revision: no plan
    convert::ColumnPlan cell;
    convert::Destination to;  ///< but for the buffer
  };
  const Plan& make_plan(const DataRequest& request, std::span<const core::Column> columns,
                        std::span<const core::RawCell> row, const Descriptor& ard);
  SQLRETURN read_piece(const core::Column& column, const core::RawCell& cell,
                       const convert::Destination& out, convert::Target target,
                       Diagnostics& diagnostics);
  void begin(SQLUSMALLINT column, SQLSMALLINT c_type) noexcept {
    reset();
    column_ = column;
    c_type_ = c_type;
  }
  SQLRETURN report(convert::Outcome outcome, const core::Column& column,
                   Diagnostics& diagnostics) const;

  std::vector<Plan> plans_;
  SQLUSMALLINT column_ = 0;
  SQLSMALLINT c_type_ = 0;
  std::size_t consumed_ = 0;  ///< of the value's bytes (text: UTF-8)
  std::size_t units_left_ = convert::not_counted;
  bool ended_ = false;
};

}  // namespace odbc::cursor
