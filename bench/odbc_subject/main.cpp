// SPDX-License-Identifier: Apache-2.0
// The measured ODBC application: the same program for every driver, told apart by its connection
// string. A new case is a function and a row in one of the neighbouring files, and a row in
// harness/plan.py.
#include "odbc_subject/cases.h"

int main(int argc, char** argv) {
  return bench::run_subject(
      argc, argv,
      {bench::connect_cases(), bench::execute_cases(), bench::narrow_cases(), bench::wide_cases(),
       bench::insert_cases(), bench::array_cases(), bench::catalog_cases(), bench::lob_cases(),
       bench::concurrent_cases(), bench::local_cases(), bench::stream_cases()});
}
