// SPDX-License-Identifier: Apache-2.0
// SQLGetTypeInfo: rows of the table, completed by the type table.
#include "odbc/catalog/catalog.h"
#include "odbc/catalog/local_result.h"
#include "odbc/tables/type_info_table.h"
#include "odbc/tables/type_table.h"

namespace odbc::catalog {
namespace {

using Cell = std::optional<std::string>;

Cell decimal(std::int64_t value) { return std::to_string(value); }
Cell words(std::string_view text) { return text.empty() ? Cell() : Cell(std::string(text)); }

LocalRow shaped(const TypeInfoRow& row, bool odbc2) {
  const tables::TypeRow& type = tables::type_row(*tables::logical_type(row.type));
  const SQLSMALLINT code = tables::datetime_code(row.type);
  return {
      std::string(row.name),
      decimal(odbc2 ? tables::as_odbc2(row.type) : row.type),
      decimal(row.size),
      words(type.literal_prefix),
      words(type.literal_suffix),
      words(row.create_params),
      decimal(SQL_NULLABLE),
      decimal(row.case_sensitive ? SQL_TRUE : SQL_FALSE),
      decimal(type.searchable),
      type.radix != 0 ? decimal(type.is_signed && !row.is_unsigned ? SQL_FALSE : SQL_TRUE) : Cell(),
      decimal(type.fixed_precision_scale ? SQL_TRUE : SQL_FALSE),
      type.radix != 0 ? decimal(row.auto_unique ? SQL_TRUE : SQL_FALSE) : Cell(),
      std::string(row.name),
      row.minimum_scale >= 0 ? decimal(row.minimum_scale) : Cell(),
      row.maximum_scale >= 0 ? decimal(row.maximum_scale) : Cell(),
      decimal(tables::verbose_type(row.type)),
      code != 0 ? decimal(code) : Cell(),
      type.radix != 0 ? decimal(type.radix) : Cell(),
      Cell()};
}

}  // namespace

void show_type_info(Statement& statement, SQLSMALLINT type) {
  const SQLSMALLINT wanted = tables::as_odbc3(type);
  if (type != SQL_ALL_TYPES && !tables::logical_type(wanted))
    throw core::Error(core::sqlstate::invalid_sql_type, "Catalog", "The type is none of ODBC's",
                      core::Reached::not_sent);
  std::vector<LocalRow> rows;
  const InfoFacts server = statement.connection().info_facts();
  for (const TypeInfoRow& row : type_info(server.engine))
    if (is_known(row, server) && (type == SQL_ALL_TYPES || row.type == wanted))
      rows.push_back(shaped(row, statement.speaks_odbc2()));
  statement.show(make_local_result(type_info_shape, std::move(rows), statement.speaks_odbc2()));
}

}  // namespace odbc::catalog
