// SPDX-License-Identifier: Apache-2.0
// Sending: which protocol a statement takes, what travels in its flight, and the looks at the link
// before a byte of it is given away.
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_result.h"
#include "core/client/pg_wire.h"
#include "core/sql_text.h"

namespace core {

/// How one execution goes to the server.
struct PgClient::Plan {
  enum class Protocol : std::uint8_t { simple, unnamed, parse_named, named };
  Protocol protocol = Protocol::simple;
  bool begin = false;
  bool binary = false;
  PgPrepared* prepared = nullptr;

  bool uses_name() const {
    return protocol == Protocol::parse_named || protocol == Protocol::named;
  }
};

namespace {

// libpq cannot leave COPY from inside a pipeline.
bool is_copy(std::string_view sql) {
  Tokenizer tokens(sql, postgres_lexis);
  return is_word(tokens.next_significant(), "COPY");
}

/// Routines may commit and then fail with any state, also with that of a stale plan.
bool may_commit_midway(std::string_view sql) {
  switch (statement_kind(sql, postgres_lexis)) {
    case StatementKind::select:
    case StatementKind::insert:
    case StatementKind::update:
    case StatementKind::remove: return false;
    default: return true;
  }
}

bool changes_rows(std::string_view sql) {
  switch (statement_kind(sql, postgres_lexis)) {
    case StatementKind::insert:
    case StatementKind::update:
    case StatementKind::remove: return true;
    case StatementKind::select:  // a WITH may hold writing parts
      return is_word(Tokenizer(sql, postgres_lexis).next_significant(), "WITH") &&
             !is_provably_read_only(sql, postgres_lexis);
    default: return false;
  }
}

std::shared_ptr<PgPrepared> prepared_for(std::string_view sql, std::shared_ptr<Prepared> reuse) {
  auto known = std::dynamic_pointer_cast<PgPrepared>(std::move(reuse));
  if (known && known->sql() == sql) return known;
  return std::make_shared<PgPrepared>(sql);
}

}  // namespace

void PgClient::look_for_end_of_link() {
  if (broken_.load(std::memory_order_acquire)) throw lost(Reached::not_sent);
  constexpr int enough = 8;  // reads of notices that piled up; the rest can wait
  for (int i = 0; i < enough; ++i) {
    char byte = 0;
    const auto seen = ::recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (seen < 0 && errno == EINTR) continue;
    const bool reads_on = seen > 0 && consume_input();
    PQisBusy(conn_);  // parses: a FATAL reaches on_notice
    if (!reads_on || farewell_) throw lost(Reached::not_sent);
  }
}

/// A failure here is the other statement's: of the one that wants the wire nothing was sent.
void PgClient::free_wire(const Limits& limits) {
  try {
    active->spool(limits);
  } catch (const Error& failed) {
    Error ours = failed;
    throw std::move(ours).with_reached(Reached::not_sent);
  }
}

/// An operation that ran out of memory behind its send has left its answers on the wire.
void PgClient::discard_abandoned_flight(const Limits& limits) {
  if (!flight_.under_way || active != nullptr) return;
  if (flight_.pipelined && !flight_.complete) throw lost(Reached::not_sent);
  flight_.learner = nullptr;  // may be gone
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  try {
    while (take_waiting(drive) != nullptr) {}
  } catch (const Error& failed) {
    Error ours = failed;
    throw std::move(ours).with_reached(Reached::not_sent);
  }
}

void PgClient::make_ready(const Limits& limits) {
  if (!connected_.load(std::memory_order_acquire))
    throw Error(sqlstate::connection_not_open, pg_component, "the link is not connected",
                Reached::not_sent);
  if (active != nullptr) free_wire(limits);
  discard_abandoned_flight(limits);
  if (!canceller_.settle(limits.cancel_grace)) {
    guard_.shutdown();
    throw Error(sqlstate::link_lost, pg_component,
                "a cancel request to " + peer_address() +
                    " is still under way and might hit the next statement; the link is given up",
                Reached::not_sent)
        .with_link_lost();
  }
  if (limits.interrupt != nullptr && limits.interrupt->raised())
    throw stop_error(StopCause::interrupt, "cancelled before it was sent", Reached::not_sent);
  if (limits.deadline.expired())
    throw stop_error(StopCause::deadline, "timed out before it was sent", Reached::not_sent);
  look_for_end_of_link();
}

/// libpq gives long messages to the socket piece by piece: when a later piece fails, an Execute may
/// be out already, and a CALL commits by itself without waiting for the Sync.
void PgClient::check_sent(int accepted) {
  if (accepted == 1) return;
  if (PQstatus(conn_) == CONNECTION_BAD) throw lost(Reached::sent);
  std::string text = one_line(PQerrorMessage(conn_));
  if (flight_.pipelined) {
    // Half a pipeline cannot be taken back.
    guard_.shutdown();
    broken_.store(true, std::memory_order_release);
  }
  throw Error(sqlstate::general, pg_component, std::move(text),
              flight_.pipelined ? Reached::sent : Reached::not_sent)
      .with_link_lost(flight_.pipelined);
}

void PgClient::flush(Drive& drive, const Limits& limits) {
  while (PQflush(conn_) == 1)
    if (!drive.wait_to_send(descriptor())) throw given_up(drive.cause(), limits);
}

void PgClient::send_simple(const char* sql, bool row_by_row) {
  begin_flight(in_transaction());
  check_sent(PQsendQuery(conn_, sql));
  flight_.under_way = true;
  if (row_by_row) PQsetSingleRowMode(conn_);
}

std::string PgClient::run_command(const char* sql, const Limits& limits) {
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  send_simple(sql, false);
  flush(drive, limits);
  std::optional<Error> failure;
  std::string tag;
  while (const PgMessage message = take_waiting(drive)) {
    tag = PQcmdStatus(message.get());
    if (PQresultStatus(message.get()) == PGRES_FATAL_ERROR && !failure)
      failure = failure_of(*message, drive.cause());
  }
  if (failure) throw *failure;
  return tag;
}

PgClient::Plan PgClient::plan_for(const Query& query) {
  using enum Plan::Protocol;
  Plan plan;
  plan.begin = query.open_transaction && idle_transaction();
  if (query.several_statements) return plan;
  if (query.prepared != nullptr) {
    auto prepared = prepared_for(query.sql, *query.prepared);
    plan.prepared = prepared.get();
    *query.prepared = std::move(prepared);
  } else if (query.parameters.empty() && (!plan.begin || is_copy(query.sql))) {
    return plan;
  }
  PgPrepared* prepared = plan.prepared;
  parameters_.encode(query.parameters, prepared == nullptr ? std::span<const std::uint32_t>()
                                                           : std::span(prepared->parameter_oids()));
  plan.protocol = unnamed;
  if (prepared == nullptr || is_copy(query.sql)) return plan;
  plan.binary = prepared->wants_binary();
  if (!parameters_.as_described()) return plan;
  if (prepared->is_named_on(generation()))
    plan.protocol = named;
  else if (prepared->executed_before())
    plan.protocol = parse_named;
  return plan;
}

void PgClient::send_statement(const Plan& plan) {
  const int binary = plan.binary ? 1 : 0;
  const PgParameters& p = parameters_;
  if (plan.uses_name())
    check_sent(PQsendQueryPrepared(conn_, plan.prepared->name().c_str(), p.count(), p.values(),
                                   p.lengths(), p.formats(), binary));
  else
    check_sent(PQsendQueryParams(conn_, sql_.c_str(), p.count(), p.types(), p.values(), p.lengths(),
                                 p.formats(), binary));
}

void PgClient::send_pipelined(const Query& query, const Plan& plan) {
  using Step = PgFlight::Step;
  if (PQenterPipelineMode(conn_) != 1) check_sent(0);
  flight_.pipelined = true;
  flight_.under_way = true;
  if (plan.begin) {
    check_sent(PQsendQueryParams(conn_, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 0));
    flight_.add(Step::begin);
  }
  if (plan.protocol == Plan::Protocol::parse_named) {
    plan.prepared->set_name("aurodbc_" + std::to_string(++names_->last), generation(), names_);
    const char* name = plan.prepared->name().c_str();
    check_sent(PQsendPrepare(conn_, name, sql_.c_str(), static_cast<int>(query.parameters.size()),
                             parameters_.types()));
    check_sent(PQsendDescribePrepared(conn_, name));
    flight_.add(Step::parse);
    flight_.add(Step::describe);
    flight_.learner = plan.prepared;
  }
  send_statement(plan);
  flight_.add(Step::query);
  check_sent(PQpipelineSync(conn_));
  flight_.complete = true;
}

void PgClient::send(const Query& query, const Plan& plan) {
  sql_.assign(query.sql);
  begin_flight(in_transaction() || plan.begin || query.several_statements);
  if (plan.protocol == Plan::Protocol::parse_named ||
      (plan.begin && plan.protocol != Plan::Protocol::simple)) {
    send_pipelined(query, plan);
    if (flight_.count == 1) PQsetSingleRowMode(conn_);
    return;
  }
  if (plan.protocol == Plan::Protocol::simple)
    check_sent(PQsendQuery(conn_, sql_.c_str()));
  else
    send_statement(plan);
  flight_.under_way = true;
  PQsetSingleRowMode(conn_);
}

std::unique_ptr<Result> PgClient::execute_planned(const Query& query, const Plan& plan,
                                                  const Limits& limits) {
  const bool autocommit = idle_transaction() && !plan.begin;
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  send(query, plan);
  auto self = std::static_pointer_cast<PgClient>(shared_from_this());
  auto result = std::make_unique<PgResult>(
      std::move(self),
      PgResult::Traits{.several = query.several_statements,
                       .binary = plan.binary,
                       .described = plan.protocol == Plan::Protocol::named,
                       .autocommit = autocommit},
      query.sql);
  flush(drive, limits);
  result->begin(
      drive, query.prepared == nullptr ? nullptr : static_cast<PgPrepared*>(query.prepared->get()));
  if (plan.prepared != nullptr) plan.prepared->note_execution();
  if (autocommit && active != nullptr && !query.several_statements && changes_rows(query.sql))
    result->await_commit(limits);
  return result;
}

std::unique_ptr<Result> PgClient::execute(const Query& query, const Limits& limits) {
  make_ready(limits);
  drop_dead_statements(limits);
  Plan plan = plan_for(query);
  if (plan.begin && plan.protocol == Plan::Protocol::simple) {
    run_command("BEGIN", limits);
    plan.begin = false;
  }
  const bool may_repeat = plan.uses_name() && idle_transaction() && !plan.begin;
  try {
    return execute_planned(query, plan, limits);
  } catch (const Error& error) {
    // The application discarded its plans, or a table has changed: the name is worthless, and
    // nothing has been executed.
    const bool stale = error.main().native == native_of("26000") ||
                       (plan.uses_name() && error.main().native == native_of("0A000"));
    if (plan.prepared != nullptr && error.reached() == Reached::answered) {
      if (plan.protocol == Plan::Protocol::parse_named || stale) plan.prepared->forget_name();
    }
    if (!stale || !may_repeat || plan.protocol != Plan::Protocol::named) throw;
    if (may_commit_midway(query.sql)) throw;
  }
  plan.protocol = Plan::Protocol::unnamed;
  plan.binary = false;
  make_ready(limits);
  return execute_planned(query, plan, limits);
}

void PgClient::drop_dead_statements(const Limits& limits) {
  constexpr std::size_t worth_a_round_trip = 64;
  if (names_->dead.size() < worth_a_round_trip) return;
  if (PQtransactionStatus(conn_) == PQTRANS_INERROR) return;
  // One message per name: DEALLOCATE of a name that is gone fails, and must not stop the others.
  const std::vector<std::string> names = std::exchange(names_->dead, {});
  for (const std::string& name : names) {
    try {
      run_command(("DEALLOCATE " + name).c_str(), limits);
    } catch (const Error& error) {
      if (error.link_lost() || PQtransactionStatus(conn_) == PQTRANS_INERROR) throw;
    }
  }
}

std::shared_ptr<Prepared> PgClient::prepare(std::string_view sql, int /*parameter_count*/,
                                            std::shared_ptr<Prepared> reuse, const Limits& limits) {
  make_ready(limits);
  auto prepared = prepared_for(sql, std::move(reuse));
  if (prepared->described()) return prepared;
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  sql_.assign(sql);
  begin_flight(in_transaction());
  if (PQenterPipelineMode(conn_) != 1) check_sent(0);
  flight_.pipelined = true;
  flight_.under_way = true;
  check_sent(PQsendPrepare(conn_, "", sql_.c_str(), 0, nullptr));
  check_sent(PQsendDescribePrepared(conn_, ""));
  flight_.add(PgFlight::Step::parse);
  flight_.add(PgFlight::Step::describe);
  flight_.learner = prepared.get();
  check_sent(PQpipelineSync(conn_));
  flight_.complete = true;
  flush(drive, limits);
  std::optional<Error> failure;
  while (const PgMessage message = take_waiting(drive))
    if (!failure) failure = failure_of(*message, drive.cause());
  if (failure) throw *failure;
  return prepared;
}

void PgClient::end_transaction(Completion completion, const Limits& limits) {
  if (active != nullptr) active->spool(limits);
  if (!in_transaction()) return;
  make_ready(limits);
  const bool commits = completion == Completion::commit;
  const std::string tag = run_command(commits ? "COMMIT" : "ROLLBACK", limits);
  if (commits && tag == "ROLLBACK")
    throw Error(sqlstate::rolled_back, pg_component,
                "a statement of the transaction had failed: the server rolled the transaction back "
                "instead of committing it");
}

}  // namespace core
