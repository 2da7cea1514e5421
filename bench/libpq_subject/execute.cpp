// SPDX-License-Identifier: Apache-2.0
// Connects and small statements: what one round trip costs with libpq alone.
#include <array>

#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"

namespace bench {
namespace {

constexpr long warm_up_ops = 500;
constexpr const char* select1_query = "SELECT 1";
constexpr const char* point_query = "SELECT i, d, s FROM bench_narrow WHERE i = $1";
constexpr Oid int4_oid = 23;

// One int4 parameter in network order.
struct Key {
  std::uint32_t wire = 0;
  std::array<const char*, 1> values{reinterpret_cast<const char*>(&wire)};
  std::array<int, 1> lengths{sizeof wire};
  std::array<int, 1> formats{1};

  void set(long op) { wire = __builtin_bswap32(static_cast<std::uint32_t>(op % 1000)); }
};

template <typename Work>
Sample repeat(const Settings& settings, Work work) {
  for (long op = 0; op < warm_up_ops; ++op) work(op);
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) check += work(op);
  return meter.finish(static_cast<double>(settings.ops), check);
}

std::uint64_t simple_select1(const Link& link) {
  const Result result(PQexec(link.get(), select1_query));
  require(link, result, PGRES_TUPLES_OK);
  return static_cast<std::uint64_t>(decode_int(result.get(), 0, Format::text));
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

Sample exec1_extended(const Settings& settings, Format format) {
  const Link link = open_link(settings.connection);
  return repeat(settings, [&](long) {
    const Result result(PQexecParams(link.get(), select1_query, 0, nullptr, nullptr, nullptr,
                                     nullptr, static_cast<int>(format)));
    require(link, result, PGRES_TUPLES_OK);
    return static_cast<std::uint64_t>(decode_int(result.get(), 0, format));
  });
}

std::uint64_t execute_prepared(const Link& link, Key& key, long op, Format format) {
  key.set(op);
  const Result result(PQexecPrepared(link.get(), "point", 1, key.values.data(), key.lengths.data(),
                                     key.formats.data(), static_cast<int>(format)));
  require(link, result, PGRES_TUPLES_OK);
  return decode_narrow(result.get(), 0, format);
}

void prepare_point(const Link& link) {
  const Result prepared(PQprepare(link.get(), "point", point_query, 1, &int4_oid));
  require(link, prepared, PGRES_COMMAND_OK);
}

Sample prep1(const Settings& settings, Format format) {
  const Link link = open_link(settings.connection);
  prepare_point(link);
  Key key;
  return repeat(settings, [&](long op) { return execute_prepared(link, key, op, format); });
}

Sample prep_each_params(const Settings& settings, Format format) {
  const Link link = open_link(settings.connection);
  Key key;
  return repeat(settings, [&](long op) {
    key.set(op);
    const Result result(PQexecParams(link.get(), point_query, 1, &int4_oid, key.values.data(),
                                     key.lengths.data(), key.formats.data(),
                                     static_cast<int>(format)));
    require(link, result, PGRES_TUPLES_OK);
    return decode_narrow(result.get(), 0, format);
  });
}

Sample connect_only(const Settings& settings) {
  return repeat_connect(settings, [](const Link&) { return std::uint64_t{1}; });
}
Sample connect_select1(const Settings& settings) {
  return repeat_connect(settings, simple_select1);
}
Sample exec1_simple(const Settings& settings) {
  const Link link = open_link(settings.connection);
  return repeat(settings, [&](long) { return simple_select1(link); });
}
Sample exec1_extended_text(const Settings& settings) {
  return exec1_extended(settings, Format::text);
}
Sample exec1_extended_binary(const Settings& settings) {
  return exec1_extended(settings, Format::binary);
}
Sample prep1_text(const Settings& settings) { return prep1(settings, Format::text); }
Sample prep1_binary(const Settings& settings) { return prep1(settings, Format::binary); }
Sample prep_each_params_text(const Settings& settings) {
  return prep_each_params(settings, Format::text);
}
Sample prep_each_params_binary(const Settings& settings) {
  return prep_each_params(settings, Format::binary);
}
Sample prep_each_literal(const Settings& settings) {
  const Link link = open_link(settings.connection);
  Key key;
  return repeat(settings, [&](long op) {
    prepare_point(link);
    const std::uint64_t check = execute_prepared(link, key, op, Format::binary);
    const Result closed(PQexec(link.get(), "DEALLOCATE point"));
    require(link, closed, PGRES_COMMAND_OK);
    return check;
  });
}

constexpr std::array cases{
    Case{"connect", "libpq", connect_only},
    Case{"connect_select1", "libpq", connect_select1},
    Case{"exec1", "simple", exec1_simple},
    Case{"exec1", "extended_text", exec1_extended_text},
    Case{"exec1", "extended_binary", exec1_extended_binary},
    Case{"prep1", "prepared_text", prep1_text},
    Case{"prep1", "prepared_binary", prep1_binary},
    Case{"prep_each", "exec_params_text", prep_each_params_text},
    Case{"prep_each", "exec_params_binary", prep_each_params_binary},
    Case{"prep_each", "prepare_deallocate", prep_each_literal},
};

}  // namespace

std::span<const Case> execute_cases() { return cases; }

}  // namespace bench
