// SPDX-License-Identifier: Apache-2.0
// Diagnostic records: order, message form, and the tables of appendix A.
#include "odbc/handles/diagnostics.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace odbc {
namespace {

std::string message(std::string_view component, std::string_view text) {
  std::string out = "[aurodbc][";
  out.append(component).append("] ").append(text);
  return out;
}

DiagnosticRecord record_of(const core::Failure& failure) {
  return {failure.state, failure.native, message(failure.component, failure.text)};
}

struct StatePair {
  std::string_view now, then;
};

// ODBC reference, "SQLSTATE Mappings". HYxxx without a row become S1xxx.
constexpr std::array odbc2_states = {
    StatePair{"01S03", "01001"}, StatePair{"01S04", "01001"}, StatePair{"01S07", "01004"},
    StatePair{"07005", "24000"}, StatePair{"07009", "S1002"}, StatePair{"22007", "22008"},
    StatePair{"22018", "22005"}, StatePair{"42000", "37000"}, StatePair{"42S01", "S0001"},
    StatePair{"42S02", "S0002"}, StatePair{"42S11", "S0011"}, StatePair{"42S12", "S0012"},
    StatePair{"42S21", "S0021"}, StatePair{"42S22", "S0022"}, StatePair{"42S23", "S0023"},
    StatePair{"HY007", "S1010"}, StatePair{"HY013", "S1000"}, StatePair{"HY014", "S1000"},
    StatePair{"HY018", "70100"}, StatePair{"HY019", "22003"}, StatePair{"HY024", "S1009"},
    StatePair{"HYC00", "S1C00"}, StatePair{"HYT00", "S1T00"}, StatePair{"HYT01", "S1T00"},
};

// ODBC reference, SQLGetDiagField, SQL_DIAG_SUBCLASS_ORIGIN.
constexpr std::array odbc_subclasses = {
    std::string_view("01S00"), std::string_view("01S01"), std::string_view("01S02"),
    std::string_view("01S06"), std::string_view("01S07"), std::string_view("07S01"),
    std::string_view("08S01"), std::string_view("21S01"), std::string_view("21S02"),
    std::string_view("25S01"), std::string_view("25S02"), std::string_view("25S03"),
    std::string_view("42S01"), std::string_view("42S02"), std::string_view("42S11"),
    std::string_view("42S12"), std::string_view("42S21"), std::string_view("42S22"),
    std::string_view("HY095"), std::string_view("HY097"), std::string_view("HY098"),
    std::string_view("HY099"), std::string_view("HY100"), std::string_view("HY101"),
    std::string_view("HY105"), std::string_view("HY107"), std::string_view("HY109"),
    std::string_view("HY110"), std::string_view("HY111"), std::string_view("HYT00"),
    std::string_view("HYT01"),
};

struct FunctionRow {
  std::string_view words;
  DynamicFunction function;
};

// ODBC reference, SQLGetDiagField, "Values of the Dynamic Function Fields".
constexpr std::array dynamic_functions = {
    FunctionRow{"ALTER DOMAIN", {"ALTER DOMAIN", SQL_DIAG_ALTER_DOMAIN}},
    FunctionRow{"ALTER TABLE", {"ALTER TABLE", SQL_DIAG_ALTER_TABLE}},
    FunctionRow{"CALL", {"CALL", SQL_DIAG_CALL}},
    FunctionRow{"CREATE COLLATION", {"CREATE COLLATION", SQL_DIAG_CREATE_COLLATION}},
    FunctionRow{"CREATE DOMAIN", {"CREATE DOMAIN", SQL_DIAG_CREATE_DOMAIN}},
    FunctionRow{"CREATE INDEX", {"CREATE INDEX", SQL_DIAG_CREATE_INDEX}},
    FunctionRow{"CREATE UNIQUE INDEX", {"CREATE INDEX", SQL_DIAG_CREATE_INDEX}},
    FunctionRow{"CREATE SCHEMA", {"CREATE SCHEMA", SQL_DIAG_CREATE_SCHEMA}},
    FunctionRow{"CREATE TABLE", {"CREATE TABLE", SQL_DIAG_CREATE_TABLE}},
    FunctionRow{"CREATE TEMPORARY TABLE", {"CREATE TABLE", SQL_DIAG_CREATE_TABLE}},
    FunctionRow{"CREATE TEMP TABLE", {"CREATE TABLE", SQL_DIAG_CREATE_TABLE}},
    FunctionRow{"CREATE VIEW", {"CREATE VIEW", SQL_DIAG_CREATE_VIEW}},
    FunctionRow{"DELETE", {"DELETE WHERE", SQL_DIAG_DELETE_WHERE}},
    FunctionRow{"DROP DOMAIN", {"DROP DOMAIN", SQL_DIAG_DROP_DOMAIN}},
    FunctionRow{"DROP INDEX", {"DROP INDEX", SQL_DIAG_DROP_INDEX}},
    FunctionRow{"DROP SCHEMA", {"DROP SCHEMA", SQL_DIAG_DROP_SCHEMA}},
    FunctionRow{"DROP TABLE", {"DROP TABLE", SQL_DIAG_DROP_TABLE}},
    FunctionRow{"DROP VIEW", {"DROP VIEW", SQL_DIAG_DROP_VIEW}},
    FunctionRow{"GRANT", {"GRANT", SQL_DIAG_GRANT}},
    FunctionRow{"INSERT", {"INSERT", SQL_DIAG_INSERT}},
    FunctionRow{"REVOKE", {"REVOKE", SQL_DIAG_REVOKE}},
    FunctionRow{"SELECT", {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}},
    FunctionRow{"UPDATE", {"UPDATE WHERE", SQL_DIAG_UPDATE_WHERE}},
    FunctionRow{"VALUES", {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}},
    FunctionRow{"WITH", {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}},
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_word(char c) { return c == '_' || (upper(c) >= 'A' && upper(c) <= 'Z'); }

/// `sql` begins with `words`, any blanks between them and no letter behind.
bool begins_with(std::string_view sql, std::string_view words) {
  std::size_t at = 0;
  for (const char c : words) {
    if (c == ' ') {
      if (at >= sql.size() || !is_blank(sql[at])) return false;
      while (at < sql.size() && is_blank(sql[at])) ++at;
    } else {
      if (at >= sql.size() || upper(sql[at]) != c) return false;
      ++at;
    }
  }
  return at >= sql.size() || !is_word(sql[at]);
}

}  // namespace

void Diagnostics::warn(core::Sqlstate state, std::string_view component, std::string_view text,
                       SQLLEN row, SQLINTEGER column) noexcept {
  try {
    records_.push_back({state, 0, message(component, text), row, column});
  } catch (...) {  // the return code still tells the truth
  }
}

void Diagnostics::append(const DiagnosticRecord& record) noexcept {
  try {
    records_.push_back(record);
  } catch (...) {  // the return code still tells the truth
  }
}

void Diagnostics::fail(const core::Error& error) noexcept {
  try {
    std::vector<DiagnosticRecord> errors;
    errors.reserve(1 + error.causes().size() + records_.size());
    errors.push_back(record_of(error.main()));
    for (const core::Failure& cause : error.causes()) errors.push_back(record_of(cause));
    for (DiagnosticRecord& warning : records_) errors.push_back(std::move(warning));
    records_.swap(errors);
  } catch (...) {  // as above
  }
}

void Diagnostics::fail(core::Sqlstate state, std::string_view component,
                       std::string_view text) noexcept {
  try {
    records_.insert(records_.begin(), DiagnosticRecord{state, 0, message(component, text)});
  } catch (...) {  // as above
  }
}

const DiagnosticRecord* Diagnostics::record(SQLINTEGER number) const noexcept {
  if (number < 1 || number > count()) return nullptr;
  return &records_[static_cast<std::size_t>(number) - 1];
}

core::Sqlstate odbc2_sqlstate(core::Sqlstate state) noexcept {
  for (const StatePair& pair : odbc2_states)
    if (pair.now == state.view()) return core::Sqlstate::from_server(pair.then);
  if (state.in_class("42")) return "37000";  // a server's own state of the class
  if (!state.in_class("HY")) return state;
  std::array<char, 5> renamed{'S', '1'};
  std::copy_n(state.view().begin() + 2, 3, renamed.begin() + 2);
  return core::Sqlstate::from_server({renamed.data(), renamed.size()});
}

std::string_view class_origin(std::string_view state) noexcept {
  return state.substr(0, 2) == "IM" ? "ODBC 3.0" : "ISO 9075";
}

std::string_view subclass_origin(std::string_view state) noexcept {
  const bool odbc =
      state.substr(0, 2) == "IM" ||
      std::find(odbc_subclasses.begin(), odbc_subclasses.end(), state) != odbc_subclasses.end();
  return odbc ? "ODBC 3.0" : "ISO 9075";
}

DynamicFunction dynamic_function(std::string_view sql) noexcept {
  while (!sql.empty() && (is_blank(sql.front()) || sql.front() == '(')) sql.remove_prefix(1);
  const char first = sql.empty() ? ' ' : upper(sql.front());
  for (const FunctionRow& row : dynamic_functions)
    if (row.words.front() == first && begins_with(sql, row.words)) return row.function;
  return {"", SQL_DIAG_UNKNOWN_STATEMENT};
}

}  // namespace odbc
