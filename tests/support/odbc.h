// SPDX-License-Identifier: Apache-2.0
// ODBC as the tests speak it: handles that free themselves, diagnostics as values, and tables given
// in a sentence. Comes in: tests/odbc/*_test.cpp. Talks to the driver through the driver manager.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sql.h>
#include <sqlext.h>

#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/profile.h"

namespace odbc_test {

/// The value of an environment variable; the test fails when it is unset.
std::string required_environment(const char* name);
/// `DRIVER={...};` with the library of AURODBC_TEST_DRIVER.
std::string driver();
/// The attributes of the profile's server.
std::string server();
/// Both, and `more` behind them.
std::string connection_string(std::string_view more = {});

/// One record as SQLGetDiagRec tells it.
struct Diagnostic {
  std::string sqlstate;
  int native = 0;
  std::string message;
};

SQLCHAR* text(std::string& s);
SQLCHAR* text(const char* s);
/// Of a string made for one call: valid to the end of the expression.
SQLCHAR* text(std::string&& s);
std::u16string wide(std::string_view ascii);
SQLWCHAR* units(std::u16string& s);

/// All records of a handle.
std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle);
/// The first record's state; empty without a record.
std::string sqlstate(SQLSMALLINT type, SQLHANDLE handle);

class Environment {
 public:
  explicit Environment(SQLULEN version = SQL_OV_ODBC3_80);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  SQLHENV handle() const { return handle_; }

 private:
  SQLHENV handle_ = SQL_NULL_HENV;
};

/// Connects in the constructor unless told otherwise; a failure fails the test.
class Connection {
 public:
  struct Closed {};
  explicit Connection(std::string_view more = {}, SQLULEN version = SQL_OV_ODBC3_80);
  explicit Connection(Closed, SQLULEN version = SQL_OV_ODBC3_80);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SQLRETURN open(std::string string);
  SQLHDBC handle() const { return handle_; }
  SQLHENV environment() const { return environment_.handle(); }
  std::string state() const { return sqlstate(SQL_HANDLE_DBC, handle_); }
  std::vector<Diagnostic> records() const { return diagnostics(SQL_HANDLE_DBC, handle_); }
  /// Runs a statement whose result does not matter; a failure fails the test.
  void run(const std::string& sql);
  /// The first cell of a query as text; empty for NULL.
  std::string value(const std::string& sql);
  SQLRETURN set(SQLINTEGER attribute, SQLULEN value);
  SQLULEN get(SQLINTEGER attribute);

 private:
  Environment environment_;
  SQLHDBC handle_ = SQL_NULL_HDBC;
};

class Statement {
 public:
  explicit Statement(Connection& connection);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  SQLHSTMT handle() const { return handle_; }
  SQLRETURN execute(const std::string& sql);
  SQLRETURN prepare(const std::string& sql);
  SQLRETURN fetch() { return SQLFetch(handle_); }
  /// A column of the current row as text; absent for NULL.
  std::optional<std::string> text_of(SQLUSMALLINT column);
  SQLRETURN bind(SQLUSMALLINT number, std::string& value);
  SQLRETURN bind(SQLUSMALLINT number, SQLINTEGER& value);
  std::string state() const { return sqlstate(SQL_HANDLE_STMT, handle_); }
  std::vector<Diagnostic> records() const { return diagnostics(SQL_HANDLE_STMT, handle_); }

 private:
  SQLHSTMT handle_ = SQL_NULL_HSTMT;
  std::vector<std::pair<SQLUSMALLINT, SQLLEN>> lengths_;
};

/// The library's own functions, past the driver manager: what it would not let through, and threads
/// it cannot stand (unixODBC 2.3.11 frees a statement's records twice when SQLCancel meets them).
class Library {
 public:
  Library() : library_(dlopen(required_environment("AURODBC_TEST_DRIVER").c_str(), RTLD_NOW)) {
    EXPECT_NE(library_, nullptr) << dlerror();
  }
  /// `declared` says the type: library.get(SQLFetch, "SQLFetch").
  template <class Function>
  Function* get(Function* /*declared*/, const char* name) const {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }

 private:
  void* library_;
};

/// A connection of the library itself, with one statement, past the driver manager.
class Direct {
 public:
  Direct();
  ~Direct();
  Direct(const Direct&) = delete;
  Direct& operator=(const Direct&) = delete;
  const Library& library() const { return library_; }
  SQLHDBC connection() const { return connection_; }
  SQLHSTMT statement() const { return statement_; }
  /// Frees the statement and takes a fresh one.
  void renew_statement();
  /// State of the statement's first record; empty without one.
  std::string state() const;

 private:
  Library library_;
  SQLHANDLE environment_ = SQL_NULL_HANDLE, connection_ = SQL_NULL_HANDLE,
            statement_ = SQL_NULL_HANDLE;
};

/// A table named after the running test, dropped at the end:
///   Given table(connection); table.column("a int").row("1").row("NULL");
class Given {
 public:
  explicit Given(Connection& connection);
  ~Given();
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  Given& column(const std::string& definition);
  /// SQL values separated by commas.
  Given& row(const std::string& values);
  const std::string& name();

 private:
  void create();
  Connection& connection_;
  std::string name_;
  std::string columns_;
  bool created_ = false;
};

}  // namespace odbc_test
