// SPDX-License-Identifier: Apache-2.0
// The measured ODBC application: the same program for every driver, told apart by its connection
// string. A new case is a function in one of the neighbouring files, a row here and a row in
// harness/plan.py.
#include <array>

#include "odbc_subject/cases.h"

namespace {

constexpr std::array cases{
    bench::Case{"connect", "odbc", bench::connect_only},
    bench::Case{"connect_select1", "odbc", bench::connect_select1},
    bench::Case{"exec1", "same_stmt", bench::exec1_same_stmt},
    bench::Case{"exec1", "new_stmt", bench::exec1_new_stmt},
    bench::Case{"prep1", "bindcol", bench::prep1_bindcol},
    bench::Case{"prep_each", "new_stmt", bench::prep_each_new_stmt},
    bench::Case{"fetch_narrow", "bind_row", bench::fetch_bind_row},
    bench::Case{"fetch_narrow", "bind_array1000", bench::fetch_bind_array},
    bench::Case{"fetch_narrow", "getdata", bench::fetch_getdata},
    bench::Case{"fetch_narrow", "prepared_bind_row", bench::fetch_prepared_bind_row},
    bench::Case{"fetch_narrow", "prepared_bind_array1000", bench::fetch_prepared_bind_array},
    bench::Case{"fetch_narrow", "prepared_getdata", bench::fetch_prepared_getdata},
    bench::Case{"first_row", "direct", bench::first_row_direct},
    bench::Case{"first_row", "prepared", bench::first_row_prepared},
    bench::Case{"first_row_close", "direct", bench::first_row_close_direct},
};

}  // namespace

int main(int argc, char** argv) { return bench::run_subject(argc, argv, cases); }
