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
  void close_cursor() const { require(SQLFreeStmt(handle_, SQL_CLOSE), "SQLFreeStmt"); }

 private:
  SQLHSTMT handle_ = SQL_NULL_HSTMT;
};

}  // namespace bench
