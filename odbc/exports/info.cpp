// SPDX-License-Identifier: Apache-2.0
// What the driver says of itself: information, functions, the native form of a text.
#include <cstring>

#include "odbc/entry.h"
#include "odbc/handles/connection.h"
#include "odbc/tables/function_table.h"
#include "odbc/tables/info_table.h"
#include "odbc/text/escapes.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

text::Written put(std::string_view value, SQLCHAR* out, SQLLEN capacity, text::Unit) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLLEN capacity, text::Unit unit) {
  return text::to_app(value, out, capacity, unit);
}

template <class Number>
void put_number(Number value, SQLPOINTER out, SQLSMALLINT* length) {
  if (out != nullptr) std::memcpy(out, &value, sizeof value);
  text::store_length(sizeof value, length);
}

template <class Char>
SQLRETURN get_info(SQLHDBC name, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                   SQLSMALLINT* length) {
  return entry<Connection>("SQLGetInfo", name, [&](Connection& connection) {
    const InfoRow* row = find_info(type);
    if (row == nullptr)
      throw core::Error(core::sqlstate::info_type_unknown, "Information",
                        "The information type " + std::to_string(type) + " is unknown");
    const InfoValue value = row->value(connection.info_facts());
    if (const auto* number = std::get_if<SQLUSMALLINT>(&value)) {
      put_number(*number, out, length);
    } else if (const auto* mask = std::get_if<SQLUINTEGER>(&value)) {
      put_number(*mask, out, length);
    } else {
      const auto written =
          put(std::get<std::string>(value), static_cast<Char*>(out), capacity, text::Unit::bytes);
      text::store_length(written.length, length);
      if (written.truncated)
        connection.diagnostics().warn(core::sqlstate::string_truncated, "Information",
                                      "The value does not fit its buffer");
    }
    return SQL_SUCCESS;
  });
}

/// SQL_API_ODBC3_ALL_FUNCTIONS: a bitmap of 4,000 bits. SQL_API_ALL_FUNCTIONS: 100 words.
void put_functions(SQLUSMALLINT function, SQLUSMALLINT* supported) {
  constexpr std::size_t old_functions = 100;
  if (function == SQL_API_ODBC3_ALL_FUNCTIONS) {
    std::fill_n(supported, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE, SQLUSMALLINT{0});
    for (const SQLUSMALLINT exported : exported_functions())
      supported[exported >> 4U] |= static_cast<SQLUSMALLINT>(1U << (exported & 0xFU));
  } else if (function == SQL_API_ALL_FUNCTIONS) {
    for (std::size_t i = 0; i < old_functions; ++i)
      supported[i] = is_exported(static_cast<SQLUSMALLINT>(i)) ? SQL_TRUE : SQL_FALSE;
  } else {
    *supported = is_exported(function) ? SQL_TRUE : SQL_FALSE;
  }
}

template <class Char>
SQLRETURN native_sql(SQLHDBC name, Char* in, SQLINTEGER in_length, Char* out, SQLINTEGER capacity,
                     SQLINTEGER* length) {
  return entry<Connection>("SQLNativeSql", name, [&](Connection& connection) {
    if (in == nullptr)
      throw core::Error(core::sqlstate::null_pointer, "Statement",
                        "The SQL text is a null pointer");
    const std::string sql = text::from_app(in, in_length);
    const core::Session& session = connection.session();
    const bool postgres = session.engine() == core::Engine::postgres;
    const auto lexis = session.lexis(sql);
    const text::Translated translated =
        text::translate(sql, lexis ? *lexis : *session.lexis({}),
                        postgres ? text::MarkerStyle::numbered : text::MarkerStyle::question);
    const auto written = put(translated.text(sql), out, capacity, text::Unit::characters);
    text::store_length(written.length, length);
    if (written.truncated)
      connection.diagnostics().warn(core::sqlstate::string_truncated, "Statement",
                                    "The native text does not fit its buffer");
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLGetInfo(SQLHDBC name, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                             SQLSMALLINT* length) {
  return get_info<SQLCHAR>(name, type, out, capacity, length);
}

SQLRETURN SQL_API SQLGetInfoW(SQLHDBC name, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                              SQLSMALLINT* length) {
  return get_info<SQLWCHAR>(name, type, out, capacity, length);
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC name, SQLUSMALLINT function, SQLUSMALLINT* supported) {
  return entry<Connection>("SQLGetFunctions", name, [&](Connection&) {
    if (supported == nullptr)
      throw core::Error(core::sqlstate::null_pointer, "Information",
                        "There is no place to store the answer");
    put_functions(function, supported);
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLNativeSql(SQLHDBC name, SQLCHAR* in, SQLINTEGER in_length, SQLCHAR* out,
                               SQLINTEGER capacity, SQLINTEGER* length) {
  return native_sql(name, in, in_length, out, capacity, length);
}

SQLRETURN SQL_API SQLNativeSqlW(SQLHDBC name, SQLWCHAR* in, SQLINTEGER in_length, SQLWCHAR* out,
                                SQLINTEGER capacity, SQLINTEGER* length) {
  return native_sql(name, in, in_length, out, capacity, length);
}

}  // extern "C"
