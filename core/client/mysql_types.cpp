// SPDX-License-Identifier: Apache-2.0
// The type table and its decoders. Binary integers are little-endian on the wire.
#include "core/client/mysql_types.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace core {
namespace {

constexpr unsigned int binary_charset = 63;  // the pseudo character set of BLOB and BINARY

void set_integer(std::int64_t value, Value& out) noexcept {
  out.kind = ValueKind::integer;
  out.integer = value;
}

template <class Wire>
bool integer_binary(std::string_view raw, Value& out) noexcept {
  Wire value;
  if (raw.size() != sizeof value) return false;
  std::memcpy(&value, raw.data(), sizeof value);
  if constexpr (std::is_same_v<Wire, std::uint64_t>) {
    out.kind = ValueKind::unsigned_;
    out.unsigned_integer = value;
  } else {
    set_integer(value, out);
  }
  return true;
}

template <class Wire>
bool real_binary(std::string_view raw, Value& out) noexcept {
  Wire value;
  if (raw.size() != sizeof value) return false;
  std::memcpy(&value, raw.data(), sizeof value);
  out.kind = ValueKind::real;
  out.real = value;
  return true;
}

bool integer_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::integer;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), out.integer);
  return error == std::errc() && end == raw.data() + raw.size();
}

bool unsigned_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::unsigned_;
  const auto [end, error] =
      std::from_chars(raw.data(), raw.data() + raw.size(), out.unsigned_integer);
  return error == std::errc() && end == raw.data() + raw.size();
}

bool real_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::real;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), out.real);
  return error == std::errc() && end == raw.data() + raw.size();
}

template <ValueKind Kind>
bool view(std::string_view raw, Value& out) noexcept {
  out.kind = Kind;
  out.text = raw;
  return true;
}

/// Reads digits up to the next separator; false when there are none.
template <class Field>
bool digits(std::string_view& rest, Field& field) noexcept {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), field);
  if (error != std::errc()) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

bool skip(std::string_view& rest, char separator) noexcept {
  if (rest.empty() || rest.front() != separator) return false;
  rest.remove_prefix(1);
  return true;
}

bool fraction(std::string_view& rest, std::uint32_t& nanosecond) noexcept {
  nanosecond = 0;
  if (!skip(rest, '.')) return true;
  std::uint32_t scale = 100'000'000;
  for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
       rest.remove_prefix(1), scale /= 10)
    nanosecond += static_cast<std::uint32_t>(rest.front() - '0') * scale;
  return true;
}

bool date_fields(std::string_view& rest, DateTime& time) noexcept {
  return digits(rest, time.year) && skip(rest, '-') && digits(rest, time.month) &&
         skip(rest, '-') && digits(rest, time.day);
}

bool time_fields(std::string_view& rest, DateTime& time) noexcept {
  return digits(rest, time.hour) && skip(rest, ':') && digits(rest, time.minute) &&
         skip(rest, ':') && digits(rest, time.second) && fraction(rest, time.nanosecond);
}

bool date_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::date;
  out.time = {};
  return date_fields(raw, out.time) && raw.empty();
}

bool datetime_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::timestamp;
  out.time = {};
  return date_fields(raw, out.time) && skip(raw, ' ') && time_fields(raw, out.time) && raw.empty();
}

/// A TIME is a time of day, or an interval when it is negative or reaches beyond a day.
void set_time(bool negative, std::int64_t hours, std::int64_t minute, std::int64_t second,
              std::uint32_t nanosecond, Value& out) noexcept {
  out.time = {};
  if (negative || hours > 23) {
    const std::int64_t total =
        ((hours * 60 + minute) * 60 + second) * 1'000'000 + nanosecond / 1000;
    out.kind = ValueKind::interval;
    out.interval = {0, 0, negative ? -total : total};
    return;
  }
  out.kind = ValueKind::time;
  out.time.hour = static_cast<std::uint8_t>(hours);
  out.time.minute = static_cast<std::uint8_t>(minute);
  out.time.second = static_cast<std::uint8_t>(second);
  out.time.nanosecond = nanosecond;
}

bool time_text(std::string_view raw, Value& out) noexcept {
  std::uint32_t hours = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint32_t nanosecond = 0;
  const bool negative = skip(raw, '-');
  if (!digits(raw, hours) || !skip(raw, ':') || !digits(raw, minute) || !skip(raw, ':') ||
      !digits(raw, second) || !fraction(raw, nanosecond) || !raw.empty())
    return false;
  set_time(negative, hours, minute, second, nanosecond, out);
  return true;
}

std::uint32_t little_endian(const char* from, int bytes) noexcept {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])) << (8 * i);
  return value;
}

/// DATE and DATETIME: 0, 4, 7 or 11 bytes; what is missing is zero.
template <ValueKind Kind>
bool datetime_binary(std::string_view raw, Value& out) noexcept {
  out.kind = Kind;
  out.time = {};
  if (raw.size() >= 4) {
    out.time.year = static_cast<std::int32_t>(little_endian(raw.data(), 2));
    out.time.month = static_cast<std::uint8_t>(raw[2]);
    out.time.day = static_cast<std::uint8_t>(raw[3]);
  }
  if (raw.size() >= 7) {
    out.time.hour = static_cast<std::uint8_t>(raw[4]);
    out.time.minute = static_cast<std::uint8_t>(raw[5]);
    out.time.second = static_cast<std::uint8_t>(raw[6]);
  }
  if (raw.size() >= 11) out.time.nanosecond = little_endian(raw.data() + 7, 4) * 1000;
  return raw.empty() || raw.size() == 4 || raw.size() == 7 || raw.size() == 11;
}

/// TIME: sign, days, hours, minutes, seconds, microseconds; nothing for zero.
bool time_binary(std::string_view raw, Value& out) noexcept {
  if (!raw.empty() && raw.size() != 8 && raw.size() != 12) return false;
  if (raw.empty()) {
    set_time(false, 0, 0, 0, 0, out);
    return true;
  }
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(raw[at]); };
  const std::uint32_t days = little_endian(raw.data() + 1, 4);
  const std::uint32_t microseconds = raw.size() == 12 ? little_endian(raw.data() + 8, 4) : 0;
  if (microseconds > 999'999) return false;
  set_time(raw[0] != 0, days * 24LL + byte(5), byte(6), byte(7), microseconds * 1000, out);
  return true;
}

bool bit_boolean(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::boolean;
  out.integer = raw == std::string_view("\1", 1) ? 1 : 0;
  return raw.size() == 1;
}

struct TypeRow {
  enum_field_types type;
  bool is_unsigned;
  const char* name;
  SqlType sql_type;
  ValueKind kind;
  Decode text;
  Decode binary;
  int binary_length;  ///< -1: length-encoded
};

using enum ValueKind;
constexpr TypeRow rows[] = {
    {MYSQL_TYPE_TINY, false, "tinyint", SqlType::tinyint, integer, integer_text,
     integer_binary<std::int8_t>, 1},
    {MYSQL_TYPE_TINY, true, "tinyint unsigned", SqlType::tinyint, integer, integer_text,
     integer_binary<std::uint8_t>, 1},
    {MYSQL_TYPE_SHORT, false, "smallint", SqlType::smallint, integer, integer_text,
     integer_binary<std::int16_t>, 2},
    {MYSQL_TYPE_SHORT, true, "smallint unsigned", SqlType::smallint, integer, integer_text,
     integer_binary<std::uint16_t>, 2},
    {MYSQL_TYPE_YEAR, true, "year", SqlType::smallint, integer, integer_text,
     integer_binary<std::uint16_t>, 2},
    {MYSQL_TYPE_INT24, false, "mediumint", SqlType::integer, integer, integer_text,
     integer_binary<std::int32_t>, 4},
    {MYSQL_TYPE_INT24, true, "mediumint unsigned", SqlType::integer, integer, integer_text,
     integer_binary<std::uint32_t>, 4},
    {MYSQL_TYPE_LONG, false, "int", SqlType::integer, integer, integer_text,
     integer_binary<std::int32_t>, 4},
    {MYSQL_TYPE_LONG, true, "int unsigned", SqlType::integer, integer, integer_text,
     integer_binary<std::uint32_t>, 4},
    {MYSQL_TYPE_LONGLONG, false, "bigint", SqlType::bigint, integer, integer_text,
     integer_binary<std::int64_t>, 8},
    {MYSQL_TYPE_LONGLONG, true, "bigint unsigned", SqlType::bigint, unsigned_, unsigned_text,
     integer_binary<std::uint64_t>, 8},
    {MYSQL_TYPE_FLOAT, false, "float", SqlType::real, real, real_text, real_binary<float>, 4},
    {MYSQL_TYPE_DOUBLE, false, "double", SqlType::double_, real, real_text, real_binary<double>, 8},
    {MYSQL_TYPE_NEWDECIMAL, false, "decimal", SqlType::decimal, decimal, view<decimal>,
     view<decimal>, -1},
    {MYSQL_TYPE_DECIMAL, false, "decimal", SqlType::decimal, decimal, view<decimal>, view<decimal>,
     -1},
    {MYSQL_TYPE_DATE, false, "date", SqlType::date, date, date_text, datetime_binary<date>, -1},
    {MYSQL_TYPE_NEWDATE, false, "date", SqlType::date, date, date_text, datetime_binary<date>, -1},
    {MYSQL_TYPE_TIME, false, "time", SqlType::time, time, time_text, time_binary, -1},
    {MYSQL_TYPE_DATETIME, false, "datetime", SqlType::timestamp, timestamp, datetime_text,
     datetime_binary<timestamp>, -1},
    {MYSQL_TYPE_TIMESTAMP, false, "timestamp", SqlType::timestamp, timestamp, datetime_text,
     datetime_binary<timestamp>, -1},
    {MYSQL_TYPE_BIT, false, "bit", SqlType::varbinary, bytes, view<bytes>, view<bytes>, -1},
    {MYSQL_TYPE_STRING, false, "char", SqlType::char_, text, view<text>, view<text>, -1},
    {MYSQL_TYPE_VAR_STRING, false, "varchar", SqlType::varchar, text, view<text>, view<text>, -1},
    {MYSQL_TYPE_VARCHAR, false, "varchar", SqlType::varchar, text, view<text>, view<text>, -1},
    {MYSQL_TYPE_BLOB, false, "text", SqlType::longvarchar, text, view<text>, view<text>, -1},
    {MYSQL_TYPE_JSON, false, "json", SqlType::longvarchar, text, view<text>, view<text>, -1},
    {MYSQL_TYPE_GEOMETRY, false, "geometry", SqlType::longvarbinary, bytes, view<bytes>,
     view<bytes>, -1},
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

Column mysql_column(const MYSQL_FIELD& field, bool binary) {
  const bool is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
  const TypeRow& row = row_of(field.type, is_unsigned);
  Column column;
  column.name.assign(field.name, field.name_length);
  column.type_name = row.name;
  column.type = row.sql_type;
  column.server_type = field.type;
  column.kind = row.kind;
  column.decode = binary ? row.binary : row.text;
  column.nullable = (field.flags & NOT_NULL_FLAG) != 0 ? Nullability::no : Nullability::yes;
  column.is_unsigned = is_unsigned;
  column.case_sensitive = is_text_type(column.type) && (field.flags & BINARY_FLAG) != 0;
  column.scale = static_cast<std::int16_t>(field.decimals > 30 ? 0 : field.decimals);
  if (is_text_type(column.type) && field.type != MYSQL_TYPE_JSON && field.type != MYSQL_TYPE_NULL &&
      field.charsetnr == binary_charset)
    make_binary(column);
  if (field.type == MYSQL_TYPE_BIT && field.length == 1) {
    column.type = SqlType::boolean;
    column.kind = ValueKind::boolean;
    column.decode = bit_boolean;
  }
  column.size = column_size(field, column);
  return column;
}

}  // namespace core
