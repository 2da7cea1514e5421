// SPDX-License-Identifier: Apache-2.0
// Parameter arrays as the tests bind them, and what a call said about each set. Comes in:
// tests/odbc/parameter_arrays*_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/odbc.h"

namespace odbc_test {

/// One set: an integer, a text and a double, each of which may be NULL. Row-wise binding binds the
/// fields of the first.
struct Row {
  SQLINTEGER id = 0;
  SQLLEN id_length = 0;
  std::array<char, 24> name{};
  SQLLEN name_length = SQL_NTS;
  double amount = 0;
  SQLLEN amount_length = 0;

  static Row of(SQLINTEGER id, const std::string& name, double amount) {
    Row row;
    row.id = id;
    row.amount = amount;
    row.name_length = static_cast<SQLLEN>(name.size());
    std::memcpy(row.name.data(), name.data(), name.size());
    return row;
  }
};

/// What an execution said, in a form two of them can be compared in.
struct Said {
  SQLRETURN code = SQL_ERROR;
  std::vector<SQLUSMALLINT> status;
  SQLULEN processed = 0;
  SQLLEN row_count = -2;
  std::vector<std::string> records;  ///< "state row: message"
  bool operator==(const Said&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Said& said) {
  out << "code " << said.code << ", processed " << said.processed << ", rows " << said.row_count
      << ", status";
  for (std::size_t i = 0; i < said.status.size();) {  // equal ones as "value*times"
    std::size_t end = i;
    while (end < said.status.size() && said.status[end] == said.status[i]) ++end;
    out << ' ' << said.status[i] << '*' << end - i;
    i = end;
  }
  for (const std::string& record : said.records) out << "\n  " << record;
  return out;
}

inline std::vector<std::string> records_with_rows(SQLHSTMT statement) {
  std::vector<std::string> found;
  const auto records = diagnostics(SQL_HANDLE_STMT, statement);
  for (std::size_t i = 0; i < records.size(); ++i) {
    SQLLEN row = 0;
    SQLGetDiagField(SQL_HANDLE_STMT, statement, static_cast<SQLSMALLINT>(i + 1),
                    SQL_DIAG_ROW_NUMBER, &row, 0, nullptr);
    found.push_back(records[i].sqlstate + " " + std::to_string(row) + ": " + records[i].message);
  }
  return found;
}

/// Binds the rows to parameters 1 to 3, row-wise.
inline void bind_rows(SQLHSTMT statement, Row* rows) {
  SQLSetStmtAttr(statement, SQL_ATTR_PARAM_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(Row)), 0);
  SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &rows->id, 0,
                   &rows->id_length);
  SQLBindParameter(statement, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 24, 0, rows->name.data(),
                   24, &rows->name_length);
  SQLBindParameter(statement, 3, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &rows->amount, 0,
                   &rows->amount_length);
}

/// Executes the prepared statement over all rows at once. `operation` may be empty.
inline Said execute_together(SQLHSTMT statement, std::vector<Row>& rows,
                             std::vector<SQLUSMALLINT> operation, bool with_status) {
  Said said;
  said.status.assign(rows.size(), 99);
  bind_rows(statement, rows.data());
  const auto set = [&](SQLINTEGER attribute, void* value) {
    SQLSetStmtAttr(statement, attribute, value, 0);
  };
  set(SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(rows.size()));
  set(SQL_ATTR_PARAM_STATUS_PTR, with_status ? said.status.data() : nullptr);
  set(SQL_ATTR_PARAMS_PROCESSED_PTR, &said.processed);
  set(SQL_ATTR_PARAM_OPERATION_PTR, operation.empty() ? nullptr : operation.data());
  said.code = SQLExecute(statement);
  said.records = records_with_rows(statement);
  if (SQL_SUCCEEDED(said.code) || said.code == SQL_NO_DATA) SQLRowCount(statement, &said.row_count);
  set(SQL_ATTR_PARAM_STATUS_PTR, nullptr);
  set(SQL_ATTR_PARAMS_PROCESSED_PTR, nullptr);
  set(SQL_ATTR_PARAM_OPERATION_PTR, nullptr);
  if (!with_status) said.status.assign(rows.size(), 99);
  return said;
}

/// The same, one SQLExecute per row: what an array must be indistinguishable from.
inline Said execute_row_by_row(SQLHSTMT statement, std::vector<Row>& rows,
                               const std::vector<SQLUSMALLINT>& operation, bool with_status) {
  Said said;
  said.status.assign(rows.size(), SQL_PARAM_UNUSED);
  SQLLEN total = -1;
  std::size_t executed = 0, failed = 0;
  bool ended = false, no_data = false;
  SQLSetStmtAttr(statement, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1), 0);
  for (std::size_t i = 0; i < rows.size() && !ended; ++i) {
    said.processed = i + 1;
    if (!operation.empty() && operation[i] == SQL_PARAM_IGNORE) continue;
    bind_rows(statement, &rows[i]);
    const SQLRETURN code = SQLExecute(statement);
    ++executed;
    if (SQL_SUCCEEDED(code) || code == SQL_NO_DATA) {
      SQLLEN count = 0;
      SQLRowCount(statement, &count);
      total = total > 0 ? total + count : count;
      said.status[i] = SQL_PARAM_SUCCESS;
      no_data = no_data || code == SQL_NO_DATA;
      continue;
    }
    ++failed;
    said.status[i] = SQL_PARAM_ERROR;
    const Diagnostic first = diagnostics(SQL_HANDLE_STMT, statement).at(0);
    ended = !with_status || first.sqlstate == "25P02";
    const std::string row = ended ? std::to_string(SQL_NO_ROW_NUMBER) : std::to_string(i + 1);
    said.records.push_back(first.sqlstate + " " + row + ": " + first.message);
  }
  const bool all_failed = executed > 0 && failed == executed;
  said.code = ended || all_failed ? SQL_ERROR : failed > 0 ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
  if (said.code == SQL_SUCCESS && no_data && total == 0) said.code = SQL_NO_DATA;
  if (said.code != SQL_ERROR) said.row_count = total;
  // The failure that ends the call is the first record.
  if (ended && said.records.size() > 1)
    std::rotate(said.records.begin(), said.records.end() - 1, said.records.end());
  if (!with_status) said.status.assign(rows.size(), 99);
  return said;
}

}  // namespace odbc_test
