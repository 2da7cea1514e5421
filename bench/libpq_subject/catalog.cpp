// SPDX-License-Identifier: Apache-2.0
// What SQLTables and SQLColumns have to know, by one query each, with remarks and defaults.
#include <array>
#include <cstring>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"

namespace bench {
namespace {

constexpr const char* tables_query =
    "SELECT current_database(), n.nspname, c.relname, c.relkind, obj_description(c.oid, "
    "'pg_class') "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND n.nspname = 'bench_catalog' ORDER BY 2, 3";
constexpr const char* columns_query =
    "SELECT current_database(), n.nspname, c.relname, a.attname, a.atttypid, t.typname, "
    "a.atttypmod, NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid), "
    "col_description(c.oid, a.attnum), a.attnum "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname = 'bench_catalog' ";
constexpr const char* of_all_tables = "ORDER BY 2, 3, a.attnum";
constexpr const char* of_one_table = "AND c.relname = 'table_1' ORDER BY 2, 3, a.attnum";

std::uint64_t name_check(const PGresult* result, int row, int column, std::size_t weight) {
  std::array<char, text_size> name;
  const auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
  std::memcpy(name.data(), PQgetvalue(result, row, column), length);
  return text_check(weight, name.data(), length);
}

std::uint64_t table_check(const PGresult* result, int row) {
  return name_check(result, row, 1, 2) + name_check(result, row, 2, 3);
}

// The position is fetched, not compared: psqlODBC 13 counts on over the tables of one call.
std::uint64_t column_check(const PGresult* result, int row) {
  const bool nullable = PQgetvalue(result, row, 7)[0] == 't';
  return name_check(result, row, 2, 3) + name_check(result, row, 3, 4) + (nullable ? 1U : 0U);
}

Sample repeat(const Settings& settings, const std::string& query,
              std::uint64_t (*check_row)(const PGresult*, int)) {
  const Link link = open_link(settings.connection);
  const auto once = [&] {
    const Result result(PQexec(link.get(), query.c_str()));
    require(link, result, PGRES_TUPLES_OK);
    std::uint64_t check = 0;
    for (int row = 0; row < PQntuples(result.get()); ++row) check += check_row(result.get(), row);
    return check;
  };
  once();
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += once();
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample tables(const Settings& settings) { return repeat(settings, tables_query, table_check); }
Sample columns(const Settings& settings) {
  return repeat(settings, std::string(columns_query) + of_all_tables, column_check);
}
Sample columns_of_one(const Settings& settings) {
  return repeat(settings, std::string(columns_query) + of_one_table, column_check);
}

constexpr std::array cases{
    Case{"catalog_tables", "query", tables},
    Case{"catalog_columns", "query", columns},
    Case{"catalog_columns_one", "query", columns_of_one},
};

}  // namespace

std::span<const Case> catalog_cases() { return cases; }

}  // namespace bench
