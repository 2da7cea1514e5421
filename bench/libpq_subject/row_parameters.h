// SPDX-License-Identifier: Apache-2.0
// Rows of the workload as binary parameters, ready for PQexecPrepared.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "libpq_subject/link.h"
#include "subject/workload.h"

namespace bench {

inline constexpr Oid int4_type = 23, float8_type = 701, varchar_type = 1043;
inline constexpr std::array<Oid, 3> row_types{int4_type, float8_type, varchar_type};

/// One row (int4, float8, varchar); pointers stay valid as long as `rows` and this live.
struct RowParameters {
  std::int32_t i = 0;
  std::int64_t d = 0;
  std::array<const char*, 3> values{reinterpret_cast<const char*>(&i),
                                    reinterpret_cast<const char*>(&d), nullptr};
  std::array<int, 3> lengths{sizeof i, sizeof d, 0};
  static constexpr std::array<int, 3> formats{1, 1, 1};

  RowParameters() = default;
  RowParameters(const RowParameters&) = delete;
  RowParameters& operator=(const RowParameters&) = delete;

  template <std::size_t Size>
  void take(const WrittenRows<Size>& rows, std::size_t at) {
    i = to_wire(rows.i[at]);
    d = to_wire(std::bit_cast<std::int64_t>(rows.d[at]));
    values[2] = rows.s[at].data();
    lengths[2] = static_cast<int>(rows.s_length[at]);
  }
};

}  // namespace bench
