// SPDX-License-Identifier: Apache-2.0
// The least an ODBC application needs: owned handles and a check that throws what the driver said.
// It is what a careful C application would write; nothing here favours a driver.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string>

namespace bench {

/// Throws std::runtime_error with every diagnostic record of `handle` unless `code` is a success.
void require(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, const char* call);

/// ODBC takes input text by non-const pointer to unsigned characters and leaves it alone.
inline SQLCHAR* text_of(const char* text) {
  return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text));
}

/// The first SQLSTATE of a handle, "" if it has none.
std::string sqlstate_of(SQLSMALLINT type, SQLHANDLE handle);

/// Owns one environment with ODBC 3 behaviour.
class Environment {
 public:
  Environment();
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  SQLHENV handle() const { return handle_; }

 private:
  SQLHENV handle_ = SQL_NULL_HENV;
};

/// Owns one open connection; the destructor disconnects. `environment` must outlive it.
class Connection {
 public:
  Connection(const Environment& environment, const std::string& connection_string);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  SQLHDBC handle() const { return handle_; }

  void autocommit(bool on) const;
  void commit() const;

 private:
  SQLHDBC handle_ = SQL_NULL_HDBC;
};

/// Owns one statement of a connection that must outlive it.
class Statement {
 public:
  explicit Statement(const Connection& connection);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  SQLHSTMT handle() const { return handle_; }

  /// Throws the diagnostics of this statement unless `code` is a success.
  void require(SQLRETURN code, const char* call) const {
    if (!SQL_SUCCEEDED(code)) bench::require(code, SQL_HANDLE_STMT, handle_, call);
  }
  void execute_direct(const char* sql) const;
  void prepare(const char* sql) const;
  /// SQLFetch: false at the end of the rows.
  bool fetch() const {
    const SQLRETURN code = SQLFetch(handle_);
    if (code == SQL_NO_DATA) return false;
    require(code, "SQLFetch");
    return true;
  }
  void bind(SQLUSMALLINT column, SQLSMALLINT type, SQLPOINTER buffer, std::size_t size,
            SQLLEN* length) const {
    require(SQLBindCol(handle_, column, type, buffer, static_cast<SQLLEN>(size), length),
            "SQLBindCol");
  }
  void get(SQLUSMALLINT column, SQLSMALLINT type, SQLPOINTER buffer, std::size_t size,
           SQLLEN* length) const {
    require(SQLGetData(handle_, column, type, buffer, static_cast<SQLLEN>(size), length),
            "SQLGetData");
  }
  /// An input parameter; `length` is what ODBC calls StrLen_or_IndPtr.
  void parameter(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT type, SQLULEN column_size,
                 SQLPOINTER buffer, std::size_t size, SQLLEN* length) const {
    require(SQLBindParameter(handle_, number, SQL_PARAM_INPUT, c_type, type, column_size, 0, buffer,
                             static_cast<SQLLEN>(size), length),
            "SQLBindParameter");
  }
  /// Statement attributes that are numbers, and those that are pointers.
  void set(SQLINTEGER attribute, SQLULEN value) const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): ODBC passes integer attributes in the pointer
    point(attribute, reinterpret_cast<SQLPOINTER>(value));
  }
  void point(SQLINTEGER attribute, SQLPOINTER value) const {
    require(SQLSetStmtAttr(handle_, attribute, value, 0), "SQLSetStmtAttr");
  }
  void close_cursor() const { require(SQLFreeStmt(handle_, SQL_CLOSE), "SQLFreeStmt"); }

 private:
  SQLHSTMT handle_ = SQL_NULL_HSTMT;
};

}  // namespace bench
