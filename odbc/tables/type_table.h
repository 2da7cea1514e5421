// SPDX-License-Identifier: Apache-2.0
// The SQL types as data: what ODBC says of each core::SqlType, and the way back. Comes in: the IRD,
// SQLDescribeCol, SQLColAttribute, SQLBindParameter, SQLGetTypeInfo, catalogs. All text is reported
// as wide types: the servers speak Unicode.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <span>
#include <string_view>

#include "core/value.h"

namespace odbc::tables {

/// One logical type.
struct TypeRow {
  core::SqlType type;
  SQLSMALLINT concise;  ///< ODBC 3
  SQLSMALLINT verbose;
  SQLSMALLINT datetime_code;  ///< SQL_CODE_*; 0 when not a datetime
  SQLLEN octets;              ///< bytes of the default C type; 0: follows the size
  SQLLEN display;             ///< characters; 0: follows the size
  SQLINTEGER digits;          ///< precision of numbers, size of fixed types; 0: follows the column
  SQLINTEGER radix;           ///< 10, 2 for approximate types, 0 for others
  std::string_view literal_prefix, literal_suffix;
  SQLSMALLINT searchable;  ///< SQL_PRED_*
  bool fixed_precision_scale;
  bool is_signed;
};

const TypeRow& type_row(core::SqlType type) noexcept;
std::span<const TypeRow> type_rows() noexcept;

/// The logical type of an ODBC type of either version (SQL_DATE as well as SQL_TYPE_DATE, narrow
/// as well as wide). SQL_UNKNOWN_TYPE gives unknown; intervals give interval. Empty: no ODBC type
/// (HY004).
std::optional<core::SqlType> logical_type(SQLSMALLINT sql_type) noexcept;

/// SQL_DATE (9), SQL_TIME (10), SQL_TIMESTAMP (11) for the ODBC 3 types; others unchanged. For
/// applications that declared SQL_OV_ODBC2.
SQLSMALLINT as_odbc2(SQLSMALLINT sql_type) noexcept;
/// The way back.
SQLSMALLINT as_odbc3(SQLSMALLINT sql_type) noexcept;
/// Verbose type and subcode of a concise SQL or C type.
SQLSMALLINT verbose_type(SQLSMALLINT concise) noexcept;
SQLSMALLINT datetime_code(SQLSMALLINT concise) noexcept;
/// The concise type of a verbose one with its subcode (SQL_DATETIME, SQL_INTERVAL); 0: no such.
SQLSMALLINT concise_type(SQLSMALLINT verbose, SQLSMALLINT code) noexcept;

/// The concise type of a column: its row's, of an interval by its fields.
SQLSMALLINT concise_type_of(const core::Column& column) noexcept;
/// Digits of the leading field that interval columns are reported with: the most that ODBC counts.
inline constexpr SQLSMALLINT interval_leading_precision = 9;

/// COLUMN_SIZE as SQLDescribeCol reports it: characters, digits or bytes; 0 = unknown, no limit.
SQLULEN column_size(const core::Column& column) noexcept;
/// SQL_DESC_SCALE and the decimal digits of SQLDescribeCol: 0 where they do not apply.
SQLSMALLINT decimal_digits(const core::Column& column) noexcept;
/// Bytes of the longest value; text: 4 per character. SQL_NO_TOTAL when there is no limit.
SQLLEN octet_length(const core::Column& column) noexcept;
/// Characters to show the longest value. SQL_NO_TOTAL when there is no limit.
SQLLEN display_size(const core::Column& column) noexcept;

}  // namespace odbc::tables
