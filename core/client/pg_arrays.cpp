// SPDX-License-Identifier: Apache-2.0
// Arrays in the form the server reads them: binary where the elements are binary (array_send in
// src/backend/utils/adt/arrayfuncs.c of PostgreSQL), else the text form with every element quoted.
#include <array>
#include <cstring>

#include "core/client/pg_bytes.h"
#include "core/client/pg_parameters.h"
#include "core/client/pg_rewrite.h"
#include "core/client/pg_types.h"

namespace core {
namespace {

constexpr int no_format = -1, text_format = 0, binary_format = 1;
constexpr std::size_t header_size = 20;

struct ArrayType {
  std::uint32_t element, array;
};
// src/include/catalog/pg_type.dat
constexpr std::array<ArrayType, 15> array_types{{{pg_oid::boolean, 1000},
                                                 {pg_oid::bytea, 1001},
                                                 {pg_oid::int2, 1005},
                                                 {pg_oid::int4, 1007},
                                                 {pg_oid::text, 1009},
                                                 {pg_oid::varchar, 1015},
                                                 {pg_oid::int8, 1016},
                                                 {pg_oid::float4, 1021},
                                                 {pg_oid::float8, 1022},
                                                 {pg_oid::timestamp, 1115},
                                                 {pg_oid::date, 1182},
                                                 {pg_oid::time, 1183},
                                                 {pg_oid::timestamptz, 1185},
                                                 {pg_oid::numeric, 1231},
                                                 {pg_oid::uuid, 2951}}};

bool is_text(std::uint32_t type) { return type == pg_oid::text || type == pg_oid::varchar; }

bool is_integer(std::uint32_t type) {
  return type == pg_oid::int2 || type == pg_oid::int4 || type == pg_oid::int8;
}

void append_number(std::string& out, std::int32_t number) {
  const std::size_t at = out.size();
  out.resize(at + sizeof number);
  put_big_endian(number, out.data() + at);
}

}  // namespace

std::uint32_t PgArrays::array_of(std::uint32_t type) {
  for (const ArrayType& known : array_types)
    if (known.element == type) return known.array;
  return 0;
}

void PgArrays::begin(std::span<const std::uint32_t> types) {
  sets_ = 0;
  columns_.resize(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    Column& column = columns_[i];
    column.type = types[i];
    column.format = no_format;
    column.has_null = false;
    column.bytes.clear();
  }
}

// NULLs before the first value are written when the form is known.
void PgArrays::open(Column& column, int format) {
  column.format = format;
  if (format == binary_format)
    column.bytes.assign(header_size, '\0');
  else
    column.bytes.assign(1, '{');
  for (std::size_t i = 0; i < sets_; ++i) add_null(column);
}

void PgArrays::add_null(Column& column) {
  column.has_null = true;
  if (column.format == binary_format)
    append_number(column.bytes, -1);
  else if (column.format == text_format)
    column.bytes.append("NULL,");
}

void PgArrays::add_value(Column& column, const char* data, std::size_t length) {
  if (column.format == binary_format) {
    append_number(column.bytes, static_cast<std::int32_t>(length));
    column.bytes.append(data, length);
    return;
  }
  column.bytes.push_back('"');
  for (std::size_t i = 0; i < length; ++i) {
    if (data[i] == '"' || data[i] == '\\') column.bytes.push_back('\\');
    column.bytes.push_back(data[i]);
  }
  column.bytes.append("\",");
}

// On its own the value would go as its own type and be cast for the column. The same is known to
// come of that only where the value goes as text or changes nothing but its width.
bool PgArrays::goes_alike(const Parameter& value, std::uint32_t type) {
  const std::uint32_t own = inferred_type(value);
  return own == type || own == pg_oid::unspecified || (is_integer(own) && is_integer(type));
}

bool PgArrays::add(std::span<const Parameter> values, const PgParameters& encoded) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    if (encoded.values()[i] == nullptr) {
      add_null(column);
      continue;
    }
    if (encoded.types()[i] != column.type || !goes_alike(values[i], column.type)) return false;
    const int format = is_text(column.type) ? binary_format : encoded.formats()[i];
    if (column.format == no_format) open(column, format);
    if (column.format != format) return false;
    const char* const data = encoded.values()[i];
    add_value(column, data,
              encoded.formats()[i] == text_format ? std::strlen(data)
                                                  : static_cast<std::size_t>(encoded.lengths()[i]));
  }
  ++sets_;
  return true;
}

std::size_t PgArrays::bytes() const {
  std::size_t total = 0;
  for (const Column& column : columns_) total += column.bytes.size();
  return total;
}

void PgArrays::finish() {
  types_.clear();
  values_.clear();
  lengths_.clear();
  formats_.clear();
  for (Column& column : columns_) {
    if (column.format == no_format) open(column, binary_format);
    if (column.format == binary_format) {
      char* const at = column.bytes.data();
      put_big_endian<std::int32_t>(1, at);
      put_big_endian<std::int32_t>(column.has_null ? 1 : 0, at + 4);
      put_big_endian<std::int32_t>(static_cast<std::int32_t>(column.type), at + 8);
      put_big_endian<std::int32_t>(static_cast<std::int32_t>(sets_), at + 12);
      put_big_endian<std::int32_t>(1, at + 16);
    } else {
      column.bytes.back() = '}';
    }
    types_.push_back(array_of(column.type));
    values_.push_back(column.bytes.c_str());
    lengths_.push_back(static_cast<int>(column.bytes.size()));
    formats_.push_back(column.format);
  }
}

}  // namespace core
