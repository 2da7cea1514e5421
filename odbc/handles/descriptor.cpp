// SPDX-License-Identifier: Apache-2.0
// The rules of SQLBindCol, SQLBindParameter and of a described result. Comes in: descriptor.h.
#include "odbc/handles/descriptor.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "core/error.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/target.h"
#include "odbc/tables/type_table.h"

namespace odbc {
namespace {

std::atomic<std::uint64_t> last_revision{0};

[[noreturn]] void refuse(core::Sqlstate state, std::string text) {
  throw core::Error(state, "Descriptor", std::move(text), core::Reached::not_sent);
}

void require_c_type(SQLSMALLINT c_type) {
  if (convert::target_of(c_type) == convert::Target::unknown)
    refuse(core::sqlstate::invalid_c_type,
           "Program type out of range: C type " + std::to_string(c_type) + " is unknown");
}

void require_length(SQLLEN length) {
  if (length < 0)
    refuse(core::sqlstate::invalid_length,
           "Invalid string or buffer length: " + std::to_string(length));
}

// What any record of an IRD and an IPD owes to its logical type.
void describe_type(DescriptorRecord& record, const core::Column& column) {
  const tables::TypeRow& row = tables::type_row(column.type);
  record.set_concise_type(tables::concise_type_of(column));
  record.length = tables::column_size(column);
  record.octet_length = tables::octet_length(column);
  record.display_size = tables::display_size(column);
  record.scale = tables::decimal_digits(column);
  record.num_prec_radix = row.radix;
  record.is_unsigned = row.is_signed && !column.is_unsigned ? SQL_FALSE : SQL_TRUE;
  record.fixed_prec_scale = row.fixed_precision_scale ? SQL_TRUE : SQL_FALSE;
  record.literal_prefix = row.literal_prefix;
  record.literal_suffix = row.literal_suffix;
  if (column.type == core::SqlType::interval) {
    record.precision = column.scale;
    record.datetime_interval_precision = tables::interval_leading_precision;
  } else if (row.datetime_code != 0) {
    record.precision = column.scale;  // of a datetime: digits of the seconds' fraction
  } else if (row.radix == 2) {
    record.precision = column.type == core::SqlType::real ? 24 : 53;  // bits
  } else if (row.radix == 10) {
    record.precision = static_cast<SQLSMALLINT>(record.length);
  }
}

SQLSMALLINT odbc_nullable(core::Nullability nullable) {
  switch (nullable) {
    case core::Nullability::no: return SQL_NO_NULLS;
    case core::Nullability::yes: return SQL_NULLABLE;
    default: return SQL_NULLABLE_UNKNOWN;
  }
}

/// Everything of a column that describe_column reads is seen here.
bool describes(const core::Column& column, const DescriptorRecord& record) {
  return record.name == column.name && record.type_name == column.type_name &&
         record.concise_type == tables::as_odbc3(tables::concise_type_of(column)) &&
         record.length == tables::column_size(column) &&
         record.octet_length == tables::octet_length(column) &&
         record.scale == tables::decimal_digits(column) &&
         record.nullable == odbc_nullable(column.nullable) &&
         (record.case_sensitive == SQL_TRUE) == column.case_sensitive &&
         (record.searchable != SQL_PRED_NONE) == column.searchable &&
         record.of_table == (column.table_oid != 0) &&
         record.is_unsigned == (tables::type_row(column.type).is_signed && !column.is_unsigned
                                    ? SQL_FALSE
                                    : SQL_TRUE);
}

DescriptorRecord describe_column(const core::Column& column) {
  DescriptorRecord record;
  describe_type(record, column);
  record.name = column.name;
  record.unnamed = column.name.empty() ? SQL_UNNAMED : SQL_NAMED;
  record.of_table = column.table_oid != 0;
  record.type_name = column.type_name;
  record.nullable = odbc_nullable(column.nullable);
  record.case_sensitive = column.case_sensitive ? SQL_TRUE : SQL_FALSE;
  record.searchable =
      column.searchable ? tables::type_row(column.type).searchable : SQLSMALLINT{SQL_PRED_NONE};
  return record;
}

}  // namespace

void DescriptorRecord::set_concise_type(SQLSMALLINT concise) noexcept {
  const bool was_interval = type == SQL_INTERVAL;
  concise_type = tables::as_odbc3(concise);
  type = tables::verbose_type(concise_type);
  if (type == SQL_INTERVAL || was_interval) {  // the defaults of ODBC, "SQL_DESC_CONCISE_TYPE"
    const convert::IntervalPrecision fresh;
    precision = type == SQL_INTERVAL ? fresh.seconds : SQLSMALLINT{0};
    datetime_interval_precision = type == SQL_INTERVAL ? fresh.leading : SQLSMALLINT{0};
  }
  datetime_interval_code = tables::datetime_code(concise_type);
}

void Descriptor::changed() noexcept {
  revision_ = last_revision.fetch_add(1, std::memory_order_relaxed) + 1;
  described_ = 0;
}

void Descriptor::set_count(SQLSMALLINT count) {
  if (count < 0)
    refuse(core::sqlstate::invalid_descriptor_index, "Invalid descriptor index: negative count");
  records_.resize(static_cast<std::size_t>(count));
  changed();
}

DescriptorRecord& Descriptor::record(SQLUSMALLINT number) {
  if (number > std::numeric_limits<SQLSMALLINT>::max())
    refuse(core::sqlstate::invalid_descriptor_index,
           "Invalid descriptor index: " + std::to_string(number));
  if (number > records_.size()) records_.resize(number);
  changed();
  return number == 0 ? bookmark_ : records_[number - 1U];
}

void Descriptor::bind_column(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data,
                             SQLLEN buffer_length, SQLLEN* indicator) {
  if (data == nullptr && indicator == nullptr) {
    if (number <= records_.size()) record(number) = DescriptorRecord();
    shrink_to_bound();
    return;
  }
  require_c_type(c_type);
  require_length(buffer_length);
  DescriptorRecord& target = record(number);
  target = DescriptorRecord();
  target.set_concise_type(c_type);
  target.octet_length = buffer_length;
  target.length = static_cast<SQLULEN>(buffer_length);
  target.data_ptr = data;
  target.octet_length_ptr = indicator;
  target.indicator_ptr = indicator;
  if (data == nullptr) shrink_to_bound();
}

void Descriptor::shrink_to_bound() {
  while (!records_.empty() && !records_.back().bound()) records_.pop_back();
  changed();
}

void Descriptor::clear_records() {
  bookmark_ = DescriptorRecord();
  records_.clear();
  changed();
}

void Descriptor::describe(std::span<const core::Column> columns, std::uint64_t number) {
  // A statement that is executed in a loop is described the same each time.
  if (number != 0 && number == described_) return;
  changed();
  described_ = number;
  if (records_.size() == columns.size() &&
      std::equal(columns.begin(), columns.end(), records_.begin(), describes))
    return;
  records_.clear();
  records_.reserve(columns.size());
  for (const core::Column& column : columns) records_.push_back(describe_column(column));
}

void Descriptor::describe(std::span<const core::ParameterType> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    DescriptorRecord& target = record(static_cast<SQLUSMALLINT>(i + 1));
    if (target.concise_type != SQL_C_DEFAULT) continue;
    core::Column column;
    column.type = parameters[i].type;
    column.size = parameters[i].size;
    column.scale = parameters[i].scale;
    describe_type(target, column);
    target.is_unsigned = tables::type_row(column.type).is_signed ? SQL_FALSE : SQL_TRUE;
    target.nullable = SQL_NULLABLE;
  }
}

void Descriptor::copy_from(const Descriptor& other) {
  if (role_ == DescriptorRole::ird)
    refuse({"HY016"}, "Cannot modify an implementation row descriptor");
  header = other.header;
  bookmark_ = other.bookmark_;
  records_ = other.records_;
  changed();
}

void bind_parameter(Descriptor& apd, Descriptor& ipd, const ParameterBinding& binding) {
  if (binding.number < 1 || binding.number > std::numeric_limits<SQLSMALLINT>::max())
    refuse(core::sqlstate::invalid_descriptor_index,
           "Invalid parameter number: " + std::to_string(binding.number));
  require_c_type(binding.c_type);
  if (!tables::logical_type(binding.sql_type))
    refuse(core::sqlstate::invalid_sql_type,
           "Invalid SQL data type: " + std::to_string(binding.sql_type));
  const SQLSMALLINT direction = binding.input_output_type;
  if (direction != SQL_PARAM_INPUT && direction != SQL_PARAM_INPUT_OUTPUT &&
      direction != SQL_PARAM_OUTPUT)
    refuse(core::sqlstate::parameter_type_invalid,
           "Invalid parameter type: " + std::to_string(direction));
  require_length(binding.buffer_length);
  if (binding.data == nullptr && binding.indicator == nullptr && direction != SQL_PARAM_OUTPUT)
    refuse(core::sqlstate::null_pointer,
           "Invalid use of null pointer: neither a buffer nor a length is given");

  DescriptorRecord outside;
  outside.set_concise_type(binding.c_type);
  outside.octet_length = binding.buffer_length;
  outside.data_ptr = binding.data;
  outside.octet_length_ptr = binding.indicator;
  outside.indicator_ptr = binding.indicator;

  DescriptorRecord inside;
  inside.set_concise_type(binding.sql_type);
  inside.parameter_type = direction;
  inside.length = binding.column_size;
  inside.scale = binding.decimal_digits;
  const bool has_seconds = inside.type == SQL_DATETIME || inside.type == SQL_INTERVAL;
  inside.precision =
      has_seconds ? binding.decimal_digits : static_cast<SQLSMALLINT>(binding.column_size);
  inside.nullable = SQL_NULLABLE;

  DescriptorRecord& target = apd.record(binding.number);
  ipd.record(binding.number) = std::move(inside);
  target = std::move(outside);
}

}  // namespace odbc
