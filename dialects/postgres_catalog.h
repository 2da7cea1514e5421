// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's catalogs as ODBC asks for them: one parameterised statement per catalog function,
// every column as text. Comes in: the dialects of the family; odbc/catalog maps the rows to ODBC's
// shape.
#pragma once

#include "core/dialect.h"

namespace dialects {

/// $1 catalog, $2 schema, $3 table: LIKE patterns; $4 table types separated by commas, empty for
/// all but system tables. Columns: catalog (the current database, not told), schema, table, type,
/// remarks; in ODBC's order.
inline constexpr std::string_view postgres_tables = R"(
SELECT NULL::text, s.schema, s.name, s.type, s.remarks
FROM (
  SELECT n.nspname::text AS schema, c.relname::text AS name,
    CASE
      WHEN n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast') THEN 'SYSTEM TABLE'
      WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY'
      WHEN c.relkind = 'v' THEN 'VIEW'
      WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW'
      WHEN c.relkind = 'f' THEN 'FOREIGN TABLE'
      ELSE 'TABLE'
    END AS type,
    pg_catalog.obj_description(c.oid, 'pg_class') AS remarks
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND pg_catalog.current_database()::text LIKE $1::text
    AND n.nspname::text LIKE $2::text
    AND c.relname::text LIKE $3::text
) s
WHERE CASE WHEN $4::text = '' THEN s.type <> 'SYSTEM TABLE'
      ELSE s.type = ANY (pg_catalog.string_to_array($4::text, ',')) END
ORDER BY s.type COLLATE "C", s.schema COLLATE "C", s.name COLLATE "C")";

/// Columns: name.
inline constexpr std::string_view postgres_catalogs = R"(
SELECT d.datname::text FROM pg_catalog.pg_database d
WHERE d.datallowconn ORDER BY d.datname::text COLLATE "C")";

/// Columns: name.
inline constexpr std::string_view postgres_schemas = R"(
SELECT n.nspname::text FROM pg_catalog.pg_namespace n
WHERE n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast%'
ORDER BY n.nspname::text COLLATE "C")";

/// $1 catalog, $2 schema, $3 table, $4 column: LIKE patterns; $5 is '1' when system tables count.
/// Columns: catalog (not told), schema, table, column, type OID, type modifier, type name, not null
/// ("1"), remarks, default, ordinal position, generated ("1": identity or serial), '1': defaults
/// are expressions. A domain is its base type, an enum a varchar of its longest label.
inline constexpr std::string_view postgres_columns = R"(
SELECT NULL::text, n.nspname::text, c.relname::text, a.attname::text,
  CASE WHEN e.longest IS NULL THEN COALESCE(b.oid, t.oid) ELSE 1043 END::text,
  COALESCE(e.longest + 4, b.modifier, a.atttypmod)::text,
  COALESCE(b.typname, t.typname)::text,
  CASE WHEN a.attnotnull OR t.typnotnull THEN '1' ELSE '0' END,
  pg_catalog.col_description(c.oid, a.attnum),
  pg_catalog.pg_get_expr(d.adbin, d.adrelid),
  pg_catalog.row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)::text,
  CASE WHEN a.attidentity <> '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'
    THEN '1' ELSE '0' END, '1'
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN LATERAL (
  WITH RECURSIVE s(oid, typname, next, modifier) AS (
    SELECT t.oid, t.typname, t.typbasetype, t.typtypmod
    UNION ALL
    SELECT n.oid, n.typname, n.typbasetype, CASE WHEN s.modifier < 0 THEN n.typtypmod ELSE s.modifier END
    FROM s JOIN pg_catalog.pg_type n ON n.oid = s.next)
  SELECT s.oid, s.typname, s.modifier FROM s WHERE s.next = 0) b ON t.typtype = 'd'
LEFT JOIN LATERAL (
  SELECT pg_catalog.max(pg_catalog.char_length(l.enumlabel::text)) AS longest
  FROM pg_catalog.pg_enum l WHERE l.enumtypid = COALESCE(b.oid, t.oid)) e ON t.typtype IN ('d', 'e')
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND pg_catalog.current_database()::text LIKE $1::text
  AND n.nspname::text LIKE $2::text
  AND c.relname::text LIKE $3::text
  AND a.attname::text LIKE $4::text
  AND ($5::text = '1' OR n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))
ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C", a.attnum)";

/// $1 the OID of a type. Columns: name; type OID and modifier to describe it by: of a domain the
/// base type's, of an enum those of a varchar that holds its longest label.
inline constexpr std::string_view postgres_type_facts = R"(
WITH RECURSIVE s(oid, next, modifier) AS (
  SELECT t.oid, t.typbasetype, t.typtypmod FROM pg_catalog.pg_type t WHERE t.oid = $1::text::oid
  UNION ALL
  SELECT n.oid, n.typbasetype, CASE WHEN s.modifier < 0 THEN n.typtypmod ELSE s.modifier END
  FROM s JOIN pg_catalog.pg_type n ON n.oid = s.next)
SELECT (SELECT t.typname::text FROM pg_catalog.pg_type t WHERE t.oid = $1::text::oid),
  CASE WHEN e.longest IS NULL THEN s.oid ELSE 1043 END::text,
  COALESCE(e.longest + 4, s.modifier)::text
FROM s, LATERAL (SELECT pg_catalog.max(pg_catalog.char_length(l.enumlabel::text)) AS longest
  FROM pg_catalog.pg_enum l WHERE l.enumtypid = s.oid) e
WHERE s.next = 0)";

/// $1 a routine's name as SQL writes it. A row when it names procedures only.
inline constexpr std::string_view postgres_is_procedure = R"(
SELECT '1'
FROM (SELECT pg_catalog.parse_ident($1::text) AS parts) i
JOIN pg_catalog.pg_proc p ON p.proname = i.parts[pg_catalog.cardinality(i.parts)]
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE CASE WHEN pg_catalog.cardinality(i.parts) = 1 THEN pg_catalog.pg_function_is_visible(p.oid)
  WHEN i.parts[pg_catalog.cardinality(i.parts) - 1] = 'pg_temp' THEN n.oid = pg_catalog.pg_my_temp_schema()
  ELSE n.nspname = i.parts[pg_catalog.cardinality(i.parts) - 1] END
HAVING pg_catalog.bool_and(p.prokind = 'p'))";

/// $1 a routine's name as SQL writes it. Columns: name. A variadic argument cannot be named.
inline constexpr std::string_view postgres_argument_names = R"(
SELECT CASE WHEN a.mode = 'v' THEN '' ELSE a.name END
FROM pg_catalog.pg_proc p
CROSS JOIN LATERAL ROWS FROM (
  pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes)) WITH ORDINALITY
  AS a(name, mode, position)
WHERE p.oid = pg_catalog.to_regproc($1::text)
  AND (COALESCE(a.mode, 'i') IN ('i', 'b', 'v') OR (a.mode = 'o' AND p.prokind = 'p'))
ORDER BY a.position)";

inline constexpr std::string_view postgres_table_types[] = {
    "FOREIGN TABLE", "LOCAL TEMPORARY", "MATERIALIZED VIEW", "SYSTEM TABLE", "TABLE", "VIEW"};

inline constexpr core::CatalogQueries postgres_catalog{.tables = postgres_tables,
                                                       .catalogs = postgres_catalogs,
                                                       .schemas = postgres_schemas,
                                                       .columns = postgres_columns,
                                                       .table_types = postgres_table_types,
                                                       .type_facts = postgres_type_facts,
                                                       .is_procedure = postgres_is_procedure,
                                                       .argument_names = postgres_argument_names};

}  // namespace dialects
