// SPDX-License-Identifier: Apache-2.0
// The connect exchange: libpq's poll loop, then at most one round trip for settings the decoders
// rely on.
#include "core/client/pg_connect.h"

#include "core/client/fork_gate.h"
#include "core/client/link_options.h"
#include "core/client/pg_errors.h"
#include "core/client/pg_options.h"
#include "core/client/pg_type_options.h"
#include "core/client/pg_wire.h"

namespace core {

class PgConnect final : public Exchange {
 public:
  PgConnect(std::shared_ptr<PgClient> client, LinkTarget target, const Options& options,
            Credentials credentials)
      : client_(std::move(client)),
        target_(std::move(target)),
        credentials_(std::move(credentials)),
        keywords_(target_, options, credentials_) {}

  Want step() override;
  int descriptor() const override { return PQsocket(client_->conn_); }

 private:
  enum class Stage : std::uint8_t { start, polling, settings, done };
  Want start();
  Want poll();
  Want logged_in();
  Want read_settings_answer();
  std::string missing_settings() const;
  [[noreturn]] void fail(const char* message);

  std::shared_ptr<PgClient> client_;
  LinkTarget target_;
  Credentials credentials_;
  PgKeywords keywords_;
  Stage stage_ = Stage::start;
};

Want PgConnect::step() {
  switch (stage_) {
    case Stage::start: return start();
    case Stage::polling: return poll();
    case Stage::settings:
      if (!client_->consume_input()) fail(PQerrorMessage(client_->conn_));
      return read_settings_answer();
    case Stage::done: break;
  }
  return Want::done;
}

void PgConnect::fail(const char* message) {
  stage_ = Stage::done;
  client_->broken_.store(true, std::memory_order_release);
  throw connect_error(target_.endpoint, message);
}

Want PgConnect::start() {
  stage_ = Stage::polling;
  client_->endpoint_ = target_.endpoint;
  PGconn* conn = PQconnectStartParams(keywords_.names(), keywords_.values(), 0);
  if (conn == nullptr)
    throw Error(sqlstate::no_memory, pg_component, "out of memory", Reached::not_sent);
  client_->conn_ = conn;
  PQsetNoticeReceiver(conn, PgClient::on_notice, client_.get());
  // Only the verbose form of a connect's failure carries the SQLSTATE.
  PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
  if (PQstatus(conn) == CONNECTION_BAD) fail(PQerrorMessage(conn));
  client_->guard_.expose(PQsocket(conn));
  return Want::write;
}

namespace {

PostgresPollingStatusType poll_gated(PGconn* conn) {
  const ForkGate gate;
  return PQconnectPoll(conn);
}

}  // namespace

Want PgConnect::poll() {
  PGconn* conn = client_->conn_;
  if (client_->guard_.was_shut_down()) fail("the connect was given up by this driver");
  // libpq may close its socket in here and go on with the next address; an abort in between is
  // remembered by the guard and takes effect at expose.
  client_->guard_.withdraw();
  const PostgresPollingStatusType status = poll_gated(conn);
  if (status != PGRES_POLLING_FAILED) client_->guard_.expose(PQsocket(conn));
  switch (status) {
    case PGRES_POLLING_READING: return Want::read;
    case PGRES_POLLING_WRITING: return Want::write;
    case PGRES_POLLING_OK: return logged_in();
    default: fail(PQerrorMessage(conn));
  }
}

Want PgConnect::logged_in() {
  PGconn* conn = client_->conn_;
  PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
  PQsetnonblocking(conn, 1);
  client_->tls_ = PQsslInUse(conn) != 0 ? PQsslStruct(conn, "OpenSSL") : nullptr;
  client_->connected_.store(true, std::memory_order_release);
  const std::string settings = missing_settings();
  if (settings.empty()) {
    stage_ = Stage::done;
    return Want::done;
  }
  stage_ = Stage::settings;
  client_->send_simple(settings.c_str(), false);
  return read_settings_answer();
}

// The text decoders read ISO dates and postgres intervals; proxies pin a session at SET, so it is
// sent only where a server differs.
std::string PgConnect::missing_settings() const {
  std::string sql;
  if (!client_->server_parameter("DateStyle").starts_with("ISO")) sql = "SET DateStyle TO 'ISO';";
  const std::string style = client_->server_parameter("IntervalStyle");
  if (!style.empty() && style != "postgres") sql.append("SET IntervalStyle TO 'postgres';");
  if (client_->server_parameter("standard_conforming_strings") == "off")
    sql.append("SET standard_conforming_strings TO on;");
  return sql;
}

Want PgConnect::read_settings_answer() {
  PQflush(client_->conn_);
  for (;;) {
    PgMessage message;
    switch (client_->take(message)) {
      case PgClient::Taken::busy: return Want::read;
      case PgClient::Taken::finished: stage_ = Stage::done; return Want::done;
      case PgClient::Taken::message: break;
    }
    if (PQresultStatus(message.get()) == PGRES_FATAL_ERROR)
      throw client_->failure_of(*message, StopCause::none);
  }
}

std::unique_ptr<Exchange> PgClient::start_connect(LinkTarget target, const Options& options,
                                                  Credentials credentials) {
  auto self = std::static_pointer_cast<PgClient>(shared_from_this());
  rewrites_arrays_ = options.boolean(link_options::array_rewrite);
  guards_statements_ = options.choice(pg_options::rollback_on_error) ==
                       static_cast<std::size_t>(pg_options::RollbackOnError::statement);
  rules_ = pg_type_options::rules(options);
  spool_settings_ = SpoolSettings::from(options);
  return std::make_unique<PgConnect>(std::move(self), std::move(target), options,
                                     std::move(credentials));
}

}  // namespace core
