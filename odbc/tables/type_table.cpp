// SPDX-License-Identifier: Apache-2.0
// The rows behind type_table.h. Sizes follow the ODBC reference, appendix D ("Column Size, Decimal
// Digits, Transfer Octet Length, and Display Size").
#include "odbc/tables/type_table.h"

#include <array>
#include <limits>

namespace odbc::tables {
namespace {

using core::SqlType;

constexpr SQLSMALLINT text_search = SQL_PRED_SEARCHABLE;
constexpr SQLSMALLINT basic = SQL_PRED_BASIC;

// type, concise, verbose, code, octets, display, digits, radix, prefix, suffix, searchable, fixed
// scale, signed
constexpr std::array rows = {
    TypeRow{SqlType::unknown, SQL_WLONGVARCHAR, SQL_WLONGVARCHAR, 0, 0, 0, 0, 0, "'", "'",
            text_search, false, false},
    TypeRow{SqlType::boolean, SQL_BIT, SQL_BIT, 0, 1, 1, 1, 0, "", "", basic, false, false},
    TypeRow{SqlType::tinyint, SQL_TINYINT, SQL_TINYINT, 0, 1, 4, 3, 10, "", "", basic, false, true},
    TypeRow{SqlType::smallint, SQL_SMALLINT, SQL_SMALLINT, 0, 2, 6, 5, 10, "", "", basic, false,
            true},
    TypeRow{SqlType::integer, SQL_INTEGER, SQL_INTEGER, 0, 4, 11, 10, 10, "", "", basic, false,
            true},
    TypeRow{SqlType::bigint, SQL_BIGINT, SQL_BIGINT, 0, 8, 20, 19, 10, "", "", basic, false, true},
    TypeRow{SqlType::real, SQL_REAL, SQL_REAL, 0, 4, 14, 7, 2, "", "", basic, false, true},
    TypeRow{SqlType::double_, SQL_DOUBLE, SQL_DOUBLE, 0, 8, 24, 15, 2, "", "", basic, false, true},
    TypeRow{SqlType::decimal, SQL_DECIMAL, SQL_DECIMAL, 0, 0, 0, 0, 10, "", "", basic, false, true},
    TypeRow{SqlType::char_, SQL_WCHAR, SQL_WCHAR, 0, 0, 0, 0, 0, "'", "'", text_search, false,
            false},
    TypeRow{SqlType::varchar, SQL_WVARCHAR, SQL_WVARCHAR, 0, 0, 0, 0, 0, "'", "'", text_search,
            false, false},
    TypeRow{SqlType::longvarchar, SQL_WLONGVARCHAR, SQL_WLONGVARCHAR, 0, 0, 0, 0, 0, "'", "'",
            text_search, false, false},
    TypeRow{SqlType::binary, SQL_BINARY, SQL_BINARY, 0, 0, 0, 0, 0, "", "", basic, false, false},
    TypeRow{SqlType::varbinary, SQL_VARBINARY, SQL_VARBINARY, 0, 0, 0, 0, 0, "", "", basic, false,
            false},
    TypeRow{SqlType::longvarbinary, SQL_LONGVARBINARY, SQL_LONGVARBINARY, 0, 0, 0, 0, 0, "", "",
            basic, false, false},
    TypeRow{SqlType::date, SQL_TYPE_DATE, SQL_DATETIME, SQL_CODE_DATE, sizeof(SQL_DATE_STRUCT), 10,
            10, 0, "{d '", "'}", basic, false, false},
    TypeRow{SqlType::time, SQL_TYPE_TIME, SQL_DATETIME, SQL_CODE_TIME, sizeof(SQL_TIME_STRUCT), 0,
            0, 0, "{t '", "'}", basic, false, false},
    TypeRow{SqlType::timestamp, SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP,
            sizeof(SQL_TIMESTAMP_STRUCT), 0, 0, 0, "{ts '", "'}", basic, false, false},
    // The longest text of a PostgreSQL interval has 63 characters.
    TypeRow{SqlType::interval, SQL_INTERVAL_DAY_TO_SECOND, SQL_INTERVAL, SQL_CODE_DAY_TO_SECOND,
            sizeof(SQL_INTERVAL_STRUCT), 64, 0, 0, "'", "'", basic, false, false},
    TypeRow{SqlType::guid, SQL_GUID, SQL_GUID, 0, sizeof(SQLGUID), 36, 36, 0, "'", "'", basic,
            false, false},
};
static_assert(rows.size() == static_cast<std::size_t>(SqlType::count_));
static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].type != static_cast<SqlType>(i)) return false;
  return true;
}());

struct LogicalRow {
  SQLSMALLINT sql_type;
  SqlType type;
};
constexpr LogicalRow logical_rows[] = {
    {SQL_UNKNOWN_TYPE, SqlType::unknown},
    {SQL_BIT, SqlType::boolean},
    {SQL_TINYINT, SqlType::tinyint},
    {SQL_SMALLINT, SqlType::smallint},
    {SQL_INTEGER, SqlType::integer},
    {SQL_BIGINT, SqlType::bigint},
    {SQL_REAL, SqlType::real},
    {SQL_FLOAT, SqlType::double_},
    {SQL_DOUBLE, SqlType::double_},
    {SQL_NUMERIC, SqlType::decimal},
    {SQL_DECIMAL, SqlType::decimal},
    {SQL_CHAR, SqlType::char_},
    {SQL_WCHAR, SqlType::char_},
    {SQL_VARCHAR, SqlType::varchar},
    {SQL_WVARCHAR, SqlType::varchar},
    {SQL_LONGVARCHAR, SqlType::longvarchar},
    {SQL_WLONGVARCHAR, SqlType::longvarchar},
    {SQL_BINARY, SqlType::binary},
    {SQL_VARBINARY, SqlType::varbinary},
    {SQL_LONGVARBINARY, SqlType::longvarbinary},
    {SQL_TYPE_DATE, SqlType::date},
    {SQL_TYPE_TIME, SqlType::time},
    {SQL_TYPE_TIMESTAMP, SqlType::timestamp},
    {SQL_DATE, SqlType::date},
    {SQL_TIME, SqlType::time},
    {SQL_TIMESTAMP, SqlType::timestamp},
    {SQL_GUID, SqlType::guid},
};

struct VersionRow {
  SQLSMALLINT odbc2, odbc3, code;
};
constexpr VersionRow version_rows[] = {
    {SQL_DATE, SQL_TYPE_DATE, SQL_CODE_DATE},
    {SQL_TIME, SQL_TYPE_TIME, SQL_CODE_TIME},
    {SQL_TIMESTAMP, SQL_TYPE_TIMESTAMP, SQL_CODE_TIMESTAMP},
};

constexpr SQLSMALLINT interval_base = 100;  // SQL_INTERVAL_YEAR is 100 + SQL_CODE_YEAR
bool is_interval(SQLSMALLINT concise) noexcept {
  return concise >= SQL_INTERVAL_YEAR && concise <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

// An unconstrained numeric has no limit that ODBC could express.
constexpr SQLULEN decimal_precision = 38;
constexpr SQLSMALLINT decimal_scale = 15;

SQLLEN seconds_with_fraction(SQLLEN size, SQLSMALLINT scale) noexcept {
  return scale > 0 ? size + 1 + scale : size;
}

// Characters of the literal's quoted part behind the leading field (ODBC reference, appendix D,
// "Interval Data Type Length"), and whether it ends in seconds.
struct IntervalSizeRow {
  core::IntervalFields fields;
  SQLULEN behind;
  bool seconds;
};
constexpr IntervalSizeRow interval_sizes[] = {
    {core::IntervalFields::year_to_month, 3, false},
    {core::IntervalFields::day_to_hour, 3, false},
    {core::IntervalFields::day_to_minute, 6, false},
    {core::IntervalFields::day_to_second, 9, true},
    {core::IntervalFields::any, 9, true},
    {core::IntervalFields::hour_to_minute, 3, false},
    {core::IntervalFields::hour_to_second, 6, true},
    {core::IntervalFields::minute_to_second, 3, true},
    {core::IntervalFields::second, 0, true},
};

SQLULEN interval_size(const core::Column& column) noexcept {
  SQLULEN size = interval_leading_precision;
  for (const IntervalSizeRow& row : interval_sizes) {
    if (row.fields != column.fields) continue;
    size += row.behind;
    if (row.seconds && column.scale > 0) size += 1 + static_cast<SQLULEN>(column.scale);
  }
  return size;
}

// "+05:30" behind a time: characters show it, the column's size does not count it.
constexpr SQLLEN offset_size = 6;

bool is_bytes(SqlType type) noexcept {
  return type == SqlType::binary || type == SqlType::varbinary || type == SqlType::longvarbinary;
}

// `per_unit` times the size, SQL_NO_TOTAL when unknown.
SQLLEN scaled(SQLULEN size, SQLULEN per_unit) noexcept {
  constexpr auto most = static_cast<SQLULEN>(std::numeric_limits<SQLLEN>::max());
  if (size == 0 || size > most / per_unit) return SQL_NO_TOTAL;
  return static_cast<SQLLEN>(size * per_unit);
}

}  // namespace

const TypeRow& type_row(SqlType type) noexcept { return rows[static_cast<std::size_t>(type)]; }
std::span<const TypeRow> type_rows() noexcept { return rows; }

std::optional<SqlType> logical_type(SQLSMALLINT sql_type) noexcept {
  for (const LogicalRow& row : logical_rows)
    if (row.sql_type == sql_type) return row.type;
  if (is_interval(sql_type)) return SqlType::interval;
  return std::nullopt;
}

SQLSMALLINT as_odbc2(SQLSMALLINT sql_type) noexcept {
  for (const VersionRow& row : version_rows)
    if (row.odbc3 == sql_type) return row.odbc2;
  return sql_type;
}

SQLSMALLINT as_odbc3(SQLSMALLINT sql_type) noexcept {
  for (const VersionRow& row : version_rows)
    if (row.odbc2 == sql_type) return row.odbc3;
  return sql_type;
}

SQLSMALLINT verbose_type(SQLSMALLINT concise) noexcept {
  for (const VersionRow& row : version_rows)
    if (row.odbc3 == concise) return SQL_DATETIME;
  return is_interval(concise) ? SQLSMALLINT{SQL_INTERVAL} : concise;
}

SQLSMALLINT datetime_code(SQLSMALLINT concise) noexcept {
  for (const VersionRow& row : version_rows)
    if (row.odbc3 == concise) return row.code;
  if (!is_interval(concise)) return 0;
  return static_cast<SQLSMALLINT>(concise - interval_base);
}

SQLSMALLINT concise_type(SQLSMALLINT verbose, SQLSMALLINT code) noexcept {
  if (verbose == SQL_DATETIME) {
    for (const VersionRow& row : version_rows)
      if (row.code == code) return row.odbc3;
    return 0;
  }
  if (verbose == SQL_INTERVAL) {
    const auto concise = static_cast<SQLSMALLINT>(interval_base + code);
    return is_interval(concise) ? concise : SQLSMALLINT{0};
  }
  return verbose;
}

SQLSMALLINT concise_type_of(const core::Column& column) noexcept {
  if (column.type != SqlType::interval || column.fields == core::IntervalFields::any)
    return type_row(column.type).concise;
  return static_cast<SQLSMALLINT>(interval_base + static_cast<int>(column.fields));
}

SQLULEN column_size(const core::Column& column) noexcept {
  if (column.type == SqlType::bigint && column.is_unsigned) return 20;
  if (const SQLINTEGER digits = type_row(column.type).digits; digits > 0)
    return static_cast<SQLULEN>(digits);
  switch (column.type) {
    case SqlType::time: return static_cast<SQLULEN>(seconds_with_fraction(8, column.scale));
    case SqlType::timestamp: return static_cast<SQLULEN>(seconds_with_fraction(19, column.scale));
    case SqlType::interval: return interval_size(column);
    case SqlType::decimal:
      return column.size > 0 ? static_cast<SQLULEN>(column.size) : decimal_precision;
    default: return column.size > 0 ? static_cast<SQLULEN>(column.size) : 0;
  }
}

SQLSMALLINT decimal_digits(const core::Column& column) noexcept {
  switch (column.type) {
    case SqlType::decimal: return column.size > 0 ? column.scale : decimal_scale;
    case SqlType::interval:
    case SqlType::time:
    case SqlType::timestamp: return column.scale;
    default: return 0;
  }
}

SQLLEN octet_length(const core::Column& column) noexcept {
  if (const SQLLEN octets = type_row(column.type).octets; octets > 0) return octets;
  const SQLULEN size = column_size(column);
  if (column.type == SqlType::decimal) return static_cast<SQLLEN>(size) + 2;  // sign and point
  return scaled(size, is_bytes(column.type) ? 1 : 4);
}

SQLLEN display_size(const core::Column& column) noexcept {
  if (const SQLLEN display = type_row(column.type).display; display > 0) return display;
  const SQLULEN size = column_size(column);
  if (column.type == SqlType::decimal) return static_cast<SQLLEN>(size) + 2;
  if (column.zoned) return static_cast<SQLLEN>(size) + offset_size;
  return scaled(size, is_bytes(column.type) ? 2 : 1);
}

}  // namespace odbc::tables
