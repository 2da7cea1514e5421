// SPDX-License-Identifier: Apache-2.0
// Link and Statement: one ODBC call per member.
#include "tests/faults/odbc_link.h"

#include <fmt/format.h>

#include <cstdint>

namespace faults {
namespace {

SQLCHAR* characters(const std::string& text) {
  return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.data()));
}

SQLPOINTER as_pointer(SQLULEN value) {
  return reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(value));
}

}  // namespace

std::string to_text(const Records& records) {
  std::string text;
  for (const Record& record : records)
    text += fmt::format("[{}] {} {}\n", record.sqlstate, record.native, record.message);
  return text.empty() ? "no records" : text;
}

Link::Link() {
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
  SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, as_pointer(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
}

Link::~Link() {
  disconnect();
  SQLFreeHandle(SQL_HANDLE_DBC, connection_);
  SQLFreeHandle(SQL_HANDLE_ENV, environment_);
}

bool Link::connect(const std::string& connection_string) {
  connected_ = SQL_SUCCEEDED(SQLDriverConnect(connection_, nullptr, characters(connection_string),
                                              SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT));
  return connected_;
}

SQLRETURN Link::disconnect() {
  if (!connected_) return SQL_SUCCESS;
  SQLRETURN result = SQLDisconnect(connection_);
  if (!SQL_SUCCEEDED(result)) {  // 25000: a transaction is open
    SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK);
    result = SQLDisconnect(connection_);
  }
  connected_ = !SQL_SUCCEEDED(result);
  return result;
}

bool Link::is_dead() const {
  SQLUINTEGER dead = SQL_CD_FALSE;
  SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, sizeof dead, nullptr);
  return dead == SQL_CD_TRUE;
}

SQLRETURN Link::set(SQLINTEGER attribute, SQLULEN value) {
  return SQLSetConnectAttr(connection_, attribute, as_pointer(value), SQL_IS_UINTEGER);
}

SQLRETURN Link::end_transaction(SQLSMALLINT completion) {
  return SQLEndTran(SQL_HANDLE_DBC, connection_, completion);
}

Statement::Statement(Link& link) { SQLAllocHandle(SQL_HANDLE_STMT, link.handle(), &statement_); }

Statement::~Statement() {
  if (statement_ != SQL_NULL_HSTMT) SQLFreeHandle(SQL_HANDLE_STMT, statement_);
}

SQLRETURN Statement::set(SQLINTEGER attribute, SQLULEN value) {
  return SQLSetStmtAttr(statement_, attribute, as_pointer(value), SQL_IS_UINTEGER);
}

SQLRETURN Statement::run(const std::string& sql) {
  return SQLExecDirect(statement_, characters(sql), SQL_NTS);
}

SQLRETURN Statement::prepare(const std::string& sql) {
  return SQLPrepare(statement_, characters(sql), SQL_NTS);
}

SQLRETURN Statement::execute() { return SQLExecute(statement_); }

SQLRETURN Statement::bind_parameter(SQLUSMALLINT number, SQLINTEGER& value) {
  return SQLBindParameter(statement_, number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                          &value, sizeof value, nullptr);
}

void Statement::bind_array(std::vector<SQLINTEGER>& values, std::vector<SQLUSMALLINT>& status) {
  SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values.data(), 0,
                   nullptr);
  set(SQL_ATTR_PARAMSET_SIZE, values.size());
  SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
}

SQLRETURN Statement::bind_column(SQLUSMALLINT number, SQLINTEGER& value) {
  return SQLBindCol(statement_, number, SQL_C_SLONG, &value, sizeof value, nullptr);
}

SQLRETURN Statement::count_columns(SQLSMALLINT& columns) {
  return SQLNumResultCols(statement_, &columns);
}

SQLRETURN Statement::tables_named(const std::string& name) {
  return SQLTables(statement_, nullptr, 0, nullptr, 0, characters(name), SQL_NTS, nullptr, 0);
}

SQLRETURN Statement::fetch() { return SQLFetch(statement_); }

SQLRETURN Statement::cancel() { return SQLCancel(statement_); }

SQLRETURN Statement::close() { return SQLFreeStmt(statement_, SQL_CLOSE); }

std::string Statement::text() {
  SQLCHAR buffer[1024] = "";
  SQLLEN length = 0;
  if (!SQL_SUCCEEDED(SQLGetData(statement_, 1, SQL_C_CHAR, buffer, sizeof buffer, &length)))
    return to_text(records());
  return length == SQL_NULL_DATA ? "null" : reinterpret_cast<const char*>(buffer);
}

std::string Statement::value(const std::string& sql) {
  if (!SQL_SUCCEEDED(run(sql)) || !SQL_SUCCEEDED(fetch())) return to_text(records());
  std::string result = text();
  close();
  return result;
}

}  // namespace faults
