// SPDX-License-Identifier: Apache-2.0
// The rows of bench_wide in an application's buffers: all twelve columns as characters of one
// width, or each as the C type that suits it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>

#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {

/// Every column as text, in Char's width (SQLCHAR or SQLWCHAR).
template <typename Char, SQLSMALLINT CType, std::size_t Size>
struct TextRows {
  struct Column {
    std::array<std::array<Char, text_size>, Size> text;
    std::array<SQLLEN, Size> length;
  };
  std::array<Column, wide_columns> columns;

  void bind(const Statement& statement) {
    for (std::size_t at = 0; at < wide_columns; ++at) {
      statement.bind(static_cast<SQLUSMALLINT>(at + 1), CType, columns[at].text.data(),
                     text_size * sizeof(Char), columns[at].length.data());
    }
  }
  void get(const Statement& statement) {
    for (std::size_t at = 0; at < wide_columns; ++at) {
      statement.get(static_cast<SQLUSMALLINT>(at + 1), CType, columns[at].text.data(),
                    text_size * sizeof(Char), columns[at].length.data());
    }
  }
  std::uint64_t check(std::size_t row) const {
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < wide_columns; ++at) {
      sum += text_check(at, columns[at].text[row].data(),
                        static_cast<std::size_t>(columns[at].length[row]) / sizeof(Char));
    }
    return sum;
  }
};

template <std::size_t Size>
using CharRows = TextRows<SQLCHAR, SQL_C_CHAR, Size>;
template <std::size_t Size>
using WcharRows = TextRows<SQLWCHAR, SQL_C_WCHAR, Size>;

/// Numbers as numbers, moments as structs, numeric (which no C number holds without loss) as text.
/// A real is read as a double: MariaDB Connector/ODBC 3.1 puts arrays of SQL_C_FLOAT eight bytes
/// apart.
template <std::size_t Size>
struct TypedRows {
  template <typename Value>
  struct Column {
    std::array<Value, Size> value;
    std::array<SQLLEN, Size> length;
  };
  using Text = std::array<SQLCHAR, text_size>;
  Column<SQLINTEGER> i;
  Column<SQLBIGINT> b;
  Column<SQLSMALLINT> s;
  Column<SQLDOUBLE> r, d;
  Column<Text> n;
  Column<SQLCHAR> f;
  Column<Text> v, t, c;
  Column<SQL_DATE_STRUCT> day;
  Column<SQL_TIMESTAMP_STRUCT> at;

  void bind(const Statement& statement) {
    each([&](SQLUSMALLINT number, SQLSMALLINT type, auto& column) {
      statement.bind(number, type, column.value.data(), sizeof column.value[0],
                     column.length.data());
    });
  }

  std::uint64_t check(std::size_t row) const {
    const auto text = [row](std::size_t number, const Column<Text>& column) {
      return text_check(number, column.value[row].data(),
                        static_cast<std::size_t>(column.length[row]));
    };
    return static_cast<std::uint64_t>(i.value[row]) + static_cast<std::uint64_t>(b.value[row]) +
           static_cast<std::uint64_t>(s.value[row]) + std::bit_cast<std::uint64_t>(r.value[row]) +
           std::bit_cast<std::uint64_t>(d.value[row]) + f.value[row] + text(5, n) + text(7, v) +
           text(8, t) + text(9, c) + date_check(day.value[row]) + timestamp_check(at.value[row]);
  }

 private:
  template <typename Visit>
  void each(Visit visit) {
    visit(1, SQL_C_SLONG, i);
    visit(2, SQL_C_SBIGINT, b);
    visit(3, SQL_C_SSHORT, s);
    visit(4, SQL_C_DOUBLE, r);
    visit(5, SQL_C_DOUBLE, d);
    visit(6, SQL_C_CHAR, n);
    visit(7, SQL_C_BIT, f);
    visit(8, SQL_C_CHAR, v);
    visit(9, SQL_C_CHAR, t);
    visit(10, SQL_C_CHAR, c);
    visit(11, SQL_C_TYPE_DATE, day);
    visit(12, SQL_C_TYPE_TIMESTAMP, at);
  }
};

}  // namespace bench
