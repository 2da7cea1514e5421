// SPDX-License-Identifier: Apache-2.0
// Large results: all of bench_narrow by row, by block and by cell, and how soon the first row
// comes.
#include <memory>
#include <stdexcept>

#include "odbc_subject/cases.h"
#include "odbc_subject/narrow_row.h"
#include "odbc_subject/session.h"

namespace bench {
namespace {

enum class Execution { direct, prepared };

constexpr std::size_t block_rows = 1000;

// Rows received and the sum over their values.
struct Received {
  long rows = 0;
  std::uint64_t check = 0;
};

Received read_bound_rows(const Statement& statement) {
  NarrowRows<1> row{};
  row.bind(statement);
  Received received;
  for (; statement.fetch(); ++received.rows) received.check += row.check(0);
  return received;
}

Received read_bound_blocks(const Statement& statement) {
  const auto block = std::make_unique<NarrowRows<block_rows>>();
  const auto status = std::make_unique<std::array<SQLUSMALLINT, block_rows>>();
  SQLULEN fetched = 0;
  const auto set = [&](SQLINTEGER attribute, SQLPOINTER value) {
    statement.require(SQLSetStmtAttr(statement.handle(), attribute, value, 0), "SQLSetStmtAttr");
  };
  // NOLINTNEXTLINE(performance-no-int-to-ptr): ODBC passes integer attributes in the pointer
  set(SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(block_rows));
  set(SQL_ATTR_ROW_STATUS_PTR, status->data());
  set(SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
  block->bind(statement);
  Received received;
  while (statement.fetch()) {
    for (std::size_t row = 0; row < fetched; ++row) received.check += block->check(row);
    received.rows += static_cast<long>(fetched);
  }
  // The arrays end with this function, the statement does not.
  SQLFreeStmt(statement.handle(), SQL_UNBIND);
  return received;
}

std::uint64_t get_row(const Statement& statement, NarrowRows<1>& row) {
  const SQLHSTMT handle = statement.handle();
  statement.require(SQLGetData(handle, 1, SQL_C_SLONG, row.i.data(), 0, row.i_length.data()),
                    "SQLGetData");
  statement.require(SQLGetData(handle, 2, SQL_C_DOUBLE, row.d.data(), 0, row.d_length.data()),
                    "SQLGetData");
  statement.require(SQLGetData(handle, 3, SQL_C_CHAR, row.s[0].data(), NarrowRows<1>::text_size,
                               row.s_length.data()),
                    "SQLGetData");
  return row.check(0);
}

Received read_cells(const Statement& statement) {
  NarrowRows<1> row{};
  Received received;
  for (; statement.fetch(); ++received.rows) received.check += get_row(statement, row);
  return received;
}

void execute(const Statement& statement, Execution execution) {
  if (execution == Execution::direct) {
    statement.execute_direct(narrow_query);
  } else {
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
  }
}

// The prepare itself is outside the measured part, the binding inside.
template <typename Read>
Sample fetch_all(const Settings& settings, Execution execution, Read read) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  if (execution == Execution::prepared) statement.prepare(narrow_query);
  Meter meter;
  Received total;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    execute(statement, execution);
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

template <typename After>
Sample first_row(const Settings& settings, Execution execution, After after) {
  const Environment environment;
  const Connection spare(environment, settings.connection);
  Meter meter;
  std::uint64_t check = 0;
  for (long op = 0; op < settings.ops; ++op) {
    const Connection connection(environment, settings.connection);
    const Statement statement(connection);
    if (execution == Execution::prepared) statement.prepare(narrow_query);
    NarrowRows<1> row{};
    meter.resume();
    execute(statement, execution);
    statement.fetch();
    check += get_row(statement, row);
    after(statement);
    meter.pause();
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

void stay_open(const Statement&) {}
void close(const Statement& statement) { statement.close_cursor(); }

}  // namespace

Sample fetch_bind_row(const Settings& settings) {
  return fetch_all(settings, Execution::direct, read_bound_rows);
}
Sample fetch_prepared_bind_row(const Settings& settings) {
  return fetch_all(settings, Execution::prepared, read_bound_rows);
}
Sample fetch_bind_array(const Settings& settings) {
  return fetch_all(settings, Execution::direct, read_bound_blocks);
}
Sample fetch_prepared_bind_array(const Settings& settings) {
  return fetch_all(settings, Execution::prepared, read_bound_blocks);
}
Sample fetch_getdata(const Settings& settings) {
  return fetch_all(settings, Execution::direct, read_cells);
}
Sample fetch_prepared_getdata(const Settings& settings) {
  return fetch_all(settings, Execution::prepared, read_cells);
}
Sample first_row_direct(const Settings& settings) {
  return first_row(settings, Execution::direct, stay_open);
}
Sample first_row_prepared(const Settings& settings) {
  return first_row(settings, Execution::prepared, stay_open);
}
Sample first_row_close_direct(const Settings& settings) {
  return first_row(settings, Execution::direct, close);
}

}  // namespace bench
