// SPDX-License-Identifier: Apache-2.0
// Decimal text as most numbers on the wire look: a sign, at most 15 digits, one point, no exponent.
// What is longer or stranger goes the general way of whoever reads it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace core {

struct PlainDecimal {
  static constexpr std::uint32_t most_digits = 15;

  std::uint64_t digits = 0;  ///< all of them, as if there were no point
  std::uint32_t whole = 0;   ///< digits before the point, at least 1
  std::uint32_t places = 0;  ///< digits behind it
  bool negative = false;

  /// False: no such number; nothing is said about what it is then.
  bool read(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    negative = at != end && *at == '-';
    if (negative) ++at;
    if (end - at > most_digits + 1) return false;
    whole = take_digits(at, end);
    if (whole == 0) return false;
    if (at == end) return whole <= most_digits;
    if (*at++ != '.') return false;
    places = take_digits(at, end);
    return at == end && places != 0;
  }

  static constexpr double power_of_ten(std::uint32_t exponent) noexcept {
    constexpr std::array<double, most_digits + 1> powers = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    return powers[exponent];
  }

  /// Correctly rounded: a whole number below 2^53 and a power of ten up to 10^22 are doubles
  /// without loss (Clinger, "How to read floating point numbers accurately", 1990).
  double value() const noexcept {
    const double size = static_cast<double>(digits) / power_of_ten(places);
    return negative ? -size : size;
  }

 private:
  std::uint32_t take_digits(const char*& at, const char* end) noexcept {
    const char* const begin = at;
    for (; at != end; ++at) {
      const auto digit = static_cast<unsigned char>(*at - '0');
      if (digit > 9) break;
      digits = digits * 10 + digit;
    }
    return static_cast<std::uint32_t>(at - begin);
  }
};

}  // namespace core
