// SPDX-License-Identifier: Apache-2.0
// Binary decimals as text, whole and in parts.
#include "core/packed_decimal.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/client/pg_bytes.h"

namespace core {
namespace {

/// The form of numeric_send.
std::string packed(int weight, std::uint16_t sign, int scale,
                   const std::vector<std::int16_t>& groups) {
  std::string bytes;
  const auto put = [&](int number) {
    char word[2];
    put_big_endian(static_cast<std::int16_t>(number), word);
    bytes.append(word, sizeof word);
  };
  put(static_cast<int>(groups.size()));
  put(weight);
  put(sign);
  put(scale);
  for (const std::int16_t group : groups) put(group);
  return bytes;
}

std::string text_of(const std::string& bytes) {
  EXPECT_TRUE(PackedDecimal::valid(bytes));
  const PackedDecimal number(bytes);
  std::string text(number.text_size(), '#');
  EXPECT_EQ(number.write(text.data()), text.data() + text.size());
  std::string parts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char one = '#';
    number.write_part(i, 1, &one);
    parts.push_back(one);
  }
  EXPECT_EQ(parts, text);
  return text;
}

TEST(PackedDecimal, IsWrittenInPlainNotation) {
  constexpr std::uint16_t minus = 0x4000;
  EXPECT_EQ(text_of(packed(0, 0, 0, {})), "0");
  EXPECT_EQ(text_of(packed(0, 0, 3, {})), "0.000");
  EXPECT_EQ(text_of(packed(0, 0, 0, {7})), "7");
  EXPECT_EQ(text_of(packed(0, minus, 1, {12, 5000})), "-12.5");
  EXPECT_EQ(text_of(packed(1, 0, 0, {1})), "10000");
  EXPECT_EQ(text_of(packed(2, 0, 2, {123, 4, 5000, 6})), "12300045000.00");
  EXPECT_EQ(text_of(packed(-1, 0, 4, {1})), "0.0001");
  EXPECT_EQ(text_of(packed(-3, minus, 12, {1})), "-0.000000000001");
  EXPECT_EQ(text_of(packed(-1, 0, 2, {9900})), "0.99");
}

TEST(PackedDecimal, WholeDigitsAreCountedWithTheirSign) {
  EXPECT_EQ(PackedDecimal(packed(0, 0x4000, 1, {12, 5000})).whole_size(), 3U);
  EXPECT_EQ(PackedDecimal(packed(-1, 0, 4, {1})).whole_size(), 1U);
}

TEST(PackedDecimal, SpecialValuesHaveNames) {
  EXPECT_EQ(text_of(packed(0, 0xC000, 0, {})), "NaN");
  EXPECT_EQ(text_of(packed(0, 0xD000, 0, {})), "Infinity");
  EXPECT_EQ(text_of(packed(0, 0xF000, 0, {})), "-Infinity");
}

TEST(PackedDecimal, BytesOfAnotherShapeAreRefused) {
  EXPECT_FALSE(PackedDecimal::valid(""));
  EXPECT_FALSE(PackedDecimal::valid("1234567"));
  EXPECT_FALSE(PackedDecimal::valid(packed(0, 0, 0, {1}) + "x"));
  EXPECT_FALSE(PackedDecimal::valid(packed(0, 0x1234, 0, {1})));
  EXPECT_FALSE(PackedDecimal::valid(packed(0, 0, 0, {10'000})));
  EXPECT_FALSE(PackedDecimal::valid(packed(0, 0, 0, {-1})));
}

}  // namespace
}  // namespace core
