// SPDX-License-Identifier: Apache-2.0
// The C data types as the matrices see them: synonyms of ODBC 2 and 3 are one Target. Also where a
// value goes and where a parameter comes from. Application memory may be unaligned (row-wise
// binding), so cells store through memcpy.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/value.h"

namespace odbc::convert {

enum class Target : std::uint8_t {
  char_,
  wchar,
  binary,
  bit,
  stinyint,
  utinyint,
  sshort,
  ushort,
  slong,
  ulong,
  sbigint,
  ubigint,
  float_,
  double_,
  numeric,
  date,
  time,
  timestamp,
  guid,
  interval,  ///< all interval types; Destination::interval tells which
  count_,
  by_default = count_,  ///< SQL_C_DEFAULT: resolved by the SQL type
  unknown,              ///< no C type at all: HY003
};

Target target_of(SQLSMALLINT c_type) noexcept;
/// The C type SQL_C_DEFAULT stands for.
Target default_target(SQLSMALLINT sql_type, bool is_unsigned) noexcept;
/// The concise C type of a target (SQL_C_INTERVAL_* excepted: 0).
SQLSMALLINT c_type_of(Target target) noexcept;
/// Bytes of a fixed-length target; 0 for char, wchar, binary (and interval).
std::size_t fixed_size(Target target) noexcept;
constexpr bool variable_length(Target target) noexcept { return target <= Target::binary; }

/// Where one value goes. Any pointer may be null.
struct Destination {
  void* data = nullptr;
  SQLLEN capacity = 0;                            ///< bytes at data; fixed-length targets ignore it
  SQLLEN* length = nullptr;                       ///< SQL_DESC_OCTET_LENGTH_PTR
  SQLLEN* indicator = nullptr;                    ///< SQL_DESC_INDICATOR_PTR, usually the same
  core::SqlType source = core::SqlType::unknown;  ///< the column's type: binary of numbers
  core::IntervalFields fields = core::IntervalFields::any;  ///< the column's: interval to number
  SQLSMALLINT precision = 38;         ///< SQL_C_NUMERIC; fraction digits of SQL_C_INTERVAL_*
  SQLSMALLINT scale = own_scale;      ///< SQL_C_NUMERIC
  SQLSMALLINT leading_precision = 2;  ///< SQL_C_INTERVAL_*
  SQLINTERVAL interval{};             ///< which of SQL_C_INTERVAL_*; 0: another C type

  /// The value's own digits behind the point: when the application has not said how many.
  static constexpr SQLSMALLINT own_scale = -32768;

  /// Stores a fixed-length value; ODBC sets its size as the length.
  template <class T>
  void store(const T& value) const noexcept {
    if (data != nullptr) std::memcpy(data, &value, sizeof value);
    store_length(static_cast<SQLLEN>(sizeof value));
  }
  void store_length(SQLLEN bytes) const noexcept {
    if (length != nullptr) std::memcpy(length, &bytes, sizeof bytes);
    if (indicator != nullptr && indicator != length) {
      constexpr SQLLEN not_null = 0;
      std::memcpy(indicator, &not_null, sizeof not_null);
    }
  }
};

}  // namespace odbc::convert
