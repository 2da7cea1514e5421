// SPDX-License-Identifier: Apache-2.0
// Looking things up in a topology, and its text form.
#include "core/topology.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

template <class Predicate>
const Host* first(const std::vector<Host>& hosts, Predicate&& matches) {
  const auto at = std::find_if(hosts.begin(), hosts.end(), matches);
  return at == hosts.end() ? nullptr : &*at;
}

const char* role_name(HostRole role) {
  switch (role) {
    case HostRole::writer: return "writer";
    case HostRole::reader: return "reader";
    case HostRole::unknown: break;
  }
  return "host";
}

}  // namespace

const Host* Topology::find(std::string_view id) const {
  return first(hosts, [&](const Host& host) { return host.id == id; });
}

const Host* Topology::find(const HostPort& endpoint) const {
  return first(hosts, [&](const Host& host) { return host.endpoint == endpoint; });
}

const Host* Topology::writer() const {
  return first(hosts, [](const Host& host) { return host.role == HostRole::writer; });
}

std::string to_text(const Topology& topology) {
  std::string text;
  for (const Host& host : topology.hosts)
    text += fmt::format("{}{} {} ({})", text.empty() ? "" : ", ", role_name(host.role), host.id,
                        host.endpoint.text());
  return text.empty() ? "no hosts" : text;
}

}  // namespace core
