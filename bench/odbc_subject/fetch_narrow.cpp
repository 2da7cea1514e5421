// SPDX-License-Identifier: Apache-2.0
// Large results of three columns: all of bench_narrow by row, by block and by cell, and how soon
// the first row comes.
#include "odbc_subject/cases.h"
#include "odbc_subject/fetch_shapes.h"
#include "odbc_subject/narrow_row.h"

namespace bench {
namespace {

template <Received (*read)(const Statement&), Execution execution>
Sample fetch(const Settings& settings) {
  return fetch_all(settings, narrow_query, execution, read);
}

void stay_open(const Statement&) {}
void close(const Statement& statement) { statement.close_cursor(); }

// Execute to first row held, on a connection of its own each time.
template <Execution execution, void (*after)(const Statement&)>
Sample first_row(const Settings& settings) {
  const Environment environment;
  const Connection spare(environment, settings.connection);
  Meter meter;
  std::uint64_t check = 0;
  for (long op = 0; op < settings.ops; ++op) {
    const Connection connection(environment, settings.connection);
    const Statement statement(connection);
    introduce(statement, narrow_query, execution);
    NarrowRows<1> row{};
    meter.resume();
    execute(statement, narrow_query, execution);
    statement.fetch();
    row.get(statement);
    check += row.check(0);
    after(statement);
    meter.pause();
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

using enum Execution;
constexpr std::array cases{
    Case{"fetch_narrow", "bind_row", fetch<read_bound_rows<NarrowRows>, direct>},
    Case{"fetch_narrow", "bind_array1000", fetch<read_bound_blocks<NarrowRows>, direct>},
    Case{"fetch_narrow", "getdata", fetch<read_cells<NarrowRows>, direct>},
    Case{"fetch_narrow", "repeated_bind_row", fetch<read_bound_rows<NarrowRows>, repeated>},
    Case{"fetch_narrow", "repeated_bind_array1000", fetch<read_bound_blocks<NarrowRows>, repeated>},
    Case{"fetch_narrow", "repeated_getdata", fetch<read_cells<NarrowRows>, repeated>},
    Case{"fetch_narrow", "prepared_bind_row", fetch<read_bound_rows<NarrowRows>, prepared>},
    Case{"fetch_narrow", "prepared_bind_array1000", fetch<read_bound_blocks<NarrowRows>, prepared>},
    Case{"fetch_narrow", "prepared_getdata", fetch<read_cells<NarrowRows>, prepared>},
    Case{"first_row", "direct", first_row<direct, stay_open>},
    Case{"first_row", "prepared", first_row<prepared, stay_open>},
    Case{"first_row_close", "direct", first_row<direct, close>},
};

}  // namespace

std::span<const Case> narrow_cases() { return cases; }

}  // namespace bench
