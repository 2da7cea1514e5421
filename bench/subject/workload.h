// SPDX-License-Identifier: Apache-2.0
// What the subjects work on: texts of statements, the rows they write, and the checksums over the
// rows they read. Shared, so that no subject can do less than another.
// The tables themselves are made by harness/tables.py.
#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace bench {

inline constexpr const char* narrow_query = "SELECT i, d, s FROM bench_narrow";
inline constexpr const char* wide_query =
    "SELECT i, b, s, r, d, n, f, v, t, c, day, at FROM bench_wide";
inline constexpr const char* lob_query = "SELECT b FROM bench_lob";
inline constexpr std::size_t wide_columns = 12;
inline constexpr std::size_t text_size = 64;  ///< characters of an application's text buffer
inline constexpr std::size_t array_rows = 1000;
inline constexpr std::size_t piece_bytes = 65536;
inline constexpr int thread_count = 8;

/// `rows` rows shaped like bench_narrow's that the server makes as they are read: nothing it
/// stores.
inline std::string postgres_stream_query(long rows) {
  return "SELECT i, i * 1.0625::float8 AS d, 'row number ' || i AS s FROM (SELECT "
         "generate_series(0, " +
         std::to_string(rows - 1) + ") AS i) AS made";
}

inline std::string mysql_stream_query(long rows) {
  return "SELECT seq AS i, seq * 1.0625e0 AS d, concat('row number ', seq) AS s FROM seq_0_to_" +
         std::to_string(rows - 1);
}

/// Adds one row of bench_narrow to a checksum; order does not matter, every bit does.
inline std::uint64_t row_check(std::int32_t i, double d, std::string_view s) {
  std::uint64_t sum = static_cast<std::uint32_t>(i) * 0x9e3779b97f4a7c15ULL;
  sum += std::bit_cast<std::uint64_t>(d);
  sum += s.size() << 32U;
  if (!s.empty()) {
    sum += static_cast<unsigned char>(s.front()) + 256U * static_cast<unsigned char>(s.back());
  }
  return sum;
}

/// One cell as characters, of any width: its length and its ends, weighed by its column.
template <typename Char>
std::uint64_t text_check(std::size_t column, const Char* text, std::size_t length) {
  std::uint64_t sum = length << 32U;
  if (length > 0) {
    sum +=
        static_cast<std::uint32_t>(text[0]) + 256U * static_cast<std::uint32_t>(text[length - 1]);
  }
  return sum * (2 * column + 1);
}

/// Years, months and days of any struct that has ODBC's names for them.
template <typename Date>
std::uint64_t date_check(const Date& date) {
  return static_cast<std::uint64_t>(date.year) * 512U + date.month * 32U + date.day;
}

/// The same to the nanosecond.
template <typename Timestamp>
std::uint64_t timestamp_check(const Timestamp& at) {
  return (date_check(at) * 86400U + at.hour * 3600U + at.minute * 60U + at.second) *
             0x100000001b3U +
         at.fraction;
}

/// The first and last byte of a piece of a large value, weighed by where it begins.
inline std::uint64_t piece_check(std::size_t offset, const char* piece, std::size_t length) {
  if (length == 0) return offset;
  return (offset + length) * 0x9e3779b97f4a7c15ULL + static_cast<unsigned char>(piece[0]) +
         256U * static_cast<unsigned char>(piece[length - 1]);
}

/// Block of rows that an application is about to write, as it would hold them: one array per
/// column.
template <std::size_t Size>
struct WrittenRows {
  std::array<std::int32_t, Size> i;
  std::array<double, Size> d;
  std::array<std::array<char, text_size>, Size> s;
  std::array<std::size_t, Size> s_length;

  /// Puts row number `number` of the workload into place `at`.
  void set(std::size_t at, long number) {
    static constexpr std::string_view prefix = "row number ";
    i[at] = static_cast<std::int32_t>(number);
    d[at] = static_cast<double>(number) * 1.0625;
    char* const begin = s[at].data();
    std::memcpy(begin, prefix.data(), prefix.size());
    const auto end = std::to_chars(begin + prefix.size(), begin + text_size, number).ptr;
    s_length[at] = static_cast<std::size_t>(end - begin);
  }
};

/// Fills one piece of the large value `number`; pieces of one value differ, and so do values.
inline void fill_piece(char* piece, std::size_t length, long number, std::size_t offset) {
  std::memset(piece,
              static_cast<int>('a' + (number + static_cast<long>(offset / piece_bytes)) % 26),
              length);
}

}  // namespace bench
