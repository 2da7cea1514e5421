// SPDX-License-Identifier: Apache-2.0
// What an application's buffer holds, by its C type and the length it gave. Comes in:
// parameter_set, data_at_execution.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstring>
#include <string_view>

#include "odbc/convert/target.h"

namespace odbc::cursor {

/// Bytes before the terminating NUL; `data` need not be aligned.
inline std::size_t terminated_length(const char* data, convert::Target target) noexcept {
  if (target != convert::Target::wchar) return std::strlen(data);
  SQLWCHAR unit = 0;
  std::size_t bytes = 0;
  while (std::memcpy(&unit, data + bytes, sizeof unit), unit != 0) bytes += sizeof unit;
  return bytes;
}

/// A view of the buffer. `length` is SQL_NTS or not negative; fixed-length types ignore it.
inline std::string_view application_bytes(const char* data, SQLLEN length,
                                          convert::Target target) noexcept {
  if (const std::size_t size = convert::fixed_size(target); size != 0) return {data, size};
  if (data == nullptr) return {};
  if (length == SQL_NTS) return {data, terminated_length(data, target)};
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace odbc::cursor
