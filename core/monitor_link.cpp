// SPDX-License-Identifier: Apache-2.0
// Links of the topology monitor and their questions.
#include "core/monitor_link.h"

#include <utility>

#include "core/background_exchange.h"
#include "core/monitor_connect.h"
#include "core/services.h"

namespace core {
namespace asio = boost::asio;
namespace {

using AccessPtr = std::shared_ptr<const MonitoringAccess>;

Error unresolvable(const MonitoringAccess& access, const HostPort& endpoint,
                   const Resolved& answer) {
  const bool built = endpoint != access.initial && access.pattern.text == "?";
  if (built && answer.addresses.no_such_name)
    return Error(sqlstate::invalid_attribute_value, "Topology",
                 answer.error +
                     "; the cluster's hosts have other names than their ids: give "
                     "cluster_instance_host_pattern",
                 Reached::not_sent);
  return Error(sqlstate::cannot_connect, "Topology", answer.error, Reached::not_sent,
               native_code::connect_failed);
}

}  // namespace

MonitorLink::MonitorLink(const Dialect& dialect, AccessPtr access, HostPort endpoint,
                         std::shared_ptr<Client> client)
    : dialect_(dialect),
      access_(std::move(access)),
      endpoint_(std::move(endpoint)),
      client_(std::move(client)) {
  one_by_one_ = self_question(*dialect_.topology).empty();
}

MonitorLink::~MonitorLink() {
  if (busy_ || !client_->usable()) client_->abort();
}

asio::awaitable<std::unique_ptr<MonitorLink>> MonitorLink::open(const Cluster& cluster,
                                                                AccessPtr access, HostPort endpoint,
                                                                Deadline deadline) {
  const Services& services = cluster.services();
  const Resolved answer = co_await resolve_name(*services.resolver, endpoint.host, deadline);
  if (!answer.error.empty()) throw unresolvable(*access, endpoint, answer);
  auto client = services.client_for(cluster.dialect().engine)->make(Workers::instance());
  LinkTarget target{endpoint, answer.addresses.numeric};
  Credentials credentials = co_await monitor_credentials(access->credentials, deadline);
  co_await connect_monitor(client, std::move(target), access->options, std::move(credentials),
                           deadline, "connecting the topology monitor");
  std::unique_ptr<MonitorLink> link(
      new MonitorLink(cluster.dialect(), access, endpoint, std::move(client)));
  co_return link;
}

asio::awaitable<NamedRows> MonitorLink::query(std::string_view sql, Deadline deadline) {
  busy_ = true;
  std::shared_ptr<TextExchange> asking = client_->start_text_query(std::string(sql));
  try {
    co_await drive(client_, asking, deadline, "a question of the topology monitor");
  } catch (const Error& failed) {
    busy_ = failed.link_lost() || failed.reached() != Reached::answered;
    throw;
  }
  busy_ = false;
  NamedRows answer{asking->column_names(), asking->take_rows()};
  co_return answer;
}

asio::awaitable<Standing> MonitorLink::ask(Deadline deadline) {
  if (one_by_one_) co_return co_await ask_one_by_one(deadline);
  Standing standing;
  standing.asked_at = Clock::now();
  std::optional<NamedRows> answer;
  try {
    answer = co_await query(self_question(*dialect_.topology), deadline);
  } catch (const Error& failed) {
    if (busy_ || !is_no_scalar(failed)) throw;
    one_by_one_ = true;
  }
  if (!answer) co_return co_await ask_one_by_one(deadline);
  static_cast<SelfReport&>(standing) = read_self_report(*dialect_.topology, answer->rows);
  co_return standing;
}

asio::awaitable<Standing> MonitorLink::ask_one_by_one(Deadline deadline) {
  const TopologyQueries& queries = *dialect_.topology;
  Standing standing;
  standing.asked_at = Clock::now();
  const NamedRows writer = co_await query(queries.writer_id, deadline);
  const NamedRows reader = co_await query(queries.is_reader, deadline);
  const NamedRows self = co_await query(queries.own_id, deadline);
  static_cast<SelfReport&>(standing) = read_self_report(queries, self.rows, writer, reader.rows);
  co_return standing;
}

asio::awaitable<std::vector<Host>> MonitorLink::hosts(SelfReport self, Deadline deadline) {
  NamedRows answer = co_await query(dialect_.topology->hosts, deadline);
  co_return read_topology(*dialect_.topology, self, std::move(answer.rows), access_->pattern,
                          endpoint_.port);
}

}  // namespace core
