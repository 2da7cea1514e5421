// SPDX-License-Identifier: Apache-2.0
// Groups of four digits to characters; a table of the hundred pairs spares the divisions.
#include "core/packed_decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace core {

namespace {

constexpr std::size_t header = 8, group_bytes = 2;
constexpr int group_digits = 4;
constexpr std::uint32_t group_limit = 10'000;
constexpr std::uint16_t sign_minus = 0x4000, sign_nan = 0xC000, sign_infinity = 0xD000,
                        sign_minus_infinity = 0xF000;

std::uint16_t word(const char* at) noexcept {
  std::uint16_t value;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}

constexpr auto pairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

char* put_group(char* at, std::uint32_t group) noexcept {
  std::memcpy(at, &pairs[std::size_t{group / 100} * 2], 2);
  std::memcpy(at + 2, &pairs[std::size_t{group % 100} * 2], 2);
  return at + group_digits;
}

int digits_of(std::uint32_t group) noexcept {
  if (group >= 100) return group >= 1000 ? 4 : 3;
  return group >= 10 ? 2 : 1;
}

std::string_view name_of(PackedDecimal::Special special) noexcept {
  constexpr std::string_view names[] = {"", "NaN", "Infinity", "-Infinity"};
  return names[static_cast<std::size_t>(special)];
}

PackedDecimal::Special special_of(std::uint16_t sign) noexcept {
  using enum PackedDecimal::Special;
  switch (sign) {
    case sign_nan: return nan;
    case sign_infinity: return infinity;
    case sign_minus_infinity: return minus_infinity;
    default: return none;
  }
}

}  // namespace

bool PackedDecimal::valid(std::string_view raw) noexcept {
  static_assert(std::endian::native == std::endian::little);
  if (raw.size() < header) return false;
  const std::size_t count = word(raw.data());
  const std::uint16_t sign = word(raw.data() + 4);
  if (raw.size() != header + count * group_bytes) return false;
  if (special_of(sign) != Special::none) return true;
  if ((sign != 0 && sign != sign_minus) || word(raw.data() + 6) > 0x3FFF) return false;
  for (std::size_t i = 0; i < count; ++i)
    if (word(raw.data() + header + i * group_bytes) >= group_limit) return false;
  return true;
}

PackedDecimal::PackedDecimal(std::string_view raw) noexcept : digits_(raw.data() + header) {
  const std::uint16_t sign = word(raw.data() + 4);
  special_ = special_of(sign);
  if (special_ != Special::none) {
    text_size_ = whole_size_ = name_of(special_).size();
    return;
  }
  count_ = word(raw.data());
  weight_ = static_cast<std::int16_t>(word(raw.data() + 2));
  scale_ = word(raw.data() + 6);
  negative_ = sign == sign_minus && count_ > 0;
  const int whole = weight_ < 0 || count_ == 0 ? 1 : digits_of(group(0)) + weight_ * group_digits;
  whole_size_ = static_cast<std::size_t>(whole) + (negative_ ? 1 : 0);
  text_size_ = whole_size_ + (scale_ > 0 ? static_cast<std::size_t>(scale_) + 1 : 0);
}

std::uint32_t PackedDecimal::group(int index) const noexcept {
  if (index < 0 || index >= count_) return 0;
  return word(digits_ + static_cast<std::size_t>(index) * group_bytes);
}

char* PackedDecimal::write(char* out) const noexcept {
  if (special_ != Special::none) return write_part(0, text_size_, out);
  if (negative_) *out++ = '-';
  if (weight_ < 0 || count_ == 0) {
    *out++ = '0';
  } else {
    char first[group_digits];
    const int count = digits_of(group(0));
    put_group(first, group(0));
    std::memcpy(out, first + group_digits - count, static_cast<std::size_t>(count));
    out += count;
    for (int i = 1; i <= weight_; ++i) out = put_group(out, group(i));
  }
  if (scale_ == 0) return out;
  *out++ = '.';
  int left = scale_;
  int index = count_ == 0 ? 0 : weight_ + 1;
  for (; left >= group_digits; left -= group_digits) out = put_group(out, group(index++));
  char last[group_digits];
  put_group(last, group(index));
  std::memcpy(out, last, static_cast<std::size_t>(left));
  return out + left;
}

// The digit worth 10^place.
char PackedDecimal::digit(std::ptrdiff_t place) const noexcept {
  constexpr std::array<std::uint32_t, group_digits> powers = {1, 10, 100, 1000};
  const std::ptrdiff_t in_group = (place % group_digits + group_digits) % group_digits;
  const std::ptrdiff_t power = (place - in_group) / group_digits;
  const std::uint32_t value = count_ == 0 ? 0 : group(static_cast<int>(weight_ - power));
  return static_cast<char>('0' + value / powers[static_cast<std::size_t>(in_group)] % 10);
}

char* PackedDecimal::write_part(std::size_t offset, std::size_t count, char* out) const noexcept {
  if (special_ != Special::none) {
    const std::string_view part = name_of(special_).substr(offset, count);
    return std::copy(part.begin(), part.end(), out);
  }
  const auto whole = static_cast<std::ptrdiff_t>(whole_size_);
  for (std::size_t i = offset; i < offset + count; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    if (i == 0 && negative_)
      *out++ = '-';
    else if (at == whole)
      *out++ = '.';
    else
      *out++ = digit(at < whole ? whole - 1 - at : whole - at);
  }
  return out;
}

}  // namespace core
