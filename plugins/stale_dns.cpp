// SPDX-License-Identifier: Apache-2.0
// The check itself is core/writer_link.h; the failover plugin makes it too.
#include "plugins/stale_dns.h"

#include "core/writer_link.h"

namespace plugins {
namespace {

constexpr std::string_view aliases[] = {"auroraStaleDns"};

std::unique_ptr<core::Plugin> make(core::Session& session, const core::Options&) {
  return std::make_unique<StaleDns>(session);
}

}  // namespace

constinit const core::PluginDescriptor stale_dns_descriptor{
    .code = "stale_dns",
    .aliases = aliases,
    .weight = 700,
    .conflicts = {},
    .make = make,
};

std::shared_ptr<core::Client> StaleDns::connect(core::ConnectRequest& request,
                                                const core::NextConnect& next) {
  return core::past_stale_dns(session_, next(request), request, next);
}

}  // namespace plugins
