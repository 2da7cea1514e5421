// SPDX-License-Identifier: Apache-2.0
// Declared types: the text in information_schema.COLUMNS.COLUMN_TYPE becomes the field that the
// server would send for the column, so that one table describes both.
#include <algorithm>
#include <charconv>

#include "core/client/mysql_types.h"

namespace core {
namespace {

constexpr unsigned int utf8mb4 = 45, binary_charset = 63;
constexpr unsigned long bytes_per_character = 4;
constexpr unsigned int no_decimals = 31;  // float and double without (m,d)

/// What the number in parentheses is.
enum class Argument : std::uint8_t { none, characters, bytes, bits, fraction, labels, precision };

struct DeclaredRow {
  std::string_view word;
  enum_field_types type;
  Argument argument = Argument::none;
  bool is_text = false;
  unsigned long length = 0;  ///< characters or bytes where nothing is declared
};

using enum Argument;
constexpr DeclaredRow rows[] = {
    {"tinyint", MYSQL_TYPE_TINY, bits, false, 4},
    {"smallint", MYSQL_TYPE_SHORT},
    {"mediumint", MYSQL_TYPE_INT24},
    {"int", MYSQL_TYPE_LONG},
    {"bigint", MYSQL_TYPE_LONGLONG},
    {"float", MYSQL_TYPE_FLOAT},
    {"double", MYSQL_TYPE_DOUBLE},
    {"decimal", MYSQL_TYPE_NEWDECIMAL, precision},
    {"bit", MYSQL_TYPE_BIT, bits, false, 1},
    {"year", MYSQL_TYPE_YEAR},
    {"date", MYSQL_TYPE_DATE},
    {"time", MYSQL_TYPE_TIME, fraction},
    {"datetime", MYSQL_TYPE_DATETIME, fraction},
    {"timestamp", MYSQL_TYPE_TIMESTAMP, fraction},
    {"char", MYSQL_TYPE_STRING, characters, true, 1},
    {"varchar", MYSQL_TYPE_VAR_STRING, characters, true},
    {"binary", MYSQL_TYPE_STRING, bytes, false, 1},
    {"varbinary", MYSQL_TYPE_VAR_STRING, bytes},
    {"tinytext", MYSQL_TYPE_BLOB, none, true},
    {"text", MYSQL_TYPE_BLOB, none, true},
    {"mediumtext", MYSQL_TYPE_BLOB, none, true},
    {"longtext", MYSQL_TYPE_BLOB, none, true},
    {"tinyblob", MYSQL_TYPE_BLOB},
    {"blob", MYSQL_TYPE_BLOB},
    {"mediumblob", MYSQL_TYPE_BLOB},
    {"longblob", MYSQL_TYPE_BLOB},
    {"enum", MYSQL_TYPE_STRING, labels, true},
    {"set", MYSQL_TYPE_STRING, labels, true},
    {"json", MYSQL_TYPE_JSON},
    {"geometry", MYSQL_TYPE_GEOMETRY},
    {"point", MYSQL_TYPE_GEOMETRY},
    {"linestring", MYSQL_TYPE_GEOMETRY},
    {"polygon", MYSQL_TYPE_GEOMETRY},
    {"multipoint", MYSQL_TYPE_GEOMETRY},
    {"multilinestring", MYSQL_TYPE_GEOMETRY},
    {"multipolygon", MYSQL_TYPE_GEOMETRY},
    {"geometrycollection", MYSQL_TYPE_GEOMETRY},
    {"geomcollection", MYSQL_TYPE_GEOMETRY},
    // MariaDB sends these as text of a fixed length.
    {"uuid", MYSQL_TYPE_STRING, none, true, 36},
    {"inet4", MYSQL_TYPE_STRING, none, true, 15},
    {"inet6", MYSQL_TYPE_STRING, none, true, 39},
};

/// "decimal(10,2) unsigned" in its parts.
struct Declaration {
  std::string_view word, arguments, attributes;

  explicit Declaration(std::string_view text) {
    word = text.substr(0, std::min(text.find_first_of(" ("), text.size()));
    attributes = text.substr(word.size());
    if (attributes.empty() || attributes.front() != '(') return;
    // Labels may hold anything: the last parenthesis is the closing one.
    const std::size_t close = std::min(attributes.rfind(')'), attributes.size() - 1);
    arguments = attributes.substr(1, close - 1);
    attributes.remove_prefix(close + 1);
  }
};

unsigned long number(std::string_view& text) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == ',') text.remove_prefix(1);
  return error == std::errc() ? value : 0;
}

std::size_t characters_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6U) != 2; }));
}

/// Characters of the longest value of an enum, or of a set with all its members.
unsigned long longest_value(std::string_view labels, bool all) {
  unsigned long longest = 0, sum = 0;
  for (std::size_t at = 0; at < labels.size(); ++at) {
    if (labels[at] != '\'') continue;
    unsigned long length = 0;
    for (++at; at < labels.size(); ++at) {
      const bool quote = labels[at] == '\'';
      if (quote && (at + 1 == labels.size() || labels[at + 1] != '\'')) break;
      length += characters_of(labels.substr(at, 1));
      if (quote) ++at;
    }
    longest = std::max(longest, length);
    sum += length + (sum > 0 ? 1 : 0);
  }
  return all ? sum : longest;
}

void measure(const DeclaredRow& row, Declaration declared, MYSQL_FIELD& field) {
  std::string_view arguments = declared.arguments;
  const unsigned long per_unit = row.is_text ? bytes_per_character : 1;
  switch (row.argument) {
    case labels: field.length = longest_value(arguments, row.word == "set") * per_unit; break;
    case precision:
      field.length = number(arguments);
      field.decimals = static_cast<unsigned int>(number(arguments));
      field.length += (field.decimals > 0 ? 1 : 0) + ((field.flags & UNSIGNED_FLAG) != 0 ? 0 : 1);
      break;
    case fraction: field.decimals = static_cast<unsigned int>(number(arguments)); break;
    case none:
      field.length = row.length * per_unit;
      if (row.type == MYSQL_TYPE_FLOAT || row.type == MYSQL_TYPE_DOUBLE) {
        number(arguments);
        field.decimals =
            arguments.empty() ? no_decimals : static_cast<unsigned int>(number(arguments));
      }
      break;
    default: field.length = (arguments.empty() ? row.length : number(arguments)) * per_unit; break;
  }
}

/// What a DATETIME(3) is long: "2024-02-29 01:02:03.123".
void add_fraction(MYSQL_FIELD& field) {
  const unsigned long point = field.decimals > 0 ? field.decimals + 1 : 0;
  if (field.type == MYSQL_TYPE_DATETIME || field.type == MYSQL_TYPE_TIMESTAMP)
    field.length = 19 + point;
  if (field.type == MYSQL_TYPE_DATE) field.length = 10;
}

}  // namespace

void mysql_declared_column(Column& column, std::string_view declaration, const Options& options) {
  const Declaration declared(declaration);
  const auto* row =
      std::find_if(std::begin(rows), std::end(rows),
                   [&](const DeclaredRow& candidate) { return candidate.word == declared.word; });
  MYSQL_FIELD field{};
  char no_name[] = "";
  field.name = no_name;
  field.type = row != std::end(rows) ? row->type : MYSQL_TYPE_BLOB;
  field.charsetnr = row == std::end(rows) || row->is_text ? utf8mb4 : binary_charset;
  if (declared.attributes.find("unsigned") != std::string_view::npos) field.flags |= UNSIGNED_FLAG;
  if (row != std::end(rows)) measure(*row, declared, field);
  add_fraction(field);
  std::string name = std::move(column.name);
  column = mysql_column(field, false, MysqlTypeRules::from(options));
  mysql_named_type(column, declared.word);
  column.name = std::move(name);
}

}  // namespace core
