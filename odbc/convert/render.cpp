// SPDX-License-Identifier: Apache-2.0
// Renderers use to_chars and the formatters of datetime.h only. Comes in: render.h.
#include "odbc/convert/render.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/plain_decimal.h"
#include "odbc/convert/datetime.h"
#include "odbc/convert/guid.h"
#include "odbc/text/wide.h"

namespace odbc::convert {

// What fewer digits, or others of the same count, would give is tried out.
bool shortest_as_float(std::uint64_t digits, std::uint32_t places) noexcept {
  if (digits < 1'000'000) return true;  // no float needs more than its first six
  if (digits >= 1'000'000'000) return false;
  const double power = core::PlainDecimal::power_of_ten(places);
  const auto as_float = [power](std::uint64_t number) {
    return static_cast<float>(static_cast<double>(number) / power);
  };
  const float given = as_float(digits);
  const std::uint64_t below = digits - digits % 10;
  const double distance = static_cast<double>(digits) / power - given;
  return as_float(below) != given && as_float(below + 10) != given &&
         std::fabs(distance) * power < 0.49;
}

namespace {

static_assert(scratch_size >= datetime_room && scratch_size >= interval_room);

constexpr std::size_t unit_size = sizeof(SQLWCHAR);

std::string_view between(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

constexpr auto pairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

// Faster than to_chars, which counts the digits first: from the end, two at a time.
char* write_whole(std::uint64_t number, char* out) noexcept {
  char digits[20];
  char* const end = digits + sizeof digits;
  char* at = end;
  for (; number >= 100; number /= 100) {
    at -= 2;
    std::memcpy(at, &pairs[number % 100 * 2], 2);
  }
  if (number >= 10) {
    at -= 2;
    std::memcpy(at, &pairs[number * 2], 2);
  } else {
    *--at = static_cast<char>('0' + number);
  }
  const auto size = static_cast<std::size_t>(end - at);
  std::memcpy(out, at, size);
  return out + size;
}

// Numbers of few digits, as most are. At most 15 digits are the shortest of their double, for no
// two decimals of that length have the same one. Null when it is not so simple.
char* write_plain(double number, bool is_float, char* out) noexcept {
  constexpr double most = 1e12, near = 1e-3;  // the product's rounding stays below `near`
  const double size = std::fabs(number);
  if (!(size >= 1e-4 || size == 0) || (is_float && size >= 1e6)) return nullptr;
  double power = 1;
  std::uint64_t power_of_ten = 1;
  for (std::uint32_t places = 0; places <= 6; ++places, power *= 10, power_of_ten *= 10) {
    const double shifted = size * power;
    if (!(shifted < most)) return nullptr;
    const auto digits = static_cast<std::uint64_t>(static_cast<std::int64_t>(shifted + 0.5));
    const auto whole = static_cast<double>(digits);
    if (std::fabs(shifted - whole) > near || whole / power != size) continue;
    if (is_float && !shortest_as_float(digits, places)) return nullptr;
    if (std::signbit(number)) *out++ = '-';
    out = write_whole(digits / power_of_ten, out);
    if (places == 0) return out;
    *out++ = '.';
    std::uint64_t fraction = digits % power_of_ten;
    for (std::uint32_t i = places; i-- > 0; fraction /= 10)
      out[i] = static_cast<char>('0' + fraction % 10);
    return out + places;
  }
  return nullptr;
}

// The shortest digits that give the same number, plain or with an exponent where PostgreSQL changes
// over: from 10^6 (real) or 10^15 on, and below 10^-4.
template <class Real>
std::string_view shortest(Real number, char* scratch) noexcept {
  constexpr Real largest = sizeof number == sizeof(float) ? Real{1e6F} : static_cast<Real>(1e15);
  const Real size = std::fabs(number);
  const bool plain = size == 0 || (size < largest && size >= static_cast<Real>(1e-4));
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  return between(scratch, std::to_chars(scratch, scratch + scratch_size, number, format).ptr);
}

// Sign and digits before the point.
std::size_t whole_digits(std::string_view number) noexcept {
  return std::min(number.size(), number.find('.'));
}

std::size_t room_of(const Destination& out, std::size_t unit) noexcept {
  return out.capacity > 0 ? static_cast<std::size_t>(out.capacity) / unit : 0;
}

// The longest part of `room` bytes that ends between two UTF-8 characters.
std::size_t whole_characters(std::string_view text, std::size_t room) noexcept {
  std::size_t cut = room;
  while (cut > 0 && room - cut < 3 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
    --cut;
  return (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U ? room : cut;
}

void put_unit(void* data, std::size_t index, SQLWCHAR unit) noexcept {
  std::memcpy(static_cast<char*>(data) + index * unit_size, &unit, unit_size);
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";
char high_digit(char byte) noexcept { return hex_digits[static_cast<unsigned char>(byte) >> 4U]; }
char low_digit(char byte) noexcept { return hex_digits[static_cast<unsigned char>(byte) & 15U]; }

template <class Unit>
Copied copy_hex_as(std::string_view bytes, std::size_t offset, const Destination& out) noexcept {
  const std::string_view rest = bytes.substr(offset);
  out.store_length(static_cast<SQLLEN>(rest.size() * 2 * sizeof(Unit)));
  if (out.data == nullptr) return {Outcome::ok, 0};
  const std::size_t room = room_of(out, sizeof(Unit));
  if (room == 0) return {Outcome::truncated, 0};
  const std::size_t count = std::min(rest.size(), (room - 1) / 2);
  auto* at = static_cast<char*>(out.data);
  const auto put = [&at](char c) {
    const auto unit = static_cast<Unit>(static_cast<unsigned char>(c));
    std::memcpy(at, &unit, sizeof unit);
    at += sizeof unit;
  };
  for (const char byte : rest.substr(0, count)) {
    put(high_digit(byte));
    put(low_digit(byte));
  }
  put('\0');
  return {count < rest.size() ? Outcome::truncated : Outcome::ok, count};
}

// `terminator`: units kept free for the NUL.
template <class Unit, std::size_t terminator>
Copied copy_packed_as(const core::PackedDecimal& number, std::size_t offset,
                      const Destination& out) noexcept {
  const std::size_t left = number.text_size() - offset;
  out.store_length(static_cast<SQLLEN>(left * sizeof(Unit)));
  if (out.data == nullptr) return {Outcome::ok, 0, left};
  const std::size_t room = room_of(out, sizeof(Unit));
  if (room < terminator) return {Outcome::truncated, 0, left};
  const std::size_t count = std::min(left, room - terminator);
  auto* const at = static_cast<char*>(out.data);
  if constexpr (sizeof(Unit) == 1) {
    const bool all = offset == 0 && count == left;
    char* const end = all ? number.write(at) : number.write_part(offset, count, at);
    if constexpr (terminator == 1) *end = '\0';
  } else {
    char part[64];
    if (offset == 0 && count == left && count <= sizeof part) {
      number.write(part);
      for (std::size_t i = 0; i < count; ++i) put_unit(at, i, static_cast<Unit>(part[i]));
      put_unit(at, count, 0);
      return {Outcome::ok, count, 0};
    }
    for (std::size_t done = 0; done < count;) {
      const std::size_t size = std::min(count - done, sizeof part);
      number.write_part(offset + done, size, part);
      for (std::size_t i = 0; i < size; ++i) put_unit(at, done++, static_cast<Unit>(part[i]));
    }
    put_unit(at, count, 0);
  }
  return {count < left ? Outcome::truncated : Outcome::ok, count, left - count};
}

}  // namespace

Copied copy_packed(const core::PackedDecimal& number, std::size_t offset,
                   const Destination& out) noexcept {
  return copy_packed_as<char, 1>(number, offset, out);
}

Copied copy_packed_wide(const core::PackedDecimal& number, std::size_t offset,
                        const Destination& out) noexcept {
  return copy_packed_as<SQLWCHAR, 1>(number, offset, out);
}

Copied copy_packed_bytes(const core::PackedDecimal& number, std::size_t offset,
                         const Destination& out) noexcept {
  return copy_packed_as<char, 0>(number, offset, out);
}

Rendered render_boolean(const core::Value& value, core::SqlType, char*) noexcept {
  return {value.integer != 0 ? "1" : "0", 1};
}

Rendered render_integer(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const bool negative = value.integer < 0;
  *scratch = '-';
  const auto size = negative ? 0 - static_cast<std::uint64_t>(value.integer)
                             : static_cast<std::uint64_t>(value.integer);
  const auto text = between(scratch, write_whole(size, scratch + (negative ? 1 : 0)));
  return {text, text.size()};
}

Rendered render_unsigned(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = between(scratch, write_whole(value.unsigned_integer, scratch));
  return {text, text.size()};
}

Rendered render_real(const core::Value& value, core::SqlType source, char* scratch) noexcept {
  if (std::isnan(value.real)) return {"NaN", 3};
  if (std::isinf(value.real)) return {value.real < 0 ? "-Infinity" : "Infinity", 9};
  const bool is_float = source == core::SqlType::real;
  if (const char* const end = write_plain(value.real, is_float, scratch); end != nullptr) {
    const auto plain = between(scratch, end);
    return {plain, whole_digits(plain)};
  }
  const auto text =
      is_float ? shortest(static_cast<float>(value.real), scratch) : shortest(value.real, scratch);
  // A cut exponent would change the number.
  const bool cuttable = text.find('e') == std::string_view::npos;
  return {text, cuttable ? whole_digits(text) : text.size()};
}

Rendered render_decimal(const core::Value& value, core::SqlType, char*) noexcept {
  return {value.text, whole_digits(value.text)};
}

Rendered render_text(const core::Value& value, core::SqlType, char*) noexcept {
  return {value.text, 0};
}

Rendered render_date(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = between(scratch, format_date(value.time, scratch));
  return {text, text.size()};
}

Rendered render_time(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = between(scratch, format_time(value.time, scratch));
  return {text, value.time.has_offset ? text.size() : whole_digits(text)};
}

Rendered render_timestamp(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = between(scratch, format_timestamp(value.time, scratch));
  const bool cuttable = !value.time.has_offset && value.time.year > 0;
  return {text, cuttable ? whole_digits(text) : text.size()};
}

Rendered render_interval(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = between(scratch, format_interval(value.interval, scratch));
  return {text, whole_digits(text)};
}

Rendered render_guid(const core::Value& value, core::SqlType, char* scratch) noexcept {
  const auto text = format_guid(value.text, scratch);
  return {text, text.size()};
}

Render render_of(core::ValueKind kind) noexcept {
  using enum core::ValueKind;
  switch (kind) {
    case boolean: return render_boolean;
    case integer: return render_integer;
    case unsigned_: return render_unsigned;
    case real: return render_real;
    case decimal: return render_decimal;
    case text: return render_text;
    case date: return render_date;
    case time: return render_time;
    case timestamp: return render_timestamp;
    case interval: return render_interval;
    case guid: return render_guid;
    default: return nullptr;
  }
}

Copied copy_char(std::string_view text, std::size_t offset, const Destination& out,
                 Cut cut) noexcept {
  const std::string_view rest = text.substr(offset);
  out.store_length(static_cast<SQLLEN>(rest.size()));
  if (out.data == nullptr) return {Outcome::ok, 0};
  const std::size_t room = room_of(out, 1);
  if (room == 0) return {Outcome::truncated, 0};
  const bool whole = rest.size() < room;
  std::size_t count = whole ? rest.size() : room - 1;
  if (!whole && cut == Cut::between_characters) count = whole_characters(rest, count);
  auto* const data = static_cast<char*>(out.data);
  if (count > 0) std::memcpy(data, rest.data(), count);
  data[count] = '\0';
  return {whole ? Outcome::ok : Outcome::truncated, count};
}

Copied copy_wchar(std::string_view text, std::size_t offset, const Destination& out,
                  std::size_t units) noexcept {
  const std::string_view rest = text.substr(offset);
  const std::size_t room = out.data != nullptr ? room_of(out, unit_size) : 0;
  if (room == 0) {
    if (units == not_counted) units = text::utf16_length(rest);
    out.store_length(static_cast<SQLLEN>(units * unit_size));
    return {out.data == nullptr ? Outcome::ok : Outcome::truncated, 0, units};
  }
  const auto [consumed, written] =
      text::convert_prefix(rest, static_cast<SQLWCHAR*>(out.data), room - 1);
  put_unit(out.data, written, 0);
  const bool whole = consumed == rest.size();
  if (whole) {
    units = written;
  } else if (units == not_counted) {
    units = written + text::utf16_length(rest.substr(consumed));
  }
  out.store_length(static_cast<SQLLEN>(units * unit_size));
  return {whole ? Outcome::ok : Outcome::truncated, consumed, units - written};
}

Copied copy_binary(std::string_view bytes, std::size_t offset, const Destination& out) noexcept {
  const std::string_view rest = bytes.substr(offset);
  out.store_length(static_cast<SQLLEN>(rest.size()));
  if (out.data == nullptr) return {Outcome::ok, 0};
  const std::size_t count = std::min(rest.size(), room_of(out, 1));
  if (count > 0) std::memcpy(out.data, rest.data(), count);
  return {count < rest.size() ? Outcome::truncated : Outcome::ok, count};
}

Copied copy_hex(std::string_view bytes, std::size_t offset, const Destination& out) noexcept {
  return copy_hex_as<char>(bytes, offset, out);
}

Copied copy_hex_wide(std::string_view bytes, std::size_t offset, const Destination& out) noexcept {
  return copy_hex_as<SQLWCHAR>(bytes, offset, out);
}

}  // namespace odbc::convert
