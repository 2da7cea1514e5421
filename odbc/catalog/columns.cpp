// SPDX-License-Identifier: Apache-2.0
// SQLColumns: the server tells type and modifier, the driver's type tables say the rest, so that a
// column here and the same column in SQLDescribeCol agree.
#include <array>
#include <charconv>

#include "odbc/catalog/catalog.h"
#include "odbc/catalog/local_result.h"
#include "odbc/driver.h"
#include "odbc/tables/type_table.h"

namespace odbc::catalog {
namespace {

/// Sizes in catalogs are never zero or negative: applications allocate by them.
constexpr std::int64_t unlimited = 2147483647;

using Cell = std::optional<std::string>;
using FoundRow = std::vector<Cell>;
enum Found {
  catalog,
  schema,
  table,
  column,
  server_type,
  modifier,
  type_name,
  not_null,
  remarks,
  preset,
  ordinal,
  generated,
  preset_is_expression
};

template <class T>
T number(const Cell& cell) {
  T value{};
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

Cell decimal(std::int64_t value) { return std::to_string(value); }

core::Column describe(const FoundRow& found, const core::Session& session) {
  core::Column described;
  const core::ClientDescriptor* client = services().client_for(session.engine());
  if (client == nullptr) return described;
  if (client->describe_declared != nullptr)
    client->describe_declared(described, found[server_type].value_or(""), session.options());
  else if (client->describe != nullptr)
    client->describe(described, number<std::uint32_t>(found[server_type]),
                     number<int>(found[modifier]), session.options());
  return described;
}

bool is_text(core::SqlType type) {
  return type == core::SqlType::char_ || type == core::SqlType::varchar ||
         type == core::SqlType::longvarchar || type == core::SqlType::unknown;
}

bool is_binary(core::SqlType type) {
  return type == core::SqlType::binary || type == core::SqlType::varbinary ||
         type == core::SqlType::longvarbinary;
}

bool has_digits(core::SqlType type) {
  return type >= core::SqlType::tinyint && type <= core::SqlType::decimal;
}

bool has_fraction(core::SqlType type) {
  return type == core::SqlType::time || type == core::SqlType::timestamp;
}

LocalRow shaped(FoundRow& found, const core::Column& described, const std::string& current,
                core::DefaultForm form, bool odbc2) {
  const tables::TypeRow& type = tables::type_row(described.type);
  const SQLSMALLINT concise = tables::concise_type_of(described);
  const SQLSMALLINT code = tables::datetime_code(concise);
  const auto reported = static_cast<std::int64_t>(tables::column_size(described));
  const std::int64_t size = reported > 0 ? reported : unlimited;
  const std::int64_t octets = tables::octet_length(described);
  const bool sized = is_text(described.type) || is_binary(described.type);
  const bool exact = has_digits(described.type) && type.radix == 10;
  const bool nullable = found[not_null] != "1";
  return {
      found[catalog] ? std::move(found[catalog]) : current,
      std::move(found[schema]),
      std::move(found[table]),
      std::move(found[column]),
      decimal(odbc2 ? tables::as_odbc2(concise) : concise),
      std::move(found[type_name]),
      decimal(size),
      decimal(octets > 0 ? std::min(octets, unlimited) : unlimited),
      exact || has_fraction(described.type) ? decimal(tables::decimal_digits(described)) : Cell(),
      type.radix != 0 ? decimal(type.radix) : Cell(),
      decimal(nullable ? SQL_NULLABLE : SQL_NO_NULLS),
      std::move(found[remarks]),
      default_value(form, std::move(found[preset]), found[preset_is_expression] == "1", described),
      decimal(type.verbose),
      code != 0 ? decimal(code) : Cell(),
      sized ? decimal(octets > 0 ? std::min(octets, unlimited) : unlimited) : Cell(),
      std::move(found[ordinal]),
      nullable ? "YES" : "NO"};
}

/// System tables count when something was named that they are in.
bool wants_system_tables(const ColumnsRequest& request, const core::CatalogQueries& known) {
  const auto named = [](const Argument& argument) {
    return argument && !argument->empty() && *argument != "%";
  };
  return named(known.catalogs_are_databases ? request.catalog : request.schema) ||
         named(request.table);
}

}  // namespace

void show_columns(Statement& statement, const ColumnsRequest& request) {
  const core::CatalogQueries& known = queries(statement);
  const std::array arguments = {
      catalog_limit(statement, request.catalog, ArgumentKind::ordinary),
      limit(statement, request.schema, ArgumentKind::pattern),
      limit(statement, request.table, ArgumentKind::pattern),
      limit(statement, request.column, ArgumentKind::pattern),
      core::CatalogArgument{core::CatalogArgument::Is::value,
                            wants_system_tables(request, known) ? "1" : "0"}};
  const std::string current = statement.connection().session_catalog();
  const core::Session& session = statement.connection().session();
  std::vector<LocalRow> rows;
  for (auto& found : ask(statement, known.columns, arguments))
    rows.push_back(shaped(found, describe(found, session), current, known.default_form,
                          statement.speaks_odbc2()));
  statement.show(make_local_result(columns_shape, std::move(rows), statement.speaks_odbc2()));
}

}  // namespace odbc::catalog
