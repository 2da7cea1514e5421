// SPDX-License-Identifier: Apache-2.0
// C types of ODBC 2 and 3 as rows: the code, its target, the bytes it takes. Comes in: target.h.
#include "odbc/convert/target.h"

#include <array>

#include "odbc/tables/type_table.h"

namespace odbc::convert {
namespace {

struct CTypeRow {
  SQLSMALLINT c_type;
  Target target;
};

// The first row of a target names its ODBC 3 code.
constexpr CTypeRow c_types[] = {
    {SQL_C_CHAR, Target::char_},
    {SQL_C_WCHAR, Target::wchar},
    {SQL_C_BINARY, Target::binary},
    {SQL_C_BIT, Target::bit},
    {SQL_C_STINYINT, Target::stinyint},
    {SQL_C_TINYINT, Target::stinyint},
    {SQL_C_UTINYINT, Target::utinyint},
    {SQL_C_SSHORT, Target::sshort},
    {SQL_C_SHORT, Target::sshort},
    {SQL_C_USHORT, Target::ushort},
    {SQL_C_SLONG, Target::slong},
    {SQL_C_LONG, Target::slong},
    {SQL_C_ULONG, Target::ulong},
    {SQL_C_SBIGINT, Target::sbigint},
    {SQL_BIGINT, Target::sbigint},  // no C type, but applications pass it
    {SQL_C_UBIGINT, Target::ubigint},
    {SQL_C_FLOAT, Target::float_},
    {SQL_C_DOUBLE, Target::double_},
    {SQL_C_NUMERIC, Target::numeric},
    {SQL_C_TYPE_DATE, Target::date},
    {SQL_C_DATE, Target::date},
    {SQL_C_TYPE_TIME, Target::time},
    {SQL_C_TIME, Target::time},
    {SQL_C_TYPE_TIMESTAMP, Target::timestamp},
    {SQL_C_TIMESTAMP, Target::timestamp},
    {SQL_C_GUID, Target::guid},
};

struct SizeRow {
  Target target;
  std::size_t size;
};
constexpr std::array sizes = {
    SizeRow{Target::char_, 0},
    SizeRow{Target::wchar, 0},
    SizeRow{Target::binary, 0},
    SizeRow{Target::bit, sizeof(SQLCHAR)},
    SizeRow{Target::stinyint, sizeof(SQLSCHAR)},
    SizeRow{Target::utinyint, sizeof(SQLCHAR)},
    SizeRow{Target::sshort, sizeof(SQLSMALLINT)},
    SizeRow{Target::ushort, sizeof(SQLUSMALLINT)},
    SizeRow{Target::slong, sizeof(SQLINTEGER)},
    SizeRow{Target::ulong, sizeof(SQLUINTEGER)},
    SizeRow{Target::sbigint, sizeof(SQLBIGINT)},
    SizeRow{Target::ubigint, sizeof(SQLUBIGINT)},
    SizeRow{Target::float_, sizeof(SQLREAL)},
    SizeRow{Target::double_, sizeof(SQLDOUBLE)},
    SizeRow{Target::numeric, sizeof(SQL_NUMERIC_STRUCT)},
    SizeRow{Target::date, sizeof(SQL_DATE_STRUCT)},
    SizeRow{Target::time, sizeof(SQL_TIME_STRUCT)},
    SizeRow{Target::timestamp, sizeof(SQL_TIMESTAMP_STRUCT)},
    SizeRow{Target::guid, sizeof(SQLGUID)},
    SizeRow{Target::interval, sizeof(SQL_INTERVAL_STRUCT)},
};
static_assert(sizes.size() == static_cast<std::size_t>(Target::count_));
static_assert([] {
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i].target != static_cast<Target>(i)) return false;
  return true;
}());

struct DefaultRow {
  Target as_signed, as_unsigned;
};

// ODBC reference, appendix D, "SQL_C_DEFAULT": by logical type.
constexpr DefaultRow default_of(core::SqlType type) {
  using enum core::SqlType;
  switch (type) {
    case boolean: return {Target::bit, Target::bit};
    case tinyint: return {Target::stinyint, Target::utinyint};
    case smallint: return {Target::sshort, Target::ushort};
    case integer: return {Target::slong, Target::ulong};
    case bigint: return {Target::sbigint, Target::ubigint};
    case real: return {Target::float_, Target::float_};
    case double_: return {Target::double_, Target::double_};
    case binary:
    case varbinary:
    case longvarbinary: return {Target::binary, Target::binary};
    case date: return {Target::date, Target::date};
    case time: return {Target::time, Target::time};
    case timestamp: return {Target::timestamp, Target::timestamp};
    case guid: return {Target::guid, Target::guid};
    case interval: return {Target::interval, Target::interval};
    default: return {Target::char_, Target::char_};
  }
}

}  // namespace

Target target_of(SQLSMALLINT c_type) noexcept {
  if (c_type == SQL_C_DEFAULT) return Target::by_default;
  for (const CTypeRow& row : c_types)
    if (row.c_type == c_type) return row.target;
  if (c_type >= SQL_C_INTERVAL_YEAR && c_type <= SQL_C_INTERVAL_MINUTE_TO_SECOND)
    return Target::interval;
  return Target::unknown;
}

Target default_target(SQLSMALLINT sql_type, bool is_unsigned) noexcept {
  if (sql_type == SQL_WCHAR || sql_type == SQL_WVARCHAR || sql_type == SQL_WLONGVARCHAR)
    return Target::wchar;
  const auto type = tables::logical_type(sql_type);
  if (!type) return Target::char_;
  const DefaultRow row = default_of(*type);
  return is_unsigned ? row.as_unsigned : row.as_signed;
}

SQLSMALLINT c_type_of(Target target) noexcept {
  for (const CTypeRow& row : c_types)
    if (row.target == target) return row.c_type;
  return 0;
}

std::size_t fixed_size(Target target) noexcept {
  return target < Target::count_ ? sizes[static_cast<std::size_t>(target)].size : 0;
}

}  // namespace odbc::convert
