// SPDX-License-Identifier: Apache-2.0
// ASCII to UTF-16, many characters per step: most text is ASCII, and every SQL_C_WCHAR cell comes
// by here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace odbc::text {

/// Eight bytes as eight UTF-16 units at `out`, which need not be aligned; false, with nothing
/// written, when one of them is not ASCII.
inline bool widen_8_portably(const unsigned char* in, unsigned char* out) noexcept {
  std::uint64_t block = 0;
  std::memcpy(&block, in, sizeof block);
  if ((block & 0x8080808080808080U) != 0) return false;
  std::uint16_t units[8];
  for (std::size_t i = 0; i < 8; ++i) units[i] = in[i];
  std::memcpy(out, units, sizeof units);
  return true;
}

/// The same in four instructions where the processor has them.
inline bool widen_8_ascii(const unsigned char* in, unsigned char* out) noexcept {
#ifdef __SSE2__
  const __m128i block = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in));
  if (_mm_movemask_epi8(block) != 0) return false;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_unpacklo_epi8(block, _mm_setzero_si128()));
  return true;
#else
  return widen_8_portably(in, out);
#endif
}

/// Writes `size` units. False when a byte is not ASCII; what was written then is worth nothing.
inline bool widen_ascii(const unsigned char* in, std::size_t size, unsigned char* out) noexcept {
  if (size >= 8) {
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8)
      if (!widen_8_ascii(in + at, out + 2 * at)) return false;
    // The last step overlaps the one before.
    return at == size || widen_8_ascii(in + size - 8, out + 2 * (size - 8));
  }
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint16_t unit = in[i];
    if (unit >= 0x80) return false;
    std::memcpy(out + 2 * i, &unit, sizeof unit);
  }
  return true;
}

}  // namespace odbc::text
