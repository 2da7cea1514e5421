// SPDX-License-Identifier: Apache-2.0
// Several threads: each with a connection of its own, and one that ends another's statement.
#include <array>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

#include "odbc_subject/cases.h"
#include "odbc_subject/engine.h"
#include "odbc_subject/session.h"
#include "subject/workload.h"

namespace bench {
namespace {

std::uint64_t select1(const Statement& statement) {
  statement.execute_direct("SELECT 1");
  statement.fetch();
  SQLINTEGER value = 0;
  statement.get(1, SQL_C_SLONG, &value, 0, nullptr);
  statement.close_cursor();
  return static_cast<std::uint64_t>(value);
}

Sample eight_connections(const Settings& settings) {
  const Environment environment;
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<std::unique_ptr<Statement>> statements;
  connections.reserve(thread_count);
  statements.reserve(thread_count);
  for (int at = 0; at < thread_count; ++at) {
    connections.push_back(std::make_unique<Connection>(environment, settings.connection));
    statements.push_back(std::make_unique<Statement>(*connections.back()));
    select1(*statements.back());
  }
  Meter meter;
  meter.resume();
  std::vector<std::future<std::uint64_t>> workers;
  workers.reserve(thread_count);
  for (const auto& statement : statements) {
    workers.push_back(std::async(std::launch::async, [&statement, &settings] {
      std::uint64_t check = 0;
      for (long op = 0; op < settings.ops / thread_count; ++op) check += select1(*statement);
      return check;
    }));
  }
  std::uint64_t check = 0;
  for (auto& worker : workers) check += worker.get();
  return meter.finish(static_cast<double>(settings.ops), check);
}

void wait_until_it_sleeps(const Statement& observer, const Engine& engine) {
  for (SQLINTEGER sleepers = 0; sleepers == 0;) {
    observer.execute_direct(engine.sleepers);
    observer.fetch();
    observer.get(1, SQL_C_SLONG, &sleepers, 0, nullptr);
    observer.close_cursor();
  }
}

// From SQLCancel to the end of the call it ends.
Sample cancel(const Settings& settings) {
  const Environment environment;
  const Connection connection(environment, settings.connection);
  const Connection other(environment, settings.connection);
  const Statement statement(connection), observer(other);
  const Engine& engine = engine_of(settings);
  Meter meter;
  for (long op = 0; op < settings.ops; ++op) {
    auto sleeper = std::async(std::launch::async, [&statement, &engine] {
      return SQLExecDirect(statement.handle(), text_of(engine.sleep), SQL_NTS);
    });
    wait_until_it_sleeps(observer, engine);
    meter.resume();
    const SQLRETURN sent = SQLCancel(statement.handle());
    const SQLRETURN ended = sleeper.get();
    meter.pause();
    statement.require(sent, "SQLCancel");
    if (SQL_SUCCEEDED(ended)) throw std::runtime_error("the statement was not cancelled");
  }
  return meter.finish(static_cast<double>(settings.ops), static_cast<std::uint64_t>(settings.ops));
}

constexpr std::array cases{
    Case{"threads", "8x_exec1", eight_connections},
    Case{"cancel", "SQLCancel", cancel},
};

}  // namespace

std::span<const Case> concurrent_cases() { return cases; }

}  // namespace bench
