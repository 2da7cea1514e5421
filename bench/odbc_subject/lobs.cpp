// SPDX-License-Identifier: Apache-2.0
// Large binary values in pieces of 64 kB: by SQLGetData, and as data-at-execution.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "odbc_subject/cases.h"
#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {
namespace {

constexpr const char* put_query = "INSERT INTO bench_lob_put (i, b) VALUES (?, ?)";
constexpr double megabyte = 1e6;

struct Read {
  double bytes = 0;
  std::uint64_t check = 0;
};

// One cell; SQL_SUCCESS comes with its last piece.
Read read_value(const Statement& statement, std::vector<char>& piece) {
  Read read;
  std::size_t offset = 0;
  for (SQLRETURN code = SQL_SUCCESS_WITH_INFO; code == SQL_SUCCESS_WITH_INFO;) {
    SQLLEN left = 0;
    code = SQLGetData(statement.handle(), 1, SQL_C_BINARY, piece.data(), piece_bytes, &left);
    statement.require(code, "SQLGetData");
    const std::size_t length = code == SQL_SUCCESS ? static_cast<std::size_t>(left) : piece_bytes;
    read.check += piece_check(offset, piece.data(), length);
    offset += length;
  }
  read.bytes = static_cast<double>(offset);
  return read;
}

// All values of the table.
Read read_values(const Statement& statement, std::vector<char>& piece) {
  Read total;
  while (statement.fetch()) {
    const Read value = read_value(statement, piece);
    total.bytes += value.bytes;
    total.check += value.check;
  }
  statement.close_cursor();
  return total;
}

enum class Form { direct, repeated, prepared };

template <Form form>
Sample get(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  std::vector<char> piece(piece_bytes);
  if (form == Form::prepared) statement.prepare(lob_query);
  if (form == Form::repeated) {
    statement.execute_direct(lob_query);
    read_values(statement, piece);
  }
  Read total;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    if (form == Form::prepared) {
      statement.require(SQLExecute(statement.handle()), "SQLExecute");
    } else {
      statement.execute_direct(lob_query);
    }
    const Read read = read_values(statement, piece);
    total.bytes += read.bytes;
    total.check += read.check;
  }
  return meter.finish(total.bytes / megabyte, total.check);
}

// Answers SQL_NEED_DATA for the value `number` of `size` bytes, piece by piece.
void put_value(const Statement& statement, std::vector<char>& piece, long number,
               std::size_t size) {
  SQLPOINTER token = nullptr;
  while (true) {
    const SQLRETURN code = SQLParamData(statement.handle(), &token);
    if (code != SQL_NEED_DATA) return statement.require(code, "SQLParamData");
    for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
      const std::size_t length = std::min(piece_bytes, size - offset);
      fill_piece(piece.data(), length, number, offset);
      statement.require(SQLPutData(statement.handle(), piece.data(), static_cast<SQLLEN>(length)),
                        "SQLPutData");
    }
  }
}

Sample put_in_pieces(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  std::vector<char> piece(piece_bytes);
  SQLINTEGER number = 0;
  const auto size = static_cast<std::size_t>(settings.size);
  SQLLEN number_length = 0;
  SQLLEN at_execution = SQL_LEN_DATA_AT_EXEC(static_cast<SQLLEN>(size));
  statement.prepare(put_query);
  statement.parameter(1, SQL_C_SLONG, SQL_INTEGER, 0, &number, 0, &number_length);
  statement.parameter(2, SQL_C_BINARY, SQL_LONGVARBINARY, size, &number, 0, &at_execution);
  Meter meter;
  meter.resume();
  for (number = 0; number < settings.ops; ++number) {
    const SQLRETURN code = SQLExecute(statement.handle());
    if (code != SQL_NEED_DATA) {
      statement.require(code, "SQLExecute");
      throw std::runtime_error("SQLExecute did not ask for the data");
    }
    put_value(statement, piece, number, size);
  }
  return meter.finish(static_cast<double>(settings.ops) * static_cast<double>(size) / megabyte, 0);
}

// The value whole in the application's memory, as libpq needs it.
Sample put_bound(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection);
  const auto size = static_cast<std::size_t>(settings.size);
  std::vector<char> value(size);
  SQLINTEGER number = 0;
  SQLLEN number_length = 0, length = static_cast<SQLLEN>(size);
  statement.prepare(put_query);
  statement.parameter(1, SQL_C_SLONG, SQL_INTEGER, 0, &number, 0, &number_length);
  statement.parameter(2, SQL_C_BINARY, SQL_LONGVARBINARY, size, value.data(), size, &length);
  Meter meter;
  meter.resume();
  for (number = 0; number < settings.ops; ++number) {
    for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
      fill_piece(value.data() + offset, std::min(piece_bytes, size - offset), number, offset);
    }
    statement.require(SQLExecute(statement.handle()), "SQLExecute");
  }
  return meter.finish(static_cast<double>(settings.ops) * static_cast<double>(size) / megabyte, 0);
}

constexpr std::array cases{
    Case{"lob_get", "getdata64k", get<Form::direct>},
    Case{"lob_get", "repeated_getdata64k", get<Form::repeated>},
    Case{"lob_get", "prepared_getdata64k", get<Form::prepared>},
    Case{"lob_put", "putdata64k", put_in_pieces},
    Case{"lob_put", "bound", put_bound},
};

}  // namespace

std::span<const Case> lob_cases() { return cases; }

}  // namespace bench
