// SPDX-License-Identifier: Apache-2.0
// Arguments of catalog functions (ODBC reference, "Arguments in Catalog Functions").
#include "core/ascii.h"
#include "odbc/catalog/catalog.h"

namespace odbc::catalog {
namespace {

/// An identifier in quotes or, unquoted, in the case that the server folds it to.
std::string identifier(std::string name, const core::CatalogQueries& queries) {
  while (!name.empty() && name.back() == ' ') name.pop_back();
  const char quote = name.empty() ? '\0' : name.front();
  const bool quotes = quote == '"' || quote == queries.identifier_quote;
  if (name.size() < 2 || !quotes || name.back() != quote) {
    return queries.folds_identifiers ? core::lower(name) : name;
  }
  std::string bare;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    bare += name[i];
    if (name[i] == quote && name[i + 1] == quote && i + 2 < name.size()) ++i;
  }
  return bare;
}

core::CatalogArgument present(const std::string& argument, ArgumentKind kind, bool metadata_id,
                              const core::CatalogQueries& queries) {
  using Is = core::CatalogArgument::Is;
  if (metadata_id) return {Is::equal, identifier(argument, queries)};
  if (argument.empty()) return {};
  if (kind == ArgumentKind::ordinary) return {Is::equal, argument};
  return core::CatalogArgument::from_pattern(argument);
}

}  // namespace

const core::CatalogQueries& queries(const Statement& statement) {
  const core::Dialect& dialect = statement.connection().session().dialect();
  if (dialect.catalog == nullptr)
    throw core::Error(core::sqlstate::not_implemented, "Catalog",
                      "Catalog functions are not available for this server yet");
  return *dialect.catalog;
}

core::CatalogArgument limit(const Statement& statement, const Argument& argument,
                            ArgumentKind kind) {
  if (argument) return present(*argument, kind, statement.metadata_id(), queries(statement));
  if (statement.metadata_id())
    throw core::Error(core::sqlstate::null_pointer, "Catalog",
                      "With SQL_ATTR_METADATA_ID no argument may be a null pointer",
                      core::Reached::not_sent);
  return {};
}

core::CatalogArgument catalog_limit(const Statement& statement, const Argument& argument,
                                    ArgumentKind kind) {
  const core::CatalogQueries& known = queries(statement);
  if (argument && !argument->empty())
    return present(*argument, kind, statement.metadata_id(), known);
  if (!known.catalogs_are_databases) return {};
  std::string current = statement.connection().session_catalog();
  if (current.empty()) return {};
  return {core::CatalogArgument::Is::equal, std::move(current)};
}

core::TextRows ask(Statement& statement, std::string_view sql,
                   std::span<const core::CatalogArgument> arguments) {
  if (sql.empty()) return {};
  const core::CatalogStatement ready = core::catalog_statement(queries(statement), sql, arguments);
  return statement.ask(ready.sql, ready.parameters);
}

}  // namespace odbc::catalog
