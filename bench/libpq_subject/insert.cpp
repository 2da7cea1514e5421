// SPDX-License-Identifier: Apache-2.0
// One prepared INSERT per row: autocommit, in a transaction, and with a savepoint round each, the
// three commands in one flight.
#include <array>
#include <stdexcept>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"
#include "libpq_subject/row_parameters.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;
constexpr const char* insert_query = "INSERT INTO bench_insert (i, d, s) VALUES ($1, $2, $3)";

void insert_alone(const Link& link, const RowParameters& row) {
  const Result result(PQexecPrepared(link.get(), "insert", 3, row.values.data(), row.lengths.data(),
                                     row.formats.data(), 1));
  require(link, result, PGRES_COMMAND_OK);
}

void send(const Link& link, const char* name, int count, const RowParameters& row) {
  if (PQsendQueryPrepared(link.get(), name, count, row.values.data(), row.lengths.data(),
                          row.formats.data(), 1) == 0) {
    throw std::runtime_error(PQerrorMessage(link.get()));
  }
}

// libpq gives a null result between the commands of a pipeline.
void insert_in_savepoint(const Link& link, const RowParameters& row) {
  send(link, "savepoint", 0, row);
  send(link, "insert", 3, row);
  send(link, "release", 0, row);
  PQpipelineSync(link.get());
  for (int command = 0; command < 3; ++command) {
    require(link, Result(PQgetResult(link.get())), PGRES_COMMAND_OK);
    PQgetResult(link.get());
  }
  require(link, Result(PQgetResult(link.get())), PGRES_PIPELINE_SYNC);
}

using Insert = void (*)(const Link&, const RowParameters&);

template <Insert insert, bool transaction, bool pipeline>
Sample insert_rows(const Settings& settings) {
  const Link link = open_link(settings.connection);
  prepare(link, "insert", insert_query, row_types);
  prepare(link, "savepoint", "SAVEPOINT one");
  prepare(link, "release", "RELEASE one");
  if (transaction) run(link, "BEGIN");
  if (pipeline) PQenterPipelineMode(link.get());
  WrittenRows<1> rows;
  RowParameters row;
  const auto write = [&](long number) {
    rows.set(0, number);
    row.take(rows, 0);
    insert(link, row);
  };
  for (long op = 0; op < warm_up_ops; ++op) write(-op);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) write(op);
  if (pipeline) PQexitPipelineMode(link.get());
  if (transaction) run(link, "COMMIT");
  return meter.finish(static_cast<double>(settings.ops), 0);
}

constexpr std::array cases{
    Case{"insert_loop", "autocommit", insert_rows<insert_alone, false, false>},
    Case{"insert_loop", "transaction", insert_rows<insert_alone, true, false>},
    Case{"insert_loop", "savepoint_pipeline", insert_rows<insert_in_savepoint, true, true>},
};

}  // namespace

std::span<const Case> insert_cases() { return cases; }

}  // namespace bench
