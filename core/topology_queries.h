// SPDX-License-Identifier: Apache-2.0
// What a dialect asks a host of a cluster - who are you, do you write, who else is there - and how
// the answers are read. Whoever asks (a session, the monitor) only carries texts and rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/client/exchange.h"
#include "core/endpoint.h"
#include "core/host.h"

namespace core {

/// The queries of a dialect that knows its cluster. All schema-qualified (search_path hijack).
struct TopologyQueries {
  /// Columns: id, is_writer, cpu, lag_ms, last_update; where the server tells them: endpoint, port.
  std::string_view hosts;
  std::string_view own_id;     ///< one row: the answering host's id; its key where keys matter
  std::string_view writer_id;  ///< a row only when the answering host is the writer
  std::string_view is_reader;  ///< one boolean: truthy on readers
  /// `writer_id` names the host that the answering one follows: a row only on readers.
  bool writer_follows_nobody = false;
  /// Not empty: `writer_id` is no query that could be part of another, and gives the followed
  /// host's key in the column of this name. `hosts` has keys in the place of is_writer: the writer
  /// is the host followed, or the answering one when it follows nobody.
  std::string_view followed_column = {};
  bool tells_endpoints = false;  ///< `hosts` has endpoints, so that no host pattern is needed
};

/// What a host says about itself when asked.
struct SelfReport {
  std::string own_id;
  bool writer = false;     ///< by both its queries: right after a failover one alone may be stale
  std::string writer_key;  ///< only of dialects with a followed_column; empty when unknown
};

/// An answer whose columns are found by name.
struct NamedRows {
  std::vector<std::string> columns;
  TextRows rows;
};

/// All three questions of `queries` as one statement; empty when one of them is no SELECT.
std::string self_question(const TopologyQueries& queries);
/// The answer to self_question; throws HY000 when it has no row.
SelfReport read_self_report(const TopologyQueries& queries, const TextRows& answer);
/// The same from three separate answers.
SelfReport read_self_report(const TopologyQueries& queries, const TextRows& own_id,
                            const NamedRows& writer_id, const TextRows& is_reader);

/// Whether self_question failed because a host's own answers do not fit into one statement (two
/// rows where one belongs); each alone may.
bool is_no_scalar(const Error& failed);

/// Rows of TopologyQueries::hosts -> hosts, by spec 3.3: duplicates and several writers resolved by
/// last_update (none counts as now), weight computed. The endpoint is built from `pattern`; behind
/// a bare `?` it is the told one. Rows without an id are dropped. Empty when no writer is among
/// them.
std::vector<Host> read_topology(const TextRows& rows, const HostPattern& pattern,
                                std::uint16_t default_port);
/// The same as the host that gave `self` told it. Empty too when it lacks that host: such a picture
/// is of another cluster or of none.
std::vector<Host> read_topology(const TopologyQueries& queries, const SelfReport& self,
                                TextRows rows, const HostPattern& pattern,
                                std::uint16_t default_port);

/// Truthiness of an internal query's cell in both engines' text forms ("t", "true", "1", "ON").
bool truthy(const std::optional<std::string>& cell);

}  // namespace core
