// SPDX-License-Identifier: Apache-2.0
// The catalog functions: arguments as ODBC means them, one statement to the server, rows mapped to
// ODBC's shape in the driver. Comes in: exports/catalog.cpp. Goes next: the dialect for
// the SQL, tables/catalog_shapes.h for the columns, Statement::show.
#pragma once

#include <optional>
#include <string>

#include "core/catalog_query.h"
#include "odbc/handles/statement.h"

namespace odbc::catalog {

/// An argument; absent when the application passed a null pointer.
using Argument = std::optional<std::string>;

struct TablesRequest {
  Argument catalog, schema, table, types;
};
struct ColumnsRequest {
  Argument catalog, schema, table, column;
};

/// SQLTables with its three listings (all catalogs, all schemas, all table types).
void show_tables(Statement& statement, const TablesRequest& request);
void show_columns(Statement& statement, const ColumnsRequest& request);
/// SQLGetTypeInfo; `type` SQL_ALL_TYPES or one type of either version. Throws HY004.
void show_type_info(Statement& statement, SQLSMALLINT type);

/// What the server's dialect says. Throws HYC00 when it has no catalog statements.
const core::CatalogQueries& queries(const Statement& statement);

/// How an argument limits the search.
enum class ArgumentKind {
  ordinary,  ///< a name, taken literally
  pattern,   ///< % and _ with the escape character
};
/// Absent and empty arguments do not limit. With SQL_ATTR_METADATA_ID every argument is an
/// identifier: quotes taken off, unquoted ones folded as the server does, trailing blanks cut,
/// HY009 when absent.
core::CatalogArgument limit(const Statement& statement, const Argument& argument,
                            ArgumentKind kind);
/// The same for the catalog, which may always be absent: where catalogs are databases that means
/// the current one, as long as there is one.
core::CatalogArgument catalog_limit(const Statement& statement, const Argument& argument,
                                    ArgumentKind kind);
/// One of queries(): sent with its arguments, all rows. No rows without a statement.
core::TextRows ask(Statement& statement, std::string_view sql,
                   std::span<const core::CatalogArgument> arguments);

/// COLUMN_DEF from what the catalogs tell: SQL with literals in quotes; absent without a default.
std::optional<std::string> default_value(core::DefaultForm form, std::optional<std::string> told,
                                         bool is_expression, const core::Column& column);

}  // namespace odbc::catalog
