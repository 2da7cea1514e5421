// SPDX-License-Identifier: Apache-2.0
// 1,000 rows per round trip, by the two ways there are: MariaDB's bulk protocol, and one statement
// with all values as text, which every MySQL takes.
#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"
#include "subject/workload.h"

namespace bench {
namespace {

using Rows = WrittenRows<array_rows>;

constexpr std::string_view insert_one = "INSERT INTO bench_insert (i, d, s) VALUES (?, ?, ?)";
constexpr std::string_view update_one = "UPDATE bench_update SET d = ?, s = ? WHERE i = ?";

// One execution over arrays of parameters, column by column.
template <bool is_update>
class Bulk {
 public:
  Bulk(const Link& link, Rows& rows)
      : rows_(rows), statement_(prepare(link, is_update ? update_one : insert_one)) {
    for (std::size_t row = 0; row < array_rows; ++row) text_[row] = rows.s[row].data();
    const MYSQL_BIND i = place(MYSQL_TYPE_LONG, rows.i.data());
    const MYSQL_BIND d = place(MYSQL_TYPE_DOUBLE, rows.d.data());
    const MYSQL_BIND s = place(MYSQL_TYPE_STRING, text_.data(), 0, length_.data());
    std::array binds = is_update ? std::array{d, s, i} : std::array{i, d, s};
    const auto count = static_cast<unsigned>(array_rows);
    require(statement_, mysql_stmt_attr_set(statement_.get(), STMT_ATTR_ARRAY_SIZE, &count) != 0);
    require(statement_, mysql_stmt_bind_param(statement_.get(), binds.data()) != 0);
  }
  void write() {
    std::transform(rows_.s_length.begin(), rows_.s_length.end(), length_.begin(),
                   [](std::size_t length) { return static_cast<unsigned long>(length); });
    execute(statement_);
  }

 private:
  Rows& rows_;
  std::array<char*, array_rows> text_;
  std::array<unsigned long, array_rows> length_;
  Prepared statement_;
};

// VALUES of 1,000 rows, written out.
class MultiRow {
 public:
  MultiRow(const Link& link, Rows& rows) : link_(link), rows_(rows) {}
  void write() {
    query_ = "INSERT INTO bench_insert (i, d, s) VALUES ";
    for (std::size_t row = 0; row < array_rows; ++row) add(row);
    run(link_, query_);
    if (mysql_affected_rows(link_.get()) != array_rows)
      throw std::runtime_error("rows are missing");
  }

 private:
  void add(std::size_t row) {
    query_ += row == 0 ? "(" : ",(";
    add_number(rows_.i[row]);
    query_ += ',';
    add_number(rows_.d[row]);
    query_ += ",'";
    const std::size_t from = query_.size();
    query_.resize(from + 2 * rows_.s_length[row] + 1);
    const auto escaped = mysql_real_escape_string(link_.get(), query_.data() + from,
                                                  rows_.s[row].data(), rows_.s_length[row]);
    query_.resize(from + escaped);
    query_ += "')";
  }
  template <typename Number>
  void add_number(Number number) {
    std::array<char, 32> text;
    query_.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
  }

  const Link& link_;
  Rows& rows_;
  std::string query_;
};

template <typename Way>
Sample write_arrays(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const auto rows = std::make_unique<Rows>();
  const auto way = std::make_unique<Way>(link, *rows);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    for (std::size_t row = 0; row < array_rows; ++row) {
      rows->set(row, op * static_cast<long>(array_rows) + static_cast<long>(row));
    }
    way->write();
  }
  return meter.finish(static_cast<double>(settings.ops) * array_rows, 0);
}

constexpr std::array cases{
    Case{"insert_array", "bulk1000", write_arrays<Bulk<false>>},
    Case{"insert_array", "multirow_text1000", write_arrays<MultiRow>},
    Case{"update_array", "bulk1000", write_arrays<Bulk<true>>},
};

}  // namespace

std::span<const Case> array_cases() { return cases; }

}  // namespace bench
