// SPDX-License-Identifier: Apache-2.0
// Rendering of catalog statements.
#include "core/catalog_query.h"

namespace core {
namespace {

constexpr char escape = '\\';
/// Stands for the escape character in inlined patterns: a backslash in a literal means what
/// sql_mode says.
constexpr char inlined_escape = '|';

/// A literal that reads the same under every sql_mode. A backslash does not (NO_BACKSLASH_ESCAPES):
/// texts with one go as digits.
std::string literal(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  if (text.find(escape) != std::string_view::npos) {
    out = "_utf8mb4 x'";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
    return out += '\'';
  }
  out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out += '\'';
}

/// The pattern with another escape character.
std::string with_inlined_escape(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escapes = pattern[i] == escape && i + 1 < pattern.size();
    if (escapes) ++i;
    if (escapes || pattern[i] == inlined_escape) out += inlined_escape;
    out += pattern[i];
  }
  return out;
}

std::string condition(const CatalogArgument& argument) {
  switch (argument.is) {
    case CatalogArgument::Is::any: return "LIKE '%'";
    case CatalogArgument::Is::equal: return "= " + literal(argument.text);
    case CatalogArgument::Is::like:
      return "LIKE " + literal(with_inlined_escape(argument.text)) + " ESCAPE '|'";
    default: return literal(argument.text);
  }
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '%' || c == '_' || c == escape) out += escape;
    out += c;
  }
  return out;
}

std::string parameter(const CatalogArgument& argument) {
  switch (argument.is) {
    case CatalogArgument::Is::any: return "%";
    case CatalogArgument::Is::equal: return escaped(argument.text);
    default: return argument.text;
  }
}

bool names_argument(std::string_view sql, std::size_t at, std::size_t count) {
  return sql[at] == '$' && at + 1 < sql.size() && sql[at + 1] > '0' &&
         static_cast<std::size_t>(sql[at + 1] - '0') <= count;
}

}  // namespace

CatalogArgument CatalogArgument::from_pattern(std::string_view pattern) {
  if (pattern.empty() || pattern == "%") return {};
  std::string name;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' || pattern[i] == '_') return {Is::like, std::string(pattern)};
    if (pattern[i] == escape && i + 1 < pattern.size()) ++i;
    name += pattern[i];
  }
  return {Is::equal, std::move(name)};
}

CatalogStatement catalog_statement(const CatalogQueries& queries, std::string_view sql,
                                   std::span<const CatalogArgument> arguments) {
  CatalogStatement statement;
  if (!queries.inline_arguments) {
    statement.sql = sql;
    for (const CatalogArgument& argument : arguments)
      statement.parameters.push_back(parameter(argument));
    return statement;
  }
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (names_argument(sql, at, arguments.size()))
      statement.sql += condition(arguments[static_cast<std::size_t>(sql[++at] - '1')]);
    else
      statement.sql += sql[at];
  }
  return statement;
}

}  // namespace core
