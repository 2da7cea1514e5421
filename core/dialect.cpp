// SPDX-License-Identifier: Apache-2.0
// Choosing a dialect and reading what its topology query answers.
#include "core/dialect.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

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

std::vector<const Dialect*> DialectRegistry::candidates(const Dialect& from) const {
  std::vector<const Dialect*> result;
  for (const std::string_view name : from.upgrades)
    if (const Dialect* dialect = find(name); dialect != nullptr && !dialect->probe.empty())
      result.push_back(dialect);
  return result;
}

std::string DialectRegistry::probe_statement(const Dialect& from) const {
  std::string sql;
  for (const Dialect* dialect : candidates(from)) {
    sql += sql.empty() ? "SELECT (" : ", (";
    sql.append(dialect->probe).append(")");
  }
  return sql;
}

const Dialect& DialectRegistry::chosen(const Dialect& from, const TextRows& answer) const {
  if (answer.empty()) return from;
  std::size_t column = 0;
  for (const Dialect* dialect : candidates(from))
    if (truthy(cell(answer[0], column++))) return *dialect;
  return from;
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
