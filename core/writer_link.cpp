// SPDX-License-Identifier: Apache-2.0
// Who answers decides, not what addresses names have: roles and ids are asked of the hosts.
#include "core/writer_link.h"

#include "core/log.h"
#include "core/telemetry.h"

namespace core {
namespace {

constexpr auto component = "StaleDns";
constexpr milliseconds search_limit{5000};

bool means_the_writer(const std::string& host) {
  const EndpointKind kind = parse_endpoint(host).kind;
  return kind == EndpointKind::writer_cluster || kind == EndpointKind::global_writer;
}

/// Right after a failover a former writer that was frozen may still believe in itself.
bool is_the_writer(const SelfReport& self, const Cluster& cluster) {
  const TopologyPtr known = cluster.topology();
  const bool another =
      known != nullptr && !known->verified_writer.empty() && known->verified_writer != self.own_id;
  return self.writer && !another;
}

std::shared_ptr<Client> open_writer(Session& session, const Host& writer, ConnectRequest& request,
                                    const NextConnect& next) {
  ConnectRequest direct = request;
  direct.host = writer.endpoint;
  auto link = next(direct);
  const SelfReport self = session.ask_self(*link, request.deadline, request.interrupt);
  if (!self.writer || self.own_id != writer.id) return nullptr;
  request.host = direct.host;
  return link;
}

}  // namespace

std::shared_ptr<Client> past_stale_dns(Session& session, std::shared_ptr<Client> client,
                                       ConnectRequest& request, const NextConnect& next) {
  if (!means_the_writer(request.host.host)) return client;
  const auto identity =
      session.identify(*client, {.deadline = request.deadline, .interrupt = request.interrupt});
  if (!identity) return client;
  const SelfReport self = session.ask_self(*client, request.deadline, request.interrupt);
  if (is_the_writer(self, *identity->cluster)) return client;
  telemetry::stale_dns_detected.add();
  log::line(log::Level::info, component, "{} leads to {}, which is not the writer",
            request.host.text(), self.own_id);
  try {
    const TopologyPtr topology = identity->cluster->wait_for_writer(
        Clock::now(), earlier(request.deadline, Deadline::after(search_limit)), request.interrupt);
    if (topology == nullptr || topology->verified_writer == self.own_id) return client;
    if (auto link = open_writer(session, *topology->writer(), request, next)) {
      session.note_identity(*link, identity->cluster, topology->verified_writer);
      return link;
    }
  } catch (const Error& error) {
    if (error.state() == sqlstate::cancelled) throw;
    log::line(log::Level::warn, component, "the writer behind {} could not be reached: {}",
              request.host.text(), error.what());
  }
  return client;
}

}  // namespace core
