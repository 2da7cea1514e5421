// SPDX-License-Identifier: Apache-2.0
// The rows of bench_narrow in an application's buffers, one row or a column-wise block.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {

/// Column-wise buffers for `Size` rows of bench_narrow (int, double, varchar as C text).
template <std::size_t Size>
struct NarrowRows {
  std::array<SQLINTEGER, Size> i;
  std::array<SQLDOUBLE, Size> d;
  std::array<std::array<char, text_size>, Size> s;
  std::array<SQLLEN, Size> i_length, d_length, s_length;

  /// Binds all three columns of `statement` to these buffers, which must outlive the fetches.
  void bind(const Statement& statement) {
    statement.bind(1, SQL_C_SLONG, i.data(), 0, i_length.data());
    statement.bind(2, SQL_C_DOUBLE, d.data(), 0, d_length.data());
    statement.bind(3, SQL_C_CHAR, s.data(), text_size, s_length.data());
  }

  /// Fills row 0 from the current row by SQLGetData.
  void get(const Statement& statement) {
    statement.get(1, SQL_C_SLONG, i.data(), 0, i_length.data());
    statement.get(2, SQL_C_DOUBLE, d.data(), 0, d_length.data());
    statement.get(3, SQL_C_CHAR, s.data(), text_size, s_length.data());
  }

  std::uint64_t check(std::size_t row) const {
    return row_check(i[row], d[row],
                     std::string_view(s[row].data(), static_cast<std::size_t>(s_length[row])));
  }
};

}  // namespace bench
