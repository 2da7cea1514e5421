// SPDX-License-Identifier: Apache-2.0
// Reading diagnostic records. They stay until the next call on the handle: the driver manager reads
// them before the application does.
#include <algorithm>
#include <array>
#include <cstring>
#include <variant>

#include "odbc/entry.h"
#include "odbc/handles/statement.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

core::Sqlstate state_for(const Handle& handle, const DiagnosticRecord& record) {
  return handle.speaks_odbc2() ? odbc2_sqlstate(record.state) : record.state;
}

text::Written put(std::string_view value, SQLCHAR* out, SQLLEN capacity, text::Unit) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLLEN capacity, text::Unit unit) {
  return text::to_app(value, out, capacity, unit);
}

template <class Char>
void put_state(core::Sqlstate state, Char* out) {
  if (out == nullptr) return;
  for (const char c : state.view()) *out++ = static_cast<Char>(static_cast<unsigned char>(c));
  *out = 0;
}

template <class Char>
SQLRETURN record_of(Handle& handle, SQLSMALLINT number, Char* state, SQLINTEGER* native,
                    Char* message, SQLSMALLINT capacity, SQLSMALLINT* length) {
  if (number < 1 || capacity < 0) return SQL_ERROR;
  const DiagnosticRecord* record = handle.diagnostics().record(number);
  if (record == nullptr) return SQL_NO_DATA;
  put_state(state_for(handle, *record), state);
  if (native != nullptr) *native = record->native;
  const text::Written written = put(record->message, message, capacity, text::Unit::characters);
  text::store_length(written.length, length);
  return written.truncated ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

/// A field's value: text, or a number of the width the reference gives it.
using Field = std::variant<std::monostate, std::string, SQLINTEGER, SQLLEN, SQLRETURN>;

Field header_field(Handle& handle, SQLSMALLINT identifier) {
  const Diagnostics& area = handle.diagnostics();
  const bool statement = handle.kind() == HandleKind::statement;
  switch (identifier) {
    case SQL_DIAG_NUMBER: return area.count();
    case SQL_DIAG_RETURNCODE: return area.return_code;
    case SQL_DIAG_ROW_COUNT: return statement ? Field(area.row_count) : Field();
    case SQL_DIAG_CURSOR_ROW_COUNT: return statement ? Field(area.cursor_row_count) : Field();
    case SQL_DIAG_DYNAMIC_FUNCTION:
      return statement ? Field(std::string(area.dynamic_function)) : Field();
    case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
      return statement ? Field(area.dynamic_function_code) : Field();
    default: return {};
  }
}

Field record_field(Handle& handle, const DiagnosticRecord& record, SQLSMALLINT identifier) {
  const core::Sqlstate state = state_for(handle, record);
  switch (identifier) {
    case SQL_DIAG_SQLSTATE: return std::string(state.view());
    case SQL_DIAG_NATIVE: return SQLINTEGER{record.native};
    case SQL_DIAG_MESSAGE_TEXT: return record.message;
    case SQL_DIAG_CLASS_ORIGIN: return std::string(class_origin(state.view()));
    case SQL_DIAG_SUBCLASS_ORIGIN: return std::string(subclass_origin(state.view()));
    case SQL_DIAG_CONNECTION_NAME:
    case SQL_DIAG_SERVER_NAME: return handle.server_name();
    case SQL_DIAG_ROW_NUMBER: return record.row;
    case SQL_DIAG_COLUMN_NUMBER: return record.column;
    default: return {};
  }
}

bool is_header_field(SQLSMALLINT identifier) {
  constexpr std::array<SQLSMALLINT, 6> header = {
      SQL_DIAG_NUMBER,           SQL_DIAG_RETURNCODE,       SQL_DIAG_ROW_COUNT,
      SQL_DIAG_CURSOR_ROW_COUNT, SQL_DIAG_DYNAMIC_FUNCTION, SQL_DIAG_DYNAMIC_FUNCTION_CODE};
  return std::find(header.begin(), header.end(), identifier) != header.end();
}

template <class Char>
SQLRETURN put_field(const Field& field, SQLPOINTER out, SQLSMALLINT capacity, SQLSMALLINT* length) {
  if (std::holds_alternative<std::monostate>(field)) return SQL_ERROR;
  if (const auto* value = std::get_if<std::string>(&field)) {
    if (capacity < 0) return SQL_ERROR;
    const auto written = put(*value, static_cast<Char*>(out), capacity, text::Unit::bytes);
    text::store_length(written.length, length);
    return written.truncated ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
  }
  std::visit(
      [&](const auto& value) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate> &&
                      !std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
          if (out != nullptr) std::memcpy(out, &value, sizeof value);
          text::store_length(sizeof value, length);
        }
      },
      field);
  return SQL_SUCCESS;
}

template <class Char>
SQLRETURN field_of(Handle& handle, SQLSMALLINT number, SQLSMALLINT identifier, SQLPOINTER out,
                   SQLSMALLINT capacity, SQLSMALLINT* length) {
  if (is_header_field(identifier))
    return put_field<Char>(header_field(handle, identifier), out, capacity, length);
  if (number < 1) return SQL_ERROR;
  const DiagnosticRecord* record = handle.diagnostics().record(number);
  if (record == nullptr) return SQL_NO_DATA;
  return put_field<Char>(record_field(handle, *record, identifier), out, capacity, length);
}

/// Runs `body(Handle&)` on a handle of any type.
template <class Body>
SQLRETURN read(SQLSMALLINT type, SQLHANDLE name, const Body& body) {
  switch (type) {
    case SQL_HANDLE_ENV: return entry_keep_diagnostics<Environment>(name, body);
    case SQL_HANDLE_DBC: return entry_keep_diagnostics<Connection>(name, body);
    case SQL_HANDLE_STMT: return entry_keep_diagnostics<Statement>(name, body);
    case SQL_HANDLE_DESC: return entry_keep_diagnostics<Descriptor>(name, body);
    default: return SQL_INVALID_HANDLE;
  }
}

template <class Char>
SQLRETURN get_record(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number, Char* state,
                     SQLINTEGER* native, Char* message, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return read(type, name, [&](Handle& handle) {
    return record_of(handle, number, state, native, message, capacity, length);
  });
}

template <class Char>
SQLRETURN get_field(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number, SQLSMALLINT identifier,
                    SQLPOINTER out, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return read(type, name, [&](Handle& handle) {
    return field_of<Char>(handle, number, identifier, out, capacity, length);
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number,
                                SQLCHAR* state, SQLINTEGER* native, SQLCHAR* message,
                                SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_record(type, name, number, state, native, message, capacity, length);
}

SQLRETURN SQL_API SQLGetDiagRecW(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number,
                                 SQLWCHAR* state, SQLINTEGER* native, SQLWCHAR* message,
                                 SQLSMALLINT capacity, SQLSMALLINT* length) {
  return get_record(type, name, number, state, native, message, capacity, length);
}

SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number,
                                  SQLSMALLINT identifier, SQLPOINTER out, SQLSMALLINT capacity,
                                  SQLSMALLINT* length) {
  return get_field<SQLCHAR>(type, name, number, identifier, out, capacity, length);
}

SQLRETURN SQL_API SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT number,
                                   SQLSMALLINT identifier, SQLPOINTER out, SQLSMALLINT capacity,
                                   SQLSMALLINT* length) {
  return get_field<SQLWCHAR>(type, name, number, identifier, out, capacity, length);
}

}  // extern "C"
