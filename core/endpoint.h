// SPDX-License-Identifier: Apache-2.0
// What an RDS host name says about itself (spec core-behaviour 4). Hand-written, table-tested, no
// regular expressions. Names are compared without case; a port and one trailing dot are stripped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

enum class EndpointKind : std::uint8_t {
  ip,
  global_writer,
  writer_cluster,
  reader_cluster,
  limitless,
  custom_cluster,
  proxy,
  instance,
  other,
};

/// The parts of an endpoint name; empty where they do not apply. Owns its texts.
struct Endpoint {
  EndpointKind kind = EndpointKind::other;
  std::string host;    ///< lower case, without port and trailing dot
  std::string region;  ///< "us-east-1"; empty for global, IP, other (but for load balancers)
  std::string domain;  ///< "<xyz>.<region>.rds.amazonaws.com": account and region, not cluster
  std::string instance_pattern;  ///< "?.<domain>"; empty for global, IP and other
  std::string cluster_name;      ///< <instance> of a cluster, global or shard group endpoint
  std::string instance_id;       ///< <instance> of an instance endpoint
  bool is_green = false;         ///< "-green-abc123." in the name
  bool is_old_blue = false;      ///< "-old1." in the name

  bool is_cluster() const;  ///< writer, reader, custom, global
  bool is_rds() const;      ///< all but ip and other
};

/// Never throws; unknown shapes are `other`.
Endpoint parse_endpoint(std::string_view host);

/// "name-green-abc123" -> "name"; a name without the infix is returned as it is. Works on bare ids
/// and on host names.
std::string without_green_infix(std::string_view name);

/// A `?`-template of instance endpoints (spec 1.7).
struct HostPattern {
  std::string text;        ///< contains exactly one significant `?`
  std::uint16_t port = 0;  ///< 0 = not in the pattern

  /// Throws HY024 with a sentence for patterns without `?` or of cluster or proxy shape. A port is
  /// looked for behind the last `.` or `]` only.
  static HostPattern parse(std::string_view pattern);
  std::string host_for(std::string_view instance_id) const;
};

}  // namespace core
