// SPDX-License-Identifier: Apache-2.0
// The catalogs of MySQL, MariaDB and Aurora MySQL as ODBC asks for them: one statement per catalog
// function, $n conditions on information_schema's own columns. Where a name is given exactly the
// server opens that one table; a pattern costs all of its database. Catalogs are databases. Comes
// in: the dialects of the family; odbc/catalog maps the rows to ODBC's shape.
#pragma once

#include "core/dialect.h"

namespace dialects {

/// $4: table types separated by commas, empty for all but the system's.
inline constexpr std::string_view mysql_tables = R"(
SELECT s.cat, NULL, s.name, s.type, s.remarks
FROM (
  SELECT TABLE_SCHEMA AS cat, TABLE_NAME AS name,
    CASE
      WHEN TABLE_TYPE = 'SYSTEM VIEW' THEN 'SYSTEM VIEW'
      WHEN TABLE_TYPE IN ('TEMPORARY', 'LOCAL TEMPORARY') THEN 'LOCAL TEMPORARY'
      WHEN TABLE_TYPE = 'SEQUENCE' THEN 'SEQUENCE'
      WHEN TABLE_TYPE = 'VIEW' AND TABLE_SCHEMA = 'sys' THEN 'SYSTEM VIEW'
      WHEN TABLE_TYPE = 'VIEW' THEN 'VIEW'
      WHEN TABLE_SCHEMA IN ('mysql', 'performance_schema', 'sys', 'information_schema')
        THEN 'SYSTEM TABLE'
      ELSE 'TABLE'
    END AS type,
    CASE WHEN TABLE_TYPE = 'VIEW' AND TABLE_COMMENT = 'VIEW' THEN NULL
      ELSE NULLIF(TABLE_COMMENT, '') END AS remarks
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA $1 AND '' $2 AND TABLE_NAME $3
) s
WHERE CASE WHEN $4 = '' THEN s.type NOT LIKE 'SYSTEM%' ELSE FIND_IN_SET(s.type, $4) > 0 END
ORDER BY s.type, s.cat, s.name)";

inline constexpr std::string_view mysql_catalogs =
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME";

/// $5 is '1' when system tables count. The type is its declaration; there is no modifier.
inline constexpr std::string_view mysql_columns = R"(
SELECT TABLE_SCHEMA, NULL, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, NULL,
  CASE WHEN COLUMN_TYPE LIKE '%unsigned%' AND DATA_TYPE NOT IN ('enum', 'set')
    THEN CONCAT(DATA_TYPE, ' unsigned') ELSE DATA_TYPE END,
  CASE IS_NULLABLE WHEN 'NO' THEN '1' ELSE '0' END,
  NULLIF(COLUMN_COMMENT, ''), COLUMN_DEFAULT, ORDINAL_POSITION,
  CASE WHEN EXTRA LIKE '%auto_increment%' THEN '1' ELSE '0' END,
  CASE WHEN EXTRA LIKE '%DEFAULT_GENERATED%' THEN '1' ELSE '0' END
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA $1 AND '' $2 AND TABLE_NAME $3 AND COLUMN_NAME $4
  AND ($5 = '1' OR TABLE_SCHEMA NOT IN ('mysql', 'performance_schema', 'sys', 'information_schema'))
ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION)";

inline constexpr std::string_view mysql_table_types[] = {
    "LOCAL TEMPORARY", "SEQUENCE", "SYSTEM TABLE", "SYSTEM VIEW", "TABLE", "VIEW"};

inline constexpr core::CatalogQueries mysql_catalog{.tables = mysql_tables,
                                                    .catalogs = mysql_catalogs,
                                                    .schemas = {},
                                                    .columns = mysql_columns,
                                                    .table_types = mysql_table_types,
                                                    .inline_arguments = true,
                                                    .catalogs_are_databases = true,
                                                    .identifier_quote = '`',
                                                    .folds_identifiers = false,
                                                    .default_form = core::DefaultForm::bare_text};

/// COLUMN_DEFAULT is SQL since MariaDB 10.2.7.
inline constexpr core::CatalogQueries mariadb_catalog = [] {
  core::CatalogQueries queries = mysql_catalog;
  queries.default_form = core::DefaultForm::expression_null;
  return queries;
}();

}  // namespace dialects
