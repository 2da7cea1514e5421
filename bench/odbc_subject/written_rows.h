// SPDX-License-Identifier: Apache-2.0
// Rows that an application writes, bound as parameters (column-wise if there are several).
#pragma once

#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {

inline constexpr const char* insert_query = "INSERT INTO bench_insert (i, d, s) VALUES (?, ?, ?)";
inline constexpr const char* update_query = "UPDATE bench_update SET d = ?, s = ? WHERE i = ?";

/// `Size` rows of int, double and varchar, and where the driver finds them.
template <std::size_t Size>
struct Parameters {
  WrittenRows<Size> rows;
  std::array<SQLLEN, Size> i_length{}, d_length{}, s_length{};

  void set(std::size_t at, long number) {
    rows.set(at, number);
    s_length[at] = static_cast<SQLLEN>(rows.s_length[at]);
  }

  /// Binds i, d, s as the parameters with these numbers; the rows must outlive the executions.
  void bind(const Statement& statement, SQLUSMALLINT i = 1, SQLUSMALLINT d = 2,
            SQLUSMALLINT s = 3) {
    statement.parameter(i, SQL_C_SLONG, SQL_INTEGER, 0, rows.i.data(), 0, i_length.data());
    statement.parameter(d, SQL_C_DOUBLE, SQL_DOUBLE, 0, rows.d.data(), 0, d_length.data());
    statement.parameter(s, SQL_C_CHAR, SQL_VARCHAR, 40, rows.s.data(), text_size, s_length.data());
  }
};

}  // namespace bench
