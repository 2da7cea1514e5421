// SPDX-License-Identifier: Apache-2.0
// One form of the wire per kind of value; the server converts to the column's type.
#include "core/client/mysql_parameters.h"

#include "core/client/mysql_errors.h"

namespace core {
namespace {

Error refused(Sqlstate state, std::string text) {
  return Error(state, mysql_component, std::move(text), Reached::not_sent);
}

MYSQL_TIME calendar_time(const Value& value) {
  const DateTime& from = value.time;
  if (value.kind != ValueKind::time && (from.infinity != 0 || from.year < 0 || from.year > 9999))
    throw refused(sqlstate::datetime_overflow,
                  "a date outside the years 0 to 9999 has no form in MySQL");
  MYSQL_TIME time{};
  time.year = static_cast<unsigned int>(from.year);
  time.month = from.month;
  time.day = from.day;
  time.hour = from.hour;
  time.minute = from.minute;
  time.second = from.second;
  time.second_part = from.nanosecond / 1000;
  time.time_type = value.kind == ValueKind::date   ? MYSQL_TIMESTAMP_DATE
                   : value.kind == ValueKind::time ? MYSQL_TIMESTAMP_TIME
                                                   : MYSQL_TIMESTAMP_DATETIME;
  return time;
}

/// Days and time of day; the server refuses or clips what exceeds TIME's 838 hours.
MYSQL_TIME interval_time(const Interval& interval) {
  constexpr std::int64_t second = 1'000'000, day = 86'400 * second;
  if (interval.months != 0)
    throw refused(sqlstate::restricted_type, "an interval of months has no type in MySQL");
  const std::int64_t total = interval.days * day + interval.microseconds;
  const std::uint64_t rest =
      total < 0 ? 0 - static_cast<std::uint64_t>(total) : static_cast<std::uint64_t>(total);
  MYSQL_TIME time{};
  time.neg = total < 0 ? 1 : 0;
  time.day = static_cast<unsigned int>(rest / day);
  time.hour = static_cast<unsigned int>(rest / (3'600ULL * second) % 24);
  time.minute = static_cast<unsigned int>(rest / (60ULL * second) % 60);
  time.second = static_cast<unsigned int>(rest / second % 60);
  time.second_part = static_cast<unsigned long>(rest % second);
  time.time_type = MYSQL_TIMESTAMP_TIME;
  return time;
}

std::string guid_text(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += digits[static_cast<unsigned char>(bytes[i]) & 15U];
  }
  return text;
}

}  // namespace

enum_field_types mysql_form(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::null: return MYSQL_TYPE_NULL;
    case ValueKind::boolean:
    case ValueKind::integer:
    case ValueKind::unsigned_: return MYSQL_TYPE_LONGLONG;
    case ValueKind::real: return MYSQL_TYPE_DOUBLE;
    case ValueKind::bytes: return MYSQL_TYPE_BLOB;
    case ValueKind::date: return MYSQL_TYPE_DATE;
    case ValueKind::interval:
    case ValueKind::time: return MYSQL_TYPE_TIME;
    case ValueKind::timestamp: return MYSQL_TYPE_DATETIME;
    default: return MYSQL_TYPE_STRING;
  }
}

void mysql_bind(const Value& value, MysqlBound& bound, MYSQL_BIND& bind) {
  bind.buffer_type = mysql_form(value.kind);
  switch (bind.buffer_type) {
    case MYSQL_TYPE_NULL: return;
    case MYSQL_TYPE_LONGLONG:
      bound.integer = value.integer;
      bind.buffer = &bound.integer;
      bind.is_unsigned = value.kind == ValueKind::unsigned_ ? 1 : 0;
      return;
    case MYSQL_TYPE_DOUBLE:
      bound.real = value.real;
      bind.buffer = &bound.real;
      return;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_TIME:
    case MYSQL_TYPE_DATETIME:
      bound.time =
          value.kind == ValueKind::interval ? interval_time(value.interval) : calendar_time(value);
      bind.buffer = &bound.time;
      return;
    default: break;
  }
  if (value.kind == ValueKind::guid) bound.text = guid_text(value.text);
  const std::string_view text = value.kind == ValueKind::guid ? bound.text : value.text;
  // libmariadb takes a null buffer for NULL, which an empty text is not.
  bind.buffer = const_cast<char*>(text.data() != nullptr ? text.data() : "");
  bind.buffer_length = text.size();
  bound.length = text.size();
  bind.length = &bound.length;
}

enum_field_types mysql_expected_form(SqlType declared) noexcept {
  switch (declared) {
    case SqlType::boolean:
    case SqlType::tinyint:
    case SqlType::smallint:
    case SqlType::integer:
    case SqlType::bigint: return MYSQL_TYPE_LONGLONG;
    case SqlType::real:
    case SqlType::double_: return MYSQL_TYPE_DOUBLE;
    case SqlType::binary:
    case SqlType::varbinary:
    case SqlType::longvarbinary: return MYSQL_TYPE_BLOB;
    case SqlType::date: return MYSQL_TYPE_DATE;
    case SqlType::time:
    case SqlType::interval: return MYSQL_TYPE_TIME;
    case SqlType::timestamp: return MYSQL_TYPE_DATETIME;
    default: return MYSQL_TYPE_STRING;
  }
}

}  // namespace core
