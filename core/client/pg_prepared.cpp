// SPDX-License-Identifier: Apache-2.0
// Shapes of results and the life of statement names.
#include "core/client/pg_prepared.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <random>
#include <utility>

#include "core/client/pg_decode.h"

namespace core {
namespace {

struct FormRow {
  Decode decode;
  WireForm form;
};
constexpr FormRow forms[] = {
    {int2_from_binary, WireForm::int2},
    {int4_from_binary, WireForm::int4},
    {int8_from_binary, WireForm::int8},
    {float8_from_binary, WireForm::float8},
    {integer_from_text, WireForm::integer_text},
    {real_from_text, WireForm::real_text},
    {decimal_from_text, WireForm::decimal_text},
    {date_from_text, WireForm::date_text},
    {timestamp_from_text, WireForm::timestamp_text},
    {decode_text, WireForm::utf8},
    {decode_bytes, WireForm::bytes},
};

WireForm wire_form(Decode decode) {
  for (const FormRow& row : forms)
    if (row.decode == decode) return row.form;
  return WireForm::other;
}

}  // namespace

std::shared_ptr<const PgShape> PgShape::of(const PGresult& description, bool binary,
                                           const PgTypeRules& rules) {
  auto shape = std::make_shared<PgShape>();
  static constinit std::atomic<std::uint64_t> last_number{0};
  shape->number = last_number.fetch_add(1, std::memory_order_relaxed) + 1;
  shape->binary = binary;
  shape->binary_form = BinaryForm::always;
  const int count = PQnfields(&description);
  shape->columns.resize(static_cast<std::size_t>(count));
  shape->modifiers.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Column& column = shape->columns[static_cast<std::size_t>(i)];
    const Oid oid = PQftype(&description, i);
    column.name = PQfname(&description, i);
    column.table_oid = PQftable(&description, i);
    column.table_column = static_cast<std::int16_t>(PQftablecol(&description, i));
    const int modifier = PQfmod(&description, i);
    shape->modifiers.push_back(modifier);
    describe_column(column, oid, modifier, binary ? PgFormat::binary : PgFormat::text, rules);
    column.wire = wire_form(column.decode);
    shape->has_bytes = shape->has_bytes || oid == pg_oid::bytea;
    shape->binary_form = std::min(shape->binary_form, core::binary_form(oid, rules));
    const PgType* type = find_pg_type(oid);
    if (!binary && type != nullptr && type->unpack != nullptr)
      shape->unpacks.push_back({i, type->unpack});
  }
  return shape;
}

bool PgShape::is_of(const PGresult& description, bool in_binary) const {
  if (binary != in_binary || PQnfields(&description) != static_cast<int>(columns.size()))
    return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    const int field = static_cast<int>(i);
    if (PQftype(&description, field) != column.server_type ||
        PQfmod(&description, field) != modifiers[i] ||
        PQftable(&description, field) != column.table_oid ||
        static_cast<std::int16_t>(PQftablecol(&description, field)) != column.table_column ||
        column.name != PQfname(&description, field))
      return false;
  }
  return true;
}

std::string PgStatementNames::next() {
  if (prefix.empty()) {
    std::random_device random;
    const std::uint64_t number = (std::uint64_t{random()} << 32U) | random();
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 36).ptr;
    std::string fresh = "aurodbc_";
    fresh.append(digits.data(), end).push_back('_');
    prefix = std::move(fresh);  // whole or not at all
  }
  return prefix + std::to_string(++last);
}

void PgStatementNames::forget_all() {
  ++epoch;
  dead.clear();
}

PgStatementName::PgStatementName(std::uint64_t generation,
                                 const std::shared_ptr<PgStatementNames>& names)
    : text_(names->next()), generation_(generation), epoch_(names->epoch), names_(names) {}

PgStatementName::~PgStatementName() {
  const auto names = names_.lock();
  if (names == nullptr || names->epoch != epoch_) return;
  try {
    names->dead.push_back(std::move(text_));
  } catch (...) {  // no memory: the server keeps the statement as long as the link lives
  }
}

std::shared_ptr<PgPrepared> PgPrepared::of(std::string_view sql, std::shared_ptr<Prepared> reuse) {
  auto known = std::dynamic_pointer_cast<PgPrepared>(std::move(reuse));
  if (known && known->sql() == sql) return known;
  return std::make_shared<PgPrepared>(sql);
}

std::span<const Column> PgPrepared::columns() const {
  if (!shape_) return {};
  return shape_->columns;
}

std::span<const ParameterType> PgPrepared::parameters() const {
  if (!types_) return {};
  return types_->types;
}

std::span<const std::uint32_t> PgPrepared::parameter_oids() const {
  if (!types_) return {};
  return types_->oids;
}

void PgPrepared::learn_description(const PGresult& description, const PgTypeRules& rules) {
  const int count = PQnparams(&description);
  auto types = std::make_shared<PgParameterTypes>();
  for (int i = 0; i < count; ++i) {
    types->oids.push_back(PQparamtype(&description, i));
    types->types.push_back(describe_parameter(types->oids.back(), rules));
  }
  types_ = std::move(types);
  // Whoever only describes reads the columns as they are in text form; a binary execution gets its
  // own shape.
  if (!shape_ || !shape_->binary) shape_ = PgShape::of(description, false, rules);
}

void PgPrepared::learn_from(const PgPrepared& other) {
  shape_ = other.shape_;
  types_ = other.types_;
  name_ = other.name_;
  executed_ = other.executed_;
}

}  // namespace core
