// SPDX-License-Identifier: Apache-2.0
// One value fetched in one way, as text: what tests of types compare. Comes in:
// tests/odbc/*types_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>

#include "tests/support/odbc.h"

namespace odbc_test {

using Buffer = std::array<char, 1024>;

template <class T>
T get(const Buffer& buffer) {
  T value;
  std::memcpy(&value, buffer.data(), sizeof value);
  return value;
}

template <class T>
inline std::string number(const Buffer& buffer) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, get<T>(buffer)).ptr};
}

inline std::string padded(unsigned value, std::size_t width = 2) {
  const std::string text = std::to_string(value);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

inline std::string bytes_of(const Buffer& buffer, SQLLEN size) {
  std::string text;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
    const auto byte = static_cast<unsigned char>(buffer[i]);
    text.push_back("0123456789abcdef"[byte / 16]);
    text.push_back("0123456789abcdef"[byte % 16]);
  }
  return text;
}

inline std::string wide_of(const Buffer& buffer) {
  std::string text;
  for (std::size_t i = 0; i + 1 < buffer.size(); i += 2) {
    char16_t unit;
    std::memcpy(&unit, &buffer[i], sizeof unit);
    if (unit == 0) break;
    text.push_back(unit < 128 ? static_cast<char>(unit) : '?');
  }
  return text;
}

inline std::string numeric_of(const Buffer& buffer) {
  const auto value = get<SQL_NUMERIC_STRUCT>(buffer);
  unsigned long long digits = 0;  // the low eight bytes: enough for what is asked here
  std::memcpy(&digits, value.val, sizeof digits);
  return (value.sign == 0 ? "-" : "") + std::to_string(digits) + "/" + std::to_string(value.scale);
}

inline std::string timestamp_of(const Buffer& buffer) {
  const auto v = get<SQL_TIMESTAMP_STRUCT>(buffer);
  return std::to_string(v.year) + "-" + padded(v.month) + "-" + padded(v.day) + " " +
         padded(v.hour) + ":" + padded(v.minute) + ":" + padded(v.second) + "." +
         padded(v.fraction, 9);
}

inline std::string interval_of(const Buffer& buffer) {
  const auto v = get<SQL_INTERVAL_STRUCT>(buffer);
  const std::string sign = v.interval_sign == SQL_TRUE ? "-" : "";
  if (v.interval_type == SQL_IS_YEAR_TO_MONTH)
    return sign + std::to_string(v.intval.year_month.year) + "-" +
           std::to_string(v.intval.year_month.month);
  const auto& t = v.intval.day_second;
  return sign + std::to_string(t.day) + " " + padded(t.hour) + ":" + padded(t.minute) + ":" +
         padded(t.second) + "." + padded(t.fraction, 6);
}

inline std::string shown(const Buffer& buffer, SQLSMALLINT c_type, SQLLEN length, SQLLEN capacity) {
  switch (c_type) {
    case SQL_C_CHAR: return buffer.data();
    case SQL_C_WCHAR: return wide_of(buffer);
    case SQL_C_BINARY: return bytes_of(buffer, std::min(length, capacity));
    case SQL_C_BIT:
    case SQL_C_UTINYINT: return std::to_string(get<SQLCHAR>(buffer));
    case SQL_C_STINYINT: return std::to_string(get<SQLSCHAR>(buffer));
    case SQL_C_SSHORT: return number<SQLSMALLINT>(buffer);
    case SQL_C_SLONG: return number<SQLINTEGER>(buffer);
    case SQL_C_ULONG: return number<SQLUINTEGER>(buffer);
    case SQL_C_SBIGINT: return number<SQLBIGINT>(buffer);
    case SQL_C_UBIGINT: return number<SQLUBIGINT>(buffer);
    case SQL_C_FLOAT: return number<SQLREAL>(buffer);
    case SQL_C_DOUBLE: return number<SQLDOUBLE>(buffer);
    case SQL_C_NUMERIC: return numeric_of(buffer);
    case SQL_C_TYPE_DATE: return timestamp_of(buffer).substr(0, 10);
    case SQL_C_TYPE_TIME: {
      const auto v = get<SQL_TIME_STRUCT>(buffer);
      return padded(v.hour) + ":" + padded(v.minute) + ":" + padded(v.second);
    }
    case SQL_C_TYPE_TIMESTAMP: return timestamp_of(buffer);
    case SQL_C_GUID: return std::to_string(get<SQLGUID>(buffer).Data1);
    default: return interval_of(buffer);
  }
}

enum class Format { text, binary };
enum class Way { bound, get_data };

inline SQLRETURN execute(Statement& statement, const std::string& sql, Format format) {
  if (format == Format::text) return statement.execute(sql);
  SQLSMALLINT count = 0;  // asking makes the driver learn the types: rows come in binary
  EXPECT_EQ(statement.prepare(sql), SQL_SUCCESS) << statement.state();
  EXPECT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS) << statement.state();
  return SQLExecute(statement.handle());
}

inline std::string fetched(Connection& connection, const std::string& value, SQLSMALLINT c_type,
                           SQLLEN capacity, Format format, Way way) {
  Statement statement(connection);
  Buffer buffer{};
  SQLLEN length = -99;
  EXPECT_EQ(execute(statement, "SELECT " + value, format), SQL_SUCCESS)
      << value << ": " << statement.records().front().message;
  if (way == Way::bound) {
    EXPECT_EQ(SQLBindCol(statement.handle(), 1, c_type, buffer.data(), capacity, &length),
              SQL_SUCCESS);
  }
  SQLRETURN code = statement.fetch();
  if (way == Way::get_data) {
    EXPECT_EQ(code, SQL_SUCCESS) << value;
    code = SQLGetData(statement.handle(), 1, c_type, buffer.data(), capacity, &length);
  }
  if (code == SQL_ERROR) return statement.state();
  if (length == SQL_NULL_DATA) return "NULL";
  const std::string text = shown(buffer, c_type, length, capacity);
  if (code == SQL_SUCCESS) return text;
  return statement.state() + " " + text + " of " + std::to_string(length);
}

}  // namespace odbc_test
