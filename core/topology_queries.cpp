// SPDX-License-Identifier: Apache-2.0
// Reading what hosts tell of themselves and of their cluster.
#include "core/topology_queries.h"

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

/// Of the first row; NULL without one.
const Cell& first_cell(const TextRows& rows, std::size_t index = 0) {
  static const std::vector<Cell> none;
  return cell(rows.empty() ? none : rows.front(), index);
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

std::uint16_t told_port(const Cell& text) {
  const std::int64_t port = rounded(text);
  return port > 0 && port <= 65535 ? static_cast<std::uint16_t>(port) : 0;
}

HostPort endpoint_of(const std::vector<Cell>& row, const HostPattern& pattern,
                     std::uint16_t default_port) {
  const Cell& told = cell(row, 5);
  const bool built = pattern.text != "?" || !told || told->empty();
  HostPort endpoint{built ? pattern.host_for(cell(row, 0).value_or("")) : *told, pattern.port};
  if (endpoint.port == 0) endpoint.port = told_port(cell(row, 6));
  if (endpoint.port == 0) endpoint.port = default_port;
  return endpoint;
}

Host read_host(const std::vector<Cell>& row, const HostPattern& pattern,
               std::uint16_t default_port) {
  Host host;
  host.id = cell(row, 0).value_or("");
  host.endpoint = endpoint_of(row, pattern, default_port);
  host.role = truthy(cell(row, 1)) ? HostRole::writer : HostRole::reader;
  host.weight = rounded(cell(row, 3)) * 100 + rounded(cell(row, 2));
  host.last_update = cell(row, 4).value_or("");
  return host;
}

/// What `answer` names: the cell of the column that the dialect says, or the first one.
Cell named_by(const TopologyQueries& queries, const NamedRows& answer) {
  if (queries.followed_column.empty()) return first_cell(answer.rows);
  const auto wanted = normalized(queries.followed_column);
  for (std::size_t column = 0; column < answer.columns.size(); ++column)
    if (normalized(answer.columns[column]) == wanted) return first_cell(answer.rows, column);
  return std::nullopt;
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

std::vector<Host> read_topology(const TopologyQueries& queries, const SelfReport& self,
                                TextRows rows, const HostPattern& pattern,
                                std::uint16_t default_port) {
  if (!queries.followed_column.empty())
    for (auto& row : rows) {
      if (row.size() < 2) continue;
      const bool writes = !self.writer_key.empty() && row[1] == self.writer_key;
      row[1].emplace(1, writes ? '1' : '0');
    }
  std::vector<Host> hosts = read_topology(rows, pattern, default_port);
  const bool lists_itself =
      !self.own_id.empty() && std::any_of(hosts.begin(), hosts.end(),
                                          [&](const Host& host) { return host.id == self.own_id; });
  if (!lists_itself) hosts.clear();
  return hosts;
}

std::string self_question(const TopologyQueries& queries) {
  std::string sql;
  for (const std::string_view question : {queries.writer_id, queries.is_reader, queries.own_id}) {
    if (!question.starts_with("SELECT ")) return {};
    sql.append(sql.empty() ? "SELECT (" : ", (").append(question).append(")");
  }
  return sql;
}

bool is_no_scalar(const Error& failed) {
  return failed.reached() == Reached::answered &&
         (failed.state().in_class("42") || failed.state().in_class("21"));
}

SelfReport read_self_report(const TopologyQueries& queries, const TextRows& answer) {
  if (answer.empty() || answer.front().size() < 3)
    throw Error(sqlstate::general, "Topology", "a host gives no answer about itself");
  const auto& row = answer.front();
  const bool claims = row[0].has_value() != queries.writer_follows_nobody;
  return {row[2].value_or(""), claims && row[1].has_value() && !truthy(row[1]), {}};
}

SelfReport read_self_report(const TopologyQueries& queries, const TextRows& own_id,
                            const NamedRows& writer_id, const TextRows& is_reader) {
  const Cell& reader = first_cell(is_reader);
  const bool claims = !writer_id.rows.empty() != queries.writer_follows_nobody;
  SelfReport self{first_cell(own_id).value_or(""), claims && reader && !truthy(reader), {}};
  if (!queries.followed_column.empty())
    self.writer_key =
        (writer_id.rows.empty() ? first_cell(own_id, 1) : named_by(queries, writer_id))
            .value_or("");
  return self;
}

}  // namespace core
