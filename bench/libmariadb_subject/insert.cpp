// SPDX-License-Identifier: Apache-2.0
// One prepared INSERT per row: autocommit and in a transaction. The server itself rolls back a
// statement that fails, so that there is no third way.
#include <array>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"
#include "libmariadb_subject/row_parameters.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;

template <bool transaction>
Sample insert_rows(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const Prepared statement = prepare(link, "INSERT INTO bench_insert (i, d, s) VALUES (?, ?, ?)");
  if (transaction) run(link, "BEGIN");
  RowParameters row;
  row.bind(statement);
  const auto write = [&](long number) {
    row.set(number);
    execute(statement);
  };
  for (long op = 0; op < warm_up_ops; ++op) write(-op);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) write(op);
  if (transaction) run(link, "COMMIT");
  return meter.finish(static_cast<double>(settings.ops), 0);
}

constexpr std::array cases{
    Case{"insert_loop", "autocommit", insert_rows<false>},
    Case{"insert_loop", "transaction", insert_rows<true>},
};

}  // namespace

std::span<const Case> insert_cases() { return cases; }

}  // namespace bench
