// SPDX-License-Identifier: Apache-2.0
// Calls that a driver answers without its server: what a call costs at all.
#include <array>

#include "odbc_subject/cases.h"
#include "odbc_subject/session.h"

namespace bench {
namespace {

template <typename Call>
Sample repeat(const Settings& settings, Call call) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) call(connection, statement);
  return meter.finish(static_cast<double>(settings.ops), 0);
}

Sample get_stmt_attr(const Settings& settings) {
  return repeat(settings, [](const Connection&, const Statement& statement) {
    SQLULEN value = 0;
    statement.require(
        SQLGetStmtAttr(statement.handle(), SQL_ATTR_ROW_BIND_TYPE, &value, 0, nullptr),
        "SQLGetStmtAttr");
  });
}

Sample set_stmt_attr(const Settings& settings) {
  return repeat(settings, [](const Connection&, const Statement& statement) {
    statement.set(SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN);
  });
}

Sample bind_col(const Settings& settings) {
  SQLINTEGER value = 0;
  SQLLEN length = 0;
  return repeat(settings, [&](const Connection&, const Statement& statement) {
    statement.bind(1, SQL_C_SLONG, &value, 0, &length);
  });
}

Sample alloc_free_stmt(const Settings& settings) {
  return repeat(settings, [](const Connection& connection, const Statement&) {
    const Statement another(connection);
  });
}

constexpr std::array cases{
    Case{"noop", "get_stmt_attr", get_stmt_attr},
    Case{"noop", "set_stmt_attr", set_stmt_attr},
    Case{"noop", "bind_col", bind_col},
    Case{"noop", "alloc_free_stmt", alloc_free_stmt},
};

}  // namespace

std::span<const Case> local_cases() { return cases; }

}  // namespace bench
