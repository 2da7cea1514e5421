// SPDX-License-Identifier: Apache-2.0
// Owned libmariadb handles, and the rows of bench_narrow as they arrive.
// It sets the mark for the drivers, so it is written as fast as libmariadb allows without tricks.
#pragma once

#include <mysql.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "subject/subject.h"
#include "subject/workload.h"

namespace bench {

struct CloseLink {
  void operator()(MYSQL* link) const { mysql_close(link); }
};
struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
struct CloseStatement {
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};
using Link = std::unique_ptr<MYSQL, CloseLink>;
using Result = std::unique_ptr<MYSQL_RES, FreeResult>;
using Prepared = std::unique_ptr<MYSQL_STMT, CloseStatement>;

/// Connects or throws std::runtime_error with libmariadb's message. `settings` holds pairs
/// `name=value` with blanks between: host port user database.
Link open_link(const std::string& settings);

/// Throws the message of the link or statement if `failed`.
void require(const Link& link, bool failed);
void require(const Prepared& statement, bool failed);

/// Runs a command that gives no rows.
void run(const Link& link, std::string_view command);
/// Runs a query; the whole result, or one that is read row by row.
Result store(const Link& link, std::string_view query);
Result use(const Link& link, std::string_view query);
/// Prepares `query`.
Prepared prepare(const Link& link, std::string_view query);
/// Executes with what is bound.
inline void execute(const Prepared& statement) {
  require(statement, mysql_stmt_execute(statement.get()) != 0);
}

template <typename Number>
Number from_text(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The first column of the current row as a number.
inline std::int32_t decode_int(const Result& result, MYSQL_ROW row) {
  return from_text<std::int32_t>({row[0], mysql_fetch_lengths(result.get())[0]});
}

/// Copies one row of bench_narrow, received as text, into native variables, and sums them up.
std::uint64_t decode_narrow(const Result& result, MYSQL_ROW row);

/// A row of bench_narrow that libmariadb writes into.
struct BoundNarrow {
  std::int32_t i = 0;
  double d = 0;
  std::array<char, text_size> s;
  unsigned long s_length = 0;

  void bind(const Prepared& statement);
  std::uint64_t check() const { return row_check(i, d, std::string_view(s.data(), s_length)); }
};

/// Fetches the next row into what is bound: false at the end.
inline bool fetch(const Prepared& statement) {
  const int code = mysql_stmt_fetch(statement.get());
  if (code == MYSQL_NO_DATA) return false;
  require(statement, code == 1);
  return true;
}

/// One place of a parameter or a column.
inline MYSQL_BIND place(enum_field_types type, void* buffer, std::size_t size = 0,
                        unsigned long* length = nullptr) {
  MYSQL_BIND bind{};
  bind.buffer_type = type;
  bind.buffer = buffer;
  bind.buffer_length = static_cast<unsigned long>(size);
  bind.length = length;
  return bind;
}

}  // namespace bench
