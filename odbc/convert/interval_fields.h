// SPDX-License-Identifier: Apache-2.0
// The thirteen interval types as data: their first and last field. Comes in: interval, its text.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <array>
#include <cstdint>

namespace odbc::convert::interval {

enum class Field : std::uint8_t { year, month, day, hour, minute, second, count_ };

struct Range {
  Field first, last;
};

/// By SQLINTERVAL; row 0 is no interval.
inline constexpr std::array<Range, SQL_IS_MINUTE_TO_SECOND + 1> ranges = {{
    {Field::count_, Field::count_},
    {Field::year, Field::year},
    {Field::month, Field::month},
    {Field::day, Field::day},
    {Field::hour, Field::hour},
    {Field::minute, Field::minute},
    {Field::second, Field::second},
    {Field::year, Field::month},
    {Field::day, Field::hour},
    {Field::day, Field::minute},
    {Field::day, Field::second},
    {Field::hour, Field::minute},
    {Field::hour, Field::second},
    {Field::minute, Field::second},
}};

constexpr Range range_of(SQLINTERVAL type) noexcept {
  return ranges[static_cast<std::size_t>(type)];
}
constexpr Field next(Field field) noexcept {
  return static_cast<Field>(static_cast<std::uint8_t>(field) + 1);
}

/// What one of a field is worth: months, or microseconds. And its first value that is too large
/// when another field stands before it.
struct Worth {
  std::int64_t amount;
  std::uint32_t limit;
};
inline constexpr std::array<Worth, static_cast<std::size_t>(Field::count_)> worths = {{
    {12, 0},
    {1, 12},
    {86'400'000'000, 0},
    {3'600'000'000, 24},
    {60'000'000, 60},
    {1'000'000, 60},
}};
constexpr Worth worth_of(Field field) noexcept { return worths[static_cast<std::size_t>(field)]; }

inline constexpr std::array<std::uint32_t, 10> powers_of_ten = {
    1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

}  // namespace odbc::convert::interval
