// SPDX-License-Identifier: Apache-2.0
// What a connection costs once the driver is loaded.
#include <array>

#include "odbc_subject/cases.h"
#include "odbc_subject/session.h"

namespace bench {
namespace {

std::uint64_t select1(const Connection& connection) {
  const Statement statement(connection);
  statement.execute_direct("SELECT 1");
  std::uint64_t check = 0;
  while (statement.fetch()) {
    SQLINTEGER value = 0;
    statement.require(SQLGetData(statement.handle(), 1, SQL_C_SLONG, &value, 0, nullptr),
                      "SQLGetData");
    check += static_cast<std::uint64_t>(value);
  }
  return check;
}

// A spare connection stays open: unixODBC would otherwise unload the driver at every last
// disconnect, and the case would measure dlopen.
template <typename Work>
Sample repeat_connect(const Settings& settings, Work work) {
  const Environment environment;
  const Connection spare(environment, settings.connection);
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    const Connection connection(environment, settings.connection);
    check += work(connection);
  }
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample connect_only(const Settings& settings) {
  return repeat_connect(settings, [](const Connection&) { return std::uint64_t{1}; });
}
Sample connect_and_select1(const Settings& settings) { return repeat_connect(settings, select1); }

constexpr std::array cases{
    Case{"connect", "odbc", connect_only},
    Case{"connect_select1", "odbc", connect_and_select1},
};

}  // namespace

std::span<const Case> connect_cases() { return cases; }

}  // namespace bench
