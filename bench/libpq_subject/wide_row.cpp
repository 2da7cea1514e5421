// SPDX-License-Identifier: Apache-2.0
#include "libpq_subject/wide_row.h"

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstring>

#include "libpq_subject/link.h"

namespace bench {
namespace {

using Buffer = std::array<char, text_size>;
constexpr std::chrono::sys_days epoch =
    std::chrono::year(2000) / std::chrono::January / std::chrono::day(1);

struct Date {
  std::int16_t year;
  std::uint16_t month, day;
};
struct Timestamp : Date {
  std::uint16_t hour, minute, second;
  std::uint32_t fraction;  // nanoseconds, as ODBC has it
};

Date date_of(std::int32_t days) {
  const std::chrono::year_month_day date{epoch + std::chrono::days(days)};
  return {static_cast<std::int16_t>(static_cast<int>(date.year())),
          static_cast<std::uint16_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint16_t>(static_cast<unsigned>(date.day()))};
}

Timestamp timestamp_of(std::int64_t microseconds) {
  constexpr std::int64_t second = 1'000'000, day = 86400 * second;
  std::int64_t days = microseconds / day, rest = microseconds % day;
  if (rest < 0) {
    --days;
    rest += day;
  }
  const auto seconds = static_cast<std::uint32_t>(rest / second);
  return {date_of(static_cast<std::int32_t>(days)), static_cast<std::uint16_t>(seconds / 3600),
          static_cast<std::uint16_t>(seconds / 60 % 60), static_cast<std::uint16_t>(seconds % 60),
          static_cast<std::uint32_t>(rest % second * 1000)};
}

// numeric on the wire: digits, weight, sign, scale, then digits of base 10,000. Writes its text.
std::size_t numeric_text(const char* wire, char* text) {
  const auto word = [wire](int at) {
    return from_wire<std::int16_t>(wire + 2 * static_cast<std::ptrdiff_t>(at));
  };
  const int digits = word(0), weight = word(1), scale = word(3);
  const auto digit = [&](int at) {
    return at >= 0 && at < digits ? word(4 + at) : std::int16_t{0};
  };
  char* out = text;
  if (word(2) != 0) *out++ = '-';
  out = std::to_chars(out, out + 8, weight < 0 ? 0 : digit(0)).ptr;
  const auto put_group = [&out](int group) {
    for (int unit = 1000; unit > 0; unit /= 10) *out++ = static_cast<char>('0' + group / unit % 10);
  };
  for (int at = 1; at <= weight; ++at) put_group(digit(at));
  if (scale == 0) return static_cast<std::size_t>(out - text);
  *out++ = '.';
  char* const fraction = out;
  for (int group = 0; 4 * group < scale; ++group) put_group(digit(weight + 1 + group));
  return static_cast<std::size_t>(fraction + scale - text);
}

// Copies a text column into the application's buffer.
std::uint64_t text_cell(const PGresult* result, int row, int column, Buffer& buffer) {
  const auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
  std::memcpy(buffer.data(), PQgetvalue(result, row, column),
              length < buffer.size() ? length : buffer.size());
  return text_check(static_cast<std::size_t>(column), buffer.data(), length);
}

}  // namespace

std::uint64_t decode_wide_text(const PGresult* result, int row) {
  static std::array<Buffer, wide_columns> buffers;
  constexpr int boolean_column = 6;
  std::uint64_t sum = 0;
  for (int column = 0; column < static_cast<int>(wide_columns); ++column) {
    if (column != boolean_column) {
      sum += text_cell(result, row, column, buffers[static_cast<std::size_t>(column)]);
    }
  }
  Buffer& flag = buffers[boolean_column];
  flag[0] = PQgetvalue(result, row, boolean_column)[0] == 't' ? '1' : '0';
  return sum + text_check(boolean_column, flag.data(), 1);
}

std::uint64_t decode_wide_binary(const PGresult* result, int row) {
  const auto value = [&](int column) { return PQgetvalue(result, row, column); };
  Buffer n, v, t, c;
  const auto i = from_wire<std::int32_t>(value(0));
  const auto b = from_wire<std::int64_t>(value(1));
  const auto s = from_wire<std::int16_t>(value(2));
  const double r = std::bit_cast<float>(from_wire<std::uint32_t>(value(3)));
  const auto d = std::bit_cast<double>(from_wire<std::uint64_t>(value(4)));
  const std::size_t n_length = numeric_text(value(5), n.data());
  const auto f = static_cast<unsigned char>(value(6)[0]);
  const Date day = date_of(from_wire<std::int32_t>(value(10)));
  const Timestamp at = timestamp_of(from_wire<std::int64_t>(value(11)));
  return static_cast<std::uint64_t>(i) + static_cast<std::uint64_t>(b) +
         static_cast<std::uint64_t>(s) + std::bit_cast<std::uint64_t>(r) +
         std::bit_cast<std::uint64_t>(d) + f + text_check(5, n.data(), n_length) +
         text_cell(result, row, 7, v) + text_cell(result, row, 8, t) +
         text_cell(result, row, 9, c) + date_check(day) + timestamp_check(at);
}

}  // namespace bench
