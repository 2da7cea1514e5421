// SPDX-License-Identifier: Apache-2.0
// Values to text for the server's input functions: ISO 8601 dates, signed interval parts, shortest
// reals.
#include "core/client/pg_format.h"

#include <charconv>
#include <cstdlib>

#include "core/packed_decimal.h"

namespace core {

namespace {

template <class Number>
void append_number(Number number, std::string& out) {
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  out.append(text, end);
}

void append_padded(std::uint32_t number, std::size_t width, std::string& out) {
  char text[16];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  const auto length = static_cast<std::size_t>(end - text);
  if (length < width) out.append(width - length, '0');
  out.append(text, end);
}

void append_date(const DateTime& date, std::string& out) {
  const std::int32_t year = date.year > 0 ? date.year : 1 - date.year;
  append_padded(static_cast<std::uint32_t>(year), 4, out);
  out.push_back('-');
  append_padded(date.month, 2, out);
  out.push_back('-');
  append_padded(date.day, 2, out);
}

void append_time(const DateTime& time, std::string& out) {
  append_padded(time.hour, 2, out);
  out.push_back(':');
  append_padded(time.minute, 2, out);
  out.push_back(':');
  append_padded(time.second, 2, out);
  if (time.nanosecond == 0) return;
  out.push_back('.');
  append_padded(time.nanosecond, 9, out);
  out.erase(out.find_last_not_of('0') + 1);
}

void append_offset(const DateTime& time, std::string& out) {
  if (!time.has_offset) return;
  const auto minutes = static_cast<std::uint32_t>(std::abs(time.offset_minutes));
  out.push_back(time.offset_minutes < 0 ? '-' : '+');
  append_padded(minutes / 60, 2, out);
  out.push_back(':');
  append_padded(minutes % 60, 2, out);
}

void append_moment(const Value& value, std::string& out) {
  if (value.time.infinity != 0) {
    out.append(value.time.infinity > 0 ? "infinity" : "-infinity");
    return;
  }
  append_date(value.time, out);
  if (value.kind == ValueKind::timestamp) {
    out.push_back(' ');
    append_time(value.time, out);
    append_offset(value.time, out);
  }
  if (value.time.year <= 0) out.append(" BC");
}

// A sign on every part: with IntervalStyle sql_standard a lone leading minus would negate them all.
void append_interval(const Interval& interval, std::string& out) {
  const auto part = [&](std::int64_t count, std::string_view unit) {
    if (count >= 0) out.push_back('+');
    append_number(count, out);
    out.append(unit);
  };
  part(interval.months, " mons ");
  part(interval.days, " days ");
  part(interval.microseconds, " microseconds");
}

void append_packed(const PackedDecimal& number, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + number.text_size());
  number.write(out.data() + before);
}

void append_guid(std::string_view bytes, std::string& out) {
  static constexpr char digits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
}

}  // namespace

void append_text(const Value& value, std::string& out) {
  switch (value.kind) {
    case ValueKind::boolean: out.push_back(value.integer != 0 ? '1' : '0'); break;
    case ValueKind::integer: append_number(value.integer, out); break;
    case ValueKind::unsigned_: append_number(value.unsigned_integer, out); break;
    case ValueKind::real: append_number(value.real, out); break;
    case ValueKind::decimal:
    case ValueKind::text:
    case ValueKind::bytes: out.append(value.text); break;
    case ValueKind::packed: append_packed(PackedDecimal(value.text), out); break;
    case ValueKind::date:
    case ValueKind::timestamp: append_moment(value, out); break;
    case ValueKind::time: append_time(value.time, out); break;
    case ValueKind::interval: append_interval(value.interval, out); break;
    case ValueKind::guid: append_guid(value.text, out); break;
    case ValueKind::null:
    case ValueKind::count_: break;
  }
}

}  // namespace core
