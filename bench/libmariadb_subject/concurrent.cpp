// SPDX-License-Identifier: Apache-2.0
// Several threads: each with a connection of its own, and one that ends another's statement.
#include <array>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"

namespace bench {
namespace {

std::uint64_t select1(const Link& link) {
  const Result result = store(link, "SELECT 1");
  return static_cast<std::uint64_t>(decode_int(result, mysql_fetch_row(result.get())));
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
      mysql_thread_end();
      return check;
    }));
  }
  std::uint64_t check = 0;
  for (auto& worker : workers) check += worker.get();
  return meter.finish(static_cast<double>(settings.ops), check);
}

void wait_until_it_sleeps(const Link& observer) {
  for (std::int32_t sleepers = 0; sleepers == 0;) {
    const Result result = store(
        observer, "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'");
    sleepers = decode_int(result, mysql_fetch_row(result.get()));
  }
}

// From KILL QUERY to the end of the statement it ends; by a connection kept for it, or a new one.
template <bool spare>
Sample kill_query(const Settings& settings) {
  const Link link = open_link(settings.connection), observer = open_link(settings.connection);
  const std::string command = "KILL QUERY " + std::to_string(mysql_thread_id(link.get()));
  Meter meter;
  for (long op = 0; op < settings.ops; ++op) {
    auto sleeper = std::async(std::launch::async, [&link] {
      const int code = mysql_query(link.get(), "SELECT sleep(60)");
      const Result result(code == 0 ? mysql_store_result(link.get()) : nullptr);
      return result == nullptr;
    });
    wait_until_it_sleeps(observer);
    meter.resume();
    if (spare) {
      run(observer, command);
    } else {
      run(open_link(settings.connection), command);
    }
    const bool ended = sleeper.get();
    meter.pause();
    if (!ended) throw std::runtime_error("the statement was not killed");
  }
  return meter.finish(static_cast<double>(settings.ops), static_cast<std::uint64_t>(settings.ops));
}

constexpr std::array cases{
    Case{"threads", "8x_exec1", eight_connections},
    Case{"cancel", "kill_query_new", kill_query<false>},
    Case{"cancel", "kill_query_spare", kill_query<true>},
};

}  // namespace

std::span<const Case> concurrent_cases() { return cases; }

}  // namespace bench
