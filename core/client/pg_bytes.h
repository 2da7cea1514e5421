// SPDX-License-Identifier: Apache-2.0
// Numbers in network order, as PostgreSQL's binary formats hold them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace core {

template <class Integer>
Integer big_endian(const char* bytes) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::make_unsigned_t<Integer> number;
  std::memcpy(&number, bytes, sizeof number);
  if constexpr (sizeof number == 2) number = __builtin_bswap16(number);
  if constexpr (sizeof number == 4) number = __builtin_bswap32(number);
  if constexpr (sizeof number == 8) number = __builtin_bswap64(number);
  return static_cast<Integer>(number);
}

template <class Integer>
void put_big_endian(Integer value, char* bytes) noexcept {
  const Integer swapped = big_endian<Integer>(reinterpret_cast<const char*>(&value));
  std::memcpy(bytes, &swapped, sizeof swapped);
}

}  // namespace core
