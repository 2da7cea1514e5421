// SPDX-License-Identifier: Apache-2.0
// Bytes are written by hand, so that no byte order of the machine shows. Comes in: guid.h.
#include "odbc/convert/guid.h"

#include <cstdint>
#include <cstring>

#include "odbc/convert/number.h"

namespace odbc::convert {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr bool dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}
std::uint8_t byte_at(std::string_view bytes, std::size_t i) noexcept {
  return static_cast<std::uint8_t>(bytes[i]);
}

}  // namespace

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool parse_guid(std::string_view text, char* bytes) noexcept {
  text = trim(text);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  if (text.size() != guid_digits) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < guid_bytes; ++i) {
    if (dash_before(i) && text[at++] != '-') return false;
    const int high = hex_value(text[at]), low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<char>(high * 16 + low);
    at += 2;
  }
  return true;
}

std::string_view format_guid(std::string_view bytes, char* buffer) noexcept {
  char* at = buffer;
  for (std::size_t i = 0; i < guid_bytes; ++i) {
    if (dash_before(i)) *at++ = '-';
    *at++ = digits[byte_at(bytes, i) >> 4U];
    *at++ = digits[byte_at(bytes, i) & 15U];
  }
  return {buffer, guid_digits};
}

SQLGUID to_struct_guid(std::string_view bytes) noexcept {
  SQLGUID guid{};
  for (std::size_t i = 0; i < 4; ++i) guid.Data1 = guid.Data1 << 8U | byte_at(bytes, i);
  guid.Data2 = static_cast<std::uint16_t>(byte_at(bytes, 4) << 8U | byte_at(bytes, 5));
  guid.Data3 = static_cast<std::uint16_t>(byte_at(bytes, 6) << 8U | byte_at(bytes, 7));
  std::memcpy(guid.Data4, bytes.data() + 8, sizeof guid.Data4);
  return guid;
}

void from_struct_guid(const SQLGUID& guid, char* bytes) noexcept {
  for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<char>(guid.Data1 >> (24 - 8 * i));
  bytes[4] = static_cast<char>(guid.Data2 >> 8U);
  bytes[5] = static_cast<char>(guid.Data2);
  bytes[6] = static_cast<char>(guid.Data3 >> 8U);
  bytes[7] = static_cast<char>(guid.Data3);
  std::memcpy(bytes + 8, guid.Data4, sizeof guid.Data4);
}

}  // namespace odbc::convert
