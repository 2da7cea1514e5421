// SPDX-License-Identifier: Apache-2.0
// The grammar `<instance>.<prefix>?<xyz>.<tail>` of RDS host names, read label by label. The tails
// are those of all AWS partitions, with the region before or behind "rds".
#include "core/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "core/ascii.h"
#include "core/error.h"

namespace core {
namespace {

constexpr std::string_view suffixes[] = {"amazonaws.com", "amazonaws.com.cn", "amazonaws.eu",
                                         "amazonaws.au",  "amazonaws.uk",     "c2s.ic.gov",
                                         "sc2s.sgov.gov", "cloud.adc-e.uk",   "csp.hci.ic.gov"};
constexpr std::string_view services[] = {"rds", "rds-fips"};

struct Prefix {
  std::string_view text;
  EndpointKind kind;
};
// A longer prefix stands before its own beginning.
constexpr Prefix prefixes[] = {{"cluster-custom-", EndpointKind::custom_cluster},
                               {"cluster-ro-", EndpointKind::reader_cluster},
                               {"cluster-", EndpointKind::writer_cluster},
                               {"global-", EndpointKind::global_writer},
                               {"shardgrp-", EndpointKind::limitless},
                               {"proxy-", EndpointKind::proxy}};

constexpr std::size_t longest_name = 253;  // RFC 1035, presentation form
constexpr std::string_view green_mark = "-green-";
constexpr std::size_t green_length = green_mark.size() + 6;

bool is_lower_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

bool is_label(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_alnum(c) || c == '-' || c == '_';
  });
}

bool is_account_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_lower_alnum);
}

/// "us-east-1", "us-iso-east-1", "eusc-de-east-1": words with a number at the end.
bool is_region(std::string_view text) {
  return is_label(text) && text.find('-') != std::string_view::npos && text.back() >= '0' &&
         text.back() <= '9';
}

/// Lower case, without port, brackets and trailing dot.
std::string bare_host(std::string_view name) {
  if (name.starts_with('[')) {
    name = name.substr(1, name.find(']') - 1);
  } else if (const std::size_t colon = name.find(':');
             colon != std::string_view::npos && colon == name.rfind(':')) {
    name = name.substr(0, colon);
  }
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string host = lower(name);
  return host;
}

bool is_address(const std::string& host) {
  in6_addr parsed{};
  const std::string without_zone = host.substr(0, host.find('%'));
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, without_zone.c_str(), &parsed) == 1;
}

/// A host name taken apart at its AWS suffix; labels count from the left.
struct Name {
  std::vector<std::string_view> labels;  // in front of the suffix
  std::string_view last(std::size_t from_end) const {
    return labels.size() > from_end ? labels[labels.size() - 1 - from_end] : std::string_view();
  }
};

std::optional<Name> split(std::string_view host) {
  for (const std::string_view suffix : suffixes) {
    if (!host.ends_with(suffix) || host.size() < suffix.size() + 2) continue;
    const std::size_t front = host.size() - suffix.size() - 1;
    if (host[front] != '.') continue;
    Name name;
    std::string_view rest = host.substr(0, front);
    while (true) {
      const std::size_t dot = rest.find('.');
      name.labels.push_back(rest.substr(0, dot));
      if (dot == std::string_view::npos) return name;
      rest.remove_prefix(dot + 1);
    }
  }
  return std::nullopt;
}

bool is_service(std::string_view label) {
  return std::find(std::begin(services), std::end(services), label) != std::end(services);
}

/// The region of "<region>.rds" or "rds.<region>" at the end of the labels, "global" for global
/// endpoints; empty for other services.
std::string_view region_of(const Name& name) {
  if (is_service(name.last(0)) && (is_region(name.last(1)) || name.last(1) == "global"))
    return name.last(1);
  if (is_service(name.last(1)) && is_region(name.last(0))) return name.last(0);
  return {};
}

/// Kind and account id of the label in front of the tail.
struct Middle {
  EndpointKind kind;
  std::string_view account_id;
};

std::optional<Middle> read_middle(std::string_view label) {
  for (const Prefix& prefix : prefixes)
    if (label.starts_with(prefix.text) && is_account_id(label.substr(prefix.text.size())))
      return Middle{prefix.kind, label.substr(prefix.text.size())};
  if (is_account_id(label)) return Middle{EndpointKind::instance, label};
  return std::nullopt;
}

bool fits(const Name& name, const Middle& middle, std::string_view region) {
  if ((middle.kind == EndpointKind::global_writer) != (region == "global")) return false;
  if (!is_label(name.labels[0])) return false;
  if (name.labels.size() == 4) return true;
  return name.labels.size() == 5 && middle.kind == EndpointKind::proxy &&
         name.labels[1] == "endpoint";
}

void read_rds_name(const Name& name, std::string_view region, Endpoint& endpoint) {
  const auto middle = read_middle(name.last(2));
  if (!middle || name.labels.size() < 4 || !fits(name, *middle, region)) return;
  endpoint.kind = middle->kind;
  const std::size_t from =
      static_cast<std::size_t>(middle->account_id.data() - endpoint.host.data());
  endpoint.domain = endpoint.host.substr(from);
  if (middle->kind != EndpointKind::global_writer) {
    endpoint.region = region;
    endpoint.instance_pattern = "?." + endpoint.domain;
  }
  if (middle->kind == EndpointKind::instance)
    endpoint.instance_id = name.labels[0];
  else if (middle->kind != EndpointKind::proxy)
    endpoint.cluster_name = name.labels[0];
}

/// Where "-green-abc123" stands: at the end of the name or in front of a dot.
std::size_t find_green_infix(std::string_view name) {
  for (std::size_t at = 0; at + green_length <= name.size(); ++at) {
    const std::string_view here = name.substr(at, green_length);
    const auto same = [](char a, char b) { return lower(a) == b; };
    if (!std::equal(green_mark.begin(), green_mark.end(), here.begin(),
                    [&](char mark, char c) { return same(c, mark); }))
      continue;
    const std::string_view id = here.substr(green_mark.size());
    const std::size_t end = at + green_length;
    if (std::all_of(id.begin(), id.end(), [](char c) { return is_lower_alnum(lower(c)); }) &&
        (end == name.size() || name[end] == '.'))
      return at;
  }
  return std::string_view::npos;
}

[[noreturn]] void refuse_pattern(std::string_view pattern, std::string_view why) {
  throw Error(sqlstate::invalid_attribute_value, "Options",
              fmt::format("cluster_instance_host_pattern: '{}' {}; allowed: a template such as "
                          "?.xyz.us-east-1.rds.amazonaws.com or ?.db.example.com:5432",
                          pattern.substr(0, longest_name), why),
              Reached::not_sent);
}

std::uint16_t read_port(std::string_view pattern, std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0)
    refuse_pattern(pattern, "ends in something that is no port");
  return port;
}

}  // namespace

bool Endpoint::is_cluster() const {
  return kind == EndpointKind::writer_cluster || kind == EndpointKind::reader_cluster ||
         kind == EndpointKind::custom_cluster || kind == EndpointKind::global_writer;
}

bool Endpoint::is_rds() const { return kind != EndpointKind::ip && kind != EndpointKind::other; }

Endpoint parse_endpoint(std::string_view host) {
  Endpoint endpoint;
  endpoint.host = bare_host(host);
  if (is_address(endpoint.host)) {
    endpoint.kind = EndpointKind::ip;
    return endpoint;
  }
  // Longer than any name that can be resolved.
  if (endpoint.host.size() > longest_name) return endpoint;
  endpoint.is_green = find_green_infix(endpoint.host) != std::string_view::npos;
  endpoint.is_old_blue = endpoint.host.find("-old1.") != std::string::npos;
  const auto name = split(endpoint.host);
  if (!name) return endpoint;
  if (const std::string_view region = region_of(*name); !region.empty())
    read_rds_name(*name, region, endpoint);
  else if (name->last(1) == "elb" && is_region(name->last(0)) && name->labels.size() > 2)
    endpoint.region = name->last(0);
  return endpoint;
}

std::string without_green_infix(std::string_view name) {
  const std::size_t at = find_green_infix(name);
  if (at == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, at)).append(name.substr(at + green_length));
}

HostPattern HostPattern::parse(std::string_view pattern) {
  std::string_view text = pattern;
  HostPattern result;
  // A colon in front of the last dot or bracket belongs to an address, not to a port.
  const std::size_t last = text.find_last_of(".]");
  const std::size_t colon = text.find(':', last == std::string_view::npos ? 0 : last);
  if (colon != std::string_view::npos) {
    result.port = read_port(pattern, text.substr(colon + 1));
    text = text.substr(0, colon);
  }
  if (text.ends_with('.')) text.remove_suffix(1);
  const auto marks = std::count(text.begin(), text.end(), '?');
  if (marks == 0) refuse_pattern(pattern, "has no ? where the instance id belongs");
  if (marks > 1) refuse_pattern(pattern, "has more than one ?");
  if (text.size() > longest_name) refuse_pattern(pattern, "is longer than a host name can be");
  result.text = text;
  const EndpointKind kind = parse_endpoint(result.host_for("x")).kind;
  if (kind != EndpointKind::instance && kind != EndpointKind::other && kind != EndpointKind::ip)
    refuse_pattern(pattern, "has the shape of a cluster or proxy endpoint, not of an instance's");
  return result;
}

std::string HostPattern::host_for(std::string_view instance_id) const {
  std::string host = text;
  if (const std::size_t at = host.find('?'); at != std::string::npos)
    host.replace(at, 1, instance_id);
  return host;
}

}  // namespace core
