// SPDX-License-Identifier: Apache-2.0
// Choosing a dialect and reading what its topology query answers.
#include "core/dialect.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/ascii.h"
#include "core/options.h"

namespace core {
namespace {

using Cell = std::optional<std::string>;

const Cell& cell(const std::vector<Cell>& row, std::size_t index) {
  static const Cell null;
  return index < row.size() ? row[index] : null;
}

/// A number as both engines print it; zero for NULL and anything that is no number.
std::int64_t rounded(const Cell& text) {
  if (!text) return 0;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || !std::isfinite(value)) return 0;
  return std::llround(std::clamp(value, 0.0, 1e12));
}

/// The answering host does not tell when it was updated: its row is as new as can be. Timestamps of
/// one answer have one format and zone, so their texts compare like times.
bool is_newer(const Host& a, const Host& b) {
  if (b.last_update.empty()) return false;
  return a.last_update.empty() || a.last_update > b.last_update;
}

Host read_host(const std::vector<Cell>& row, const HostPattern& pattern,
               std::uint16_t default_port) {
  Host host;
  host.id = cell(row, 0).value_or("");
  host.endpoint = {pattern.host_for(host.id), pattern.port != 0 ? pattern.port : default_port};
  host.role = truthy(cell(row, 1)) ? HostRole::writer : HostRole::reader;
  host.weight = rounded(cell(row, 3)) * 100 + rounded(cell(row, 2));
  host.last_update = cell(row, 4).value_or("");
  return host;
}

bool holds(const VariableTest& test, const TextRows& variables) {
  const auto row = std::find_if(variables.begin(), variables.end(), [&](const auto& candidate) {
    return lower(cell(candidate, 0).value_or("")) == test.variable;
  });
  if (row == variables.end()) return false;
  const std::string value = lower(cell(*row, 1).value_or(""));
  switch (test.is) {
    case VariableTest::Is::present: return true;
    case VariableTest::Is::empty: return value.empty();
    case VariableTest::Is::filled: return !value.empty();
    case VariableTest::Is::equal: return value == lower(test.value);
    case VariableTest::Is::containing: return value.find(lower(test.value)) != std::string::npos;
  }
  return false;
}

SuggestedBy suggestion(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case EndpointKind::global_writer: return SuggestedBy::global_cluster;
    case EndpointKind::writer_cluster:
    case EndpointKind::reader_cluster:
    case EndpointKind::custom_cluster:
    case EndpointKind::limitless: return SuggestedBy::aurora_cluster;
    case EndpointKind::instance:
    case EndpointKind::proxy: return SuggestedBy::rds_instance;
    case EndpointKind::ip:
    case EndpointKind::other: break;
  }
  return SuggestedBy::any_name;
}

}  // namespace

bool truthy(const std::optional<std::string>& cell) {
  if (!cell) return false;
  const std::string word = normalized(*cell);
  for (const std::string_view yes : {"t", "true", "1", "on", "yes", "y"})
    if (word == yes) return true;
  return false;
}

std::vector<Host> read_topology(const TextRows& rows, const HostPattern& pattern,
                                std::uint16_t default_port) {
  std::vector<Host> hosts;
  for (const auto& row : rows) {
    Host host = read_host(row, pattern, default_port);
    if (host.id.empty()) continue;
    const auto same = std::find_if(hosts.begin(), hosts.end(),
                                   [&](const Host& other) { return other.id == host.id; });
    if (same == hosts.end())
      hosts.push_back(std::move(host));
    else if (is_newer(host, *same))
      *same = std::move(host);
  }
  const Host* writer = nullptr;
  for (const Host& host : hosts)
    if (host.role == HostRole::writer && (writer == nullptr || is_newer(host, *writer)))
      writer = &host;
  if (writer == nullptr) return {};
  const std::string writer_id = writer->id;
  std::erase_if(hosts, [&](const Host& host) {
    return host.role == HostRole::writer && host.id != writer_id;
  });
  return hosts;
}

const Dialect* DialectRegistry::find(std::string_view name_or_alias) const {
  const std::string wanted = normalized(name_or_alias);
  const auto matches = [&](std::string_view name) { return normalized(name) == wanted; };
  for (const Dialect* dialect : dialects_)
    if (matches(dialect->name) ||
        std::any_of(dialect->aliases.begin(), dialect->aliases.end(), matches))
      return dialect;
  return nullptr;
}

std::string DialectRegistry::names() const {
  std::string text;
  for (const Dialect* dialect : dialects_)
    text += (text.empty() ? "" : ", ") + std::string(dialect->name);
  return text;
}

const Dialect* DialectRegistry::suggested(SuggestedBy kind, Engine engine) const {
  for (const Dialect* dialect : dialects_)
    if (dialect->engine == engine && dialect->suggested_by == kind) return dialect;
  return nullptr;
}

DialectRegistry::Guess DialectRegistry::initial(std::string_view explicit_name,
                                                const Endpoint& endpoint, Engine engine) const {
  if (!explicit_name.empty()) return {find(explicit_name), true};
  const SuggestedBy kind = suggestion(endpoint);
  if (const Dialect* dialect = suggested(kind, engine)) {
    // Only Aurora has such endpoints; there is nothing to ask.
    const bool certain = kind == SuggestedBy::global_cluster ||
                         (endpoint.kind == EndpointKind::limitless && engine == Engine::postgres);
    return {dialect, certain};
  }
  if (kind == SuggestedBy::global_cluster)
    if (const Dialect* aurora = suggested(SuggestedBy::aurora_cluster, engine))
      return {aurora, false};
  return {suggested(SuggestedBy::any_name, engine), false};
}

Dialects DialectRegistry::candidates(const Dialect& from) const {
  Dialects result;
  for (const std::string_view name : from.upgrades)
    if (const Dialect* dialect = find(name); dialect != nullptr && dialect->is_recognisable())
      result.push_back(dialect);
  return result;
}

const Dialect& DialectRegistry::by_version(const Dialect& from, const std::string& version) const {
  Dialects told_by_version = candidates(from);
  std::erase_if(told_by_version, [](const Dialect* dialect) {
    const auto elsewhere = [](const VariableTest& test) { return test.variable != "version"; };
    return !dialect->probe.empty() ||
           std::any_of(dialect->variables.begin(), dialect->variables.end(), elsewhere);
  });
  const Dialects found = holding(told_by_version, {{"version", version}});
  return found.empty() ? from : *found.front();
}

std::string variables_statement(const Dialects& candidates) {
  std::string names;
  for (const Dialect* dialect : candidates)
    for (const VariableTest& test : dialect->variables) {
      const std::string quoted = "'" + std::string(test.variable) + "'";
      if (names.find(quoted) == std::string::npos) names += (names.empty() ? "" : ", ") + quoted;
    }
  return names.empty() ? "" : "SHOW VARIABLES WHERE Variable_name IN (" + names + ")";
}

Dialects holding(const Dialects& candidates, const TextRows& variables) {
  Dialects result = candidates;
  std::erase_if(result, [&](const Dialect* dialect) {
    return !std::all_of(dialect->variables.begin(), dialect->variables.end(),
                        [&](const VariableTest& test) { return holds(test, variables); });
  });
  return result;
}

std::string probe_statement(const Dialects& candidates) {
  std::string sql;
  for (const Dialect* dialect : candidates) {
    if (dialect->probe.empty()) continue;
    sql += sql.empty() ? "SELECT (" : ", (";
    sql.append(dialect->probe).append(")");
  }
  return sql;
}

const Dialect& first_true(const Dialects& candidates, const TextRows& answer,
                          const Dialect& otherwise) {
  std::size_t column = 0;
  for (const Dialect* dialect : candidates) {
    if (dialect->probe.empty()) return *dialect;
    if (!answer.empty() && truthy(cell(answer[0], column++))) return *dialect;
  }
  return otherwise;
}

std::string self_question(const TopologyQueries& queries) {
  std::string sql;
  for (const std::string_view question : {queries.writer_id, queries.is_reader, queries.own_id}) {
    if (!question.starts_with("SELECT ")) return {};
    sql.append(sql.empty() ? "SELECT (" : ", (").append(question).append(")");
  }
  return sql;
}

SelfReport read_self_report(const TextRows& answer) {
  if (answer.empty() || answer.front().size() < 3)
    throw Error(sqlstate::general, "Topology", "a host gives no answer about itself");
  const auto& row = answer.front();
  return {row[2].value_or(""), row[0].has_value() && row[1].has_value() && !truthy(row[1])};
}

SelfReport read_self_report(const TextRows& own_id, const TextRows& writer_id,
                            const TextRows& is_reader) {
  const bool has_id = !own_id.empty() && !own_id[0].empty();
  const bool writes = !is_reader.empty() && !is_reader[0].empty() && !truthy(is_reader[0][0]);
  return {has_id ? own_id[0][0].value_or("") : "", !writer_id.empty() && writes};
}

}  // namespace core
