// SPDX-License-Identifier: Apache-2.0
// The measured libpq application: the native mark that drivers are held against.
// A new case is a function in one of the neighbouring files, a row here and a row in
// harness/plan.py.
#include <array>

#include "libpq_subject/cases.h"

namespace {

constexpr std::array cases{
    bench::Case{"connect", "libpq", bench::connect_only},
    bench::Case{"connect_select1", "libpq", bench::connect_select1},
    bench::Case{"exec1", "simple", bench::exec1_simple},
    bench::Case{"exec1", "extended_text", bench::exec1_extended_text},
    bench::Case{"exec1", "extended_binary", bench::exec1_extended_binary},
    bench::Case{"prep1", "prepared_text", bench::prep1_text},
    bench::Case{"prep1", "prepared_binary", bench::prep1_binary},
    bench::Case{"prep_each", "exec_params_text", bench::prep_each_params_text},
    bench::Case{"prep_each", "exec_params_binary", bench::prep_each_params_binary},
    bench::Case{"prep_each", "prepare_deallocate", bench::prep_each_literal},
    bench::Case{"fetch_narrow", "text_whole", bench::fetch_text_whole},
    bench::Case{"fetch_narrow", "binary_whole", bench::fetch_binary_whole},
    bench::Case{"fetch_narrow", "text_single", bench::fetch_text_single},
    bench::Case{"fetch_narrow", "binary_single", bench::fetch_binary_single},
    bench::Case{"fetch_narrow", "prepared_binary_single", bench::fetch_prepared_binary_single},
    bench::Case{"first_row", "text_single", bench::first_row_text_single},
    bench::Case{"first_row", "binary_single", bench::first_row_binary_single},
    bench::Case{"first_row_close", "drain", bench::first_row_close_drain},
    bench::Case{"first_row_close", "cancel", bench::first_row_close_cancel},
};

}  // namespace

int main(int argc, char** argv) { return bench::run_subject(argc, argv, cases); }
