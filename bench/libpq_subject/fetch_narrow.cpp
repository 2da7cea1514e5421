// SPDX-License-Identifier: Apache-2.0
// Large results with libpq: whole or row by row, text or binary, and how soon the first row comes.
#include <array>
#include <stdexcept>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"

namespace bench {
namespace {

enum class Execution { direct, prepared };

struct Received {
  long rows = 0;
  std::uint64_t check = 0;
};

void prepare_all(const Link& link) {
  const Result prepared(PQprepare(link.get(), "all", narrow_query, 0, nullptr));
  require(link, prepared, PGRES_COMMAND_OK);
}

void send(const Link& link, Execution execution, Format format) {
  const int wire = static_cast<int>(format);
  const int sent = execution == Execution::prepared
                       ? PQsendQueryPrepared(link.get(), "all", 0, nullptr, nullptr, nullptr, wire)
                       : PQsendQueryParams(link.get(), narrow_query, 0, nullptr, nullptr, nullptr,
                                           nullptr, wire);
  if (sent == 0 || PQsetSingleRowMode(link.get()) == 0) {
    throw std::runtime_error(PQerrorMessage(link.get()));
  }
}

Received read_single_rows(const Link& link, Execution execution, Format format) {
  send(link, execution, format);
  Received received;
  while (const Result result{PQgetResult(link.get())}) {
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      received.check += decode_narrow(result.get(), 0, format);
      ++received.rows;
    } else {
      require(link, result, PGRES_TUPLES_OK);
    }
  }
  return received;
}

Received read_whole(const Link& link, Format format) {
  const Result result(PQexecParams(link.get(), narrow_query, 0, nullptr, nullptr, nullptr, nullptr,
                                   static_cast<int>(format)));
  require(link, result, PGRES_TUPLES_OK);
  Received received{PQntuples(result.get()), 0};
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    received.check += decode_narrow(result.get(), row, format);
  }
  return received;
}

template <typename Read>
Sample fetch_all(const Settings& settings, Read read) {
  const Link link = open_link(settings.connection);
  prepare_all(link);
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

template <typename After>
Sample first_row(const Settings& settings, Format format, After after) {
  Meter meter;
  std::uint64_t check = 0;
  for (long op = 0; op < settings.ops; ++op) {
    const Link link = open_link(settings.connection);
    meter.resume();
    send(link, Execution::direct, format);
    const Result result(PQgetResult(link.get()));
    require(link, result, PGRES_SINGLE_TUPLE);
    check += decode_narrow(result.get(), 0, format);
    after(link);
    meter.pause();
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

void stay_open(const Link&) {}

void drain(const Link& link) {
  while (const Result rest{PQgetResult(link.get())}) continue;
}

void cancel(const Link& link) {
  PGcancel* request = PQgetCancel(link.get());
  std::array<char, 256> message{};
  const int sent = PQcancel(request, message.data(), static_cast<int>(message.size()));
  PQfreeCancel(request);
  if (sent == 0) throw std::runtime_error(message.data());
  drain(link);
}

Sample fetch_text_whole(const Settings& settings) {
  return fetch_all(settings, [](const Link& link) { return read_whole(link, Format::text); });
}
Sample fetch_binary_whole(const Settings& settings) {
  return fetch_all(settings, [](const Link& link) { return read_whole(link, Format::binary); });
}
Sample fetch_text_single(const Settings& settings) {
  return fetch_all(settings, [](const Link& link) {
    return read_single_rows(link, Execution::direct, Format::text);
  });
}
Sample fetch_binary_single(const Settings& settings) {
  return fetch_all(settings, [](const Link& link) {
    return read_single_rows(link, Execution::direct, Format::binary);
  });
}
Sample fetch_prepared_binary_single(const Settings& settings) {
  return fetch_all(settings, [](const Link& link) {
    return read_single_rows(link, Execution::prepared, Format::binary);
  });
}
Sample first_row_text_single(const Settings& settings) {
  return first_row(settings, Format::text, stay_open);
}
Sample first_row_binary_single(const Settings& settings) {
  return first_row(settings, Format::binary, stay_open);
}
Sample first_row_close_drain(const Settings& settings) {
  return first_row(settings, Format::binary, drain);
}
Sample first_row_close_cancel(const Settings& settings) {
  return first_row(settings, Format::binary, cancel);
}

constexpr std::array cases{
    Case{"fetch_narrow", "text_whole", fetch_text_whole},
    Case{"fetch_narrow", "binary_whole", fetch_binary_whole},
    Case{"fetch_narrow", "text_single", fetch_text_single},
    Case{"fetch_narrow", "binary_single", fetch_binary_single},
    Case{"fetch_narrow", "prepared_binary_single", fetch_prepared_binary_single},
    Case{"first_row", "text_single", first_row_text_single},
    Case{"first_row", "binary_single", first_row_binary_single},
    Case{"first_row_close", "drain", first_row_close_drain},
    Case{"first_row_close", "cancel", first_row_close_cancel},
};

}  // namespace

std::span<const Case> narrow_cases() { return cases; }

}  // namespace bench
