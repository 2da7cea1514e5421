// SPDX-License-Identifier: Apache-2.0
// The three ways an application reads a result, and the three ways it comes to it, for any shape of
// row. A `Rows` has columns, bind(statement), get(statement) and check(row); see narrow_row.h.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "odbc_subject/session.h"
#include "subject/subject.h"
#include "subject/workload.h"

namespace bench {

/// direct: a text that the driver has never seen; repeated: one that it has executed twice.
enum class Execution { direct, repeated, prepared };

/// Rows received and the sum over their values.
struct Received {
  long rows = 0;
  std::uint64_t check = 0;
};

/// One row per SQLFetch into bound buffers.
template <template <std::size_t> class Rows>
Received read_bound_rows(const Statement& statement) {
  const auto row = std::make_unique<Rows<1>>();
  row->bind(statement);
  Received received;
  for (; statement.fetch(); ++received.rows) received.check += row->check(0);
  SQLFreeStmt(statement.handle(), SQL_UNBIND);  // the buffers end here, the statement does not
  return received;
}

/// Blocks of rows into column-wise bound arrays; `after` sees the rows received so far.
template <template <std::size_t> class Rows, typename After>
Received read_bound_blocks(const Statement& statement, After after) {
  const auto block = std::make_unique<Rows<array_rows>>();
  const auto status = std::make_unique<std::array<SQLUSMALLINT, array_rows>>();
  SQLULEN fetched = 0;
  statement.set(SQL_ATTR_ROW_ARRAY_SIZE, array_rows);
  statement.point(SQL_ATTR_ROW_STATUS_PTR, status->data());
  statement.point(SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
  block->bind(statement);
  Received received;
  while (statement.fetch()) {
    for (std::size_t row = 0; row < fetched; ++row) received.check += block->check(row);
    received.rows += static_cast<long>(fetched);
    after(received);
  }
  SQLFreeStmt(statement.handle(), SQL_UNBIND);
  statement.set(SQL_ATTR_ROW_ARRAY_SIZE, 1);
  statement.point(SQL_ATTR_ROW_STATUS_PTR, nullptr);
  statement.point(SQL_ATTR_ROWS_FETCHED_PTR, nullptr);
  return received;
}

template <template <std::size_t> class Rows>
Received read_bound_blocks(const Statement& statement) {
  return read_bound_blocks<Rows>(statement, [](const Received&) {});
}

/// SQLFetch and one SQLGetData for each cell.
template <template <std::size_t> class Rows>
Received read_cells(const Statement& statement) {
  const auto row = std::make_unique<Rows<1>>();
  Received received;
  for (; statement.fetch(); ++received.rows) {
    row->get(statement);
    received.check += row->check(0);
  }
  return received;
}

inline void execute(const Statement& statement, const char* query, Execution execution) {
  if (execution == Execution::prepared) {
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
  } else {
    statement.execute_direct(query);
  }
}

/// Prepares, or lets the driver see the text twice. Not measured.
inline void introduce(const Statement& statement, const char* query, Execution execution) {
  if (execution == Execution::prepared) statement.prepare(query);
  if (execution != Execution::repeated) return;
  for (int time = 0; time < 2; ++time) {
    statement.execute_direct(query);
    statement.fetch();
    statement.close_cursor();
  }
}

/// Executes `query` `ops` times and reads it whole; the binding belongs to what is measured.
inline Sample fetch_all(const Settings& settings, const char* query, Execution execution,
                        Received (*read)(const Statement&)) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  introduce(statement, query, execution);
  Meter meter;
  Received total;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    execute(statement, query, execution);
    const Received received = read(statement);
    statement.close_cursor();
    total.rows += received.rows;
    total.check += received.check;
  }
  meter.pause();
  if (total.rows != settings.rows * settings.ops) {
    throw std::runtime_error("received " + std::to_string(total.rows) + " rows");
  }
  return meter.finish(static_cast<double>(total.rows), total.check);
}

}  // namespace bench
