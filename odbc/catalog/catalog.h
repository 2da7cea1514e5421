// SPDX-License-Identifier: Apache-2.0
// The catalog functions: arguments as ODBC means them, one statement to the server, rows mapped to
// ODBC's shape in the driver. Comes in: exports/catalog.cpp. Goes next: the dialect for
// the SQL, tables/catalog_shapes.h for the columns, Statement::show.
#pragma once

#include <optional>
#include <string>

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

/// How an argument limits the search, as a LIKE pattern.
enum class ArgumentKind {
  ordinary,  ///< a name, taken literally
  pattern,   ///< % and _ with the escape character
};
/// Absent and empty arguments do not limit: '%'. With SQL_ATTR_METADATA_ID every argument is an
/// identifier: folded to lower case unless quoted, trailing blanks cut, HY009 when absent.
std::string like_pattern(const Argument& argument, ArgumentKind kind, bool metadata_id);

}  // namespace odbc::catalog
