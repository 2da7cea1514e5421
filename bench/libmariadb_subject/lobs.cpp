// SPDX-License-Identifier: Apache-2.0
// Large binary values: read where libmariadb holds them or in pieces, and sent in pieces or whole.
#include <algorithm>
#include <array>
#include <vector>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"

namespace bench {
namespace {

constexpr std::string_view put_query = "INSERT INTO bench_lob_put (i, b) VALUES (?, ?)";
constexpr double megabyte = 1e6;

struct Read {
  double bytes = 0;
  std::uint64_t check = 0;
};

void read_values(const Result& result, Read& read) {
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const std::size_t size = mysql_fetch_lengths(result.get())[0];
    for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
      read.check += piece_check(offset, row[0] + offset, std::min(piece_bytes, size - offset));
    }
    read.bytes += static_cast<double>(size);
  }
}

template <Result (*query)(const Link&, std::string_view)>
Sample get(const Settings& settings) {
  const Link link = open_link(settings.connection);
  Read total;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) read_values(query(link, lob_query), total);
  return meter.finish(total.bytes / megabyte, total.check);
}

// Fetched with no room, then copied out piece by piece.
Sample get_pieces(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const Prepared statement = prepare(link, lob_query);
  std::vector<char> piece(piece_bytes);
  unsigned long size = 0;
  Read total;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    execute(statement);
    MYSQL_BIND nothing = place(MYSQL_TYPE_BLOB, nullptr, 0, &size);
    require(statement, mysql_stmt_bind_result(statement.get(), &nothing) != 0);
    while (fetch(statement)) {
      MYSQL_BIND part = place(MYSQL_TYPE_BLOB, piece.data(), piece.size(), &size);
      std::size_t offset = 0;
      do {
        mysql_stmt_fetch_column(statement.get(), &part, 0, static_cast<unsigned long>(offset));
        const std::size_t length = std::min<std::size_t>(piece_bytes, size - offset);
        total.check += piece_check(offset, piece.data(), length);
        offset += length;
      } while (offset < size);
      total.bytes += static_cast<double>(size);
    }
  }
  return meter.finish(total.bytes / megabyte, total.check);
}

template <bool in_pieces>
Sample put(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const Prepared statement = prepare(link, put_query);
  const auto size = static_cast<std::size_t>(settings.size);
  std::vector<char> value(in_pieces ? piece_bytes : size);
  std::int32_t number = 0;
  unsigned long length = in_pieces ? 0 : static_cast<unsigned long>(size);
  std::array binds{place(MYSQL_TYPE_LONG, &number),
                   place(MYSQL_TYPE_BLOB, value.data(), value.size(), &length)};
  require(statement, mysql_stmt_bind_param(statement.get(), binds.data()) != 0);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    number = static_cast<std::int32_t>(op);
    for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
      const std::size_t part = std::min(piece_bytes, size - offset);
      char* const to = value.data() + (in_pieces ? 0 : offset);
      fill_piece(to, part, op, offset);
      if (in_pieces) {
        require(statement, mysql_stmt_send_long_data(statement.get(), 1, to,
                                                     static_cast<unsigned long>(part)) != 0);
      }
    }
    execute(statement);
  }
  return meter.finish(static_cast<double>(settings.ops) * static_cast<double>(size) / megabyte, 0);
}

constexpr std::array cases{
    Case{"lob_get", "text_store", get<store>},      Case{"lob_get", "text_use", get<use>},
    Case{"lob_get", "fetch_column64k", get_pieces}, Case{"lob_put", "send_long_data64k", put<true>},
    Case{"lob_put", "bound", put<false>},
};

}  // namespace

std::span<const Case> lob_cases() { return cases; }

}  // namespace bench
