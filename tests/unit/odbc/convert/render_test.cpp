// SPDX-License-Identifier: Apache-2.0
// Reals as characters: whatever short cut is taken, the digits are those of to_chars in
// PostgreSQL's layout.
#include "odbc/convert/render.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <random>
#include <string>

#include "core/client/pg_bytes.h"
#include "core/client/pg_decode.h"

namespace odbc::convert {
namespace {

template <class Real>
std::string expected(Real number) {
  const Real size = std::fabs(number);
  const Real largest = sizeof number == sizeof(float) ? Real{1e6F} : static_cast<Real>(1e15);
  const bool plain = size == 0 || (size < largest && size >= static_cast<Real>(1e-4));
  char text[400];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  return {text, std::to_chars(text, text + sizeof text, number, format).ptr};
}

std::string rendered(double number, core::SqlType type) {
  core::Value value;
  value.kind = core::ValueKind::real;
  value.real = number;
  char scratch[scratch_size];
  return std::string(render_real(value, type, scratch).text);
}

// As a float comes over the wire in binary.
double received(float number) {
  char bytes[4];
  core::put_big_endian(std::bit_cast<std::int32_t>(number), bytes);
  core::Value value;
  EXPECT_TRUE(core::float4_from_binary({bytes, sizeof bytes}, value));
  return value.real;
}

double shortest_as_double(float number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  double value = 0;
  std::from_chars(text, end, value);
  return value;
}

TEST(RenderReal, DoublesOfEverySizeAndOfFewDigits) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 300'000; ++i) {
    const double few =
        static_cast<double>(static_cast<std::int64_t>(random() % 20'000'000'000) - 10'000'000'000) /
        std::pow(10.0, static_cast<double>(random() % 12));
    ASSERT_EQ(rendered(few, core::SqlType::double_), expected(few));
    const auto any = std::bit_cast<double>(random());
    if (std::isfinite(any)) { ASSERT_EQ(rendered(any, core::SqlType::double_), expected(any)); }
    const double close = std::nextafter(few, i % 2 == 0 ? 1e300 : -1e300);
    ASSERT_EQ(rendered(close, core::SqlType::double_), expected(close));
  }
}

TEST(RenderReal, FloatsOfEverySizeAndOfFewDigits) {
  std::mt19937 random(12);
  for (int i = 0; i < 600'000; ++i) {
    const float few = static_cast<float>(random() % 100'000'000) /
                      std::pow(10.0F, static_cast<float>(random() % 9));
    const auto any = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    for (const float number : {few, -few, std::nextafter(few, 1e30F), any}) {
      if (!std::isfinite(number)) continue;
      const double value = received(number);
      ASSERT_EQ(value, shortest_as_double(number)) << number;
      ASSERT_EQ(rendered(value, core::SqlType::real), expected(number)) << number;
    }
  }
}

TEST(RenderReal, EdgesOfThePlainLayout) {
  for (const double number :
       {0.0, -0.0, 1e-4, 9.9999e-5, 1e-5, 0.25, 999999.0, 1e6, 1234567.0, 1e12, 1e15,
        123456789012345.0, 999999999999999.0, 0.1 + 0.2, 5e-324, 1e300}) {
    EXPECT_EQ(rendered(number, core::SqlType::double_), expected(number));
    EXPECT_EQ(rendered(-number, core::SqlType::double_), expected(-number));
    const auto single = static_cast<float>(number);
    if (!std::isfinite(single)) continue;
    EXPECT_EQ(rendered(shortest_as_double(single), core::SqlType::real), expected(single));
  }
}

}  // namespace
}  // namespace odbc::convert
