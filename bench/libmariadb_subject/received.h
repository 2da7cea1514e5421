// SPDX-License-Identifier: Apache-2.0
// How a libmariadb application reads a whole result: as text or bound, kept whole or row by row.
#pragma once

#include <stdexcept>
#include <string>

#include "libmariadb_subject/link.h"

namespace bench {

struct Received {
  long rows = 0;
  std::uint64_t check = 0;
};

/// Rows as text.
template <std::uint64_t (*decode)(const Result&, MYSQL_ROW)>
Received read_text(const Result& result) {
  Received received;
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    received.check += decode(result, row);
    ++received.rows;
  }
  return received;
}

/// Rows of an executed statement in a `Row` with bind(statement) and check().
template <typename Row>
Received read_bound(const Prepared& statement) {
  Row row;
  row.bind(statement);
  Received received;
  for (; fetch(statement); ++received.rows) received.check += row.check();
  return received;
}

/// Reads a result `ops` times; preparing `query` is not measured, read(link, prepared) is.
template <typename Read>
Sample read_all(const Settings& settings, std::string_view query, Read read) {
  const Link link = open_link(settings.connection);
  const Prepared statement = prepare(link, query);
  Meter meter;
  Received total;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    const Received received = read(link, statement);
    total.rows += received.rows;
    total.check += received.check;
  }
  meter.pause();
  if (total.rows != settings.rows * settings.ops) {
    throw std::runtime_error("received " + std::to_string(total.rows) +
                             " rows: " + mysql_error(link.get()));
  }
  return meter.finish(static_cast<double>(total.rows), total.check);
}

}  // namespace bench
