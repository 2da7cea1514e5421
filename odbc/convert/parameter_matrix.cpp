// SPDX-License-Identifier: Apache-2.0
// Readers per C type, and the rows of the parameter matrix. Comes in: parameter_matrix.h. Goes
// next: adapters.
#include "odbc/convert/parameter_matrix.h"

#include <array>
#include <cstring>
#include <utility>

#include "odbc/convert/adapters.h"
#include "odbc/convert/datetime.h"
#include "odbc/convert/guid.h"
#include "odbc/convert/number.h"
#include "odbc/tables/type_table.h"
#include "odbc/text/wide.h"

namespace odbc::convert {
namespace {

using Kind = core::ValueKind;
using core::Value;

template <class T>
T load(std::string_view data) noexcept {
  T value;
  std::memcpy(&value, data.data(), sizeof value);
  return value;
}

Outcome read_char(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                  Value& out) {
  out.kind = Kind::text;
  out.text = data;
  return Outcome::ok;
}

Outcome read_wchar(std::string_view data, const ParameterTraits& /*traits*/, Arena& arena,
                   Value& out) {
  out.kind = Kind::text;
  const std::size_t units = data.size() / sizeof(SQLWCHAR);
  char* const room = arena.take(units * text::utf8_per_unit + 1);
  const auto written = text::to_utf8(data.data(), units, room);
  if (!written) return Outcome::bad_text;
  room[*written] = '\0';
  out.text = {room, *written};
  out.nul_follows = true;
  return Outcome::ok;
}

Outcome read_binary(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                    Value& out) {
  out.kind = Kind::bytes;
  out.text = data;
  return Outcome::ok;
}

Outcome read_bit(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                 Value& out) {
  out.kind = Kind::boolean;
  out.integer = load<SQLCHAR>(data);
  return out.integer <= 1 ? Outcome::ok : Outcome::out_of_range;
}

void set_integer(std::int64_t value, Value& out) noexcept {
  out.kind = Kind::integer;
  out.integer = value;
}
void set_unsigned(std::uint64_t value, Value& out) noexcept {
  out.kind = Kind::unsigned_;
  out.unsigned_integer = value;
}

template <class T>
Outcome read_integer(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                     Value& out) {
  const T value = load<T>(data);
  if (std::in_range<std::int64_t>(value))
    set_integer(static_cast<std::int64_t>(value), out);
  else
    set_unsigned(static_cast<std::uint64_t>(value), out);
  return Outcome::ok;
}

Outcome read_double(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                    Value& out) {
  out.kind = Kind::real;
  out.real = load<SQLDOUBLE>(data);
  return Outcome::ok;
}

Outcome read_float(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                   Value& out) {
  out.kind = Kind::real;
  out.real = load<SQLREAL>(data);
  return Outcome::ok;
}

Outcome read_numeric(std::string_view data, const ParameterTraits& traits, Arena& arena,
                     Value& out) {
  char buffer[number_room];
  Number number = from_numeric(load<SQL_NUMERIC_STRUCT>(data));
  if (traits.numeric_scale != Destination::own_scale) number.scale = traits.numeric_scale;
  out.kind = Kind::decimal;
  out.text = arena.keep(format_number(number, buffer));
  return Outcome::ok;
}

template <class Struct, Kind kind>
Outcome read_datetime(std::string_view data, const ParameterTraits& /*traits*/, Arena& /*arena*/,
                      Value& out) {
  out.kind = kind;
  return from_struct(load<Struct>(data), out.time);
}

Outcome read_guid(std::string_view data, const ParameterTraits& /*traits*/, Arena& arena,
                  Value& out) {
  char* const bytes = arena.take(guid_bytes);
  from_struct_guid(load<SQLGUID>(data), bytes);
  out.kind = Kind::guid;
  out.text = {bytes, guid_bytes};
  return Outcome::ok;
}

Outcome read_interval(std::string_view data, const ParameterTraits& traits, Arena& /*arena*/,
                      Value& out) {
  if (interval_type_of(traits.c_type) == no_interval) return Outcome::restricted;
  out.kind = Kind::interval;
  return from_struct(load<SQL_INTERVAL_STRUCT>(data), interval_type_of(traits.c_type), traits.from,
                     out.interval);
}

struct ReaderRow {
  Target c_type;
  Reader reader;
};

constexpr std::array readers = {
    ReaderRow{Target::char_, read_char},
    ReaderRow{Target::wchar, read_wchar},
    ReaderRow{Target::binary, read_binary},
    ReaderRow{Target::bit, read_bit},
    ReaderRow{Target::stinyint, read_integer<SQLSCHAR>},
    ReaderRow{Target::utinyint, read_integer<SQLCHAR>},
    ReaderRow{Target::sshort, read_integer<SQLSMALLINT>},
    ReaderRow{Target::ushort, read_integer<SQLUSMALLINT>},
    ReaderRow{Target::slong, read_integer<SQLINTEGER>},
    ReaderRow{Target::ulong, read_integer<SQLUINTEGER>},
    ReaderRow{Target::sbigint, read_integer<SQLBIGINT>},
    ReaderRow{Target::ubigint, read_integer<SQLUBIGINT>},
    ReaderRow{Target::float_, read_float},
    ReaderRow{Target::double_, read_double},
    ReaderRow{Target::numeric, read_numeric},
    ReaderRow{Target::date, read_datetime<SQL_DATE_STRUCT, Kind::date>},
    ReaderRow{Target::time, read_datetime<SQL_TIME_STRUCT, Kind::time>},
    ReaderRow{Target::timestamp, read_datetime<SQL_TIMESTAMP_STRUCT, Kind::timestamp>},
    ReaderRow{Target::guid, read_guid},
    ReaderRow{Target::interval, read_interval},
};
static_assert(readers.size() == static_cast<std::size_t>(Target::count_));
static_assert([] {
  for (std::size_t i = 0; i < readers.size(); ++i)
    if (readers[i].c_type != static_cast<Target>(i)) return false;
  return true;
}());

/// Declared types that ask the same of a value.
enum class Family : std::uint8_t {
  untyped,
  text,
  whole,
  boolean,
  real,
  decimal,
  bytes,
  date,
  time,
  timestamp,
  interval,
  guid,
  count_
};

constexpr Family family_of(core::SqlType type) {
  using enum core::SqlType;
  switch (type) {
    case boolean: return Family::boolean;
    case tinyint:
    case smallint:
    case integer:
    case bigint: return Family::whole;
    case real:
    case double_: return Family::real;
    case decimal: return Family::decimal;
    case char_:
    case varchar:
    case longvarchar: return Family::text;
    case binary:
    case varbinary:
    case longvarbinary: return Family::bytes;
    case date: return Family::date;
    case time: return Family::time;
    case timestamp: return Family::timestamp;
    case interval: return Family::interval;
    case guid: return Family::guid;
    default: return Family::untyped;
  }
}

// The bytes of the C type that SQL_C_DEFAULT stands for (the reference leaves the form to the
// driver; this is what a fetch as SQL_C_BINARY gives).
Outcome bytes_to_struct(Value& value, const ParameterTraits& traits, Arena& arena) {
  const auto declared = tables::logical_type(traits.sql_type);
  if (!declared) return Outcome::restricted;
  Target target = default_target(traits.sql_type, false);
  ParameterTraits own = traits;
  own.numeric_scale = Destination::own_scale;
  if (*declared == core::SqlType::decimal) target = Target::numeric;
  if (*declared == core::SqlType::interval) {
    target = Target::interval;
    own.c_type = traits.sql_type;
    own.from = traits.to;
  }
  if (value.text.size() != fixed_size(target)) return Outcome::out_of_range;
  return plan_parameter(target, *declared, own).read(value.text, arena, value);
}

using namespace adapters;

struct Row {
  Kind from;
  Family to;
  Adapter adapter;
};

constexpr Row rows[] = {
    {Kind::text, Family::untyped, as_it_is},
    {Kind::text, Family::text, as_it_is},
    {Kind::text, Family::whole, text_to_whole},
    {Kind::text, Family::boolean, text_to_boolean},
    {Kind::text, Family::real, text_to_real},
    {Kind::text, Family::decimal, text_to_decimal},
    {Kind::text, Family::bytes, text_to_bytes},
    {Kind::text, Family::date, text_to_date},
    {Kind::text, Family::time, text_to_time},
    {Kind::text, Family::timestamp, text_to_timestamp},
    {Kind::text, Family::interval, text_to_interval},
    {Kind::text, Family::guid, text_to_guid},

    {Kind::boolean, Family::untyped, as_it_is},
    {Kind::boolean, Family::text, any_to_text},
    {Kind::boolean, Family::whole, boolean_to_integer},
    {Kind::boolean, Family::boolean, as_it_is},
    {Kind::boolean, Family::real, integer_to_real},
    {Kind::boolean, Family::decimal, boolean_to_integer},
    {Kind::integer, Family::untyped, as_it_is},
    {Kind::integer, Family::text, any_to_text},
    {Kind::integer, Family::whole, as_it_is},
    {Kind::integer, Family::boolean, integer_to_boolean},
    {Kind::integer, Family::real, integer_to_real},
    {Kind::integer, Family::decimal, as_it_is},
    {Kind::integer, Family::interval, integer_to_interval},
    {Kind::unsigned_, Family::untyped, as_it_is},
    {Kind::unsigned_, Family::text, any_to_text},
    {Kind::unsigned_, Family::whole, as_it_is},
    {Kind::unsigned_, Family::boolean, unsigned_to_boolean},
    {Kind::unsigned_, Family::real, unsigned_to_real},
    {Kind::unsigned_, Family::decimal, as_it_is},
    {Kind::unsigned_, Family::interval, unsigned_to_interval},
    {Kind::real, Family::untyped, as_it_is},
    {Kind::real, Family::text, any_to_text},
    {Kind::real, Family::whole, real_to_whole},
    {Kind::real, Family::boolean, real_to_boolean},
    {Kind::real, Family::real, real_to_real},
    {Kind::real, Family::decimal, real_to_decimal},
    {Kind::decimal, Family::untyped, as_it_is},
    {Kind::decimal, Family::text, any_to_text},
    {Kind::decimal, Family::whole, decimal_to_whole},
    {Kind::decimal, Family::boolean, text_to_boolean},
    {Kind::decimal, Family::real, text_to_real},
    {Kind::decimal, Family::decimal, as_it_is},
    {Kind::decimal, Family::interval, decimal_to_interval},

    {Kind::bytes, Family::untyped, as_it_is},
    {Kind::bytes, Family::text, bytes_to_text},
    {Kind::bytes, Family::whole, bytes_to_struct},
    {Kind::bytes, Family::boolean, bytes_to_struct},
    {Kind::bytes, Family::real, bytes_to_struct},
    {Kind::bytes, Family::decimal, bytes_to_struct},
    {Kind::bytes, Family::bytes, as_it_is},
    {Kind::bytes, Family::date, bytes_to_struct},
    {Kind::bytes, Family::time, bytes_to_struct},
    {Kind::bytes, Family::timestamp, bytes_to_struct},
    {Kind::bytes, Family::interval, bytes_to_struct},
    {Kind::bytes, Family::guid, bytes_to_guid},
    {Kind::date, Family::untyped, as_it_is},
    {Kind::date, Family::text, any_to_text},
    {Kind::date, Family::date, as_it_is},
    {Kind::date, Family::timestamp, date_to_timestamp},
    {Kind::time, Family::untyped, as_it_is},
    {Kind::time, Family::text, any_to_text},
    {Kind::time, Family::time, as_it_is},
    {Kind::time, Family::timestamp, time_to_timestamp},
    {Kind::timestamp, Family::untyped, as_it_is},
    {Kind::timestamp, Family::text, any_to_text},
    {Kind::timestamp, Family::date, timestamp_to_date},
    {Kind::timestamp, Family::time, timestamp_to_time},
    {Kind::timestamp, Family::timestamp, as_it_is},
    {Kind::interval, Family::untyped, as_it_is},
    {Kind::interval, Family::text, interval_to_text},
    {Kind::interval, Family::whole, interval_to_whole},
    {Kind::interval, Family::decimal, interval_to_decimal},
    {Kind::interval, Family::interval, interval_to_interval},
    {Kind::guid, Family::untyped, as_it_is},
    {Kind::guid, Family::text, any_to_text},
    {Kind::guid, Family::bytes, guid_to_bytes},
    {Kind::guid, Family::guid, as_it_is},
};

constexpr auto matrix = [] {
  std::array<std::array<Adapter, static_cast<std::size_t>(Family::count_)>,
             static_cast<std::size_t>(Kind::count_)>
      cells{};
  for (const Row& row : rows) {
    Adapter& cell = cells[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.to)];
    if (cell != nullptr) throw "conversion named twice";
    cell = row.adapter;
  }
  return cells;
}();

// Null when the value holds no text of its own.
const char* end_of_text(const Value& value) noexcept {
  const bool has_text =
      value.kind == Kind::text || value.kind == Kind::decimal || value.kind == Kind::bytes;
  return has_text ? value.text.data() + value.text.size() : nullptr;
}

}  // namespace

Reader reader_of(Target c_type) noexcept {
  return c_type < Target::count_ ? readers[static_cast<std::size_t>(c_type)].reader : nullptr;
}

Adapter adapter_of(Kind from, core::SqlType declared) noexcept {
  return matrix[static_cast<std::size_t>(from)][static_cast<std::size_t>(family_of(declared))];
}

ParameterPlan plan_parameter(Target c_type, core::SqlType declared,
                             const ParameterTraits& traits) noexcept {
  return {reader_of(c_type), declared, traits};
}

Outcome ParameterPlan::read(std::string_view data, Arena& arena, Value& out,
                            bool terminated) const {
  if (reader == nullptr) return Outcome::restricted;
  out.nul_follows = terminated;
  const Outcome read = reader(data, traits, arena, out);
  if (!delivers(read)) return read;
  const Adapter adapter = adapter_of(out.kind, declared);
  if (adapter == nullptr) return Outcome::restricted;
  const char* const end = out.nul_follows ? end_of_text(out) : nullptr;
  const Outcome adapted = adapter(out, traits, arena);
  out.nul_follows = end != nullptr && end_of_text(out) == end;
  return adapted == Outcome::ok ? read : adapted;
}

}  // namespace odbc::convert
