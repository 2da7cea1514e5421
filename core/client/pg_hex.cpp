// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes at once where the processor has SSE2 (every x86-64), else one by one.
#include "core/client/pg_hex.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace core {
namespace {

#ifdef __SSE2__

constexpr std::size_t block = 16;  // bytes

__m128i where_at_most(__m128i numbers, char most) noexcept {
  return _mm_cmpeq_epi8(_mm_min_epu8(numbers, _mm_set1_epi8(most)), numbers);
}

// Sixteen digits to their values; `good` keeps its bits where they are digits.
__m128i values_of(__m128i digits, __m128i& good) noexcept {
  const __m128i number = _mm_sub_epi8(digits, _mm_set1_epi8('0'));
  const __m128i letter =
      _mm_sub_epi8(_mm_or_si128(digits, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
  const __m128i is_number = where_at_most(number, 9), is_letter = where_at_most(letter, 5);
  good = _mm_and_si128(good, _mm_or_si128(is_number, is_letter));
  return _mm_or_si128(_mm_and_si128(is_number, number),
                      _mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
}

// Eight pairs of values, the higher digit first, to eight bytes in eight words.
__m128i paired(__m128i values) noexcept {
  const __m128i high = _mm_slli_epi16(_mm_and_si128(values, _mm_set1_epi16(0xFF)), 4);
  return _mm_or_si128(high, _mm_srli_epi16(values, 8));
}

bool decode_block(const char* digits, char* to) noexcept {
  const auto* const from = reinterpret_cast<const __m128i*>(digits);
  __m128i good = _mm_set1_epi8(-1);
  const __m128i first = paired(values_of(_mm_loadu_si128(from), good));
  const __m128i second = paired(values_of(_mm_loadu_si128(from + 1), good));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(first, second));
  return _mm_movemask_epi8(good) == 0xFFFF;
}

#else

constexpr std::size_t block = 1;

bool decode_block(const char* digits, char* to) noexcept {
  const int high = hex_digit(digits[0]), low = hex_digit(digits[1]);
  *to = static_cast<char>(high * 16 + low);
  return (high | low) >= 0;
}

#endif

}  // namespace

bool decode_hex(const char* digits, std::size_t size, char* to) noexcept {
  std::size_t i = 0;
  for (; i + block <= size; i += block)
    if (!decode_block(digits + 2 * i, to + i)) return false;
  for (; i < size; ++i) {
    const int high = hex_digit(digits[2 * i]), low = hex_digit(digits[2 * i + 1]);
    if ((high | low) < 0) return false;
    to[i] = static_cast<char>(high * 16 + low);
  }
  return true;
}

}  // namespace core
