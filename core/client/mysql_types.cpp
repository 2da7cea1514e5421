// SPDX-License-Identifier: Apache-2.0
// The type table.
#include "core/client/mysql_types.h"

#include <algorithm>

#include "core/client/mysql_decode.h"
#include "core/client/mysql_options.h"

namespace core {
namespace {

using namespace mysql_decode;

constexpr unsigned int binary_charset = 63;  // the pseudo character set of BLOB and BINARY

struct TypeRow {
  enum_field_types type;
  bool is_unsigned;
  const char* name;
  SqlType sql_type;
  ValueKind kind;
  Decode text;
  Decode binary;
  int binary_length;  ///< -1: length-encoded
  WireForm text_form = WireForm::other;
  WireForm binary_form = WireForm::other;
};

using enum ValueKind;
constexpr TypeRow rows[] = {
    {MYSQL_TYPE_TINY, false, "tinyint", SqlType::tinyint, integer, integer_text,
     integer_binary<std::int8_t>, 1, WireForm::integer_text},
    {MYSQL_TYPE_TINY, true, "tinyint unsigned", SqlType::tinyint, integer, integer_text,
     integer_binary<std::uint8_t>, 1, WireForm::integer_text},
    {MYSQL_TYPE_SHORT, false, "smallint", SqlType::smallint, integer, integer_text,
     integer_binary<std::int16_t>, 2, WireForm::integer_text},
    {MYSQL_TYPE_SHORT, true, "smallint unsigned", SqlType::smallint, integer, integer_text,
     integer_binary<std::uint16_t>, 2, WireForm::integer_text},
    {MYSQL_TYPE_YEAR, true, "year", SqlType::smallint, integer, integer_text,
     integer_binary<std::uint16_t>, 2, WireForm::integer_text},
    {MYSQL_TYPE_INT24, false, "mediumint", SqlType::integer, integer, integer_text,
     integer_binary<std::int32_t>, 4, WireForm::integer_text},
    {MYSQL_TYPE_INT24, true, "mediumint unsigned", SqlType::integer, integer, integer_text,
     integer_binary<std::uint32_t>, 4, WireForm::integer_text},
    {MYSQL_TYPE_LONG, false, "int", SqlType::integer, integer, integer_text,
     integer_binary<std::int32_t>, 4, WireForm::integer_text},
    {MYSQL_TYPE_LONG, true, "int unsigned", SqlType::integer, integer, integer_text,
     integer_binary<std::uint32_t>, 4, WireForm::integer_text},
    {MYSQL_TYPE_LONGLONG, false, "bigint", SqlType::bigint, integer, integer_text,
     integer_binary<std::int64_t>, 8, WireForm::integer_text},
    {MYSQL_TYPE_LONGLONG, true, "bigint unsigned", SqlType::bigint, unsigned_, unsigned_text,
     integer_binary<std::uint64_t>, 8},
    {MYSQL_TYPE_FLOAT, false, "float", SqlType::real, real, real_text<float>, real_binary<float>,
     4},
    {MYSQL_TYPE_DOUBLE, false, "double", SqlType::double_, real, real_text<double>,
     real_binary<double>, 8, WireForm::real_text},
    {MYSQL_TYPE_NEWDECIMAL, false, "decimal", SqlType::decimal, decimal, view<decimal>,
     view<decimal>, -1, WireForm::decimal_text, WireForm::decimal_text},
    {MYSQL_TYPE_DECIMAL, false, "decimal", SqlType::decimal, decimal, view<decimal>, view<decimal>,
     -1, WireForm::decimal_text, WireForm::decimal_text},
    {MYSQL_TYPE_DATE, false, "date", SqlType::date, date, date_text, datetime_binary<date>, -1,
     WireForm::date_text},
    {MYSQL_TYPE_NEWDATE, false, "date", SqlType::date, date, date_text, datetime_binary<date>, -1,
     WireForm::date_text},
    {MYSQL_TYPE_TIME, false, "time", SqlType::time, time, time_text, time_binary, -1},
    {MYSQL_TYPE_DATETIME, false, "datetime", SqlType::timestamp, timestamp, datetime_text,
     datetime_binary<timestamp>, -1},
    {MYSQL_TYPE_TIMESTAMP, false, "timestamp", SqlType::timestamp, timestamp, datetime_text,
     datetime_binary<timestamp>, -1},
    {MYSQL_TYPE_BIT, false, "bit", SqlType::varbinary, bytes, view<bytes>, view<bytes>, -1},
    {MYSQL_TYPE_STRING, false, "char", SqlType::char_, text, view<text>, view<text>, -1,
     WireForm::utf8, WireForm::utf8},
    {MYSQL_TYPE_VAR_STRING, false, "varchar", SqlType::varchar, text, view<text>, view<text>, -1,
     WireForm::utf8, WireForm::utf8},
    {MYSQL_TYPE_VARCHAR, false, "varchar", SqlType::varchar, text, view<text>, view<text>, -1,
     WireForm::utf8, WireForm::utf8},
    {MYSQL_TYPE_BLOB, false, "text", SqlType::longvarchar, text, view<text>, view<text>, -1,
     WireForm::utf8, WireForm::utf8},
    {MYSQL_TYPE_JSON, false, "json", SqlType::longvarchar, text, view<text>, view<text>, -1,
     WireForm::utf8, WireForm::utf8},
    {MYSQL_TYPE_GEOMETRY, false, "geometry", SqlType::longvarbinary, bytes, view<bytes>,
     view<bytes>, -1, WireForm::bytes, WireForm::bytes},
};
constexpr TypeRow unknown_row{MYSQL_TYPE_NULL, false,      "", SqlType::varchar, text,
                              view<text>,      view<text>, -1};

const TypeRow& row_of(enum_field_types type, bool is_unsigned) {
  const auto same_type = [&](const TypeRow& row) { return row.type == type; };
  const auto exact = [&](const TypeRow& row) {
    return row.type == type && row.is_unsigned == is_unsigned;
  };
  if (const auto* row = std::find_if(std::begin(rows), std::end(rows), exact);
      row != std::end(rows))
    return *row;
  const auto* row = std::find_if(std::begin(rows), std::end(rows), same_type);
  return row != std::end(rows) ? *row : unknown_row;
}

bool is_text_type(SqlType type) {
  return type == SqlType::char_ || type == SqlType::varchar || type == SqlType::longvarchar;
}

/// BINARY, VARBINARY and BLOB share type codes with their text twins; the character set tells.
void make_binary(Column& column) {
  switch (column.type) {
    case SqlType::char_:
      column.type = SqlType::binary;
      column.type_name = "binary";
      break;
    case SqlType::varchar:
      column.type = SqlType::varbinary;
      column.type_name = "varbinary";
      break;
    default:
      column.type = SqlType::longvarbinary;
      column.type_name = "blob";
      break;
  }
  column.kind = ValueKind::bytes;
  column.decode = view<ValueKind::bytes>;
  column.wire = WireForm::bytes;
}

void make_boolean(Column& column, Decode decode) {
  column.type = SqlType::boolean;
  column.kind = ValueKind::boolean;
  column.decode = decode;
  column.wire = WireForm::other;
}

}  // namespace

int mysql_binary_length(enum_field_types type) { return row_of(type, false).binary_length; }

namespace {

/// ODBC's column size where the server's display width is something else; 0: the width is right.
std::int64_t digits_of(const MYSQL_FIELD& field, bool is_unsigned) {
  switch (field.type) {
    case MYSQL_TYPE_TINY: return 3;
    case MYSQL_TYPE_SHORT: return 5;
    case MYSQL_TYPE_YEAR: return 4;
    case MYSQL_TYPE_INT24: return is_unsigned ? 8 : 7;
    case MYSQL_TYPE_LONG: return 10;
    case MYSQL_TYPE_LONGLONG: return is_unsigned ? 20 : 19;
    case MYSQL_TYPE_FLOAT: return 7;
    case MYSQL_TYPE_DOUBLE: return 15;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      return static_cast<std::int64_t>(field.length) - (field.decimals > 0 ? 1 : 0) -
             (is_unsigned ? 0 : 1);
    default: return 0;
  }
}

std::int64_t column_size(const MYSQL_FIELD& field, const Column& column) {
  if (column.type == SqlType::longvarchar || column.type == SqlType::longvarbinary) return 0;
  if (column.type == SqlType::boolean) return 1;
  if (field.type == MYSQL_TYPE_BIT) return static_cast<std::int64_t>((field.length + 7) / 8);
  if (field.type == MYSQL_TYPE_TIME) return 8 + (column.scale > 0 ? 1 + column.scale : 0);
  if (is_text_type(column.type)) return static_cast<std::int64_t>(field.length) / 4;  // utf8mb4
  const std::int64_t digits = digits_of(field, column.is_unsigned);
  return digits > 0 ? digits : static_cast<std::int64_t>(field.length);
}

}  // namespace

namespace {

using ZeroDates = MysqlTypeRules::ZeroDates;

struct DateDecoders {
  SqlType type;
  bool binary;
  Decode first_day;
  MysqlAdjust null;
};
constexpr DateDecoders date_decoders[] = {
    {SqlType::date, false, first_day<date_text>, null_without_day<date_text>},
    {SqlType::date, true, first_day<datetime_binary<date>>,
     null_without_day<datetime_binary<date>>},
    {SqlType::timestamp, false, first_day<datetime_text>, null_without_day<datetime_text>},
    {SqlType::timestamp, true, first_day<datetime_binary<timestamp>>,
     null_without_day<datetime_binary<timestamp>>},
};

const DateDecoders* date_decoders_of(const Column& column, bool binary) noexcept {
  for (const DateDecoders& row : date_decoders)
    if (row.type == column.type && row.binary == binary) return &row;
  return nullptr;
}

void follow_rules(const MYSQL_FIELD& field, Column& column, bool binary,
                  const MysqlTypeRules& rules) {
  if (field.type == MYSQL_TYPE_BIT && field.length == 1) make_boolean(column, bit_boolean);
  if (rules.tinyint1_is_bit && field.type == MYSQL_TYPE_TINY && field.length == 1 &&
      !column.is_unsigned)
    make_boolean(column, binary ? boolean_binary : boolean_text);
  // Numbers are shown without the zeros that only the text protocol sends.
  if ((field.flags & ZEROFILL_FLAG) != 0) column.wire = WireForm::other;
  if (rules.zero_dates != ZeroDates::first) return;
  if (const DateDecoders* const decoders = date_decoders_of(column, binary)) {
    column.decode = decoders->first_day;
    column.wire = WireForm::other;
  }
}

struct NamedType {
  std::string_view name;
  SqlType type;
  std::int64_t size;
};
constexpr NamedType named_types[] = {{"uuid", SqlType::guid, guid_text_size},
                                     {"inet4", SqlType::varchar, 15},
                                     {"inet6", SqlType::varchar, 39}};

}  // namespace

MysqlTypeRules MysqlTypeRules::from(const Options& options) {
  MysqlTypeRules rules;
  rules.tinyint1_is_bit = options.boolean(mysql_options::tinyint1_is_bit);
  rules.zero_dates = static_cast<ZeroDates>(options.choice(mysql_options::zero_dates));
  return rules;
}

void mysql_named_type(Column& column, std::string_view name) {
  for (const NamedType& row : named_types) {
    if (row.name != name) continue;
    column.type_name = row.name;
    column.type = row.type;
    column.size = row.size;
    if (row.type != SqlType::guid) return;
    column.kind = ValueKind::guid;
    column.decode = guid_bytes;
    column.wire = WireForm::other;
  }
}

MysqlAdjust mysql_adjust(const Column& column, bool binary, const MysqlTypeRules& rules) noexcept {
  if (column.type == SqlType::guid) return unpack_guid;
  if (rules.zero_dates != ZeroDates::null) return nullptr;
  const DateDecoders* const decoders = date_decoders_of(column, binary);
  return decoders != nullptr ? decoders->null : nullptr;
}

Column mysql_column(const MYSQL_FIELD& field, bool binary, const MysqlTypeRules& rules) {
  const bool is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
  const TypeRow& row = row_of(field.type, is_unsigned);
  Column column;
  column.name.assign(field.name, field.name_length);
  column.type_name = row.name;
  column.type = row.sql_type;
  column.server_type = field.type;
  column.kind = row.kind;
  column.decode = binary ? row.binary : row.text;
  column.wire = binary ? row.binary_form : row.text_form;
  column.nullable = (field.flags & NOT_NULL_FLAG) != 0 ? Nullability::no : Nullability::yes;
  column.is_unsigned = is_unsigned;
  column.case_sensitive = is_text_type(column.type) && (field.flags & BINARY_FLAG) != 0;
  column.scale = static_cast<std::int16_t>(field.decimals > 30 ? 0 : field.decimals);
  if (is_text_type(column.type) && field.type != MYSQL_TYPE_JSON && field.type != MYSQL_TYPE_NULL &&
      field.charsetnr == binary_charset)
    make_binary(column);
  follow_rules(field, column, binary, rules);
  column.size = column_size(field, column);
  MARIADB_CONST_STRING name{};
  if (field.extension != nullptr &&
      mariadb_field_attr(&name, &field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME) == 0 && name.length > 0)
    mysql_named_type(column, {name.str, name.length});
  return column;
}

}  // namespace core
