// SPDX-License-Identifier: Apache-2.0
// Catalog functions: arguments in, a result set out.
#include "odbc/catalog/catalog.h"
#include "odbc/entry.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

template <class Char>
catalog::Argument argument(const Char* text, SQLSMALLINT length) {
  if (text == nullptr) return std::nullopt;
  return text::from_app(text, length);
}

template <class Char>
SQLRETURN tables(SQLHSTMT name, Char* catalog, SQLSMALLINT catalog_length, Char* schema,
                 SQLSMALLINT schema_length, Char* table, SQLSMALLINT table_length, Char* types,
                 SQLSMALLINT types_length) {
  return entry<Statement>("SQLTables", name, [&](Statement& statement) {
    statement.allows(StatementCall::execute_directly);
    catalog::show_tables(statement,
                         {argument(catalog, catalog_length), argument(schema, schema_length),
                          argument(table, table_length), argument(types, types_length)});
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN columns(SQLHSTMT name, Char* catalog, SQLSMALLINT catalog_length, Char* schema,
                  SQLSMALLINT schema_length, Char* table, SQLSMALLINT table_length, Char* column,
                  SQLSMALLINT column_length) {
  return entry<Statement>("SQLColumns", name, [&](Statement& statement) {
    statement.allows(StatementCall::execute_directly);
    catalog::show_columns(statement,
                          {argument(catalog, catalog_length), argument(schema, schema_length),
                           argument(table, table_length), argument(column, column_length)});
    return SQL_SUCCESS;
  });
}

SQLRETURN type_info(SQLHSTMT name, SQLSMALLINT type) {
  return entry<Statement>("SQLGetTypeInfo", name, [&](Statement& statement) {
    statement.allows(StatementCall::execute_directly);
    catalog::show_type_info(statement, type);
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLTables(SQLHSTMT name, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                            SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                            SQLSMALLINT table_length, SQLCHAR* types, SQLSMALLINT types_length) {
  return tables(name, catalog, catalog_length, schema, schema_length, table, table_length, types,
                types_length);
}

SQLRETURN SQL_API SQLTablesW(SQLHSTMT name, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                             SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                             SQLSMALLINT table_length, SQLWCHAR* types, SQLSMALLINT types_length) {
  return tables(name, catalog, catalog_length, schema, schema_length, table, table_length, types,
                types_length);
}

SQLRETURN SQL_API SQLColumns(SQLHSTMT name, SQLCHAR* catalog, SQLSMALLINT catalog_length,
                             SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table,
                             SQLSMALLINT table_length, SQLCHAR* column, SQLSMALLINT column_length) {
  return columns(name, catalog, catalog_length, schema, schema_length, table, table_length, column,
                 column_length);
}

SQLRETURN SQL_API SQLColumnsW(SQLHSTMT name, SQLWCHAR* catalog, SQLSMALLINT catalog_length,
                              SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table,
                              SQLSMALLINT table_length, SQLWCHAR* column,
                              SQLSMALLINT column_length) {
  return columns(name, catalog, catalog_length, schema, schema_length, table, table_length, column,
                 column_length);
}

SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT name, SQLSMALLINT type) { return type_info(name, type); }

SQLRETURN SQL_API SQLGetTypeInfoW(SQLHSTMT name, SQLSMALLINT type) { return type_info(name, type); }

}  // extern "C"
