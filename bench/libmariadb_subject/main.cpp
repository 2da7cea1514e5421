// SPDX-License-Identifier: Apache-2.0
// The measured libmariadb application: the native mark that drivers are held against.
// A new case is a function and a row in one of the neighbouring files, and a row in
// harness/engines.py.
#include "libmariadb_subject/cases.h"

int main(int argc, char** argv) {
  return bench::run_subject(argc, argv,
                            {bench::execute_cases(), bench::narrow_cases(), bench::wide_cases(),
                             bench::insert_cases(), bench::array_cases(), bench::catalog_cases(),
                             bench::lob_cases(), bench::concurrent_cases(), bench::stream_cases()});
}
