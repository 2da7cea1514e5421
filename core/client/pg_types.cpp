// SPDX-License-Identifier: Apache-2.0
// What a row of the type table, a modifier and the options make of a column.
#include "core/client/pg_types.h"

#include <algorithm>

#include "core/client/pg_decode.h"
#include "core/client/pg_type_rows.h"

namespace core {

namespace {

constexpr int modifier_header = 4;  // VARHDRSZ: PostgreSQL adds it to the lengths it stores

void set(Column& column, SqlType type, std::int64_t size, std::int16_t scale = 0) {
  column.type = type;
  column.size = size;
  column.scale = scale;
}

// `header` is what the modifier counts beside the characters.
void size_by_length(Column& column, int modifier, int header) {
  if (modifier <= header)
    set(column, SqlType::longvarchar, 0);
  else
    column.size = modifier - header;
}

// Eleven bits of signed scale since PostgreSQL 15; sixteen before, never negative.
void size_by_numeric(Column& column, int modifier, const PgTypeRules& rules) {
  using Numeric = PgTypeRules::Numeric;
  if (modifier >= modifier_header) {
    const int stored = modifier - modifier_header;
    column.size = (stored >> 16) & 0xFFFF;
    column.scale = static_cast<std::int16_t>(((stored & 0x7FF) ^ 1024) - 1024);
    return;
  }
  column.scale = rules.numeric_scale;
  switch (rules.numeric) {
    case Numeric::decimal: break;
    case Numeric::double_: set(column, SqlType::double_, 15); break;
    case Numeric::varchar: set(column, SqlType::varchar, column.size + 2); break;
    case Numeric::longvarchar: set(column, SqlType::longvarchar, 0); break;
  }
}

void size_by_fraction(Column& column, int modifier) {
  column.scale = static_cast<std::int16_t>(modifier < 0 ? 6 : modifier);
  if (column.scale > 0) column.size += 1 + column.scale;
}

void size_by_bits(Column& column, int modifier) {
  size_by_length(column, modifier, 0);
  if (column.type != SqlType::char_ || column.size != 1) return;
  set(column, SqlType::boolean, 1);
  column.kind = ValueKind::boolean;
  column.decode = bit_from_text;
}

struct FieldsRow {
  int mask;
  IntervalFields fields;
};
constexpr int month = 1 << 1, year = 1 << 2, day = 1 << 3, hour = 1 << 10, minute = 1 << 11,
              second = 1 << 12;
constexpr FieldsRow field_masks[] = {
    {year, IntervalFields::year},
    {month, IntervalFields::month},
    {day, IntervalFields::day},
    {hour, IntervalFields::hour},
    {minute, IntervalFields::minute},
    {second, IntervalFields::second},
    {year | month, IntervalFields::year_to_month},
    {day | hour, IntervalFields::day_to_hour},
    {day | hour | minute, IntervalFields::day_to_minute},
    {day | hour | minute | second, IntervalFields::day_to_second},
    {hour | minute, IntervalFields::hour_to_minute},
    {hour | minute | second, IntervalFields::hour_to_second},
    {minute | second, IntervalFields::minute_to_second},
};

void size_by_interval(Column& column, int modifier, const PgTypeRules& rules) {
  constexpr int no_precision = 0xFFFF;
  if (modifier >= 0) {
    const int mask = (modifier >> 16) & 0x7FFF;
    for (const FieldsRow& row : field_masks)
      if (row.mask == mask) column.fields = row.fields;
    if (column.fields != IntervalFields::any && (mask & second) == 0)
      column.scale = 0;
    else if ((modifier & 0xFFFF) != no_precision)
      column.scale = static_cast<std::int16_t>(modifier & 0xFFFF);
  }
  if (!rules.interval_as_interval) set(column, SqlType::varchar, column.size);
}

void size_by_rule(Column& column, const PgType& row, int modifier, const PgTypeRules& rules) {
  switch (row.rule) {
    case SizeRule::fixed: break;
    case SizeRule::length: size_by_length(column, modifier, modifier_header); break;
    case SizeRule::numeric: size_by_numeric(column, modifier, rules); break;
    case SizeRule::fraction: size_by_fraction(column, modifier); break;
    case SizeRule::bits: size_by_bits(column, modifier); break;
    case SizeRule::interval_fields: size_by_interval(column, modifier, rules); break;
  }
}

// -- What the options make of a column -----------------------------------------------------------
void show_int8(Column& column, const PgTypeRules& rules) {
  using Int8 = PgTypeRules::Int8;
  switch (rules.int8) {
    case Int8::bigint: break;
    case Int8::numeric: column.type = SqlType::decimal; break;
    case Int8::double_: set(column, SqlType::double_, 15); break;
    case Int8::integer: set(column, SqlType::integer, 10); break;
    case Int8::text: set(column, SqlType::varchar, 20); break;
  }
}

void show_boolean(Column& column, const PgTypeRules& rules) {
  constexpr std::int64_t longest = 5;  // "false": what psqlODBC reports
  if (rules.bools_as_char) set(column, SqlType::varchar, longest);
}

void show_guid(Column& column, const PgTypeRules& rules) {
  if (rules.guid_as_char) column.type = SqlType::char_;
}

void show_timestamptz(Column& column, const PgTypeRules& rules) {
  using TimestampTz = PgTypeRules::TimestampTz;
  constexpr std::int64_t offset = 6;  // "+05:30"
  if (rules.timestamptz == TimestampTz::utc && column.decode == timestamp_from_text) {
    column.decode = timestamptz_from_text_in_utc;
  }
  if (rules.timestamptz != TimestampTz::text) return;
  set(column, SqlType::varchar, column.size + offset);
  column.zoned = false;
  if (column.decode != timestamp_from_text) return;
  column.kind = ValueKind::text;
  column.decode = decode_text;
}

struct ShowRow {
  std::uint32_t oid;
  void (*show)(Column& column, const PgTypeRules& rules);
};
constexpr ShowRow shows[] = {
    {pg_oid::boolean, show_boolean},
    {pg_oid::int8, show_int8},
    {pg_oid::timestamptz, show_timestamptz},
    {pg_oid::uuid, show_guid},
};

void follow_rules(Column& column, const PgTypeRules& rules) {
  for (const ShowRow& row : shows)
    if (row.oid == column.server_type) row.show(column, rules);
  const bool unlimited =
      column.type == SqlType::longvarchar || column.type == SqlType::longvarbinary;
  if (unlimited && column.size == 0) column.size = rules.long_size;
}

bool is_character(SqlType type) {
  return type == SqlType::char_ || type == SqlType::varchar || type == SqlType::longvarchar;
}

/// For types without a row.
constexpr PgType foreign = [] {
  PgType row = pg_rows::plain_text(0, "");
  row.from_binary = nullptr;
  return row;
}();

}  // namespace

std::span<const PgType> all_pg_types() noexcept { return pg_rows::all; }

const PgType* find_pg_type(std::uint32_t oid) noexcept {
  const auto row =
      std::lower_bound(pg_rows::all.begin(), pg_rows::all.end(), oid,
                       [](const PgType& type, std::uint32_t wanted) { return type.oid < wanted; });
  return row != pg_rows::all.end() && row->oid == oid ? &*row : nullptr;
}

BinaryForm binary_form(std::uint32_t oid, const PgTypeRules& rules) noexcept {
  const PgType* const row = find_pg_type(oid);
  if (row == nullptr || row->from_binary == nullptr) return BinaryForm::never;
  const bool shows_session_zone =
      oid == pg_oid::timestamptz && rules.timestamptz != PgTypeRules::TimestampTz::utc;
  return shows_session_zone ? BinaryForm::in_utc : BinaryForm::always;
}

void describe_column(Column& column, std::uint32_t oid, int modifier, PgFormat format,
                     const PgTypeRules& rules) {
  const PgType* const found = find_pg_type(oid);
  const PgType& row = found != nullptr ? *found : foreign;
  const bool binary = format == PgFormat::binary;
  column.server_type = oid;
  column.type_name = found != nullptr ? std::string(row.name) : std::to_string(oid);
  column.foreign = found == nullptr;
  column.type = row.type;
  column.size = row.size;
  column.scale = row.scale;
  column.kind = binary && oid == pg_oid::numeric ? ValueKind::packed : row.kind;
  column.decode = binary ? row.from_binary : row.from_text;
  column.is_unsigned = row.is_unsigned;
  column.zoned = row.zoned;
  size_by_rule(column, row, modifier, rules);
  follow_rules(column, rules);
  column.case_sensitive = is_character(column.type) && row.kind == ValueKind::text;
}

ParameterType describe_parameter(std::uint32_t oid, const PgTypeRules& rules) {
  Column column;
  describe_column(column, oid, -1, PgFormat::text, rules);
  return {column.type, oid, column.size, column.scale, column.foreign};
}

}  // namespace core
