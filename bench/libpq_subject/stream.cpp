// SPDX-License-Identifier: Apache-2.0
// A result far longer than memory should hold, row by row. A second statement in its middle is
// beyond libpq without a second connection.
#include <array>
#include <stdexcept>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"

namespace bench {
namespace {

template <Format format>
Sample stream(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const std::string query = postgres_stream_query(settings.rows);
  long rows = 0;
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  if (PQsendQueryParams(link.get(), query.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                        static_cast<int>(format)) == 0 ||
      PQsetSingleRowMode(link.get()) == 0) {
    throw std::runtime_error(PQerrorMessage(link.get()));
  }
  while (const Result result{PQgetResult(link.get())}) {
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      check += decode_narrow(result.get(), 0, format);
      ++rows;
    } else {
      require(link, result, PGRES_TUPLES_OK);
    }
  }
  meter.pause();
  if (rows != settings.rows) throw std::runtime_error("received " + std::to_string(rows) + " rows");
  return meter.finish(static_cast<double>(rows), check);
}

constexpr std::array cases{
    Case{"stream_100m", "binary_single", stream<Format::binary>},
};

}  // namespace

std::span<const Case> stream_cases() { return cases; }

}  // namespace bench
