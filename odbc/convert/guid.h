// SPDX-License-Identifier: Apache-2.0
// GUIDs between text, 16 bytes in network order (core::Value) and SQLGUID, whose first three parts
// are native integers. Comes in: the cells of both matrices.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string_view>

namespace odbc::convert {

inline constexpr std::size_t guid_bytes = 16;
inline constexpr std::size_t guid_digits = 36;

/// 8-4-4-4-12 hexadecimal digits, braces allowed. Writes guid_bytes bytes.
bool parse_guid(std::string_view text, char* bytes) noexcept;
/// Lower case, guid_digits characters into `buffer`; `bytes` has guid_bytes.
std::string_view format_guid(std::string_view bytes, char* buffer) noexcept;
SQLGUID to_struct_guid(std::string_view bytes) noexcept;
void from_struct_guid(const SQLGUID& guid, char* bytes) noexcept;

/// The value of a hexadecimal digit, or -1.
int hex_value(char c) noexcept;

}  // namespace odbc::convert
