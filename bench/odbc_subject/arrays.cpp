// SPDX-License-Identifier: Apache-2.0
// INSERT and UPDATE with 1,000 rows of parameters per SQLExecute, and a status for each.
#include <array>
#include <memory>
#include <stdexcept>

#include "odbc_subject/cases.h"
#include "odbc_subject/session.h"
#include "odbc_subject/written_rows.h"

namespace bench {
namespace {

// The paramset of a statement and what the driver reports about it.
struct ParameterSets {
  Parameters<array_rows> parameters;
  std::array<SQLUSMALLINT, array_rows> status;
  SQLULEN processed = 0;

  void attach(const Statement& statement) {
    statement.set(SQL_ATTR_PARAM_BIND_TYPE, SQL_PARAM_BIND_BY_COLUMN);
    statement.set(SQL_ATTR_PARAMSET_SIZE, array_rows);
    statement.point(SQL_ATTR_PARAM_STATUS_PTR, status.data());
    statement.point(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
  }

  void execute(const Statement& statement, long first) {
    for (std::size_t row = 0; row < array_rows; ++row) {
      parameters.set(row, first + static_cast<long>(row));
    }
    status.fill(SQL_PARAM_UNUSED);
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
    if (processed != array_rows) throw std::runtime_error("not every row was processed");
    for (const SQLUSMALLINT outcome : status) {
      if (outcome != SQL_PARAM_SUCCESS) throw std::runtime_error("a row has no success status");
    }
  }
};

template <bool is_update, bool autocommit>
Sample write_arrays(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  connection.autocommit(autocommit);
  const Statement statement(connection);
  const auto sets = std::make_unique<ParameterSets>();
  statement.prepare(is_update ? update_query : insert_query);
  if (is_update) {
    sets->parameters.bind(statement, 3, 1, 2);
  } else {
    sets->parameters.bind(statement);
  }
  sets->attach(statement);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    sets->execute(statement, op * static_cast<long>(array_rows));
    if (!autocommit) connection.commit();
  }
  return meter.finish(static_cast<double>(settings.ops) * array_rows, 0);
}

constexpr std::array cases{
    Case{"insert_array", "paramset1000", write_arrays<false, true>},
    Case{"insert_array", "paramset1000_transaction", write_arrays<false, false>},
    Case{"update_array", "paramset1000", write_arrays<true, true>},
    Case{"update_array", "paramset1000_transaction", write_arrays<true, false>},
};

}  // namespace

std::span<const Case> array_cases() { return cases; }

}  // namespace bench
