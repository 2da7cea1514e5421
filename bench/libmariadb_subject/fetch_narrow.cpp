// SPDX-License-Identifier: Apache-2.0
// Large results with libmariadb: whole or row by row, text or bound, and how soon the first row
// comes.
#include <array>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"
#include "libmariadb_subject/received.h"

namespace bench {
namespace {

Sample text_store(const Settings& settings) {
  return read_all(settings, narrow_query, [](const Link& link, const Prepared&) {
    return read_text<decode_narrow>(store(link, narrow_query));
  });
}
Sample text_use(const Settings& settings) {
  return read_all(settings, narrow_query, [](const Link& link, const Prepared&) {
    return read_text<decode_narrow>(use(link, narrow_query));
  });
}
Sample stmt_store(const Settings& settings) {
  return read_all(settings, narrow_query, [](const Link&, const Prepared& statement) {
    execute(statement);
    require(statement, mysql_stmt_store_result(statement.get()) != 0);
    const Received received = read_bound<BoundNarrow>(statement);
    mysql_stmt_free_result(statement.get());
    return received;
  });
}
Sample stmt_use(const Settings& settings) {
  return read_all(settings, narrow_query, [](const Link&, const Prepared& statement) {
    execute(statement);
    return read_bound<BoundNarrow>(statement);
  });
}

void stay_open(const Settings&, const Link&, const Result&) {}
void drain(const Settings&, const Link&, const Result& result) {
  while (mysql_fetch_row(result.get()) != nullptr) continue;
}
void kill(const Settings& settings, const Link& link, const Result& result) {
  run(open_link(settings.connection), "KILL QUERY " + std::to_string(mysql_thread_id(link.get())));
  drain(settings, link, result);
}

template <void (*after)(const Settings&, const Link&, const Result&)>
Sample first_row_text(const Settings& settings) {
  Meter meter;
  std::uint64_t check = 0;
  for (long op = 0; op < settings.ops; ++op) {
    const Link link = open_link(settings.connection);
    meter.resume();
    const Result result = use(link, narrow_query);
    check += decode_narrow(result, mysql_fetch_row(result.get()));
    after(settings, link, result);
    meter.pause();
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample first_row_stmt(const Settings& settings) {
  Meter meter;
  std::uint64_t check = 0;
  for (long op = 0; op < settings.ops; ++op) {
    const Link link = open_link(settings.connection);
    const Prepared statement = prepare(link, narrow_query);
    BoundNarrow row;
    meter.resume();
    execute(statement);
    row.bind(statement);
    fetch(statement);
    check += row.check();
    meter.pause();
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

constexpr std::array cases{
    Case{"fetch_narrow", "text_store", text_store},
    Case{"fetch_narrow", "text_use", text_use},
    Case{"fetch_narrow", "stmt_store", stmt_store},
    Case{"fetch_narrow", "stmt_use", stmt_use},
    Case{"first_row", "text_use", first_row_text<stay_open>},
    Case{"first_row", "stmt_use", first_row_stmt},
    Case{"first_row_close", "drain", first_row_text<drain>},
    Case{"first_row_close", "kill", first_row_text<kill>},
};

}  // namespace

std::span<const Case> narrow_cases() { return cases; }

}  // namespace bench
