// SPDX-License-Identifier: Apache-2.0
// Text between the application and the driver: inside everything is UTF-8, the W functions speak
// UTF-16. Comes in: every entry point with a string, the conversion cells for SQL_C_WCHAR. Goes
// next: nowhere, these are leaves. Two tempers: strict for what the application sends (ill-formed
// text is refused), lenient for what a server sends (an SQL_ASCII database may return any bytes;
// each ill-formed part becomes U+FFFD). Application buffers may be unaligned.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace odbc::text {

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t), "unixODBC's SQLWCHAR is one UTF-16 unit");

/// How far a conversion got, in units of its input and of its output.
struct Progress {
  std::size_t consumed;
  std::size_t written;
};

/// Bytes of `utf8` before the first ill-formed sequence (Unicode 15, table 3-7); the whole size
/// when well-formed.
std::size_t valid_prefix(std::string_view utf8) noexcept;
/// Units of `utf16` before the first lone surrogate; the whole size when well-formed.
std::size_t valid_prefix(std::u16string_view utf16) noexcept;

/// UTF-16 units that `convert_prefix` writes for all of `utf8` (lenient).
std::size_t utf16_length(std::string_view utf8) noexcept;

/// Converts as many whole characters as fit into `out`; writes no NUL and never half a surrogate
/// pair. Call again with the rest of the text for the next piece (SQLGetData); pieces together
/// equal one whole conversion. Lenient. `consumed == 0` for a text that is not empty means: `out`
/// is too small for the next character.
Progress convert_prefix(std::string_view utf8, std::span<char16_t> out) noexcept;
/// The same into an application's buffer of `capacity` units, which need not be aligned.
Progress convert_prefix(std::string_view utf8, SQLWCHAR* out, std::size_t capacity) noexcept;

/// Strict UTF-16 to UTF-8. Throws core::Error 22018 naming the offset of a lone surrogate in units,
/// from 0.
std::string to_utf8(std::u16string_view utf16);
/// Bytes that one UTF-16 unit takes at most in UTF-8.
inline constexpr std::size_t utf8_per_unit = 3;
/// The same without a string of its own, from units that need not be aligned, into `out` with room
/// for units * utf8_per_unit bytes. Returns the bytes written, or nothing for a lone surrogate.
std::optional<std::size_t> to_utf8(const void* utf16, std::size_t units, char* out) noexcept;
/// Strict UTF-8 to UTF-16. Throws core::Error 22018 naming the offset of the ill-formed sequence in
/// bytes, from 0.
std::u16string to_utf16(std::string_view utf8);
/// Throws core::Error 22018 as `to_utf16` does, converts nothing.
void require_utf8(std::string_view utf8);

/// An input string argument as UTF-8. A null pointer is the empty string, SQL_NTS means up to the
/// NUL, a given length keeps NULs inside. The narrow form takes the bytes as they are (UTF-8 by the
/// driver's contract, not checked). Throws core::Error HY090 for any other negative length, and
/// 22018 for ill-formed UTF-16.
std::string from_app(const SQLCHAR* text, SQLINTEGER length_in_bytes);
std::string from_app(const SQLWCHAR* text, SQLINTEGER length_in_characters);

/// What a capacity and a length of a W function count. Bytes: SQLGetInfoW, SQLColAttributeW,
/// SQLGetConnectAttrW, SQLGetStmtAttrW, SQLGetDiagFieldW, SQLGetDescFieldW. Characters:
/// SQLDescribeColW, SQLGetDiagRecW, SQLDriverConnectW, SQLNativeSqlW, SQLGetCursorNameW.
enum class Unit { characters, bytes };

/// The outcome of `to_app`: the length of the whole text without NUL in the function's unit, and
/// whether the caller must post 01004.
struct Written {
  std::size_t length;
  bool truncated;
};

/// ODBC's rule for output strings: as much as fits, always with a NUL when `capacity` > 0. With a
/// null buffer nothing is written and nothing counts as truncated; with capacity 0 everything does.
/// Cuts between characters only. Throws core::Error HY090 for a negative capacity and, in bytes,
/// for an odd one with a buffer (ODBC reference, SQLGetInfo: the length for a Unicode string must
/// be even).
Written to_app(std::string_view utf8, SQLCHAR* buffer, SQLLEN capacity);
Written to_app(std::string_view utf8, SQLWCHAR* buffer, SQLLEN capacity, Unit unit);

/// Stores a length through the application's pointer, which may be null; a length beyond the type
/// is stored as its maximum (SQLSMALLINT: 32767) instead of wrapping to a negative number.
template <class Length>
void store_length(std::size_t length, Length* out) noexcept {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<Length>::max());
  if (out != nullptr) *out = static_cast<Length>(length < most ? length : most);
}

}  // namespace odbc::text
