// SPDX-License-Identifier: Apache-2.0
// One decoder for UTF-8, one for UTF-16, and a path for ASCII that moves 8 characters per step:
// most text is ASCII. Comes in: wide.h. Units are read and written through memcpy, because SQLWCHAR
// and char16_t are different types to the compiler and a bound column may lie at an odd address.
#include "odbc/text/wide.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "core/error.h"
#include "odbc/text/widen.h"

namespace odbc::text {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

[[noreturn]] void fail(core::Sqlstate state, const std::string& text) {
  throw core::Error(state, "Text", text, core::Reached::not_sent);
}

struct Decoded {
  char32_t code;
  std::uint8_t size;  // bytes taken; for ill-formed text the maximal subpart, at least 1
  bool valid;
};

struct LeadByte {
  std::uint8_t size;  // of the whole sequence, 0 when it cannot begin one
  std::uint8_t second_low, second_high;
};

// Unicode 15, table 3-7: the range of the second byte keeps out overlong forms, surrogates and
// codes above 10FFFF.
constexpr LeadByte lead_byte(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF) return {2, 0x80, 0xBF};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {3, 0x80, 0xBF};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {4, 0x80, 0xBF};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

Decoded decode(const unsigned char* at, const unsigned char* end) noexcept {
  const unsigned char first = *at;
  if (first < 0x80) return {first, 1, true};
  const LeadByte lead = lead_byte(first);
  if (lead.size == 0 || end - at < 2 || at[1] < lead.second_low || at[1] > lead.second_high) {
    return {replacement, 1, false};
  }
  char32_t code = (first & (0x7FU >> lead.size)) << 6U | (at[1] & 0x3FU);
  for (std::uint8_t i = 2; i < lead.size; ++i) {
    if (at + i == end || (at[i] & 0xC0U) != 0x80U) return {replacement, i, false};
    code = code << 6U | (at[i] & 0x3FU);
  }
  return {code, lead.size, true};
}

bool starts_with_8_ascii(const unsigned char* at) noexcept {
  std::uint64_t block = 0;
  std::memcpy(&block, at, sizeof block);
  return (block & high_bits) == 0;
}

void store(unsigned char* out, std::size_t index, char32_t unit) noexcept {
  const auto value = static_cast<std::uint16_t>(unit);
  std::memcpy(out + 2 * index, &value, sizeof value);
}

char16_t load(const unsigned char* in, std::size_t index) noexcept {
  std::uint16_t value = 0;
  std::memcpy(&value, in + 2 * index, sizeof value);
  return value;
}

Progress encode(std::string_view utf8, unsigned char* out, std::size_t capacity) noexcept {
  const auto* const begin = reinterpret_cast<const unsigned char*>(utf8.data());
  const auto* const end = begin + utf8.size();
  const unsigned char* at = begin;
  std::size_t written = 0;
  while (at != end && written != capacity) {
    while (end - at >= 8 && capacity - written >= 8 && widen_8_ascii(at, out + 2 * written)) {
      at += 8;
      written += 8;
    }
    while (at != end && written != capacity && *at < 0x80) store(out, written++, *at++);
    if (at == end || written == capacity) break;
    const Decoded next = decode(at, end);
    if (next.code < 0x10000) {
      store(out, written++, next.code);
    } else {
      if (capacity - written < 2) break;
      store(out, written++, 0xD800U + ((next.code - 0x10000U) >> 10U));
      store(out, written++, 0xDC00U + (next.code & 0x3FFU));
    }
    at += next.size;
  }
  return {static_cast<std::size_t>(at - begin), written};
}

bool is_high(char16_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(char16_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

// At most four bytes; returns the end.
char* put_utf8(char* at, char32_t code) noexcept {
  if (code < 0x80) {
    *at++ = static_cast<char>(code);
    return at;
  }
  if (code < 0x800) {
    *at++ = static_cast<char>(0xC0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      *at++ = static_cast<char>(0xE0U | code >> 12U);
    } else {
      *at++ = static_cast<char>(0xF0U | code >> 18U);
      *at++ = static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    }
    *at++ = static_cast<char>(0x80U | (code >> 6U & 0x3FU));
  }
  *at++ = static_cast<char>(0x80U | (code & 0x3FU));
  return at;
}

void append_utf8(std::string& out, char32_t code) {
  std::array<char, 4> bytes;
  out.append(bytes.data(), put_utf8(bytes.data(), code));
}

std::string decode_units(const unsigned char* in, std::size_t size) {
  std::string out;
  out.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const char16_t unit = load(in, i);
    if (!is_high(unit) && !is_low(unit)) {
      append_utf8(out, unit);
      continue;
    }
    if (is_low(unit) || i + 1 == size || !is_low(load(in, i + 1))) {
      fail(core::sqlstate::invalid_text,
           "The text is not valid UTF-16: a lone surrogate at offset " + std::to_string(i) + ".");
    }
    append_utf8(out, 0x10000U + ((unit - 0xD800U) << 10U) + (load(in, ++i) - 0xDC00U));
  }
  return out;
}

std::size_t checked_length(SQLINTEGER length) {
  if (length < 0)
    fail(core::sqlstate::invalid_length,
         "Invalid string or buffer length: neither SQL_NTS nor zero or more.");
  return static_cast<std::size_t>(length);
}

std::size_t checked_capacity(SQLLEN capacity) {
  if (capacity < 0)
    fail(core::sqlstate::invalid_length,
         "Invalid string or buffer length: the buffer's length is negative.");
  return static_cast<std::size_t>(capacity);
}

// The longest part of at most `room` bytes that does not end inside a character; ill-formed text is
// cut anywhere.
std::size_t whole_characters(std::string_view utf8, std::size_t room) noexcept {
  std::size_t cut = room;
  for (int back = 0;
       back < 3 && cut > 0 && (static_cast<unsigned char>(utf8[cut]) & 0xC0U) == 0x80U; ++back)
    --cut;
  return (static_cast<unsigned char>(utf8[cut]) & 0xC0U) == 0x80U ? room : cut;
}

}  // namespace

std::size_t valid_prefix(std::string_view utf8) noexcept {
  const auto* const begin = reinterpret_cast<const unsigned char*>(utf8.data());
  const auto* const end = begin + utf8.size();
  const unsigned char* at = begin;
  while (at != end) {
    if (end - at >= 8 && starts_with_8_ascii(at)) {
      at += 8;
      continue;
    }
    const Decoded next = decode(at, end);
    if (!next.valid) break;
    at += next.size;
  }
  return static_cast<std::size_t>(at - begin);
}

std::size_t valid_prefix(std::u16string_view utf16) noexcept {
  for (std::size_t i = 0; i < utf16.size(); ++i) {
    if (is_low(utf16[i])) return i;
    if (!is_high(utf16[i])) continue;
    if (i + 1 == utf16.size() || !is_low(utf16[i + 1])) return i;
    ++i;
  }
  return utf16.size();
}

std::size_t utf16_length(std::string_view utf8) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(utf8.data());
  const auto* const end = at + utf8.size();
  std::size_t units = 0;
  while (at != end) {
    if (end - at >= 8 && starts_with_8_ascii(at)) {
      at += 8;
      units += 8;
      continue;
    }
    const Decoded next = decode(at, end);
    at += next.size;
    units += next.code < 0x10000 ? 1 : 2;
  }
  return units;
}

Progress convert_prefix(std::string_view utf8, std::span<char16_t> out) noexcept {
  return encode(utf8, reinterpret_cast<unsigned char*>(out.data()), out.size());
}

Progress convert_prefix(std::string_view utf8, SQLWCHAR* out, std::size_t capacity) noexcept {
  return encode(utf8, reinterpret_cast<unsigned char*>(out), capacity);
}

std::string to_utf8(std::u16string_view utf16) {
  return decode_units(reinterpret_cast<const unsigned char*>(utf16.data()), utf16.size());
}

void require_utf8(std::string_view utf8) {
  const std::size_t valid = valid_prefix(utf8);
  if (valid == utf8.size()) return;
  fail(core::sqlstate::invalid_text,
       "The text is not valid UTF-8: an ill-formed sequence at offset " + std::to_string(valid) +
           ".");
}

std::optional<std::size_t> to_utf8(const void* utf16, std::size_t units, char* out) noexcept {
  const auto* const in = static_cast<const unsigned char*>(utf16);
  char* at = out;
  for (std::size_t i = 0; i < units; ++i) {
    char32_t code = load(in, i);
    if (code < 0x80) {
      *at++ = static_cast<char>(code);
      continue;
    }
    const auto unit = static_cast<char16_t>(code);
    if (is_low(unit) || (is_high(unit) && (i + 1 == units || !is_low(load(in, i + 1)))))
      return std::nullopt;
    if (is_high(unit)) code = 0x10000U + ((code - 0xD800U) << 10U) + (load(in, ++i) - 0xDC00U);
    at = put_utf8(at, code);
  }
  return static_cast<std::size_t>(at - out);
}

std::u16string to_utf16(std::string_view utf8) {
  require_utf8(utf8);
  std::u16string out(utf16_length(utf8), u'\0');
  convert_prefix(utf8, std::span(out));
  return out;
}

std::string from_app(const SQLCHAR* text, SQLINTEGER length_in_bytes) {
  if (length_in_bytes != SQL_NTS) {
    const std::size_t length = checked_length(length_in_bytes);
    return text == nullptr ? std::string()
                           : std::string(reinterpret_cast<const char*>(text), length);
  }
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

std::string from_app(const SQLWCHAR* text, SQLINTEGER length_in_characters) {
  const auto* const units = reinterpret_cast<const unsigned char*>(text);
  std::size_t length = 0;
  if (length_in_characters != SQL_NTS) {
    length = checked_length(length_in_characters);
  } else {
    while (units != nullptr && load(units, length) != 0) ++length;
  }
  return units == nullptr ? std::string() : decode_units(units, length);
}

Written to_app(std::string_view utf8, SQLCHAR* buffer, SQLLEN capacity) {
  const std::size_t room = checked_capacity(capacity);
  if (buffer == nullptr) return {utf8.size(), false};
  const bool truncated = utf8.size() >= room;
  if (room > 0) {
    const std::size_t part = truncated ? whole_characters(utf8, room - 1) : utf8.size();
    std::copy_n(utf8.data(), part, reinterpret_cast<char*>(buffer));
    buffer[part] = 0;
  }
  return {utf8.size(), truncated};
}

Written to_app(std::string_view utf8, SQLWCHAR* buffer, SQLLEN capacity, Unit unit) {
  const std::size_t scale = unit == Unit::bytes ? sizeof(SQLWCHAR) : 1;
  const std::size_t given = checked_capacity(capacity);
  if (buffer == nullptr) return {utf16_length(utf8) * scale, false};
  if (given % scale != 0) {
    fail(core::sqlstate::invalid_length,
         "Invalid string or buffer length: a Unicode buffer has an even number of bytes.");
  }
  const std::size_t room = given / scale;
  if (room == 0) return {utf16_length(utf8) * scale, true};
  const Progress done = convert_prefix(utf8, buffer, room - 1);
  store(reinterpret_cast<unsigned char*>(buffer), done.written, 0);
  const std::string_view rest = utf8.substr(done.consumed);
  return {(done.written + utf16_length(rest)) * scale, !rest.empty()};
}

}  // namespace odbc::text
