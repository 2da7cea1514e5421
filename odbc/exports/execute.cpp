// SPDX-License-Identifier: Apache-2.0
// SQL text and parameters: prepare, execute, data-at-execution, cancel.
#include <algorithm>
#include <utility>

#include "odbc/entry.h"
#include "odbc/handles/connection.h"
#include "odbc/handles/statement.h"
#include "odbc/tables/type_table.h"
#include "odbc/text/wide.h"
#include "odbc/text/widened.h"

namespace {

using namespace odbc;

std::string meant(Statement&, const SQLCHAR*, std::string sql) { return sql; }

std::string meant(Statement& statement, const SQLWCHAR*, std::string sql) {
  const bool is_ascii = std::all_of(sql.begin(), sql.end(), [](char c) { return (c & 0x80) == 0; });
  if (is_ascii || !statement.connection().options().boolean(text::widened_utf8)) return sql;
  return text::unwiden(sql).value_or(std::move(sql));
}

template <class Char>
std::string sql_text(Statement& statement, const Char* text, SQLINTEGER length) {
  if (text == nullptr)
    throw core::Error(core::sqlstate::null_pointer, "Statement", "The SQL text is a null pointer");
  if (length == 0)
    throw core::Error(core::sqlstate::invalid_length, "Statement", "The SQL text has length zero");
  return meant(statement, text, text::from_app(text, length));
}

template <class Char>
SQLRETURN prepare(SQLHSTMT name, Char* sql, SQLINTEGER length) {
  return entry<Statement>("SQLPrepare", name, [&](Statement& statement) {
    statement.prepare(sql_text(statement, sql, length));
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN execute_directly(SQLHSTMT name, Char* sql, SQLINTEGER length) {
  return entry<Statement>("SQLExecDirect", name, [&](Statement& statement) {
    return statement.execute_directly(sql_text(statement, sql, length));
  });
}

template <class T>
void store(T* place, T value) {
  if (place != nullptr) *place = value;
}

SQLRETURN describe_parameter(Statement& statement, SQLUSMALLINT number, SQLSMALLINT* type,
                             SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  const core::ParameterType described = statement.parameter_type(number);
  // A type the server leaves open takes any text.
  const bool open = described.type == core::SqlType::unknown;
  const tables::TypeRow& row = tables::type_row(open ? core::SqlType::varchar : described.type);
  store(type, statement.speaks_odbc2() ? tables::as_odbc2(row.concise) : row.concise);
  const auto declared = static_cast<SQLULEN>(described.size);
  store(size, declared != 0 ? declared : static_cast<SQLULEN>(row.digits));
  store(digits, static_cast<SQLSMALLINT>(described.scale));
  store(nullable, static_cast<SQLSMALLINT>(SQL_NULLABLE_UNKNOWN));
  return SQL_SUCCESS;
}

SQLRETURN cancel(SQLHSTMT name) {
  return entry_cancel<Statement>(
      "SQLCancel", name, [](Statement& statement) noexcept { statement.cancel(); },
      [](Statement& statement) noexcept { statement.interrupt(); });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLPrepare(SQLHSTMT name, SQLCHAR* sql, SQLINTEGER length) {
  return prepare(name, sql, length);
}

SQLRETURN SQL_API SQLPrepareW(SQLHSTMT name, SQLWCHAR* sql, SQLINTEGER length) {
  return prepare(name, sql, length);
}

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT name, SQLCHAR* sql, SQLINTEGER length) {
  return execute_directly(name, sql, length);
}

SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT name, SQLWCHAR* sql, SQLINTEGER length) {
  return execute_directly(name, sql, length);
}

SQLRETURN SQL_API SQLExecute(SQLHSTMT name) {
  return entry<Statement>("SQLExecute", name,
                          [](Statement& statement) { return statement.execute(); });
}

SQLRETURN SQL_API SQLBindParameter(SQLHSTMT name, SQLUSMALLINT number, SQLSMALLINT direction,
                                   SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN column_size,
                                   SQLSMALLINT digits, SQLPOINTER data, SQLLEN buffer_length,
                                   SQLLEN* indicator) {
  return entry<Statement>("SQLBindParameter", name, [&](Statement& statement) {
    statement.allows(StatementCall::bind);
    bind_parameter(
        statement.apd(), statement.ipd(),
        {number, direction, c_type, sql_type, column_size, digits, data, buffer_length, indicator});
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT name, SQLSMALLINT* count) {
  return entry<Statement>("SQLNumParams", name, [&](Statement& statement) {
    statement.allows(StatementCall::parameters);
    store(count, static_cast<SQLSMALLINT>(statement.parameter_count()));
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT name, SQLUSMALLINT number, SQLSMALLINT* type,
                                   SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return entry<Statement>("SQLDescribeParam", name, [&](Statement& statement) {
    return describe_parameter(statement, number, type, size, digits, nullable);
  });
}

SQLRETURN SQL_API SQLParamData(SQLHSTMT name, SQLPOINTER* token) {
  return entry<Statement>("SQLParamData", name, [&](Statement& statement) {
    SQLPOINTER ignored = nullptr;
    return statement.param_data(token == nullptr ? &ignored : token);
  });
}

SQLRETURN SQL_API SQLPutData(SQLHSTMT name, SQLPOINTER data, SQLLEN length) {
  return entry<Statement>("SQLPutData", name, [&](Statement& statement) {
    statement.put_data(data, length);
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLCancel(SQLHSTMT name) { return cancel(name); }

SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE name) {
  if (type == SQL_HANDLE_STMT) return cancel(name);
  if (type != SQL_HANDLE_DBC) return SQL_INVALID_HANDLE;
  return entry_cancel<Connection>(
      "SQLCancelHandle", name, [](Connection&) noexcept {},
      [](Connection& connection) noexcept { connection.interrupt(); });
}

}  // extern "C"
