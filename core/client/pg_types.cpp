// SPDX-License-Identifier: Apache-2.0
// The table of PostgreSQL's types. The decoders are in pg_decode.cpp.
#include "core/client/pg_types.h"

#include <algorithm>
#include <iterator>

#include "core/client/pg_decode.h"

namespace core {

namespace {

using enum SizeRule;

constexpr PgType unlimited_text(std::uint32_t oid, std::string_view name) {
  return {oid, name, SqlType::longvarchar, ValueKind::text, decode_text, nullptr};
}

// Sorted by OID. numeric has no binary decoder: a Decode has nowhere to put digits. timestamptz has
// none either: its binary form is UTC, its text the session's time zone, and applications that read
// it without an offset expect the latter.
constexpr PgType types[] = {
    {16, "bool", SqlType::boolean, ValueKind::boolean, boolean_from_text, boolean_from_binary,
     fixed, 1},
    {17, "bytea", SqlType::longvarbinary, ValueKind::bytes, decode_bytes, decode_bytes, fixed, 0, 0,
     false, unpack_bytea},
    {18, "char", SqlType::char_, ValueKind::text, decode_text, decode_text, fixed, 1},
    {19, "name", SqlType::varchar, ValueKind::text, decode_text, decode_text, fixed, 63},
    {20, "int8", SqlType::bigint, ValueKind::integer, integer_from_text, int8_from_binary, fixed,
     19},
    {21, "int2", SqlType::smallint, ValueKind::integer, integer_from_text, int2_from_binary, fixed,
     5},
    {23, "int4", SqlType::integer, ValueKind::integer, integer_from_text, int4_from_binary, fixed,
     10},
    {25, "text", SqlType::longvarchar, ValueKind::text, decode_text, decode_text},
    {26, "oid", SqlType::integer, ValueKind::integer, integer_from_text, oid_from_binary, fixed, 10,
     0, true},
    {114, "json", SqlType::longvarchar, ValueKind::text, decode_text, decode_text},
    unlimited_text(142, "xml"),
    unlimited_text(600, "point"),
    unlimited_text(650, "cidr"),
    {700, "float4", SqlType::real, ValueKind::real, real_from_text, float4_from_binary, fixed, 7},
    {701, "float8", SqlType::double_, ValueKind::real, real_from_text, float8_from_binary, fixed,
     15},
    unlimited_text(790, "money"),
    unlimited_text(829, "macaddr"),
    unlimited_text(869, "inet"),
    unlimited_text(1000, "_bool"),
    unlimited_text(1005, "_int2"),
    unlimited_text(1007, "_int4"),
    unlimited_text(1009, "_text"),
    unlimited_text(1015, "_varchar"),
    unlimited_text(1016, "_int8"),
    unlimited_text(1021, "_float4"),
    unlimited_text(1022, "_float8"),
    {1042, "bpchar", SqlType::char_, ValueKind::text, decode_text, decode_text, length},
    {1043, "varchar", SqlType::varchar, ValueKind::text, decode_text, decode_text, length},
    {1082, "date", SqlType::date, ValueKind::date, date_from_text, date_from_binary, fixed, 10},
    {1083, "time", SqlType::time, ValueKind::time, time_from_text, time_from_binary, fraction, 8},
    {1114, "timestamp", SqlType::timestamp, ValueKind::timestamp, timestamp_from_text,
     timestamp_from_binary, fraction, 19},
    {1184, "timestamptz", SqlType::timestamp, ValueKind::timestamp, timestamp_from_text, nullptr,
     fraction, 19},
    {1186, "interval", SqlType::interval, ValueKind::interval, interval_from_text,
     interval_from_binary, fixed, 49, 6},
    unlimited_text(1231, "_numeric"),
    {1266, "timetz", SqlType::varchar, ValueKind::text, decode_text, nullptr, fixed, 21},
    unlimited_text(1560, "bit"),
    unlimited_text(1562, "varbit"),
    {1700, "numeric", SqlType::decimal, ValueKind::decimal, decimal_from_text, nullptr, numeric, 38,
     15},
    {2950, "uuid", SqlType::guid, ValueKind::guid, decode_guid, decode_guid, fixed, 36, 0, false,
     unpack_uuid},
    {3802, "jsonb", SqlType::longvarchar, ValueKind::text, decode_text, jsonb_from_binary},
};

constexpr bool sorted_by_oid() {
  for (std::size_t i = 1; i < std::size(types); ++i)
    if (types[i - 1].oid >= types[i].oid) return false;
  return true;
}
static_assert(sorted_by_oid(), "the type table is searched by halves");

constexpr int modifier_header = 4;  // VARHDRSZ: PostgreSQL adds it to the lengths it stores

struct Extent {
  SqlType type;
  std::int64_t size;
  std::int16_t scale;
};

Extent extent_of(const PgType& row, int modifier) {
  switch (row.rule) {
    case fixed: break;
    case length:
      if (modifier < modifier_header) return {SqlType::longvarchar, 0, 0};
      return {row.type, modifier - modifier_header, 0};
    case numeric:
      if (modifier < modifier_header) break;
      // Eleven bits of signed scale since PostgreSQL 15; sixteen before, never negative.
      return {row.type, ((modifier - modifier_header) >> 16) & 0xFFFF,
              static_cast<std::int16_t>((((modifier - modifier_header) & 0x7FF) ^ 1024) - 1024)};
    case fraction: {
      const auto digits = static_cast<std::int16_t>(modifier < 0 ? 6 : modifier);
      return {row.type, digits == 0 ? row.size : row.size + 1 + digits, digits};
    }
  }
  return {row.type, row.size, row.scale};
}

bool is_character(SqlType type) {
  return type == SqlType::char_ || type == SqlType::varchar || type == SqlType::longvarchar;
}

}  // namespace

std::span<const PgType> all_pg_types() noexcept { return types; }

const PgType* find_pg_type(std::uint32_t oid) noexcept {
  const PgType* row =
      std::lower_bound(std::begin(types), std::end(types), oid,
                       [](const PgType& type, std::uint32_t wanted) { return type.oid < wanted; });
  return row != std::end(types) && row->oid == oid ? row : nullptr;
}

void describe_column(Column& column, std::uint32_t oid, int modifier, bool binary) {
  column.server_type = oid;
  const PgType* row = find_pg_type(oid);
  if (row == nullptr) {
    column.type_name = std::to_string(oid);
    column.type = SqlType::longvarchar;
    column.kind = ValueKind::text;
    column.decode = decode_text;
    column.case_sensitive = true;
    return;
  }
  const Extent extent = extent_of(*row, modifier);
  column.type_name = row->name;
  column.type = extent.type;
  column.size = extent.size;
  column.scale = extent.scale;
  column.kind = row->kind;
  column.decode = binary ? row->from_binary : row->from_text;
  column.is_unsigned = row->is_unsigned;
  column.case_sensitive = is_character(extent.type);
}

ParameterType describe_parameter(std::uint32_t oid) {
  const PgType* row = find_pg_type(oid);
  if (row == nullptr) return {SqlType::longvarchar, oid, 0, 0};
  const Extent extent = extent_of(*row, -1);
  return {extent.type, oid, extent.size, extent.scale};
}

}  // namespace core
