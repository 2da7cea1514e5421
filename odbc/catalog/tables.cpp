// SPDX-License-Identifier: Apache-2.0
// SQLTables.
#include <array>

#include "odbc/catalog/catalog.h"
#include "odbc/catalog/local_result.h"

namespace odbc::catalog {
namespace {

constexpr std::array<const char*, 6> table_types = {
    "FOREIGN TABLE", "LOCAL TEMPORARY", "MATERIALIZED VIEW", "SYSTEM TABLE", "TABLE", "VIEW"};

bool is(const Argument& argument, std::string_view text) { return argument && *argument == text; }
bool is_empty(const Argument& argument) { return is(argument, ""); }

/// Rows that have one column only: the listings of SQLTables.
std::vector<LocalRow> listing(const core::TextRows& names, std::size_t column) {
  std::vector<LocalRow> rows;
  for (const auto& name : names) {
    LocalRow& row = rows.emplace_back(tables_shape.size());
    row[column] = name.front();
  }
  return rows;
}

/// `'TABLE', VIEW` -> `TABLE,VIEW`. Empty for "all but system tables"; SQL_ALL_TABLE_TYPES here
/// means every type.
std::string type_list(const Argument& types) {
  std::string out;
  if (!types || types->empty()) return out;
  if (*types == SQL_ALL_TABLE_TYPES) {
    for (const char* type : table_types) out.append(out.empty() ? "" : ",").append(type);
    return out;
  }
  std::size_t from = 0;
  while (from <= types->size()) {
    const std::size_t comma = std::min(types->find(',', from), types->size());
    std::string_view one = std::string_view(*types).substr(from, comma - from);
    while (!one.empty() && (one.front() == ' ' || one.front() == '\'')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == ' ' || one.back() == '\'')) one.remove_suffix(1);
    if (!one.empty()) out.append(out.empty() ? "" : ",").append(one);
    from = comma + 1;
  }
  return out.empty() ? " " : out;  // only blanks were named: no type matches
}

/// The three listings; false when the call is none of them.
bool show_listing(Statement& statement, const TablesRequest& request) {
  const auto show = [&](const core::TextRows& names, std::size_t column) {
    statement.show(
        make_local_result(tables_shape, listing(names, column), statement.speaks_odbc2()));
    return true;
  };
  const bool no_table = is_empty(request.table);
  if (is(request.catalog, SQL_ALL_CATALOGS) && is_empty(request.schema) && no_table)
    return show(statement.ask(queries(statement).catalogs, {}), 0);
  if (is_empty(request.catalog) && is(request.schema, SQL_ALL_SCHEMAS) && no_table)
    return show(statement.ask(queries(statement).schemas, {}), 1);
  if (is_empty(request.catalog) && is_empty(request.schema) && no_table &&
      is(request.types, SQL_ALL_TABLE_TYPES)) {
    core::TextRows types;
    for (const char* type : table_types) types.push_back({type});
    return show(types, 3);
  }
  return false;
}

}  // namespace

void show_tables(Statement& statement, const TablesRequest& request) {
  if (show_listing(statement, request)) return;
  const bool id = statement.metadata_id();
  const std::array<std::string, 4> parameters = {
      like_pattern(id ? Argument(request.catalog.value_or("")) : request.catalog,
                   ArgumentKind::pattern, false),
      like_pattern(request.schema, ArgumentKind::pattern, id),
      like_pattern(request.table, ArgumentKind::pattern, id), type_list(request.types)};
  const std::string catalog = statement.connection().session_catalog();
  std::vector<LocalRow> rows;
  for (auto& found : statement.ask(queries(statement).tables, parameters))
    rows.push_back({catalog, std::move(found[0]), std::move(found[1]), std::move(found[2]),
                    std::move(found[3])});
  statement.show(make_local_result(tables_shape, std::move(rows), statement.speaks_odbc2()));
}

}  // namespace odbc::catalog
