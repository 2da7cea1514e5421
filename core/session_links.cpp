// SPDX-License-Identifier: Apache-2.0
// Session, the lower half: opening links, learning dialect and cluster, installing a link and
// restoring the session state on it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/connector.h"
#include "core/engine_choice.h"
#include "core/log.h"
#include "core/session.h"

namespace core {
namespace {

const Dialect* explicit_dialect(const Services& services, const Options& options) {
  const std::string name = options.text(general::wrapper_dialect);
  if (name.empty()) return nullptr;
  const Dialect* dialect = services.dialects.find(name);
  if (dialect == nullptr)
    throw Error(sqlstate::invalid_attribute_value, "Options",
                fmt::format("wrapper_dialect: there is no dialect '{}'; known dialects: {}; leave "
                            "it out to have it "
                            "detected",
                            name, services.dialects.names()),
                Reached::not_sent);
  return dialect;
}

void refuse_clash(Engine engine, const Dialect* dialect) {
  if (dialect == nullptr || dialect->engine == engine) return;
  throw Error(
      sqlstate::invalid_attribute_value, "Options",
      fmt::format(
          "engine and wrapper_dialect contradict each other: '{}' is a dialect of the other engine",
          dialect->name),
      Reached::not_sent);
}

}  // namespace

void run_on(Client& client, Exchange& exchange, Deadline deadline, const Interrupt* interrupt,
            const char* what) {
  try {
    run(exchange, deadline, interrupt, what);
  } catch (const Error& error) {
    // An unanswered internal query leaves the link between two messages: nobody may speak on it
    // again.
    if (error.reached() != Reached::answered) client.abort();
    throw;
  }
}

Session::Session(const Services& services, Options options, std::vector<OptionWarning>& warnings)
    : services_(services), options_(std::move(options)) {
  const Dialect* chosen = explicit_dialect(services_, options_);
  engine_ = choose_engine(options_, chosen);
  refuse_clash(engine_, chosen);
  if (services_.client_for(engine_) == nullptr)
    throw Error(sqlstate::invalid_attribute_value, "Options",
                "engine: this build of the driver has no client for the chosen engine",
                Reached::not_sent);

  target_.host = options_.text(general::host);
  if (target_.host.empty()) target_.host = "localhost";
  const Endpoint endpoint = parse_endpoint(target_.host);
  const auto guess =
      services_.dialects.initial(chosen != nullptr ? chosen->name : "", endpoint, engine_);
  dialect_ = guess.dialect;
  dialect_fixed_ = guess.fixed;
  target_.port = options_.given(general::port)
                     ? static_cast<std::uint16_t>(options_.integer(general::port))
                     : dialect_->default_port;
  if (!dialect_fixed_) {
    if (const Dialect* known = ClusterDirectory::instance().known_dialect(engine_, target_)) {
      dialect_ = known;
      dialect_fixed_ = true;
    }
  }
  current_host_.endpoint = target_;
  credentials_ =
      fixed_credentials(options_.text(general::user), options_.secret(general::password));
  for (const PluginDescriptor* plugin : services_.plugins.chosen(options_))
    pipeline_.add(plugin->make(*this, options_));
  if (!options_.text(general::cluster_instance_host_pattern).empty())
    HostPattern::parse(options_.text(general::cluster_instance_host_pattern));
  if (dialect_fixed_ && dialect_->has_topology() && pipeline_.needs_topology() &&
      !dialect_->topology->tells_endpoints && !endpoint.is_rds() &&
      !options_.given(general::cluster_instance_host_pattern))
    warnings.push_back({sqlstate::general_warning,
                        "the endpoints of the cluster's hosts cannot be derived from '" +
                            target_.host +
                            "'; give cluster_instance_host_pattern, for example "
                            "?.xyz.us-east-1.rds.amazonaws.com"});
}

Session::~Session() { disconnect(); }

void Session::connect(const Limits& limits) {
  lease_ = Background::instance().lease();
  Limits within = limits;
  if (options_.given(general::connect_timeout))
    within.deadline =
        earlier(within.deadline, Deadline::after_or_never(options_.span(general::connect_timeout)));
  ConnectRequest request{.host = target_,
                         .options = &options_,
                         .initial = true,
                         .deadline = within.deadline,
                         .interrupt = within.interrupt};
  auto client = open_link(request);
  if (auto identity = identify(*client, within)) {
    use_ = Cluster::Use(identity->cluster, monitoring_access());
    const TopologyPtr topology = use_->topology();
    if (const Host* self = topology != nullptr ? topology->find(identity->instance_id) : nullptr)
      current_host_ = *self;
  }
  install(std::move(client), current_host_, nullptr, within);
}

void Session::disconnect() noexcept {
  try {
    if (client_ != nullptr && client_->usable() && client_->in_transaction())
      client_->end_transaction(Client::Completion::rollback,
                               Limits{.deadline = auxiliary_deadline(Deadline::never())});
  } catch (const std::exception&) {  // closing the link rolls back as well
  }
  std::shared_ptr<Client> last;
  {
    const std::scoped_lock lock(client_mutex_);
    last = std::move(client_);
    client_ = nullptr;
  }
  last.reset();
  use_ = {};
  lease_ = {};
}

Deadline Session::auxiliary_deadline(Deadline limit) const {
  return earlier(limit,
                 Deadline::after_or_never(options_.span(general::auxiliary_query_timeout_sec)));
}

std::shared_ptr<Client> Session::open_link(ConnectRequest& request) {
  return pipeline_.connect(request, [this](ConnectRequest& r) { return make_link(r); });
}

std::shared_ptr<Client> Session::make_link(ConnectRequest& request) {
  return Connector(services_, *services_.client_for(engine_), credentials_).connect(request);
}

NamedRows Session::ask(Client& client, std::string_view sql, Deadline deadline,
                       const Interrupt* interrupt) const {
  const auto exchange = client.start_text_query(std::string(sql));
  run_on(client, *exchange, auxiliary_deadline(deadline), interrupt, "an internal query");
  return {exchange->column_names(), exchange->take_rows()};
}

void Session::learn_dialect(Client& client, Deadline deadline, const Interrupt* interrupt) {
  if (dialect_fixed_) return;
  if (!pipeline_.needs_topology()) {
    dialect_ = &services_.dialects.by_version(*dialect_, client.server_version());
    return;
  }
  const Dialect* ungranted = nullptr;
  try {
    Dialects candidates = services_.dialects.candidates(*dialect_);
    if (const std::string sql = variables_statement(candidates); !sql.empty())
      candidates = holding(candidates, ask(client, sql, deadline, interrupt).rows);
    TextRows answer;
    if (const std::string sql = probe_statement(candidates); !sql.empty())
      answer = ask(client, sql, deadline, interrupt).rows;
    dialect_ = &first_true(candidates, answer, services_.dialects.fallback(*dialect_));
    ungranted = first_without_grants(candidates, answer);
  } catch (const Error& error) {
    if (error.reached() != Reached::answered) throw;
    log::line(log::Level::warn, "Dialect", "detection failed, staying with {}: {}", dialect_->name,
              error.what());
    return;  // not remembered: the next connection asks again
  }
  dialect_fixed_ = true;
  const bool news = ClusterDirectory::instance().remember_dialect(engine_, target_, *dialect_);
  if (news && ungranted != nullptr && !dialect_->has_topology())
    log::line(log::Level::warn, "Dialect",
              "{} is {} but does not tell its hosts to this user, so failover is off: {}",
              target_.text(), ungranted->name, ungranted->grants);
  log::line(log::Level::debug, "Dialect", "{} speaks {}", target_.text(), dialect_->name);
}

HostPattern Session::host_pattern() const {
  if (const std::string given = options_.text(general::cluster_instance_host_pattern);
      !given.empty())
    return HostPattern::parse(given);
  const Endpoint endpoint = parse_endpoint(target_.host);
  return HostPattern{endpoint.instance_pattern.empty() ? "?" : endpoint.instance_pattern, 0};
}

MonitoringAccess Session::monitoring_access() const {
  constexpr std::string_view prefix = "topology-monitoring-";
  Options options = options_.with_prefix(prefix);
  auto credentials = credentials_;
  if (options_.given(general::user, prefix) || options_.given(general::password, prefix))
    credentials = fixed_credentials(options.text(general::user), options.secret(general::password));
  return MonitoringAccess{std::move(options), std::move(credentials), host_pattern(), target_};
}

std::optional<ClusterDirectory::Identity> Session::identify(Client& client, const Limits& limits) {
  learn_dialect(client, limits.deadline, limits.interrupt);
  if (!dialect_->has_topology() || !pipeline_.needs_topology()) return std::nullopt;
  auto& directory = ClusterDirectory::instance();
  const std::string peer = client.peer_address();
  if (auto known = directory.known_identity(engine_, target_, peer)) return known;
  if (client.generation() == unidentified_) return std::nullopt;
  const SelfReport self = ask_self(client, limits.deadline, limits.interrupt);
  auto rows = ask(client, dialect_->topology->hosts, limits.deadline, limits.interrupt).rows;
  const std::size_t told = rows.size();
  auto hosts =
      read_topology(*dialect_->topology, self, std::move(rows), host_pattern(), target_.port);
  if (hosts.empty()) {
    log::line(log::Level::warn, "Topology",
              "{} tells a topology without itself or without a writer (own id '{}', {} rows): "
              "not used, failover is off for this connection",
              target_.text(), self.own_id, told);
    unidentified_ = client.generation();
    return std::nullopt;
  }
  return directory.learn(engine_, target_, peer, self.own_id, std::move(hosts),
                         options_.text(general::cluster_id), *dialect_, monitoring_access(),
                         services_);
}

std::shared_ptr<Cluster> Session::known_cluster() const {
  if (!dialect_->has_topology() || !options_.text(general::cluster_id).empty()) return nullptr;
  return ClusterDirectory::instance().known_cluster(engine_, target_);
}

void Session::note_identity(const Client& client, const std::shared_ptr<Cluster>& cluster,
                            const std::string& instance_id) const {
  ClusterDirectory::instance().remember_identity(engine_, target_, client.peer_address(), cluster,
                                                 instance_id);
}

SelfReport Session::ask_self(Client& client, Deadline deadline, const Interrupt* interrupt) const {
  const TopologyQueries& queries = *dialect_->topology;
  if (const std::string all = self_question(queries); !all.empty()) try {
      return read_self_report(queries, ask(client, all, deadline, interrupt).rows);
    } catch (const Error& failed) {
      if (!client.usable() || !is_no_scalar(failed)) throw;
    }
  const NamedRows own_id = ask(client, queries.own_id, deadline, interrupt);
  const NamedRows writer_id = ask(client, queries.writer_id, deadline, interrupt);
  const NamedRows is_reader = ask(client, queries.is_reader, deadline, interrupt);
  return read_self_report(queries, own_id.rows, writer_id, is_reader.rows);
}

void Session::install(std::shared_ptr<Client> client, Host host, SwitchTimes* times,
                      const Limits& limits) {
  const bool switched = client_ != nullptr;
  if (const std::string own = options_.text(general::init_sql); !own.empty())
    ask(*client, own, limits.deadline, limits.interrupt);
  if (!switched || options_.boolean(general::transfer_session_state_on_switch))
    for (const std::string& sql : state_.statements(*dialect_))
      ask(*client, sql, limits.deadline, limits.interrupt);
  std::shared_ptr<Client> old;
  {
    const std::scoped_lock lock(client_mutex_);
    old = std::exchange(client_, std::move(client));
  }
  if (old != nullptr) old->abort();  // results of it may live on; nobody waits for a silent peer
  current_host_ = std::move(host);
  if (times != nullptr) times->state_restored = elapsed_ms(times->fault);
  pipeline_.on_connection_changed(switched ? ConnectionChange::switched
                                           : ConnectionChange::initial);
}

}  // namespace core
