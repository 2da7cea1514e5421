// SPDX-License-Identifier: Apache-2.0
// The bound row of bench_narrow and how an application binds it, one row or a column-wise block.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "odbc_subject/session.h"
#include "subject/subject.h"

namespace bench {

/// Column-wise buffers for `Size` rows of bench_narrow (int, double, varchar as C text).
template <std::size_t Size>
struct NarrowRows {
  static constexpr std::size_t text_size = 64;
  std::array<SQLINTEGER, Size> i;
  std::array<SQLDOUBLE, Size> d;
  std::array<std::array<char, text_size>, Size> s;
  std::array<SQLLEN, Size> i_length, d_length, s_length;

  /// Binds all three columns of `statement` to these buffers, which must outlive the fetches.
  void bind(const Statement& statement) {
    const SQLHSTMT handle = statement.handle();
    statement.require(SQLBindCol(handle, 1, SQL_C_SLONG, i.data(), 0, i_length.data()),
                      "SQLBindCol");
    statement.require(SQLBindCol(handle, 2, SQL_C_DOUBLE, d.data(), 0, d_length.data()),
                      "SQLBindCol");
    statement.require(SQLBindCol(handle, 3, SQL_C_CHAR, s.data(), text_size, s_length.data()),
                      "SQLBindCol");
  }

  std::uint64_t check(std::size_t row) const {
    return row_check(i[row], d[row],
                     std::string_view(s[row].data(), static_cast<std::size_t>(s_length[row])));
  }
};

}  // namespace bench
