// SPDX-License-Identifier: Apache-2.0
// The cases of the ODBC application, one function each; the table is in main.cpp.
// Each works on any driver: nothing but ODBC 3 calls and the connection string.
#pragma once

#include "subject/subject.h"

namespace bench {

/// Connect and disconnect, `ops` times after one unmeasured connect that loads the driver.
Sample connect_only(const Settings& settings);
/// The same with one `SELECT 1` read to its end.
Sample connect_select1(const Settings& settings);

/// `SELECT 1` by SQLExecDirect, SQLFetch, SQLGetData, close: on one statement handle.
Sample exec1_same_stmt(const Settings& settings);
/// The same with a statement handle allocated and freed for each.
Sample exec1_new_stmt(const Settings& settings);
/// Prepared and bound once, then executed, fetched and closed `ops` times.
Sample prep1_bindcol(const Settings& settings);
/// Allocated, prepared, bound, executed, fetched and freed `ops` times.
Sample prep_each_new_stmt(const Settings& settings);

/// All of bench_narrow: one row per SQLFetch into bound buffers.
Sample fetch_bind_row(const Settings& settings);
Sample fetch_prepared_bind_row(const Settings& settings);
/// All of bench_narrow: blocks of 1000 rows into column-wise bound arrays.
Sample fetch_bind_array(const Settings& settings);
Sample fetch_prepared_bind_array(const Settings& settings);
/// All of bench_narrow: SQLFetch and one SQLGetData for each cell.
Sample fetch_getdata(const Settings& settings);
Sample fetch_prepared_getdata(const Settings& settings);

/// Execute to first row held, of all of bench_narrow; a fresh connection for each.
Sample first_row_direct(const Settings& settings);
Sample first_row_prepared(const Settings& settings);
/// Execute, first row, and the cursor closed so that the connection is free again.
Sample first_row_close_direct(const Settings& settings);

}  // namespace bench
