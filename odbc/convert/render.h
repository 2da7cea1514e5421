// SPDX-License-Identifier: Apache-2.0
// Values as text, and text or bytes into a buffer, whole or in pieces. Comes in: the text cells of
// the fetch matrix, SQLGetData. Goes next: odbc/text/wide for UTF-16.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/packed_decimal.h"
#include "core/value.h"
#include "odbc/convert/outcome.h"
#include "odbc/convert/target.h"

namespace odbc::convert {

/// `text` points into the value or into the scratch. Of it at least `essential` characters must fit
/// into the application's buffer (whole digits, the seconds of a time): else 22003, not 01004.
struct Rendered {
  std::string_view text;
  std::size_t essential = 0;
};

inline constexpr std::size_t scratch_size = 128;

/// Not NULL; `source` tells single from double precision. `scratch` has scratch_size bytes.
using Render = Rendered (*)(const core::Value& value, core::SqlType source, char* scratch) noexcept;
/// Null for null, bytes, packed (they have copy functions of their own) and count_.
Render render_of(core::ValueKind kind) noexcept;

Rendered render_boolean(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_integer(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_unsigned(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_real(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_decimal(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_text(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_date(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_time(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_timestamp(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_interval(const core::Value& value, core::SqlType source, char* scratch) noexcept;
Rendered render_guid(const core::Value& value, core::SqlType source, char* scratch) noexcept;

/// True when digits / 10^places, below 10^6, is the shortest decimal of the float nearest to it:
/// what a real column shows.
bool shortest_as_float(std::uint64_t digits, std::uint32_t places) noexcept;

/// What one copy did: `consumed` is in the unit of its offset, `units_left` the UTF-16 units behind
/// it (wide text only).
struct Copied {
  Outcome outcome;
  std::size_t consumed;
  std::size_t units_left = 0;
};
inline constexpr std::size_t not_counted = static_cast<std::size_t>(-1);

/// Each copies from `offset` on as much as fits, ends text with a NUL, and stores as length what
/// was left at `offset`, in bytes of the target. Without a buffer only the length is stored.
/// Offsets of text and bytes are in bytes of the source.
enum class Cut : bool {
  between_characters,  ///< a truncated column must stand for itself
  anywhere,            ///< pieces are put together again: the buffer is filled
};
Copied copy_char(std::string_view text, std::size_t offset, const Destination& out,
                 Cut cut) noexcept;
/// `units`: the UTF-16 units from `offset` on when they were counted before.
Copied copy_wchar(std::string_view text, std::size_t offset, const Destination& out,
                  std::size_t units = not_counted) noexcept;
Copied copy_binary(std::string_view bytes, std::size_t offset, const Destination& out) noexcept;
/// Bytes as hexadecimal digits; two digits per byte, never half of them.
Copied copy_hex(std::string_view bytes, std::size_t offset, const Destination& out) noexcept;
Copied copy_hex_wide(std::string_view bytes, std::size_t offset, const Destination& out) noexcept;
/// A decimal's plain notation; offsets are in characters. As bytes: without a NUL.
Copied copy_packed(const core::PackedDecimal& number, std::size_t offset,
                   const Destination& out) noexcept;
Copied copy_packed_wide(const core::PackedDecimal& number, std::size_t offset,
                        const Destination& out) noexcept;
Copied copy_packed_bytes(const core::PackedDecimal& number, std::size_t offset,
                         const Destination& out) noexcept;

}  // namespace odbc::convert
