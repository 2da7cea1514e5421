// SPDX-License-Identifier: Apache-2.0
// Hexadecimal digits to bytes, fast enough for values of many megabytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace core {

/// The value of a digit, -1 for anything else. A table, because the digits of large values are
/// random: branches on them would be mispredicted.
inline constexpr std::array<std::int8_t, 256> hex_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = i;
  for (std::int8_t i = 10; i < 16; ++i) {
    values[static_cast<std::size_t>('a' + i - 10)] = i;
    values[static_cast<std::size_t>('A' + i - 10)] = i;
  }
  return values;
}();

inline int hex_digit(char c) noexcept { return hex_values[static_cast<unsigned char>(c)]; }

/// Decodes 2 * `size` digits. `to` may be at or before `digits`. False: something else is among
/// them, and `to` holds nothing of use.
bool decode_hex(const char* digits, std::size_t size, char* to) noexcept;

}  // namespace core
