// SPDX-License-Identifier: Apache-2.0
// Small statements: what one round trip costs through the driver, by text and prepared.
#include "odbc_subject/cases.h"
#include "odbc_subject/narrow_row.h"
#include "odbc_subject/session.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;
constexpr const char* point_query = "SELECT i, d, s FROM bench_narrow WHERE i = ?";

std::uint64_t select1(const Statement& statement) {
  statement.execute_direct("SELECT 1");
  statement.fetch();
  SQLINTEGER value = 0;
  statement.require(SQLGetData(statement.handle(), 1, SQL_C_SLONG, &value, 0, nullptr),
                    "SQLGetData");
  statement.close_cursor();
  return static_cast<std::uint64_t>(value);
}

// Runs work(op) some times unmeasured, then `ops` times measured.
template <typename Work>
Sample repeat(const Settings& settings, Work work) {
  for (long op = 0; op < warm_up_ops; ++op) work(op);
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += work(op);
  return meter.finish(static_cast<double>(settings.ops), check);
}

// The point query with its parameter and row bound.
struct PointQuery {
  SQLINTEGER key = 0;
  NarrowRows<1> row{};

  void prepare(const Statement& statement) {
    statement.prepare(point_query);
    statement.require(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_SLONG,
                                       SQL_INTEGER, 0, 0, &key, 0, nullptr),
                      "SQLBindParameter");
    row.bind(statement);
  }

  std::uint64_t execute(const Statement& statement, long op) {
    key = static_cast<SQLINTEGER>(op % 1000);
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
    return statement.fetch() ? row.check(0) : 0;
  }
};

Sample exec1_same_stmt(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  return repeat(settings, [&](long) { return select1(statement); });
}

Sample exec1_new_stmt(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  return repeat(settings, [&](long) { return select1(Statement(connection)); });
}

Sample prep1_bindcol(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  PointQuery query;
  query.prepare(statement);
  return repeat(settings, [&](long op) {
    const std::uint64_t check = query.execute(statement, op);
    statement.close_cursor();
    return check;
  });
}

Sample prep_each_new_stmt(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  PointQuery query;
  return repeat(settings, [&](long op) {
    const Statement statement(connection);
    query.prepare(statement);
    return query.execute(statement, op);
  });
}

constexpr std::array cases{
    Case{"exec1", "same_stmt", exec1_same_stmt},
    Case{"exec1", "new_stmt", exec1_new_stmt},
    Case{"prep1", "bindcol", prep1_bindcol},
    Case{"prep_each", "new_stmt", prep_each_new_stmt},
};

}  // namespace

std::span<const Case> execute_cases() { return cases; }

}  // namespace bench
