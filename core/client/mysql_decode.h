// SPDX-License-Identifier: Apache-2.0
// Decoders of MySQL's cells, text and binary, and what is done to cells before. Binary integers are
// little-endian on the wire. Comes in: the rows of mysql_types.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/value.h"

namespace core::mysql_decode {

inline void set_integer(std::int64_t value, Value& out) noexcept {
  out.kind = ValueKind::integer;
  out.integer = value;
}

template <class Wire>
inline bool integer_binary(std::string_view raw, Value& out) noexcept {
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
inline bool real_binary(std::string_view raw, Value& out) noexcept {
  Wire value;
  if (raw.size() != sizeof value) return false;
  std::memcpy(&value, raw.data(), sizeof value);
  out.kind = ValueKind::real;
  out.real = value;
  return true;
}

inline bool integer_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::integer;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), out.integer);
  return error == std::errc() && end == raw.data() + raw.size();
}

inline bool unsigned_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::unsigned_;
  const auto [end, error] =
      std::from_chars(raw.data(), raw.data() + raw.size(), out.unsigned_integer);
  return error == std::errc() && end == raw.data() + raw.size();
}

/// A FLOAT's text is read as one, so that it is the number that the binary protocol gives.
template <class Wire>
inline bool real_text(std::string_view raw, Value& out) noexcept {
  Wire value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  out.kind = ValueKind::real;
  out.real = value;
  return error == std::errc() && end == raw.data() + raw.size();
}

template <ValueKind Kind>
inline bool view(std::string_view raw, Value& out) noexcept {
  out.kind = Kind;
  out.text = raw;
  return true;
}

/// Reads digits up to the next separator; false when there are none.
template <class Field>
inline bool digits(std::string_view& rest, Field& field) noexcept {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), field);
  if (error != std::errc()) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

inline bool skip(std::string_view& rest, char separator) noexcept {
  if (rest.empty() || rest.front() != separator) return false;
  rest.remove_prefix(1);
  return true;
}

inline bool fraction(std::string_view& rest, std::uint32_t& nanosecond) noexcept {
  nanosecond = 0;
  if (!skip(rest, '.')) return true;
  std::uint32_t scale = 100'000'000;
  for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
       rest.remove_prefix(1), scale /= 10)
    nanosecond += static_cast<std::uint32_t>(rest.front() - '0') * scale;
  return true;
}

inline bool date_fields(std::string_view& rest, DateTime& time) noexcept {
  return digits(rest, time.year) && skip(rest, '-') && digits(rest, time.month) &&
         skip(rest, '-') && digits(rest, time.day);
}

inline bool time_fields(std::string_view& rest, DateTime& time) noexcept {
  return digits(rest, time.hour) && skip(rest, ':') && digits(rest, time.minute) &&
         skip(rest, ':') && digits(rest, time.second) && fraction(rest, time.nanosecond);
}

inline bool lacks_day(const DateTime& time) noexcept { return time.month == 0 || time.day == 0; }

/// Dates without month or day become the first of what is missing.
template <Decode decode>
inline bool first_day(std::string_view raw, Value& out) noexcept {
  if (!decode(raw, out)) return false;
  if (out.time.month == 0) out.time.month = 1;
  if (out.time.day == 0) out.time.day = 1;
  return true;
}

inline bool date_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::date;
  out.time = {};
  return date_fields(raw, out.time) && raw.empty();
}

inline bool datetime_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::timestamp;
  out.time = {};
  return date_fields(raw, out.time) && skip(raw, ' ') && time_fields(raw, out.time) && raw.empty();
}

/// A TIME is a time of day, or an interval when it is negative or reaches beyond a day.
inline void set_time(bool negative, std::int64_t hours, std::int64_t minute, std::int64_t second,
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

inline bool time_text(std::string_view raw, Value& out) noexcept {
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

inline std::uint32_t little_endian(const char* from, int bytes) noexcept {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])) << (8 * i);
  return value;
}

/// DATE and DATETIME: 0, 4, 7 or 11 bytes; what is missing is zero.
template <ValueKind Kind>
inline bool datetime_binary(std::string_view raw, Value& out) noexcept {
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
inline bool time_binary(std::string_view raw, Value& out) noexcept {
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

inline bool bit_boolean(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::boolean;
  out.integer = raw == std::string_view("\1", 1) ? 1 : 0;
  return raw.size() == 1;
}

inline bool boolean_number(bool decoded, Value& out) noexcept {
  out.kind = ValueKind::boolean;
  out.integer = out.integer != 0 ? 1 : 0;
  return decoded;
}
inline bool boolean_text(std::string_view raw, Value& out) noexcept {
  return boolean_number(integer_text(raw, out), out);
}
inline bool boolean_binary(std::string_view raw, Value& out) noexcept {
  return boolean_number(integer_binary<std::int8_t>(raw, out), out);
}

template <Decode decode>
inline void null_without_day(RawCell& cell) noexcept {
  Value value;
  if (!cell.is_null() && decode(cell.view(), value) && lacks_day(value.time)) cell = RawCell{};
}

constexpr std::size_t guid_text_size = 36;
constexpr std::int32_t guid_size = 16;

inline int hexadecimal(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The row lies in the library's own buffer, which is ours until the next row. What is no uuid
/// stays as it is, and its decoder refuses it.
inline void unpack_guid(RawCell& cell) noexcept {
  if (cell.length != static_cast<std::int32_t>(guid_text_size)) return;
  char bytes[guid_size];
  std::size_t digits = 0;
  for (const char c : cell.view()) {
    if (c == '-') continue;
    const int digit = hexadecimal(c);
    if (digit < 0 || digits >= std::size_t{guid_size} * 2) return;
    const int high = digits % 2 == 0 ? 0 : static_cast<unsigned char>(bytes[digits / 2]) << 4;
    bytes[digits / 2] = static_cast<char>(high | digit);
    ++digits;
  }
  if (digits != std::size_t{guid_size} * 2) return;
  std::memcpy(const_cast<char*>(cell.data), bytes, sizeof bytes);
  cell.length = guid_size;
}

inline bool guid_bytes(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::guid;
  out.text = raw;
  return raw.size() == guid_size;
}

}  // namespace core::mysql_decode
