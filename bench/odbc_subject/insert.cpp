// SPDX-License-Identifier: Apache-2.0
// One prepared INSERT per row. The harness empties bench_insert before and compares its contents
// afterwards.
#include <array>
#include <stdexcept>

#include "odbc_subject/cases.h"
#include "odbc_subject/session.h"
#include "odbc_subject/written_rows.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;

// An error must not cost the transaction; a driver without that would be measured for nothing.
void require_statement_rollback(const Connection& connection) {
  const Statement statement(connection);
  SQLExecDirect(statement.handle(), text_of("SELECT 1 FROM no_such_table"), SQL_NTS);
  try {
    statement.execute_direct("SELECT 1");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string("no statement-level rollback: ") + error.what());
  }
  statement.close_cursor();
}

Sample insert_rows(const Settings& settings, bool autocommit, bool keeps_transaction) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  connection.autocommit(autocommit);
  const Statement statement(connection);
  Parameters<1> row;
  statement.prepare(insert_query);
  row.bind(statement);
  const auto insert = [&](long number) {
    row.set(0, number);
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
  };
  for (long op = 0; op < warm_up_ops; ++op) insert(-op);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) insert(op);
  if (!autocommit) connection.commit();
  meter.pause();
  if (keeps_transaction) require_statement_rollback(connection);
  if (!autocommit) connection.commit();
  return meter.finish(static_cast<double>(settings.ops), 0);
}

Sample autocommit_on(const Settings& settings) { return insert_rows(settings, true, false); }
Sample transaction(const Settings& settings) { return insert_rows(settings, false, false); }
Sample statement_rollback(const Settings& settings) { return insert_rows(settings, false, true); }

constexpr std::array cases{
    Case{"insert_loop", "autocommit", autocommit_on},
    Case{"insert_loop", "transaction", transaction},
    Case{"insert_loop", "statement_rollback", statement_rollback},
};

}  // namespace

std::span<const Case> insert_cases() { return cases; }

}  // namespace bench
