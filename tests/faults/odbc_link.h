// SPDX-License-Identifier: Apache-2.0
// The driver as an application holds it, through the driver manager: a connection, a statement, and
// the records they leave. Comes in: every *_test.cpp of this folder. Nothing here throws or
// expects: the tests look at return codes and records themselves.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/odbc.h"

namespace faults {

using Record = odbc_test::Diagnostic;
using Records = std::vector<Record>;

std::string to_text(const Records& records);

/// An environment and a connection; disconnects and frees in the destructor.
class Link {
 public:
  Link();
  /// Connected with `connection_string`; look at connected().
  explicit Link(const std::string& connection_string) : Link() { connect(connection_string); }
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  bool connect(const std::string& connection_string);
  SQLRETURN disconnect();
  bool connected() const { return connected_; }
  bool is_dead() const;
  SQLRETURN set(SQLINTEGER attribute, SQLULEN value);
  SQLRETURN end_transaction(SQLSMALLINT completion);
  Records records() const { return odbc_test::diagnostics(SQL_HANDLE_DBC, connection_); }
  SQLHDBC handle() const { return connection_; }

 private:
  SQLHENV environment_ = SQL_NULL_HENV;
  SQLHDBC connection_ = SQL_NULL_HDBC;
  bool connected_ = false;
};

/// A statement of a Link that must outlive it.
class Statement {
 public:
  explicit Statement(Link& link);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  SQLRETURN set(SQLINTEGER attribute, SQLULEN value);
  SQLRETURN run(const std::string& sql);
  SQLRETURN prepare(const std::string& sql);
  SQLRETURN execute();
  /// `value` must live as long as the binding.
  SQLRETURN bind_parameter(SQLUSMALLINT number, SQLINTEGER& value);
  /// The next executions are arrays: one set for each of `values`, what became of them in `status`.
  void bind_array(std::vector<SQLINTEGER>& values, std::vector<SQLUSMALLINT>& status);
  SQLRETURN bind_column(SQLUSMALLINT number, SQLINTEGER& value);
  /// SQLNumResultCols: asks the server when the statement was only prepared.
  SQLRETURN count_columns(SQLSMALLINT& columns);
  SQLRETURN tables_named(const std::string& name);
  SQLRETURN fetch();
  SQLRETURN cancel();
  SQLRETURN close();
  /// First column of the current row as text.
  std::string text();
  /// Runs a query and returns the first column of its first row; the records as text on failure.
  std::string value(const std::string& sql);
  Records records() const { return odbc_test::diagnostics(SQL_HANDLE_STMT, statement_); }

 private:
  SQLHSTMT statement_ = SQL_NULL_HSTMT;
};

}  // namespace faults
