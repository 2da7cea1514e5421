// SPDX-License-Identifier: Apache-2.0
// Integers, reals, booleans, uuid, bytea and text for text types go binary; everything else as
// text, which the server reads by the type given (or finds out itself when that is 0). Bytes and
// texts go from where they lie, unless libpq needs a NUL behind a text that has none.
#include "core/client/pg_parameters.h"

#include <bit>
#include <cmath>
#include <limits>

#include "core/client/pg_bytes.h"
#include "core/client/pg_format.h"
#include "core/client/pg_types.h"
#include "core/error.h"

namespace core {

namespace {

bool is_integer(std::uint32_t oid) {
  return oid == pg_oid::int2 || oid == pg_oid::int4 || oid == pg_oid::int8;
}

bool is_float(std::uint32_t oid) { return oid == pg_oid::float4 || oid == pg_oid::float8; }

template <class Integer>
bool within(std::int64_t number) {
  return number >= std::numeric_limits<Integer>::min() &&
         number <= std::numeric_limits<Integer>::max();
}

bool fits_integer(const Value& value, std::uint32_t oid) {
  if (value.kind == ValueKind::boolean) return true;
  if (value.kind != ValueKind::integer) return false;
  if (oid == pg_oid::int2) return within<std::int16_t>(value.integer);
  if (oid == pg_oid::int4) return within<std::int32_t>(value.integer);
  return true;
}

std::uint32_t smallest_from(std::uint32_t oid, const Value& value) {
  if (oid == pg_oid::int2 && !fits_integer(value, oid)) oid = pg_oid::int4;
  if (oid == pg_oid::int4 && !fits_integer(value, oid)) oid = pg_oid::int8;
  return oid;
}

std::uint32_t integer_type(const Value& value, std::uint32_t declared) {
  switch (value.kind) {
    case ValueKind::boolean:
    case ValueKind::integer: return smallest_from(declared, value);
    case ValueKind::unsigned_:
    case ValueKind::decimal: return pg_oid::numeric;
    case ValueKind::real: return pg_oid::float8;
    default: return declared;
  }
}

std::uint32_t type_of_kind(const Value& value) {
  switch (value.kind) {
    case ValueKind::integer: return smallest_from(pg_oid::int4, value);
    case ValueKind::unsigned_:
    case ValueKind::decimal: return pg_oid::numeric;
    case ValueKind::real: return pg_oid::float8;
    case ValueKind::bytes: return pg_oid::bytea;
    case ValueKind::date: return pg_oid::date;
    case ValueKind::time: return pg_oid::time;
    case ValueKind::timestamp:
      return value.time.has_offset ? pg_oid::timestamptz : pg_oid::timestamp;
    case ValueKind::interval: return pg_oid::interval;
    case ValueKind::guid: return pg_oid::uuid;
    default: return pg_oid::unspecified;
  }
}

std::uint32_t type_of_declared(const Parameter& parameter) {
  switch (parameter.declared) {
    case SqlType::boolean: return pg_oid::unspecified;  // 1 and 0: booleans and numbers take them
    case SqlType::tinyint:
    case SqlType::smallint: return integer_type(parameter.value, pg_oid::int2);
    case SqlType::integer: return integer_type(parameter.value, pg_oid::int4);
    case SqlType::bigint: return integer_type(parameter.value, pg_oid::int8);
    case SqlType::real: return pg_oid::float4;
    case SqlType::double_: return pg_oid::float8;
    case SqlType::decimal: return pg_oid::numeric;
    case SqlType::binary:
    case SqlType::varbinary:
    case SqlType::longvarbinary: return pg_oid::bytea;
    case SqlType::date: return pg_oid::date;
    case SqlType::time: return pg_oid::time;
    case SqlType::timestamp:
      return parameter.value.kind == ValueKind::timestamp && parameter.value.time.has_offset
                 ? pg_oid::timestamptz
                 : pg_oid::timestamp;
    case SqlType::interval: return pg_oid::interval;
    case SqlType::guid: return pg_oid::uuid;
    case SqlType::char_:
    case SqlType::varchar:
    case SqlType::longvarchar: return pg_oid::unspecified;
    default: return type_of_kind(parameter.value);
  }
}

// Types whose binary form is their text.
bool is_text_type(std::uint32_t oid) {
  constexpr std::uint32_t name = 19, json = 114;
  return oid == pg_oid::text || oid == pg_oid::varchar || oid == pg_oid::bpchar || oid == name ||
         oid == json;
}

bool fits_float(double real) {
  return !std::isfinite(real) || std::fabs(real) <= double{std::numeric_limits<float>::max()};
}

bool is_number(std::uint32_t oid) {
  return is_integer(oid) || is_float(oid) || oid == pg_oid::numeric;
}

bool at_midnight(const DateTime& time) {
  return time.hour == 0 && time.minute == 0 && time.second == 0 && time.nanosecond == 0;
}

// As text a timestamp would lose its time or its offset without a word.
bool fits_moment(const Value& value, std::uint32_t described) {
  using namespace pg_oid;
  const bool stamp = value.kind == ValueKind::timestamp;
  if (stamp && value.time.has_offset) return described == timestamptz;
  if (described == date) return !stamp || at_midnight(value.time);
  return described == timestamp || described == timestamptz;
}

bool fits_number(const Value& value, std::uint32_t inferred, std::uint32_t described) {
  if (!is_number(described)) return false;
  if (is_integer(described)) return fits_integer(value, described);
  if (described == pg_oid::float4 && value.kind == ValueKind::real) return fits_float(value.real);
  return described == pg_oid::numeric || is_integer(inferred) || is_float(inferred);
}

bool fits(const Value& value, std::uint32_t inferred, std::uint32_t described) {
  switch (value.kind) {
    case ValueKind::integer:
    case ValueKind::unsigned_:
    case ValueKind::decimal:
    case ValueKind::real: return fits_number(value, inferred, described);
    case ValueKind::date:
    case ValueKind::timestamp: return fits_moment(value, described);
    case ValueKind::time: return described == pg_oid::timetz;
    default: return false;
  }
}

// What the server expects wins only where its own assignment from the inferred type would give the
// same, and nothing of the value is lost: a statement must not do one thing at its first execution,
// when nothing is described yet, and another later.
std::uint32_t type_on_wire(const Value& value, std::uint32_t inferred, std::uint32_t described) {
  if (inferred == pg_oid::unspecified || fits(value, inferred, described)) return described;
  return inferred;
}

[[noreturn]] void throw_zero_byte() {
  throw Error(Sqlstate("22021"), "PostgreSQL",
              "a character parameter holds a zero byte, which PostgreSQL cannot store",
              Reached::not_sent);
}

}  // namespace

std::uint32_t inferred_type(const Parameter& parameter) noexcept {
  if (parameter.value.kind == ValueKind::null) return pg_oid::unspecified;
  if (parameter.value.kind == ValueKind::bytes) return pg_oid::bytea;
  return type_of_declared(parameter);
}

void PgParameters::clear() {
  types_.clear();
  values_.clear();
  lengths_.clear();
  formats_.clear();
  offsets_.clear();
  constexpr std::size_t worth_keeping = std::size_t{1} << 20;
  if (arena_.capacity() > worth_keeping)
    arena_ = std::string();  // one long value, long ago
  else
    arena_.clear();
  as_described_ = true;
}

void PgParameters::encode(std::span<const Parameter> parameters,
                          std::span<const std::uint32_t> described) {
  clear();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::uint32_t type = inferred_type(parameters[i]);
    if (i < described.size()) {
      type = type_on_wire(parameters[i].value, type, described[i]);
      as_described_ = as_described_ && type == described[i];
    }
    types_.push_back(type);
    encode_one(parameters[i].value, type);
  }
  for (std::size_t i = 0; i < offsets_.size(); ++i)
    if (offsets_[i] != outside) values_[i] = arena_.data() + offsets_[i];
}

void PgParameters::add_outside(std::string_view bytes, int format) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw Error(Sqlstate("54000"), "PostgreSQL",
                "a parameter is longer than PostgreSQL's protocol can tell", Reached::not_sent);
  // A null pointer would be read as NULL.
  values_.push_back(bytes.data() == nullptr ? "" : bytes.data());
  lengths_.push_back(static_cast<int>(bytes.size()));
  formats_.push_back(format);
  offsets_.push_back(outside);
}

void PgParameters::add_inside(std::size_t offset, int format) {
  values_.push_back(nullptr);
  lengths_.push_back(static_cast<int>(arena_.size() - offset));
  formats_.push_back(format);
  offsets_.push_back(offset);
}

bool PgParameters::encode_binary(const Value& value, std::uint32_t type) {
  const std::size_t offset = arena_.size();
  const auto put = [&](auto number) {
    arena_.resize(offset + sizeof number);
    put_big_endian(number, arena_.data() + offset);
    add_inside(offset, 1);
    return true;
  };
  const bool whole = value.kind == ValueKind::integer || value.kind == ValueKind::boolean;
  if (type == pg_oid::int2 && whole) return put(static_cast<std::int16_t>(value.integer));
  if (type == pg_oid::int4 && whole) return put(static_cast<std::int32_t>(value.integer));
  if (type == pg_oid::int8 && whole) return put(value.integer);
  if (value.kind == ValueKind::real && type == pg_oid::float8)
    return put(std::bit_cast<std::int64_t>(value.real));
  if (value.kind == ValueKind::real && type == pg_oid::float4)
    return put(std::bit_cast<std::int32_t>(static_cast<float>(value.real)));
  if (type == pg_oid::boolean && whole) {
    arena_.push_back(value.integer != 0 ? '\1' : '\0');
    add_inside(offset, 1);
    return true;
  }
  const bool raw = (type == pg_oid::bytea && value.kind == ValueKind::bytes) ||
                   (type == pg_oid::uuid && value.kind == ValueKind::guid);
  if (raw) add_outside(value.text, 1);
  return raw;
}

void PgParameters::encode_one(const Value& value, std::uint32_t type) {
  if (value.kind == ValueKind::null) {
    values_.push_back(nullptr);
    lengths_.push_back(0);
    formats_.push_back(0);
    offsets_.push_back(outside);
    return;
  }
  if (encode_binary(value, type)) return;
  if (value.kind == ValueKind::text || value.kind == ValueKind::decimal) {
    if (value.text.find('\0') != std::string_view::npos) throw_zero_byte();
    if (is_text_type(type) || value.nul_follows)
      return add_outside(value.text, is_text_type(type) ? 1 : 0);
  }
  const std::size_t offset = arena_.size();
  append_text(value, arena_);
  arena_.push_back('\0');
  add_inside(offset, 0);
}

}  // namespace core
