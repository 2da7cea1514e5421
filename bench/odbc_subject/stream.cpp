// SPDX-License-Identifier: Apache-2.0
// A result far longer than memory should hold, with and without a second statement of the same
// connection in its middle.
#include <array>
#include <stdexcept>
#include <string>

#include "odbc_subject/cases.h"
#include "odbc_subject/engine.h"
#include "odbc_subject/fetch_shapes.h"
#include "odbc_subject/narrow_row.h"

namespace bench {
namespace {

std::uint64_t count_narrow(const Statement& second, const Engine& engine) {
  second.execute_direct(engine.narrow_count);
  second.fetch();
  SQLINTEGER count = 0;
  second.get(1, SQL_C_SLONG, &count, 0, nullptr);
  second.close_cursor();
  return static_cast<std::uint64_t>(count);
}

template <bool interrupted>
Sample stream(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Statement statement(connection), second(connection);
  const Engine& engine = engine_of(settings);
  const std::string query = engine.stream(settings.rows);
  std::uint64_t counted = 0;
  Meter meter;
  meter.resume();
  statement.execute_direct(query.c_str());
  const Received received = read_bound_blocks<NarrowRows>(statement, [&](const Received& so_far) {
    if (interrupted && counted == 0 && so_far.rows >= settings.rows / 2)
      counted = count_narrow(second, engine);
  });
  meter.pause();
  if (received.rows != settings.rows) {
    throw std::runtime_error("received " + std::to_string(received.rows) + " rows");
  }
  if (interrupted && counted == 0) throw std::runtime_error("the second statement gave nothing");
  return meter.finish(static_cast<double>(received.rows), received.check);
}

constexpr std::array cases{
    Case{"stream_100m", "bind_array1000", stream<false>},
    Case{"stream_100m", "second_statement_midway", stream<true>},
};

}  // namespace

std::span<const Case> stream_cases() { return cases; }

}  // namespace bench
