// SPDX-License-Identifier: Apache-2.0
// SQLTables and SQLColumns over the schema or database bench_catalog, read through bound columns.
#include <array>

#include "odbc_subject/cases.h"
#include "odbc_subject/engine.h"
#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {
namespace {

SQLCHAR container[] = "bench_catalog";
SQLCHAR any[] = "%";
SQLCHAR one_table[] = "table_1";
SQLCHAR table_type[] = "TABLE";

struct Name {
  std::array<char, text_size> text;
  SQLLEN length = 0;

  void bind(const Statement& statement, SQLUSMALLINT column) {
    statement.bind(column, SQL_C_CHAR, text.data(), text.size(), &length);
  }
  std::uint64_t check(std::size_t column) const {
    return text_check(column, text.data(), static_cast<std::size_t>(length));
  }
};

// What the catalog functions are asked for: the first two arguments of each.
struct Place {
  SQLCHAR *catalog, *schema;
  explicit Place(const Engine& engine)
      : catalog(engine.schema_is_catalog ? container : nullptr),
        schema(engine.schema_is_catalog ? nullptr : container) {}
};

std::uint64_t read_tables(const Statement& statement, const Engine& engine) {
  Name owner, table, remarks;
  owner.bind(statement, engine.schema_is_catalog ? 1 : 2);
  table.bind(statement, 3);
  remarks.bind(statement, 5);
  std::uint64_t check = 0;
  while (statement.fetch()) check += owner.check(2) + table.check(3);
  return check;
}

std::uint64_t read_columns(const Statement& statement) {
  Name table, column, type;
  SQLSMALLINT nullable = 0;
  SQLINTEGER position = 0;
  SQLLEN length = 0, position_length = 0;
  table.bind(statement, 3);
  column.bind(statement, 4);
  type.bind(statement, 6);
  statement.bind(11, SQL_C_SSHORT, &nullable, 0, &length);
  statement.bind(17, SQL_C_SLONG, &position, 0, &position_length);
  std::uint64_t check = 0;
  // The position is read, not compared: psqlODBC 13 counts on over the tables of one call.
  while (statement.fetch()) {
    check += table.check(3) + column.check(4) + static_cast<std::uint64_t>(nullable);
  }
  return check;
}

template <typename Call>
Sample repeat(const Settings& settings, Call call) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  const auto once = [&] {
    const std::uint64_t check = call(statement);
    SQLFreeStmt(statement.handle(), SQL_UNBIND);
    statement.close_cursor();
    return check;
  };
  once();
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += once();
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample tables(const Settings& settings) {
  const Engine& engine = engine_of(settings);
  const Place place(engine);
  return repeat(settings, [&](const Statement& statement) {
    statement.require(SQLTables(statement.handle(), place.catalog, SQL_NTS, place.schema, SQL_NTS,
                                any, SQL_NTS, table_type, SQL_NTS),
                      "SQLTables");
    return read_tables(statement, engine);
  });
}

template <SQLCHAR* table>
Sample columns(const Settings& settings) {
  const Place place(engine_of(settings));
  return repeat(settings, [&](const Statement& statement) {
    statement.require(SQLColumns(statement.handle(), place.catalog, SQL_NTS, place.schema, SQL_NTS,
                                 table, SQL_NTS, any, SQL_NTS),
                      "SQLColumns");
    return read_columns(statement);
  });
}

constexpr std::array cases{
    Case{"catalog_tables", "SQLTables", tables},
    Case{"catalog_columns", "SQLColumns", columns<any>},
    Case{"catalog_columns_one", "SQLColumns", columns<one_table>},
};

}  // namespace

std::span<const Case> catalog_cases() { return cases; }

}  // namespace bench
