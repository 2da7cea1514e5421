// SPDX-License-Identifier: Apache-2.0
// Plain cells: text, bytes, booleans, numbers, uuid. Dates and intervals are in pg_decode_time.cpp.
#include "core/client/pg_decode.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/client/pg_bytes.h"
#include "core/client/pg_hex.h"
#include "core/packed_decimal.h"
#include "core/plain_decimal.h"

namespace core {

namespace {

bool set_integer(std::int64_t number, Value& out) noexcept {
  out.kind = ValueKind::integer;
  out.integer = number;
  return true;
}

bool set_real(double number, Value& out) noexcept {
  out.kind = ValueKind::real;
  out.real = number;
  return true;
}

}  // namespace

bool decode_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::text;
  out.text = raw;
  return true;
}

bool decode_bytes(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::bytes;
  out.text = raw;
  return true;
}

bool decode_guid(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::guid;
  out.text = raw;
  return raw.size() == 16;
}

bool jsonb_from_binary(std::string_view raw, Value& out) noexcept {
  constexpr char only_version = 1;
  if (raw.empty() || raw.front() != only_version) return false;
  return decode_text(raw.substr(1), out);
}

bool boolean_from_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::boolean;
  out.integer = raw == "t" ? 1 : 0;
  return raw == "t" || raw == "f";
}

bool boolean_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 1) return false;
  out.kind = ValueKind::boolean;
  out.integer = raw.front() != 0 ? 1 : 0;
  return true;
}

bool bit_from_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::boolean;
  out.integer = raw == "1" ? 1 : 0;
  return raw == "1" || raw == "0";
}

bool integer_from_text(std::string_view raw, Value& out) noexcept {
  std::int64_t number = 0;
  const char* end = raw.data() + raw.size();
  const auto [stop, error] = std::from_chars(raw.data(), end, number);
  return error == std::errc() && stop == end && set_integer(number, out);
}

bool int2_from_binary(std::string_view raw, Value& out) noexcept {
  return raw.size() == 2 && set_integer(big_endian<std::int16_t>(raw.data()), out);
}

bool int4_from_binary(std::string_view raw, Value& out) noexcept {
  return raw.size() == 4 && set_integer(big_endian<std::int32_t>(raw.data()), out);
}

bool int8_from_binary(std::string_view raw, Value& out) noexcept {
  return raw.size() == 8 && set_integer(big_endian<std::int64_t>(raw.data()), out);
}

bool oid_from_binary(std::string_view raw, Value& out) noexcept {
  return raw.size() == 4 && set_integer(big_endian<std::uint32_t>(raw.data()), out);
}

bool unsigned_from_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::unsigned_;
  const char* end = raw.data() + raw.size();
  const auto [stop, error] = std::from_chars(raw.data(), end, out.unsigned_integer);
  return error == std::errc() && stop == end;
}

bool unsigned8_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 8) return false;
  out.kind = ValueKind::unsigned_;
  out.unsigned_integer = big_endian<std::uint64_t>(raw.data());
  return true;
}

bool real_from_text(std::string_view raw, Value& out) noexcept {
  if (PlainDecimal plain; plain.read(raw)) return set_real(plain.value(), out);
  double number = 0;
  const char* end = raw.data() + raw.size();
  // from_chars knows NaN, Infinity and -Infinity as PostgreSQL writes them.
  const auto [stop, error] = std::from_chars(raw.data(), end, number);
  return error == std::errc() && stop == end && set_real(number, out);
}

namespace {

// A float that is a decimal of few places, and so near to its neighbours that one place less would
// be another float, is its own shortest text.
bool is_its_shortest_text(float number) {
  const float size = std::fabs(number);
  if (!(size < 1e6F)) return false;
  const double step = std::bit_cast<float>(std::bit_cast<std::uint32_t>(size) + 1) - size;
  double power = 1;
  for (int places = 0; places <= 4; ++places, power *= 10) {
    const double shifted = double{size} * power;  // exact: 24 bits times 14
    if (static_cast<double>(static_cast<std::int64_t>(shifted)) != shifted) continue;
    return places == 0 || step * power < 2;
  }
  return false;
}

}  // namespace

bool float4_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 4) return false;
  const float number = std::bit_cast<float>(big_endian<std::uint32_t>(raw.data()));
  if (is_its_shortest_text(number)) return set_real(number, out);
  // By way of its shortest text, so that 0.1 is the double 0.1 in both formats.
  char text[32];
  const auto [stop, error] = std::to_chars(text, text + sizeof text, number);
  return error == std::errc() && real_from_text({text, static_cast<std::size_t>(stop - text)}, out);
}

bool float8_from_binary(std::string_view raw, Value& out) noexcept {
  return raw.size() == 8 &&
         set_real(std::bit_cast<double>(big_endian<std::uint64_t>(raw.data())), out);
}

bool decimal_from_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::decimal;
  out.text = raw;
  return !raw.empty();
}

bool numeric_from_binary(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::packed;
  out.text = raw;
  return PackedDecimal::valid(raw);
}

namespace {

std::int32_t unpack_hex(char* data, std::int32_t length) noexcept {
  if (length % 2 != 0) return -1;
  const std::int32_t size = length / 2 - 1;
  return decode_hex(data + 2, static_cast<std::size_t>(size), data) ? size : -1;
}

// bytea_output = escape: "\\" is a backslash, "\ooo" an octal byte.
std::int32_t unpack_escaped(char* data, std::int32_t length) noexcept {
  char* to = data;
  for (std::int32_t i = 0; i < length; ++i) {
    if (data[i] != '\\') {
      *to++ = data[i];
    } else if (i + 1 < length && data[i + 1] == '\\') {
      *to++ = '\\';
      ++i;
    } else if (i + 3 < length) {
      *to++ = static_cast<char>((data[i + 1] - '0') * 64 + (data[i + 2] - '0') * 8 +
                                (data[i + 3] - '0'));
      i += 3;
    } else {
      return -1;
    }
  }
  return static_cast<std::int32_t>(to - data);
}

}  // namespace

std::int32_t unpack_bytea(char* data, std::int32_t length) noexcept {
  const bool hex = length >= 2 && data[0] == '\\' && data[1] == 'x';
  return hex ? unpack_hex(data, length) : unpack_escaped(data, length);
}

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_separator(char c) noexcept { return c == '.' || c == ','; }

// Where the decimal point of an amount stands; past the end when it has none.
std::size_t point_of(std::string_view amount) noexcept {
  const std::size_t first = amount.find_first_of("0123456789");
  const std::size_t last = amount.find_last_of(".,");
  if (last == std::string_view::npos || first == std::string_view::npos || last < first)
    return amount.size();
  std::size_t others = 0, same = 0, behind = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (amount[i] == amount[last]) ++same;
    if (is_separator(amount[i]) && amount[i] != amount[last]) ++others;
  }
  for (const char c : amount.substr(last)) behind += is_digit(c) ? 1 : 0;
  if (behind == 0 || same > 0) return amount.size();
  return others == 0 && behind == 3 ? amount.size() : last;
}

}  // namespace

std::int32_t unpack_money(char* data, std::int32_t length) noexcept {
  const std::string_view amount(data, static_cast<std::size_t>(length));
  const std::size_t point = point_of(amount);
  const bool negative = amount.find_first_of("-(") != std::string_view::npos;
  char* to = data;
  bool any = false;
  // What is written never passes what is read: a sign takes the place of a sign or bracket.
  char digits[64];
  std::size_t count = 0;
  for (std::size_t i = 0; i < amount.size() && count < sizeof digits; ++i) {
    if (is_digit(amount[i])) any = true;
    if (is_digit(amount[i]) || i == point) digits[count++] = amount[i] == ',' ? '.' : amount[i];
  }
  if (!any || count == sizeof digits) return -1;
  if (negative) *to++ = '-';
  std::memcpy(to, digits, count);
  return static_cast<std::int32_t>(to - data + static_cast<std::ptrdiff_t>(count));
}

std::int32_t unpack_uuid(char* data, std::int32_t length) noexcept {
  if (length != 36) return -1;
  char* to = data;
  for (std::int32_t i = 0; i < length; i += 2) {
    if (data[i] == '-') ++i;
    const int high = hex_digit(data[i]);
    const int low = hex_digit(data[i + 1]);
    if ((high | low) < 0) return -1;
    *to++ = static_cast<char>(high * 16 + low);
  }
  return static_cast<std::int32_t>(to - data);
}

}  // namespace core
