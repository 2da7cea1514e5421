// SPDX-License-Identifier: Apache-2.0
// The binary form of one-dimensional PostgreSQL arrays, for unnest.
#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "libpq_subject/row_parameters.h"

namespace bench {

/// One array parameter. Bytes are kept between uses: a good application does not allocate anew.
class ArrayParameter {
 public:
  /// Begins an array of `count` elements of `type`, none of them NULL.
  void begin(Oid type, std::int32_t count) {
    bytes_.clear();
    for (const std::int32_t word : {1, 0, static_cast<std::int32_t>(type), count, 1}) put(word);
  }
  template <typename Number>
  void add(Number number) {
    put(static_cast<std::int32_t>(sizeof number));
    put(number);
  }
  void add(const char* text, std::size_t length) {
    put(static_cast<std::int32_t>(length));
    append(text, length);
  }
  const char* data() const { return bytes_.data(); }
  int size() const { return static_cast<int>(bytes_.size()); }

 private:
  template <typename Number>
  void put(Number number) {
    const Number wire = to_wire(number);
    append(reinterpret_cast<const char*>(&wire), sizeof wire);
  }
  void append(const char* bytes, std::size_t length) {
    bytes_.insert(bytes_.end(), bytes, bytes + length);
  }
  std::vector<char> bytes_;
};

/// A block of the workload as three array parameters.
struct ArrayParameters {
  static constexpr std::array<Oid, 3> types{1007, 1022, 1015};  // int4[], float8[], varchar[]
  static constexpr std::array<int, 3> formats{1, 1, 1};
  std::array<ArrayParameter, 3> arrays;
  std::array<const char*, 3> values{};
  std::array<int, 3> lengths{};

  void take(const WrittenRows<array_rows>& rows) {
    for (std::size_t at = 0; at < arrays.size(); ++at) {
      arrays[at].begin(row_types[at], static_cast<std::int32_t>(array_rows));
    }
    for (std::size_t row = 0; row < array_rows; ++row) {
      arrays[0].add(rows.i[row]);
      arrays[1].add(std::bit_cast<std::int64_t>(rows.d[row]));
      arrays[2].add(rows.s[row].data(), rows.s_length[row]);
    }
    for (std::size_t at = 0; at < arrays.size(); ++at) {
      values[at] = arrays[at].data();
      lengths[at] = arrays[at].size();
    }
  }
};

}  // namespace bench
