// SPDX-License-Identifier: Apache-2.0
// Large binary values: read where libpq holds them, and sent from one buffer of the application.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"
#include "libpq_subject/row_parameters.h"

namespace bench {
namespace {

constexpr const char* put_query = "INSERT INTO bench_lob_put (i, b) VALUES ($1, $2)";
constexpr std::array<Oid, 2> put_types{int4_type, 17};  // bytea
constexpr double megabyte = 1e6;

struct Read {
  double bytes = 0;
  std::uint64_t check = 0;
};

void read_value(const PGresult* result, int row, Read& read) {
  const char* const value = PQgetvalue(result, row, 0);
  const auto size = static_cast<std::size_t>(PQgetlength(result, row, 0));
  for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
    read.check += piece_check(offset, value + offset, std::min(piece_bytes, size - offset));
  }
  read.bytes += static_cast<double>(size);
}

void get_whole(const Link& link, Read& read) {
  const Result result(
      PQexecParams(link.get(), lob_query, 0, nullptr, nullptr, nullptr, nullptr, 1));
  require(link, result, PGRES_TUPLES_OK);
  for (int row = 0; row < PQntuples(result.get()); ++row) read_value(result.get(), row, read);
}

void get_single(const Link& link, Read& read) {
  if (PQsendQueryParams(link.get(), lob_query, 0, nullptr, nullptr, nullptr, nullptr, 1) == 0 ||
      PQsetSingleRowMode(link.get()) == 0) {
    throw std::runtime_error(PQerrorMessage(link.get()));
  }
  while (const Result result{PQgetResult(link.get())}) {
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      read_value(result.get(), 0, read);
    } else {
      require(link, result, PGRES_TUPLES_OK);
    }
  }
}

template <void (*get)(const Link&, Read&)>
Sample get_all(const Settings& settings) {
  const Link link = open_link(settings.connection);
  Read total;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) get(link, total);
  return meter.finish(total.bytes / megabyte, total.check);
}

template <bool prepared>
Sample put(const Settings& settings) {
  const Link link = open_link(settings.connection);
  if (prepared) prepare(link, "put", put_query, put_types);
  const auto size = static_cast<std::size_t>(settings.size);
  std::vector<char> value(size);
  std::int32_t number = 0;
  const std::array<const char*, 2> values{reinterpret_cast<const char*>(&number), value.data()};
  const std::array<int, 2> lengths{sizeof number, static_cast<int>(size)}, formats{1, 1};
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    number = to_wire(static_cast<std::int32_t>(op));
    for (std::size_t offset = 0; offset < size; offset += piece_bytes) {
      fill_piece(value.data() + offset, std::min(piece_bytes, size - offset), op, offset);
    }
    const Result result(prepared ? PQexecPrepared(link.get(), "put", 2, values.data(),
                                                  lengths.data(), formats.data(), 1)
                                 : PQexecParams(link.get(), put_query, 2, put_types.data(),
                                                values.data(), lengths.data(), formats.data(), 1));
    require(link, result, PGRES_COMMAND_OK);
  }
  return meter.finish(static_cast<double>(settings.ops) * static_cast<double>(size) / megabyte, 0);
}

constexpr std::array cases{
    Case{"lob_get", "binary_whole", get_all<get_whole>},
    Case{"lob_get", "binary_single", get_all<get_single>},
    Case{"lob_put", "param_binary", put<false>},
    Case{"lob_put", "prepared_binary", put<true>},
};

}  // namespace

std::span<const Case> lob_cases() { return cases; }

}  // namespace bench
