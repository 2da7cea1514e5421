// SPDX-License-Identifier: Apache-2.0
// A decimal in PostgreSQL's binary form, read where it lies: no copy, no limit of digits. Comes in:
// Values of kind `packed`. Source of the form: numeric_send in src/backend/utils/adt/numeric.c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace core {

/// A view: valid as long as the bytes it was made of.
class PackedDecimal {
 public:
  enum class Special : std::uint8_t { none, nan, infinity, minus_infinity };

  /// False: the bytes are no such decimal; the constructor must not see them.
  static bool valid(std::string_view raw) noexcept;
  explicit PackedDecimal(std::string_view raw) noexcept;

  Special special() const noexcept { return special_; }
  /// Of a finite decimal; zero is not negative.
  bool negative() const noexcept { return negative_; }
  /// Digits shown behind the point.
  int scale() const noexcept { return scale_; }
  /// Groups of four digits, the first worth 10000^weight; those outside 0 .. groups()-1 are 0.
  int groups() const noexcept { return count_; }
  int weight() const noexcept { return weight_; }
  std::uint32_t group(int index) const noexcept;

  /// The plain notation: sign, digits, point, exactly scale() digits; or NaN, Infinity, -Infinity.
  std::size_t text_size() const noexcept { return text_size_; }
  /// Of it, sign and digits before the point (a special value: all).
  std::size_t whole_size() const noexcept { return whole_size_; }
  /// Writes all of the text; returns the end.
  char* write(char* out) const noexcept;
  /// Writes `count` characters from `offset` on; both within text_size(). Returns the end.
  char* write_part(std::size_t offset, std::size_t count, char* out) const noexcept;

 private:
  char digit(std::ptrdiff_t place) const noexcept;

  const char* digits_ = nullptr;
  int count_ = 0, weight_ = 0, scale_ = 0;
  Special special_ = Special::none;
  bool negative_ = false;
  std::size_t text_size_ = 0, whole_size_ = 0;
};

}  // namespace core
