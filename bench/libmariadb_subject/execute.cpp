// SPDX-License-Identifier: Apache-2.0
// Connects and small statements: what one round trip costs with libmariadb alone.
#include <array>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;
constexpr std::string_view select1_query = "SELECT 1";
constexpr std::string_view point_query = "SELECT i, d, s FROM bench_narrow WHERE i = ?";

template <typename Work>
Sample repeat(const Settings& settings, Work work) {
  for (long op = 0; op < warm_up_ops; ++op) work(op);
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += work(op);
  return meter.finish(static_cast<double>(settings.ops), check);
}

std::uint64_t store_select1(const Link& link) {
  const Result result = store(link, select1_query);
  return static_cast<std::uint64_t>(decode_int(result, mysql_fetch_row(result.get())));
}

std::uint64_t use_select1(const Link& link) {
  const Result result = use(link, select1_query);
  const int value = decode_int(result, mysql_fetch_row(result.get()));
  while (mysql_fetch_row(result.get()) != nullptr) continue;
  return static_cast<std::uint64_t>(value);
}

template <std::uint64_t (*select1)(const Link&)>
Sample exec1(const Settings& settings) {
  const Link link = open_link(settings.connection);
  return repeat(settings, [&](long) { return select1(link); });
}

template <typename Work>
Sample repeat_connect(const Settings& settings, Work work) {
  const Link spare = open_link(settings.connection);
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += work(open_link(settings.connection));
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample connect_only(const Settings& settings) {
  return repeat_connect(settings, [](const Link&) { return std::uint64_t{1}; });
}
Sample connect_select1(const Settings& settings) { return repeat_connect(settings, store_select1); }

// The point query, prepared, with its parameter and row bound.
class PointQuery {
 public:
  explicit PointQuery(const Link& link) : statement_(prepare(link, point_query)) {
    MYSQL_BIND parameter = place(MYSQL_TYPE_LONG, &key_);
    require(statement_, mysql_stmt_bind_param(statement_.get(), &parameter) != 0);
    row_.bind(statement_);
  }
  PointQuery(const PointQuery&) = delete;
  PointQuery& operator=(const PointQuery&) = delete;

  std::uint64_t execute(long op) {
    key_ = static_cast<std::int32_t>(op % 1000);
    bench::execute(statement_);
    const std::uint64_t check = fetch(statement_) ? row_.check() : 0;
    while (fetch(statement_)) continue;
    return check;
  }

 private:
  std::int32_t key_ = 0;
  BoundNarrow row_;
  Prepared statement_;
};

Sample prep1(const Settings& settings) {
  const Link link = open_link(settings.connection);
  PointQuery query(link);
  return repeat(settings, [&](long op) { return query.execute(op); });
}

Sample prep_each_prepared(const Settings& settings) {
  const Link link = open_link(settings.connection);
  return repeat(settings, [&](long op) { return PointQuery(link).execute(op); });
}

// The number written into the text: one round trip.
Sample prep_each_text(const Settings& settings) {
  const Link link = open_link(settings.connection);
  return repeat(settings, [&](long op) {
    std::string query(point_query.substr(0, point_query.size() - 1));
    query += std::to_string(op % 1000);
    const Result result = store(link, query);
    return decode_narrow(result, mysql_fetch_row(result.get()));
  });
}

constexpr std::array cases{
    Case{"connect", "libmariadb", connect_only},
    Case{"connect_select1", "libmariadb", connect_select1},
    Case{"exec1", "text_store", exec1<store_select1>},
    Case{"exec1", "text_use", exec1<use_select1>},
    Case{"prep1", "stmt", prep1},
    Case{"prep_each", "text", prep_each_text},
    Case{"prep_each", "prepare_close", prep_each_prepared},
};

}  // namespace

std::span<const Case> execute_cases() { return cases; }

}  // namespace bench
