// SPDX-License-Identifier: Apache-2.0
// The diagnostic area of one handle: header fields and records (ODBC reference, "Diagnostics").
// Comes in: the guard for errors, calls for warnings, SQLGetDiagRec and SQLGetDiagField to read.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace odbc {

/// One record. `message` is complete: `[aurodbc][Component] text`.
struct DiagnosticRecord {
  core::Sqlstate state;
  int native = 0;
  std::string message;
  SQLLEN row = SQL_NO_ROW_NUMBER;
  SQLINTEGER column = SQL_NO_COLUMN_NUMBER;
};

/// Not thread-safe: under the handle's mutex. Reading leaves the records in place: the driver
/// manager reads them before the application does.
class Diagnostics {
 public:
  /// At the start of each call. Keeps the memory.
  void clear() noexcept {
    if (!records_.empty()) records_.clear();
    return_code = SQL_SUCCESS;
  }

  /// A warning (class 01) or a further record; behind what is there. Never throws: without memory
  /// for the record the return code still tells the truth.
  void warn(core::Sqlstate state, std::string_view component, std::string_view text,
            SQLLEN row = SQL_NO_ROW_NUMBER, SQLINTEGER column = SQL_NO_COLUMN_NUMBER) noexcept;
  /// A record that another area has made, as it is.
  void append(const DiagnosticRecord& record) noexcept;
  /// The error that ends the call, with its causes; in front of the warnings.
  void fail(const core::Error& error) noexcept;
  void fail(core::Sqlstate state, std::string_view component, std::string_view text) noexcept;

  bool empty() const noexcept { return records_.empty(); }
  SQLINTEGER count() const noexcept { return static_cast<SQLINTEGER>(records_.size()); }
  /// Numbered from 1; null when there is none.
  const DiagnosticRecord* record(SQLINTEGER number) const noexcept;

  SQLRETURN return_code = SQL_SUCCESS;
  SQLLEN row_count = 0;               ///< SQL_DIAG_ROW_COUNT
  SQLLEN cursor_row_count = -1;       ///< SQL_DIAG_CURSOR_ROW_COUNT
  std::string_view dynamic_function;  ///< SQL_DIAG_DYNAMIC_FUNCTION: "INSERT", "SELECT CURSOR", ...
  SQLINTEGER dynamic_function_code = 0;

 private:
  std::vector<DiagnosticRecord> records_;
};

/// The state as an ODBC 2 application knows it (ODBC reference, "SQLSTATE Mappings").
core::Sqlstate odbc2_sqlstate(core::Sqlstate state) noexcept;
/// Who defined the state's class and subclass: "ISO 9075" or "ODBC 3.0".
std::string_view class_origin(std::string_view state) noexcept;
std::string_view subclass_origin(std::string_view state) noexcept;

/// The statement's name and code for SQL_DIAG_DYNAMIC_FUNCTION (ODBC reference, SQLGetDiagField).
struct DynamicFunction {
  std::string_view name;
  SQLINTEGER code;
};
/// By the words a statement begins with; {"", SQL_DIAG_UNKNOWN_STATEMENT} when they are unknown.
DynamicFunction dynamic_function(std::string_view sql) noexcept;

}  // namespace odbc
