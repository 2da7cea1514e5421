// SPDX-License-Identifier: Apache-2.0
// Descriptor fields read and written one by one.
#include <cstring>

#include "odbc/entry.h"
#include "odbc/handles/descriptor.h"
#include "odbc/tables/descriptor_fields.h"
#include "odbc/tables/type_table.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

core::Error unknown_field() {
  return core::Error(core::sqlstate::invalid_descriptor_field, "Descriptor",
                     "The field is none of this descriptor's");
}

void require_record(SQLSMALLINT number) {
  if (number < 0)
    throw core::Error(core::sqlstate::invalid_descriptor_index, "Descriptor",
                      "A record number is not negative");
}

text::Written put(std::string_view value, SQLCHAR* out, SQLLEN capacity) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLLEN capacity) {
  return text::to_app(value, out, capacity, text::Unit::bytes);
}

template <class T>
void put_number(const T& value, SQLPOINTER out, SQLINTEGER* length) {
  if (out != nullptr) std::memcpy(out, &value, sizeof value);
  text::store_length(sizeof value, length);
}

/// True when `field` is a header field and was stored.
bool put_header(const Descriptor& descriptor, SQLSMALLINT field, SQLPOINTER out,
                SQLINTEGER* length) {
  const DescriptorHeader& header = descriptor.header;
  switch (field) {
    case SQL_DESC_ALLOC_TYPE: put_number(descriptor.alloc_type(), out, length); return true;
    case SQL_DESC_COUNT: put_number(descriptor.count(), out, length); return true;
    case SQL_DESC_ARRAY_SIZE: put_number(header.array_size, out, length); return true;
    case SQL_DESC_BIND_TYPE:
      put_number(static_cast<SQLINTEGER>(header.bind_type), out, length);
      return true;
    case SQL_DESC_BIND_OFFSET_PTR: put_number(header.bind_offset_ptr, out, length); return true;
    case SQL_DESC_ARRAY_STATUS_PTR: put_number(header.array_status_ptr, out, length); return true;
    case SQL_DESC_ROWS_PROCESSED_PTR:
      put_number(header.rows_processed_ptr, out, length);
      return true;
    default: return false;
  }
}

template <class Char>
SQLRETURN put_field(Descriptor& descriptor, const FieldValue& value, SQLPOINTER out,
                    SQLINTEGER capacity, SQLINTEGER* length) {
  if (const auto* words = std::get_if<std::string_view>(&value)) {
    const text::Written written = put(*words, static_cast<Char*>(out), capacity);
    text::store_length(written.length, length);
    if (written.truncated)
      descriptor.diagnostics().warn(core::sqlstate::string_truncated, "Descriptor",
                                    "The field does not fit its buffer");
    return SQL_SUCCESS;
  }
  std::visit([&](const auto& held) { put_number(held, out, length); }, value);
  return SQL_SUCCESS;
}

template <class Char>
SQLRETURN get_field(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER out,
                    SQLINTEGER capacity, SQLINTEGER* length) {
  return entry<Descriptor>("SQLGetDescField", name, [&](Descriptor& descriptor) -> SQLRETURN {
    if (put_header(descriptor, field, out, length)) return SQL_SUCCESS;
    const DescriptorFieldRow* row = find_descriptor_field(field);
    if (row == nullptr) throw unknown_field();
    require_record(number);
    const DescriptorRecord* record = descriptor.find(static_cast<SQLUSMALLINT>(number));
    if (record == nullptr) return SQL_NO_DATA;
    return put_field<Char>(descriptor, row->get(*record), out, capacity, length);
  });
}

SQLULEN as_number(SQLPOINTER value) { return reinterpret_cast<SQLULEN>(value); }

/// True when `field` is a header field and was set.
bool set_header(Descriptor& descriptor, SQLSMALLINT field, SQLPOINTER value) {
  DescriptorHeader& header = descriptor.header;
  switch (field) {
    case SQL_DESC_COUNT: descriptor.set_count(static_cast<SQLSMALLINT>(as_number(value))); break;
    case SQL_DESC_ARRAY_SIZE:
      if (as_number(value) == 0)
        throw core::Error(core::sqlstate::invalid_attribute_value, "Descriptor",
                          "An array has at least one element");
      header.array_size = as_number(value);
      break;
    case SQL_DESC_BIND_TYPE: header.bind_type = as_number(value); break;
    case SQL_DESC_BIND_OFFSET_PTR: header.bind_offset_ptr = static_cast<SQLLEN*>(value); break;
    case SQL_DESC_ARRAY_STATUS_PTR:
      header.array_status_ptr = static_cast<SQLUSMALLINT*>(value);
      break;
    case SQL_DESC_ROWS_PROCESSED_PTR:
      header.rows_processed_ptr = static_cast<SQLULEN*>(value);
      break;
    default: return false;
  }
  return true;
}

/// An IRD describes what the server sent: only where its status and count go is the application's.
void require_settable(const Descriptor& descriptor, SQLSMALLINT field) {
  const bool pointers = field == SQL_DESC_ARRAY_STATUS_PTR || field == SQL_DESC_ROWS_PROCESSED_PTR;
  if (descriptor.role() == DescriptorRole::ird && !pointers)
    throw core::Error("HY016", "Descriptor", "An implementation row descriptor cannot be changed");
}

void set_record_field(Descriptor& descriptor, SQLSMALLINT number, SQLSMALLINT field,
                      SQLPOINTER value) {
  const DescriptorFieldRow* row = find_descriptor_field(field);
  if (row == nullptr || row->set == nullptr) throw unknown_field();
  require_record(number);
  DescriptorRecord& record = descriptor.record(static_cast<SQLUSMALLINT>(number));
  row->set(record, value);
  if (!row->attaches) record.data_ptr = nullptr;
}

template <class Char>
SQLRETURN set_field(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                    SQLINTEGER length) {
  return entry<Descriptor>("SQLSetDescField", name, [&](Descriptor& descriptor) {
    require_settable(descriptor, field);
    if (set_header(descriptor, field, value)) return SQL_SUCCESS;
    if (field != SQL_DESC_NAME || descriptor.role() != DescriptorRole::ipd) {
      set_record_field(descriptor, number, field, value);
      return SQL_SUCCESS;
    }
    require_record(number);
    const SQLINTEGER units = length < 0 ? length : length / static_cast<SQLINTEGER>(sizeof(Char));
    descriptor.record(static_cast<SQLUSMALLINT>(number)).name =
        text::from_app(static_cast<const Char*>(value), units);
    return SQL_SUCCESS;
  });
}

template <class T>
void store(T* place, T value) {
  if (place != nullptr) *place = value;
}

template <class Char>
SQLRETURN get_record(SQLHDESC name, SQLSMALLINT number, Char* out, SQLSMALLINT capacity,
                     SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* subtype,
                     SQLLEN* length, SQLSMALLINT* precision, SQLSMALLINT* scale,
                     SQLSMALLINT* nullable) {
  return entry<Descriptor>("SQLGetDescRec", name, [&](Descriptor& descriptor) -> SQLRETURN {
    require_record(number);
    const DescriptorRecord* record = descriptor.find(static_cast<SQLUSMALLINT>(number));
    if (record == nullptr) return SQL_NO_DATA;
    text::Written written{};
    if constexpr (std::is_same_v<Char, SQLCHAR>)
      written = text::to_app(record->name, out, capacity);
    else
      written = text::to_app(record->name, out, capacity, text::Unit::characters);
    text::store_length(written.length, name_length);
    store(type, record->type);
    store(subtype, record->datetime_interval_code);
    store(length, record->octet_length);
    store(precision, record->precision);
    store(scale, record->scale);
    store(nullable, record->nullable);
    if (written.truncated)
      descriptor.diagnostics().warn(core::sqlstate::string_truncated, "Descriptor",
                                    "The name does not fit its buffer");
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLGetDescField(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field,
                                  SQLPOINTER out, SQLINTEGER capacity, SQLINTEGER* length) {
  return get_field<SQLCHAR>(name, number, field, out, capacity, length);
}

SQLRETURN SQL_API SQLGetDescFieldW(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field,
                                   SQLPOINTER out, SQLINTEGER capacity, SQLINTEGER* length) {
  return get_field<SQLWCHAR>(name, number, field, out, capacity, length);
}

SQLRETURN SQL_API SQLSetDescField(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field,
                                  SQLPOINTER value, SQLINTEGER length) {
  return set_field<SQLCHAR>(name, number, field, value, length);
}

SQLRETURN SQL_API SQLSetDescFieldW(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT field,
                                   SQLPOINTER value, SQLINTEGER length) {
  return set_field<SQLWCHAR>(name, number, field, value, length);
}

SQLRETURN SQL_API SQLGetDescRec(SQLHDESC name, SQLSMALLINT number, SQLCHAR* out,
                                SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type,
                                SQLSMALLINT* subtype, SQLLEN* length, SQLSMALLINT* precision,
                                SQLSMALLINT* scale, SQLSMALLINT* nullable) {
  return get_record(name, number, out, capacity, name_length, type, subtype, length, precision,
                    scale, nullable);
}

SQLRETURN SQL_API SQLGetDescRecW(SQLHDESC name, SQLSMALLINT number, SQLWCHAR* out,
                                 SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type,
                                 SQLSMALLINT* subtype, SQLLEN* length, SQLSMALLINT* precision,
                                 SQLSMALLINT* scale, SQLSMALLINT* nullable) {
  return get_record(name, number, out, capacity, name_length, type, subtype, length, precision,
                    scale, nullable);
}

SQLRETURN SQL_API SQLSetDescRec(SQLHDESC name, SQLSMALLINT number, SQLSMALLINT type,
                                SQLSMALLINT subtype, SQLLEN length, SQLSMALLINT precision,
                                SQLSMALLINT scale, SQLPOINTER data, SQLLEN* string_length,
                                SQLLEN* indicator) {
  return entry<Descriptor>("SQLSetDescRec", name, [&](Descriptor& descriptor) {
    require_settable(descriptor, SQL_DESC_TYPE);
    require_record(number);
    DescriptorRecord& record = descriptor.record(static_cast<SQLUSMALLINT>(number));
    const SQLSMALLINT concise = tables::concise_type(type, subtype);
    record.set_concise_type(concise != 0 ? concise : type);
    record.octet_length = length;
    record.precision = precision;
    record.scale = scale;
    record.data_ptr = data;
    record.octet_length_ptr = string_length;
    record.indicator_ptr = indicator;
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC target) {
  const Pinned<Descriptor> from(source);
  if (!from) return SQL_INVALID_HANDLE;
  return entry<Descriptor>("SQLCopyDesc", target, [&](Descriptor& descriptor) {
    if (&descriptor == from.get()) return SQL_SUCCESS;
    if (&descriptor.mutex() == &from->mutex()) {
      descriptor.copy_from(*from);
      return SQL_SUCCESS;
    }
    // Two threads may copy in opposite directions: the second asks again instead of waiting.
    const std::unique_lock source_lock(from->mutex(), std::try_to_lock);
    if (!source_lock.owns_lock())
      throw core::Error(core::sqlstate::sequence_error, "Descriptor",
                        "The source descriptor is in use by another thread");
    descriptor.copy_from(*from);
    return SQL_SUCCESS;
  });
}

}  // extern "C"
