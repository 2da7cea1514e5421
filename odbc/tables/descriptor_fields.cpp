// SPDX-License-Identifier: Apache-2.0
// The rows. Widths by the ODBC reference, SQLSetDescField, "Record Fields".
#include "odbc/tables/descriptor_fields.h"

#include <array>

#include "odbc/tables/type_table.h"

namespace odbc {
namespace {

template <class T>
T number(SQLPOINTER value) {
  return static_cast<T>(reinterpret_cast<SQLLEN>(value));
}

// Which table a column belongs to is not known by name.
FieldValue no_name(const DescriptorRecord&) { return std::string_view(); }

constexpr std::array rows = {
    DescriptorFieldRow{SQL_DESC_AUTO_UNIQUE_VALUE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.auto_unique; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_BASE_COLUMN_NAME,
                       [](const DescriptorRecord& r) -> FieldValue {
                         return r.of_table ? std::string_view(r.name) : std::string_view();
                       },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_BASE_TABLE_NAME, no_name, nullptr},
    DescriptorFieldRow{SQL_DESC_CASE_SENSITIVE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.case_sensitive; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_CATALOG_NAME, no_name, nullptr},
    DescriptorFieldRow{
        SQL_DESC_CONCISE_TYPE,
        [](const DescriptorRecord& r) -> FieldValue { return r.concise_type; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.set_concise_type(number<SQLSMALLINT>(v)); }},
    DescriptorFieldRow{SQL_DESC_DATA_PTR,
                       [](const DescriptorRecord& r) -> FieldValue { return r.data_ptr; },
                       [](DescriptorRecord& r, SQLPOINTER v) { r.data_ptr = v; }, true},
    DescriptorFieldRow{
        SQL_DESC_DATETIME_INTERVAL_CODE,
        [](const DescriptorRecord& r) -> FieldValue { return r.datetime_interval_code; },
        [](DescriptorRecord& r, SQLPOINTER v) {
          r.set_concise_type(tables::concise_type(r.type, number<SQLSMALLINT>(v)));
        }},
    DescriptorFieldRow{
        SQL_DESC_DATETIME_INTERVAL_PRECISION,
        [](const DescriptorRecord& r) -> FieldValue { return r.datetime_interval_precision; },
        [](DescriptorRecord& r, SQLPOINTER v) {
          r.datetime_interval_precision = number<SQLINTEGER>(v);
        }},
    DescriptorFieldRow{SQL_DESC_DISPLAY_SIZE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.display_size; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_FIXED_PREC_SCALE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.fixed_prec_scale; },
                       nullptr},
    DescriptorFieldRow{
        SQL_DESC_INDICATOR_PTR,
        [](const DescriptorRecord& r) -> FieldValue {
          return static_cast<SQLPOINTER>(r.indicator_ptr);
        },
        [](DescriptorRecord& r, SQLPOINTER v) { r.indicator_ptr = static_cast<SQLLEN*>(v); }, true},
    DescriptorFieldRow{
        SQL_DESC_LABEL,
        [](const DescriptorRecord& r) -> FieldValue { return std::string_view(r.name); }, nullptr},
    DescriptorFieldRow{SQL_DESC_LENGTH,
                       [](const DescriptorRecord& r) -> FieldValue { return r.length; },
                       [](DescriptorRecord& r, SQLPOINTER v) { r.length = number<SQLULEN>(v); }},
    DescriptorFieldRow{SQL_DESC_LITERAL_PREFIX,
                       [](const DescriptorRecord& r) -> FieldValue { return r.literal_prefix; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_LITERAL_SUFFIX,
                       [](const DescriptorRecord& r) -> FieldValue { return r.literal_suffix; },
                       nullptr},
    DescriptorFieldRow{
        SQL_DESC_LOCAL_TYPE_NAME,
        [](const DescriptorRecord& r) -> FieldValue { return std::string_view(r.type_name); },
        nullptr},
    DescriptorFieldRow{
        SQL_DESC_NAME,
        [](const DescriptorRecord& r) -> FieldValue { return std::string_view(r.name); }, nullptr},
    DescriptorFieldRow{SQL_DESC_NULLABLE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.nullable; }, nullptr},
    DescriptorFieldRow{
        SQL_DESC_NUM_PREC_RADIX,
        [](const DescriptorRecord& r) -> FieldValue { return r.num_prec_radix; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.num_prec_radix = number<SQLINTEGER>(v); }},
    DescriptorFieldRow{
        SQL_DESC_OCTET_LENGTH,
        [](const DescriptorRecord& r) -> FieldValue { return r.octet_length; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.octet_length = number<SQLLEN>(v); }},
    DescriptorFieldRow{
        SQL_DESC_OCTET_LENGTH_PTR,
        [](const DescriptorRecord& r) -> FieldValue {
          return static_cast<SQLPOINTER>(r.octet_length_ptr);
        },
        [](DescriptorRecord& r, SQLPOINTER v) { r.octet_length_ptr = static_cast<SQLLEN*>(v); },
        true},
    DescriptorFieldRow{
        SQL_DESC_PARAMETER_TYPE,
        [](const DescriptorRecord& r) -> FieldValue { return r.parameter_type; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.parameter_type = number<SQLSMALLINT>(v); }},
    DescriptorFieldRow{
        SQL_DESC_PRECISION, [](const DescriptorRecord& r) -> FieldValue { return r.precision; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.precision = number<SQLSMALLINT>(v); }},
    DescriptorFieldRow{SQL_DESC_ROWVER,
                       [](const DescriptorRecord& r) -> FieldValue { return r.rowver; }, nullptr},
    DescriptorFieldRow{SQL_DESC_SCALE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.scale; },
                       [](DescriptorRecord& r, SQLPOINTER v) { r.scale = number<SQLSMALLINT>(v); }},
    DescriptorFieldRow{SQL_DESC_SCHEMA_NAME, no_name, nullptr},
    DescriptorFieldRow{SQL_DESC_SEARCHABLE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.searchable; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_TABLE_NAME, no_name, nullptr},
    DescriptorFieldRow{
        SQL_DESC_TYPE, [](const DescriptorRecord& r) -> FieldValue { return r.type; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.set_concise_type(number<SQLSMALLINT>(v)); }},
    DescriptorFieldRow{
        SQL_DESC_TYPE_NAME,
        [](const DescriptorRecord& r) -> FieldValue { return std::string_view(r.type_name); },
        nullptr},
    DescriptorFieldRow{
        SQL_DESC_UNNAMED, [](const DescriptorRecord& r) -> FieldValue { return r.unnamed; },
        [](DescriptorRecord& r, SQLPOINTER v) { r.unnamed = number<SQLSMALLINT>(v); }},
    DescriptorFieldRow{SQL_DESC_UNSIGNED,
                       [](const DescriptorRecord& r) -> FieldValue { return r.is_unsigned; },
                       nullptr},
    DescriptorFieldRow{SQL_DESC_UPDATABLE,
                       [](const DescriptorRecord& r) -> FieldValue { return r.updatable; },
                       nullptr},
};

}  // namespace

const DescriptorFieldRow* find_descriptor_field(SQLSMALLINT field) noexcept {
  for (const DescriptorFieldRow& row : rows)
    if (row.field == field) return &row;
  return nullptr;
}

}  // namespace odbc
