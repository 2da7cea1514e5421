// SPDX-License-Identifier: Apache-2.0
// Data between a client and the conversion matrices: about ten kinds of value, and what a column
// is. A Value is a view: text and bytes point into the result's row (valid until the next row) or
// into the application's parameter buffers (valid during the call).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

enum class ValueKind : std::uint8_t {
  null,
  boolean,    ///< integer is 0 or 1
  integer,    ///< integer
  unsigned_,  ///< unsigned_integer: only what does not fit integer needs it
  real,       ///< real (double precision)
  decimal,    ///< text: plain decimal notation, or NaN / Infinity / -Infinity
  packed,     ///< text: a decimal in PostgreSQL's binary form, read with PackedDecimal
  text,       ///< text: UTF-8
  bytes,      ///< text: raw bytes
  date,       ///< time.year .. day
  time,       ///< time.hour .. nanosecond
  timestamp,  ///< all of time; offset_minutes when has_offset
  interval,   ///< interval
  guid,       ///< text: 16 bytes in network order
  count_
};

/// Calendar fields; year may be negative (BC: astronomical, year 0 = 1 BC).
struct DateTime {
  std::int32_t year = 0;
  std::uint8_t month = 0, day = 0, hour = 0, minute = 0, second = 0;
  bool has_offset = false;
  std::int16_t offset_minutes = 0;  ///< east of UTC
  std::uint32_t nanosecond = 0;
  std::int8_t infinity = 0;  ///< -1, 0, +1: PostgreSQL's -infinity and infinity
};

/// PostgreSQL's three independent parts; MySQL's TIME beyond a day uses microseconds only.
struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t microseconds = 0;
};

/// One value: a kind and the one member that the kind names. Trivially copyable and small: a fetch
/// makes one per cell.
struct Value {
  constexpr Value() noexcept : integer(0) {}

  ValueKind kind = ValueKind::null;
  /// A NUL byte that may be read follows `text`: a library that wants C strings needs no copy.
  bool nul_follows = false;
  union {
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double real;
    std::string_view text;
    DateTime time;
    Interval interval;
  };
};

/// A cell as it came over the wire. `data` is valid until the next row; length -1 is NULL.
struct RawCell {
  const char* data = nullptr;
  std::int32_t length = -1;
  bool is_null() const { return length < 0; }
  std::string_view view() const { return {data, static_cast<std::size_t>(length)}; }
};

/// The logical SQL type of a column or parameter: what ODBC, the matrices and the metadata need to
/// know of it. Several server types share one.
enum class SqlType : std::uint8_t {
  unknown,
  boolean,
  tinyint,
  smallint,
  integer,
  bigint,
  real,
  double_,
  decimal,
  char_,        ///< fixed length, blank padded
  varchar,      ///< limited length
  longvarchar,  ///< text without a limit
  binary,
  varbinary,
  longvarbinary,
  date,
  time,
  timestamp,
  interval,
  guid,
  count_
};

/// The fields an interval type is limited to; the order is SQL's.
enum class IntervalFields : std::uint8_t {
  any,
  year,
  month,
  day,
  hour,
  minute,
  second,
  year_to_month,
  day_to_hour,
  day_to_minute,
  day_to_second,
  hour_to_minute,
  hour_to_second,
  minute_to_second,
};

/// Turns a cell (never NULL) into a Value without copying. False: the bytes are not what the type
/// promises. Chosen once per column; called per row.
using Decode = bool (*)(std::string_view raw, Value& out) noexcept;

/// What the bytes of a column's cells are, where that is worth knowing to whoever wants to spare
/// the Value: numbers in network order, numbers and times as ISO text, UTF-8, bytes.
enum class WireForm : std::uint8_t {
  other,  ///< only the decoder knows
  int2,
  int4,
  int8,
  float8,
  integer_text,
  real_text,
  decimal_text,
  date_text,
  timestamp_text,
  utf8,
  bytes,
};

enum class Nullability : std::uint8_t { no, yes, unknown };

/// A column of a result as the server describes it.
struct Column {
  std::string name;
  std::string type_name;  ///< the server's own name: "int4", "varchar", "uuid"
  SqlType type = SqlType::unknown;
  std::uint32_t server_type = 0;  ///< PostgreSQL: OID; MySQL: enum_field_types
  std::int64_t size =
      0;  ///< ODBC column size in characters, digits or bytes; 0 = unknown or unlimited
  std::int16_t scale = 0;  ///< digits after the point; fraction digits of seconds
  Nullability nullable = Nullability::unknown;
  bool is_unsigned = false;
  bool searchable = true;
  bool case_sensitive = false;
  bool zoned = false;    ///< a time or timestamp whose text ends in an offset
  bool foreign = false;  ///< a type that only the database's own catalog knows: named by its number
  IntervalFields fields = IntervalFields::any;  ///< of SqlType::interval
  std::uint32_t table_oid = 0;                  ///< PostgreSQL: 0 when the column is an expression
  std::int16_t table_column = 0;
  Decode decode = nullptr;
  ValueKind kind = ValueKind::text;  ///< what decode produces: picks the row of the fetch matrix
  WireForm wire = WireForm::other;   ///< what decode reads
};

/// A parameter on its way to the server: the value and the type the application declared.
struct Parameter {
  Value value;
  SqlType declared = SqlType::unknown;
};

/// A parameter as the server describes it (SQLDescribeParam).
struct ParameterType {
  SqlType type = SqlType::unknown;
  std::uint32_t server_type = 0;
  std::int64_t size = 0;
  std::int16_t scale = 0;
  bool foreign = false;  ///< as of a Column
};

}  // namespace core
