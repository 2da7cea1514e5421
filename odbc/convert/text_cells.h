// SPDX-License-Identifier: Apache-2.0
// Cells that end in SQL_C_CHAR, SQL_C_WCHAR or SQL_C_BINARY. Comes in: the rows of fetch_matrix.
#pragma once

#include "odbc/convert/guid.h"
#include "odbc/convert/plan.h"
#include "odbc/convert/render.h"

namespace odbc::convert::cells {

/// ODBC's rule: what matters of a number or datetime must fit, with the NUL, else 22003.
inline bool essential_fits(const Rendered& rendered, const Destination& out,
                           std::size_t unit) noexcept {
  if (rendered.essential == 0 || out.data == nullptr) return true;
  return out.capacity > 0 && static_cast<std::size_t>(out.capacity) / unit > rendered.essential;
}

/// What a render that writes nothing behind its end writes at most, with a NUL: a buffer of that
/// size needs no scratch. 0 for the others, which cut zeros off.
template <Render render>
inline constexpr std::size_t longest = 0;
template <>
inline constexpr std::size_t longest<render_integer> = 21;
template <>
inline constexpr std::size_t longest<render_unsigned> = 21;
template <>
inline constexpr std::size_t longest<render_date> = 32;
template <>
inline constexpr std::size_t longest<render_guid> = guid_digits + 1;

template <Render render>
Outcome to_char(const core::Value& value, const Destination& out) noexcept {
  if constexpr (longest < render >> 0) {
    if (out.data != nullptr && out.capacity >= static_cast<SQLLEN>(longest<render>)) {
      auto* const data = static_cast<char*>(out.data);
      const std::size_t size = render(value, out.source, data).text.size();
      data[size] = '\0';
      out.store_length(static_cast<SQLLEN>(size));
      return Outcome::ok;
    }
  }
  char scratch[scratch_size];
  const Rendered rendered = render(value, out.source, scratch);
  if (!essential_fits(rendered, out, 1)) return Outcome::out_of_range;
  return copy_char(rendered.text, 0, out, Cut::between_characters).outcome;
}

template <Render render>
Outcome to_wchar(const core::Value& value, const Destination& out) noexcept {
  char scratch[scratch_size];
  const Rendered rendered = render(value, out.source, scratch);
  if (!essential_fits(rendered, out, sizeof(SQLWCHAR))) return Outcome::out_of_range;
  return copy_wchar(rendered.text, 0, out).outcome;
}

/// The most frequent cell of all: no scratch, one copy.
inline Outcome text_to_char(const core::Value& value, const Destination& out) noexcept {
  const std::size_t size = value.text.size();
  if (out.data == nullptr || static_cast<SQLLEN>(size) >= out.capacity)
    return copy_char(value.text, 0, out, Cut::between_characters).outcome;
  auto* const data = static_cast<char*>(out.data);
  if (size > 0) std::memcpy(data, value.text.data(), size);
  data[size] = '\0';
  out.store_length(static_cast<SQLLEN>(size));
  return Outcome::ok;
}
inline Outcome text_to_wchar(const core::Value& value, const Destination& out) noexcept {
  return copy_wchar(value.text, 0, out).outcome;
}

inline Outcome bytes_to_char(const core::Value& value, const Destination& out) noexcept {
  return copy_hex(value.text, 0, out).outcome;
}
inline Outcome bytes_to_wchar(const core::Value& value, const Destination& out) noexcept {
  return copy_hex_wide(value.text, 0, out).outcome;
}
/// Text, decimals, bytes and GUIDs as the bytes they are made of.
inline Outcome view_to_binary(const core::Value& value, const Destination& out) noexcept {
  return copy_binary(value.text, 0, out).outcome;
}

/// Binary decimals are written straight into the buffer, however long they are.
template <Copied (*copy)(const core::PackedDecimal&, std::size_t, const Destination&) noexcept,
          std::size_t unit>
Outcome packed_to_text(const core::Value& value, const Destination& out) noexcept {
  const core::PackedDecimal number(value.text);
  if (!essential_fits({{}, number.whole_size()}, out, unit)) return Outcome::out_of_range;
  return copy(number, 0, out).outcome;
}
inline Outcome packed_to_char(const core::Value& value, const Destination& out) noexcept {
  return packed_to_text<copy_packed, 1>(value, out);
}
inline Outcome packed_to_wchar(const core::Value& value, const Destination& out) noexcept {
  return packed_to_text<copy_packed_wide, sizeof(SQLWCHAR)>(value, out);
}
/// The same characters as bytes: a decimal has no native form.
inline Outcome packed_to_binary(const core::Value& value, const Destination& out) noexcept {
  return copy_packed_bytes(core::PackedDecimal(value.text), 0, out).outcome;
}

/// Fixed bytes of a number or struct: all or nothing (22003).
template <class T>
Outcome store_binary(const T& value, const Destination& out) noexcept {
  if (out.data != nullptr && out.capacity < static_cast<SQLLEN>(sizeof value))
    return Outcome::out_of_range;
  out.store(value);
  return Outcome::ok;
}

}  // namespace odbc::convert::cells
