// SPDX-License-Identifier: Apache-2.0
// What the PostgreSQL client tests share: the server of the environment, links to it, rows as text.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/client/link_options.h"
#include "core/client/pg_client.h"
#include "core/client/pg_format.h"
#include "core/resolver.h"

namespace pg_test {

using namespace core;
using std::chrono::seconds;

inline std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr)
    throw std::runtime_error(std::string(name) +
                             " is not set: run through tests/support/postgres_server.py");
  return value;
}

struct Target {
  std::string host = environment("AURODBC_TEST_PG_HOST");
  std::vector<std::string> addresses = {environment("AURODBC_TEST_PG_HOST")};
  std::uint16_t port = static_cast<std::uint16_t>(std::stoi(environment("AURODBC_TEST_PG_PORT")));
  std::string user = environment("AURODBC_TEST_PG_USER");
  std::string password = environment("AURODBC_TEST_PG_PASSWORD");
  std::string database = environment("AURODBC_TEST_PG_DATABASE");
  Options options;
  Deadline deadline = Deadline::after(seconds(10));
};

inline std::shared_ptr<Client> connect(const Target& target = {}) {
  auto client = pg_client_descriptor.make(Workers::instance());
  Options options = target.options;
  options.set(general::database, target.database);
  const auto exchange =
      client->start_connect(LinkTarget{{target.host, target.port}, target.addresses}, options,
                            Credentials{target.user, Secret(target.password)});
  run(*exchange, target.deadline, nullptr, "connect");
  return client;
}

inline Error connect_failure(const Target& target) {
  try {
    connect(target);
  } catch (const Error& error) { return error; }
  return Error(sqlstate::general, "test", "the connect succeeded");
}

inline Target fake_target(std::uint16_t port) {
  Target target;
  target.port = port;
  target.deadline = Deadline::after(milliseconds(500));
  return target;
}

/// All rows of the current result as the wire gives them; NULL for null.
inline std::vector<std::vector<std::string>> rows_of(Result& result, const Limits& limits = {}) {
  std::vector<std::vector<std::string>> rows;
  for (RowState at = result.next_row(); at != RowState::end; at = result.next_row()) {
    if (at == RowState::need_network) {
      result.read_network(limits);
      continue;
    }
    auto& row = rows.emplace_back();
    for (const RawCell& cell : result.row())
      row.push_back(cell.is_null() ? "NULL" : std::string(cell.view()));
  }
  return rows;
}

/// The same as the columns' decoders read them, whatever the format.
inline std::vector<std::vector<std::string>> decoded_rows_of(Result& result) {
  const std::vector<Column> columns(result.columns().begin(), result.columns().end());
  auto rows = rows_of(result);
  for (auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      Value value;
      EXPECT_TRUE(columns[i].decode(row[i], value)) << columns[i].name;
      std::string text;
      append_text(value, text);
      row[i] = text;
    }
  return rows;
}

inline std::unique_ptr<Result> execute(Client& client, std::string_view sql,
                                       const Limits& limits = {}) {
  Query query;
  query.sql = sql;
  return client.execute(query, limits);
}

/// The only cell of a statement.
inline std::string cell(Client& client, std::string_view sql) {
  const auto result = execute(client, sql);
  const auto rows = rows_of(*result);
  return rows.empty() || rows[0].empty() ? "no row" : rows[0][0];
}

template <class Call>
Error failure(Call&& call) {
  try {
    call();
  } catch (const Error& error) { return error; }
  return Error(sqlstate::general, "test", "nothing was thrown");
}

inline Parameter integer(std::int64_t number, SqlType declared = SqlType::integer) {
  Parameter parameter;
  parameter.value.kind = ValueKind::integer;
  parameter.value.integer = number;
  parameter.declared = declared;
  return parameter;
}

inline Parameter text(std::string_view content, SqlType declared = SqlType::varchar) {
  Parameter parameter;
  parameter.value.kind = ValueKind::text;
  parameter.value.text = content;
  parameter.declared = declared;
  return parameter;
}

}  // namespace pg_test
