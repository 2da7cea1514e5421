// SPDX-License-Identifier: Apache-2.0
// All of bench_wide with libpq: row by row or whole, text or binary.
#include <array>
#include <stdexcept>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"
#include "libpq_subject/wide_row.h"

namespace bench {
namespace {

struct Received {
  long rows = 0;
  std::uint64_t check = 0;
};

template <Format format>
std::uint64_t decode(const PGresult* result, int row) {
  return format == Format::binary ? decode_wide_binary(result, row) : decode_wide_text(result, row);
}

template <Format format, bool prepared>
Received read_single_rows(const Link& link) {
  const int wire = static_cast<int>(format);
  const int sent =
      prepared
          ? PQsendQueryPrepared(link.get(), "wide", 0, nullptr, nullptr, nullptr, wire)
          : PQsendQueryParams(link.get(), wide_query, 0, nullptr, nullptr, nullptr, nullptr, wire);
  if (sent == 0 || PQsetSingleRowMode(link.get()) == 0) {
    throw std::runtime_error(PQerrorMessage(link.get()));
  }
  Received received;
  while (const Result result{PQgetResult(link.get())}) {
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      received.check += decode<format>(result.get(), 0);
      ++received.rows;
    } else {
      require(link, result, PGRES_TUPLES_OK);
    }
  }
  return received;
}

template <Format format>
Received read_whole(const Link& link) {
  const Result result(PQexecParams(link.get(), wide_query, 0, nullptr, nullptr, nullptr, nullptr,
                                   static_cast<int>(format)));
  require(link, result, PGRES_TUPLES_OK);
  Received received{PQntuples(result.get()), 0};
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    received.check += decode<format>(result.get(), row);
  }
  return received;
}

template <Received (*read)(const Link&)>
Sample fetch(const Settings& settings) {
  const Link link = open_link(settings.connection);
  prepare(link, "wide", wide_query);
  Meter meter;
  Received total;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    const Received received = read(link);
    total.rows += received.rows;
    total.check += received.check;
  }
  meter.pause();
  if (total.rows != settings.rows * settings.ops) {
    throw std::runtime_error("received " + std::to_string(total.rows) + " rows");
  }
  return meter.finish(static_cast<double>(total.rows), total.check);
}

constexpr std::array cases{
    Case{"fetch_wide", "text_whole", fetch<read_whole<Format::text>>},
    Case{"fetch_wide", "binary_whole", fetch<read_whole<Format::binary>>},
    Case{"fetch_wide", "text_single", fetch<read_single_rows<Format::text, false>>},
    Case{"fetch_wide", "binary_single", fetch<read_single_rows<Format::binary, false>>},
    Case{"fetch_wide", "prepared_text_single", fetch<read_single_rows<Format::text, true>>},
    Case{"fetch_wide", "prepared_binary_single", fetch<read_single_rows<Format::binary, true>>},
};

}  // namespace

std::span<const Case> wide_cases() { return cases; }

}  // namespace bench
