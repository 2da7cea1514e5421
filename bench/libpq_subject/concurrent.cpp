// SPDX-License-Identifier: Apache-2.0
// Several threads: each with a connection of its own, and one that ends another's statement.
#include <array>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"

namespace bench {
namespace {

std::uint64_t select1(const Link& link) {
  const Result result(PQexec(link.get(), "SELECT 1"));
  require(link, result, PGRES_TUPLES_OK);
  return static_cast<std::uint64_t>(decode_int(result.get(), 0, Format::text));
}

Sample eight_connections(const Settings& settings) {
  std::vector<Link> links;
  links.reserve(thread_count);
  for (int at = 0; at < thread_count; ++at) {
    links.push_back(open_link(settings.connection));
    select1(links.back());
  }
  Meter meter;
  meter.resume();
  std::vector<std::future<std::uint64_t>> workers;
  workers.reserve(thread_count);
  for (const Link& link : links) {
    workers.push_back(std::async(std::launch::async, [&link, &settings] {
      std::uint64_t check = 0;
      for (long op = 0; op < settings.ops / thread_count; ++op) check += select1(link);
      return check;
    }));
  }
  std::uint64_t check = 0;
  for (auto& worker : workers) check += worker.get();
  return meter.finish(static_cast<double>(settings.ops), check);
}

void wait_until_it_sleeps(const Link& observer) {
  for (std::int32_t sleepers = 0; sleepers == 0;) {
    const Result result(PQexec(
        observer.get(), "SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));
    require(observer, result, PGRES_TUPLES_OK);
    sleepers = decode_int(result.get(), 0, Format::text);
  }
}

// From PQcancel to the end of the statement it ends.
Sample cancel(const Settings& settings) {
  const Link link = open_link(settings.connection), observer = open_link(settings.connection);
  const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> request(PQgetCancel(link.get()),
                                                                   &PQfreeCancel);
  std::array<char, 256> message{};
  Meter meter;
  for (long op = 0; op < settings.ops; ++op) {
    auto sleeper = std::async(std::launch::async, [&link] {
      const Result result(PQexec(link.get(), "SELECT pg_sleep(60)"));
      return PQresultStatus(result.get());
    });
    wait_until_it_sleeps(observer);
    meter.resume();
    const int sent = PQcancel(request.get(), message.data(), static_cast<int>(message.size()));
    const ExecStatusType ended = sleeper.get();
    meter.pause();
    if (sent == 0) throw std::runtime_error(message.data());
    if (ended != PGRES_FATAL_ERROR) throw std::runtime_error("the statement was not cancelled");
  }
  return meter.finish(static_cast<double>(settings.ops), static_cast<std::uint64_t>(settings.ops));
}

constexpr std::array cases{
    Case{"threads", "8x_exec1", eight_connections},
    Case{"cancel", "PQcancel", cancel},
};

}  // namespace

std::span<const Case> concurrent_cases() { return cases; }

}  // namespace bench
