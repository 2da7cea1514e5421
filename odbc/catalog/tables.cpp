// SPDX-License-Identifier: Apache-2.0
// SQLTables.
#include <array>

#include "odbc/catalog/catalog.h"
#include "odbc/catalog/local_result.h"

namespace odbc::catalog {
namespace {

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

std::string every_type(std::span<const std::string_view> known) {
  std::string out;
  for (const std::string_view type : known) out.append(out.empty() ? "" : ",").append(type);
  return out;
}

/// `'TABLE', VIEW` -> `TABLE,VIEW`. Empty for "all but system tables"; SQL_ALL_TABLE_TYPES here
/// means every type.
std::string type_list(const Argument& types, std::span<const std::string_view> known) {
  if (!types || types->empty()) return {};
  if (*types == SQL_ALL_TABLE_TYPES) return every_type(known);
  std::string out;
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
    return show(ask(statement, queries(statement).catalogs, {}), 0);
  if (is_empty(request.catalog) && is(request.schema, SQL_ALL_SCHEMAS) && no_table)
    return show(ask(statement, queries(statement).schemas, {}), 1);
  if (is_empty(request.catalog) && is_empty(request.schema) && no_table &&
      is(request.types, SQL_ALL_TABLE_TYPES)) {
    core::TextRows types;
    for (const std::string_view type : queries(statement).table_types)
      types.push_back({std::string(type)});
    return show(types, 3);
  }
  return false;
}

/// Who names a database of the system wants to see what is in it.
bool names_database(const Statement& statement, const Argument& catalog) {
  return queries(statement).catalogs_are_databases && catalog && !catalog->empty() &&
         *catalog != SQL_ALL_CATALOGS;
}

}  // namespace

void show_tables(Statement& statement, const TablesRequest& request) {
  if (show_listing(statement, request)) return;
  const core::CatalogQueries& known = queries(statement);
  std::string types = type_list(request.types, known.table_types);
  if (types.empty() && names_database(statement, request.catalog))
    types = every_type(known.table_types);
  const std::array arguments = {
      catalog_limit(statement, request.catalog, ArgumentKind::pattern),
      limit(statement, request.schema, ArgumentKind::pattern),
      limit(statement, request.table, ArgumentKind::pattern),
      core::CatalogArgument{core::CatalogArgument::Is::value, std::move(types)}};
  const std::string current = statement.connection().session_catalog();
  std::vector<LocalRow> rows;
  for (auto& found : ask(statement, known.tables, arguments)) {
    if (!found.front()) found.front() = current;
    rows.push_back(std::move(found));
  }
  statement.show(make_local_result(tables_shape, std::move(rows), statement.speaks_odbc2()));
}

}  // namespace odbc::catalog
