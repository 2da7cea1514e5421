// SPDX-License-Identifier: Apache-2.0
// Environment, connection and statement attributes as data: width, legal times, legal values, what
// is substituted. Comes in: exports/attributes.cpp. Attributes that only set a field of a
// descriptor are in `descriptor_attributes`. An attribute without a row answers HY092.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <array>
#include <cstdint>
#include <span>

namespace odbc {

enum class AttributeWidth : std::uint8_t { bits32, bits64, pointer, text };

/// When an attribute may be set (ODBC reference, SQLSetConnectAttr and SQLSetStmtAttr).
enum class Settable : std::uint8_t {
  always,
  before_connect,   ///< else HY011
  not_with_cursor,  ///< 24000 while a cursor is open, HY011 while a statement is prepared
  never,            ///< read-only: HY092
};

/// What happens to a value that ODBC knows and the driver does not offer.
enum class Unoffered : std::uint8_t { substituted, refused };

struct AttributeRow {
  SQLINTEGER attribute;
  AttributeWidth width = AttributeWidth::bits64;
  Settable settable = Settable::always;
  SQLULEN initial = 0;
  /// Values ODBC defines; empty: any. Others are HY024.
  std::span<const SQLULEN> known = {};
  /// The first `offered` of `known` work. Others: 01S02 and `initial`, or HYC00.
  std::size_t offered = SIZE_MAX;
  Unoffered unoffered = Unoffered::substituted;
};

std::span<const AttributeRow> environment_attributes() noexcept;
std::span<const AttributeRow> connection_attributes() noexcept;
std::span<const AttributeRow> statement_attributes() noexcept;

/// A statement attribute that is a field of one of its descriptors' headers.
struct DescriptorAttribute {
  SQLINTEGER attribute;
  SQLINTEGER descriptor;  ///< SQL_ATTR_APP_ROW_DESC, ...
  SQLSMALLINT field;      ///< SQL_DESC_ARRAY_SIZE, ...
};
std::span<const DescriptorAttribute> descriptor_attributes() noexcept;
/// Null when `attribute` is not a descriptor's field.
const DescriptorAttribute* find_descriptor_attribute(SQLINTEGER attribute) noexcept;

/// The values of one handle's attributes, by row. Under the handle's mutex.
class AttributeValues {
 public:
  static constexpr std::size_t most_rows = 24;
  explicit AttributeValues(std::span<const AttributeRow> rows) noexcept;

  /// Null when the table has no such attribute.
  const AttributeRow* find(SQLINTEGER attribute) const noexcept {
    for (const AttributeRow& row : rows_)
      if (row.attribute == attribute) return &row;
    return nullptr;
  }
  /// What every call asks for stands at the beginning of its table.
  SQLULEN get(SQLINTEGER attribute) const noexcept {
    const AttributeRow* row = find(attribute);
    return row == nullptr ? 0 : values_[static_cast<std::size_t>(row - rows_.data())];
  }
  void set(SQLINTEGER attribute, SQLULEN value) noexcept;
  std::span<const AttributeRow> rows() const noexcept { return rows_; }

 private:
  std::span<const AttributeRow> rows_;
  std::array<SQLULEN, most_rows> values_{};
};

/// What a value given by the application becomes.
struct CheckedValue {
  SQLULEN value;
  bool substituted;  ///< post 01S02
};
/// Throws HY024 or HYC00 by the row.
CheckedValue check_value(const AttributeRow& row, SQLULEN wanted);

}  // namespace odbc
