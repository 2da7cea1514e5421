// SPDX-License-Identifier: Apache-2.0
// Owned ODBC handles for the measured application.
#include "odbc_subject/session.h"

#include <array>
#include <stdexcept>

namespace bench {
void require(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, const char* call) {
  if (SQL_SUCCEEDED(code)) return;
  std::string message = std::string(call) + " returned " + std::to_string(code);
  std::array<SQLCHAR, 6> state{};
  std::array<SQLCHAR, 1024> text{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  for (SQLSMALLINT record = 1;
       SQL_SUCCEEDED(SQLGetDiagRec(type, handle, record, state.data(), &native, text.data(),
                                   static_cast<SQLSMALLINT>(text.size()), &length));
       ++record) {
    message += std::string(" [") + reinterpret_cast<const char*>(state.data()) + "] " +
               reinterpret_cast<const char*>(text.data());
  }
  throw std::runtime_error(message);
}

std::string sqlstate_of(SQLSMALLINT type, SQLHANDLE handle) {
  std::array<SQLCHAR, 6> state{};
  SQLINTEGER native = 0;
  if (!SQL_SUCCEEDED(SQLGetDiagRec(type, handle, 1, state.data(), &native, nullptr, 0, nullptr))) {
    return {};
  }
  return reinterpret_cast<const char*>(state.data());
}

Environment::Environment() {
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle_))) {
    throw std::runtime_error("SQLAllocHandle gave no environment");
  }
  SQLSetEnvAttr(handle_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
}

Environment::~Environment() { SQLFreeHandle(SQL_HANDLE_ENV, handle_); }

Connection::Connection(const Environment& environment, const std::string& connection_string) {
  require(SQLAllocHandle(SQL_HANDLE_DBC, environment.handle(), &handle_), SQL_HANDLE_ENV,
          environment.handle(), "SQLAllocHandle");
  const SQLRETURN code = SQLDriverConnect(handle_, nullptr, text_of(connection_string.c_str()),
                                          static_cast<SQLSMALLINT>(connection_string.size()),
                                          nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  if (SQL_SUCCEEDED(code)) return;
  try {
    require(code, SQL_HANDLE_DBC, handle_, "SQLDriverConnect");
  } catch (...) {
    SQLFreeHandle(SQL_HANDLE_DBC, handle_);
    throw;
  }
}

Connection::~Connection() {
  SQLDisconnect(handle_);
  SQLFreeHandle(SQL_HANDLE_DBC, handle_);
}

void Connection::autocommit(bool on) const {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): ODBC passes integer attributes in the pointer
  const auto value =
      reinterpret_cast<SQLPOINTER>(SQLULEN{on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF});
  require(SQLSetConnectAttr(handle_, SQL_ATTR_AUTOCOMMIT, value, 0), SQL_HANDLE_DBC, handle_,
          "SQLSetConnectAttr");
}

void Connection::commit() const {
  require(SQLEndTran(SQL_HANDLE_DBC, handle_, SQL_COMMIT), SQL_HANDLE_DBC, handle_, "SQLEndTran");
}

Statement::Statement(const Connection& connection) {
  bench::require(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &handle_), SQL_HANDLE_DBC,
                 connection.handle(), "SQLAllocHandle");
}

Statement::~Statement() { SQLFreeHandle(SQL_HANDLE_STMT, handle_); }

void Statement::execute_direct(const char* sql) const {
  require(SQLExecDirect(handle_, text_of(sql), SQL_NTS), "SQLExecDirect");
}

void Statement::prepare(const char* sql) const {
  require(SQLPrepare(handle_, text_of(sql), SQL_NTS), "SQLPrepare");
}

}  // namespace bench
