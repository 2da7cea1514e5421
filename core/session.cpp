// SPDX-License-Identifier: Apache-2.0
// Session, the upper half: statements, fetching, transactions and session attributes, each as an
// Operation through the pipeline. The lower half (links, identity) is core/session_links.cpp.
#include "core/session.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "core/log.h"
#include "core/sql_text.h"

namespace core {
namespace {

Error closed_session() {
  return Error(sqlstate::link_lost, "Connection",
               "the connection to the server is lost and was not replaced; disconnect and connect "
               "again",
               Reached::not_sent)
      .with_link_lost();
}

/// Knows whether any set has been executed.
class CountedBatch final : public Batch {
 public:
  explicit CountedBatch(Batch& inner) : inner_(inner) {}
  std::size_t size() const override { return inner_.size(); }
  bool read(std::size_t set, std::span<const Parameter>& values) override {
    return inner_.read(set, values);
  }
  void executed(std::size_t set, std::int64_t affected) override {
    any_ = true;
    inner_.executed(set, affected);
  }
  bool failed(std::size_t set, const Error& error) override { return inner_.failed(set, error); }
  bool ends_at_first_failure() const override { return inner_.ends_at_first_failure(); }
  bool any() const { return any_; }

 private:
  Batch& inner_;
  bool any_ = false;
};

}  // namespace

/// The link to speak on; a link known to be broken still counts: speaking on it fails as
/// not sent, and the failover plugin takes it from there.
Client& Session::require_client() const {
  if (dead_ || client_ == nullptr) throw closed_session();
  return *client_;
}

void Session::tell_plugins_of_topology() {
  if (!use_ || use_->version() == told_topology_) return;
  const TopologyPtr topology = use_->topology();
  told_topology_ = topology->version;
  pipeline_.on_topology(*topology);
}

Operation Session::operation(OperationKind kind, std::string_view sql, const Limits& limits) {
  tell_plugins_of_topology();
  Operation operation{.kind = kind, .sql = sql, .limits = limits};
  operation.in_transaction = in_transaction();
  return operation;
}

std::unique_ptr<Result> Session::execute(const Query& query, const Limits& limits,
                                         OperationKind kind) {
  Query sent = query;
  // A question about the catalog belongs to an open transaction, but begins none.
  sent.open_transaction = !state_.autocommit && kind != OperationKind::catalog;
  Operation op = operation(kind, query.sql, limits);
  op.parameters = query.parameters;
  op.continues = query.continues;
  std::unique_ptr<Result> result;
  pipeline_.run(op, [&](Operation& o) {
    try {
      result = require_client().execute(sent, o.limits);
    } catch (const Error& error) {
      // BEGIN went out in the same flight: from here on the statement belongs to a transaction.
      if (error.reached() == Reached::sent) o.in_transaction |= sent.open_transaction;
      throw;
    }
  });
  return result;
}

std::unique_ptr<Result> Session::execute_batch(const Query& query, Batch& batch,
                                               const Limits& limits) {
  Query sent = query;
  sent.open_transaction = !state_.autocommit;
  Operation op = operation(OperationKind::execute, query.sql, limits);
  op.continues = query.continues;
  CountedBatch counted(batch);
  std::unique_ptr<Result> result;
  pipeline_.run(op, [&](Operation& o) {
    try {
      result = require_client().execute_batch(sent, counted, o.limits);
    } catch (const Error& error) {
      o.continues |= counted.any();
      // Sets were executed in a transaction that this call began.
      if (error.reached() == Reached::sent || counted.any())
        o.in_transaction |= sent.open_transaction;
      throw;
    }
  });
  return result;
}

std::shared_ptr<Prepared> Session::prepare(std::string_view sql, int parameter_count,
                                           std::shared_ptr<Prepared> reuse, const Limits& limits) {
  Operation op = operation(OperationKind::prepare, sql, limits);
  std::shared_ptr<Prepared> prepared;
  pipeline_.run(op, [&](Operation& o) {
    prepared = require_client().prepare(sql, parameter_count, reuse, o.limits);
  });
  return prepared;
}

/// A result of an earlier link fails here although the session has a new, sound one: the switch has
/// been reported to another statement, this one learns it once.
void Session::translate_stale_result(const Error& error, std::string_view sql) const {
  if (!error.link_lost() || client_ == nullptr || !client_->usable()) return;
  if (!provably_read_only(sql))
    throw Error(sqlstate::transaction_unknown, "Failover",
                "the connection was switched to another host while this result was open. Whether "
                "its statement took effect is not known: look before you repeat it",
                Reached::sent, native_code::outcome_unknown)
        .caused_by(error);
  throw Error(sqlstate::connection_switched, "Failover",
              "the connection was switched to another host while this result was open; its "
              "remaining rows are gone, "
              "execute the statement again",
              Reached::answered, native_code::failover_success)
      .caused_by(error);
}

template <class Step>
void Session::read_step(OperationKind kind, const Limits& limits, std::string_view sql,
                        Step&& step) {
  Operation op = operation(kind, sql, limits);
  pipeline_.run(op, [&](Operation& o) {
    try {
      step(o);
    } catch (const Error& error) {
      translate_stale_result(error, sql);
      throw;
    }
  });
}

bool Session::next_row(Result& result, const Limits& limits, std::string_view sql) {
  while (true) {
    RowState state = RowState::end;
    try {
      state = result.next_row();
    } catch (const Error&) {
      // Buffered failures surface outside the pipeline: hand them to the plugins as a fetch.
      const std::exception_ptr failure = std::current_exception();
      read_step(OperationKind::fetch, limits, sql,
                [&](Operation&) { std::rethrow_exception(failure); });
    }
    if (state != RowState::need_network) return state == RowState::ready;
    read_step(OperationKind::fetch, limits, sql,
              [&](Operation& o) { result.read_network(o.limits); });
  }
}

bool Session::next_result(Result& result, const Limits& limits, std::string_view sql) {
  bool more = false;
  read_step(OperationKind::more_results, limits, sql,
            [&](Operation& o) { more = result.next_result(o.limits); });
  return more;
}

void Session::end_transaction(Client::Completion completion, const Limits& limits) {
  if (dead_ || client_ == nullptr) throw closed_session();
  if (!client_->in_transaction()) return;
  const std::string_view sql = completion == Client::Completion::commit ? "COMMIT" : "ROLLBACK";
  Operation op = operation(OperationKind::end_transaction, sql, limits);
  pipeline_.run(op, [&](Operation& o) { require_client().end_transaction(completion, o.limits); });
}

void Session::set_autocommit(bool on, const Limits& limits) {
  if (on && in_transaction()) end_transaction(Client::Completion::commit, limits);
  state_.autocommit = on;
}

void Session::refuse_in_transaction(const char* what) const {
  if (!in_transaction()) return;
  throw Error(sqlstate::attribute_not_now, "Connection",
              fmt::format("the {} cannot change while a transaction is open; commit or roll back "
                          "first",
                          what),
              Reached::not_sent);
}

/// A rollback would take the change back with everything else.
void Session::set_read_only(bool read_only, const Limits& limits) {
  if (read_only == state_.read_only.value_or(false)) return;
  refuse_in_transaction("access mode");
  SessionState wanted;
  wanted.read_only = read_only;
  apply_state(wanted, limits);
  state_.read_only = read_only;
}

void Session::set_isolation(Isolation isolation, const Limits& limits) {
  refuse_in_transaction("isolation level");
  SessionState wanted;
  wanted.isolation = isolation;
  apply_state(wanted, limits);
  state_.isolation = isolation;
}

void Session::set_database(const std::string& name, const Limits& limits) {
  if (dialect_->session.use_database.empty())
    throw Error(sqlstate::not_implemented, "Connection",
                "The database of an open connection cannot change; connect to the other database "
                "instead",
                Reached::not_sent);
  SessionState wanted;
  wanted.database = name;
  apply_state(wanted, limits);
  state_.database = name;
}

void Session::apply_state(const SessionState& wanted, const Limits& limits) {
  if (client_ == nullptr) return;  // before connect: install() tells the first link
  for (const std::string& sql : wanted.statements(*dialect_)) {
    Operation op = operation(OperationKind::set_state, sql, limits);
    // As a statement, not as an internal query: an open result is set aside first, and a cancel or
    // a limit leaves the link usable.
    pipeline_.run(op, [&](Operation& o) {
      require_client().execute({.sql = sql, .parameters = {}}, o.limits);
    });
  }
}

bool Session::provably_read_only(std::string_view sql) const {
  return !sql.empty() &&
         is_provably_read_only(sql, engine_ == Engine::postgres ? postgres_lexis : mysql_lexis);
}

std::optional<Lexis> Session::lexis(std::string_view sql) const {
  if (engine_ == Engine::postgres) return postgres_lexis;  // no setting changes it
  std::shared_ptr<Client> client;
  {
    const std::scoped_lock lock(client_mutex_);
    client = client_;
  }
  if (client == nullptr) return mysql_lexis;
  return client->lexis(sql);
}

void Session::learn_lexis(const Limits& limits) noexcept {
  try {
    if (client_ != nullptr && client_->usable()) client_->learn_lexis(limits);
  } catch (const std::exception& error) {
    log::line(log::Level::warn, "Connection", "sql_mode is not known: {}", error.what());
  }
}

bool Session::in_transaction() const { return client_ != nullptr && client_->in_transaction(); }

bool Session::is_dead() const noexcept {
  std::shared_ptr<Client> client;
  {
    const std::scoped_lock lock(client_mutex_);
    if (dead_) return true;
    client = client_;
  }
  return client != nullptr && (!client->usable() || !client->peer_is_there());
}

void Session::abort() noexcept {
  const std::scoped_lock lock(client_mutex_);
  if (client_ != nullptr) client_->abort();
}

void Session::declare_dead() noexcept {
  const std::scoped_lock lock(client_mutex_);
  dead_ = true;
  if (client_ != nullptr) client_->abort();
}

}  // namespace core
