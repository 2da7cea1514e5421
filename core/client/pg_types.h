// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's types: one table row each (OID, name, logical type, decoders, size rule). A new type
// is one row in pg_type_rows.h and a line in tests/unit/core/client/pg_types_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/value.h"

namespace core {

/// OIDs of pg_type (src/include/catalog/pg_type.dat); fixed for all servers.
namespace pg_oid {
inline constexpr std::uint32_t unspecified = 0, boolean = 16, bytea = 17, int8 = 20, int2 = 21,
                               int4 = 23, text = 25, float4 = 700, float8 = 701, bpchar = 1042,
                               varchar = 1043, date = 1082, time = 1083, timestamp = 1114,
                               timestamptz = 1184, interval = 1186, timetz = 1266, numeric = 1700,
                               uuid = 2950;
}  // namespace pg_oid

/// How the type modifier becomes column size and scale.
enum class SizeRule : std::uint8_t {
  fixed,            ///< the row's own size
  length,           ///< varchar(n), char(n); without n as text without limit
  numeric,          ///< numeric(p,s); without: 38 and 15 (spec odbc-contract, "Contract values")
  fraction,         ///< fraction digits of seconds; the size grows by the point and the digits
  bits,             ///< bit(n): one is a boolean, more are characters
  interval_fields,  ///< which fields, and fraction digits of seconds
};

/// Brings a text cell into the form its decoder reads, in place (never longer). Returns the new
/// length, or -1 when the text is not what the type promises. Call once per cell.
using Unpack = std::int32_t (*)(char* data, std::int32_t length) noexcept;

struct PgType {
  std::uint32_t oid;
  std::string_view name;
  SqlType type;
  ValueKind kind;
  Decode from_text;
  Decode from_binary;  ///< null: the whole result is asked for as text
  SizeRule rule = SizeRule::fixed;
  std::int64_t size = 0;
  std::int16_t scale = 0;
  bool is_unsigned = false;
  Unpack unpack = nullptr;  ///< of text cells; null for most
  bool zoned = false;       ///< the text ends in an offset from UTC
};

/// How types that ODBC knows in several ways are shown; read from the options of pg_type_options.h.
struct PgTypeRules {
  enum class Int8 : std::uint8_t { bigint, numeric, double_, integer, text };
  enum class Numeric : std::uint8_t { decimal, double_, varchar, longvarchar };
  enum class TimestampTz : std::uint8_t { local, utc, text };
  Int8 int8 = Int8::bigint;
  Numeric numeric = Numeric::decimal;  ///< without precision
  std::int16_t numeric_scale = 15;     ///< the same
  TimestampTz timestamptz = TimestampTz::local;
  bool bools_as_char = false;
  bool guid_as_char = false;
  bool interval_as_interval = false;
  std::int64_t long_size = 0;  ///< characters or bytes reported for types without a limit
};

/// The format in which the server was asked for the cells.
enum class PgFormat : bool { text, binary };

/// When rows of this type may be asked for in binary. `in_utc`: only while the session's TimeZone
/// is UTC, because binary timestamptz does not say what the session would show.
enum class BinaryForm : std::uint8_t { never, in_utc, always };
BinaryForm binary_form(std::uint32_t oid, const PgTypeRules& rules) noexcept;

/// Null for types without a row (extensions, enums, domains are sent as their base type).
const PgType* find_pg_type(std::uint32_t oid) noexcept;
std::span<const PgType> all_pg_types() noexcept;

/// Fills type, size, scale, kind and decoder of a column from what RowDescription tells. A type
/// without a row is text without limit, named by its OID.
void describe_column(Column& column, std::uint32_t oid, int modifier, PgFormat format,
                     const PgTypeRules& rules);

/// What SQLDescribeParam tells about a parameter of this type.
ParameterType describe_parameter(std::uint32_t oid, const PgTypeRules& rules);

}  // namespace core
