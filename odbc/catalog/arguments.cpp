// SPDX-License-Identifier: Apache-2.0
// Arguments of catalog functions (ODBC reference, "Arguments in Catalog Functions").
#include <algorithm>

#include "odbc/catalog/catalog.h"

namespace odbc::catalog {
namespace {

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// PostgreSQL folds unquoted names to lower case.
std::string identifier(std::string name) {
  while (!name.empty() && name.back() == ' ') name.pop_back();
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') {
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return name;
  }
  std::string bare;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    bare += name[i];
    if (name[i] == '"' && name[i + 1] == '"' && i + 2 < name.size()) ++i;
  }
  return bare;
}

}  // namespace

const core::CatalogQueries& queries(const Statement& statement) {
  const core::Dialect& dialect = statement.connection().session().dialect();
  if (dialect.catalog == nullptr)
    throw core::Error(core::sqlstate::not_implemented, "Catalog",
                      "Catalog functions are not available for this server yet");
  return *dialect.catalog;
}

std::string like_pattern(const Argument& argument, ArgumentKind kind, bool metadata_id) {
  if (metadata_id) {
    if (!argument)
      throw core::Error(core::sqlstate::null_pointer, "Catalog",
                        "With SQL_ATTR_METADATA_ID no argument may be a null pointer",
                        core::Reached::not_sent);
    return escaped(identifier(*argument));
  }
  if (!argument || argument->empty()) return "%";
  return kind == ArgumentKind::ordinary ? escaped(*argument) : *argument;
}

}  // namespace odbc::catalog
