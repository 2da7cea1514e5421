// SPDX-License-Identifier: Apache-2.0
// COLUMN_DEF in one form, whatever the server's catalogs say.
#include <algorithm>

#include "odbc/catalog/catalog.h"

namespace odbc::catalog {
namespace {

constexpr std::string_view now = "CURRENT_TIMESTAMP";

bool begins_with_now(std::string_view text) {
  return text.size() >= now.size() &&
         std::equal(now.begin(), now.end(), text.begin(), [](char upper, char c) {
           return upper == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
         });
}

/// current_timestamp() and CURRENT_TIMESTAMP are one; a precision stays.
std::string normal_now(std::string_view text) {
  std::string_view precision = text.substr(now.size());
  if (precision == "()") precision = {};
  return std::string(now).append(precision);
}

/// A literal of the type, as expressions have it.
std::string literal(const std::string& text, core::SqlType type) {
  const bool is_number = type >= core::SqlType::boolean && type <= core::SqlType::decimal;
  if (is_number) return text;
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' || c == '\\' ? 2 : 1, c);
  return out += '\'';
}

}  // namespace

std::optional<std::string> default_value(core::DefaultForm form, std::optional<std::string> told,
                                         bool is_expression, const core::Column& column) {
  if (!told || form == core::DefaultForm::expression) return told;
  if (form == core::DefaultForm::expression_null && *told == "NULL") return std::nullopt;
  const bool is_moment =
      column.type == core::SqlType::timestamp || form == core::DefaultForm::expression_null;
  if (is_moment && begins_with_now(*told)) return normal_now(*told);
  if (form == core::DefaultForm::expression_null || is_expression) return told;
  return literal(*told, column.type);
}

}  // namespace odbc::catalog
