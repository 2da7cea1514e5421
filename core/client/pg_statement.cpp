// SPDX-License-Identifier: Apache-2.0
// Sending: which protocol a statement takes, what travels in its flight, and the looks at the link
// before a byte of it is given away.
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_result.h"
#include "core/client/pg_text.h"
#include "core/client/pg_wire.h"

namespace core {

namespace {

bool is_stop(const Error& error) {
  return error.state() == sqlstate::cancelled || error.state() == sqlstate::timeout;
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

bool PgClient::session_in_utc() const {
  const char* const zone = PQparameterStatus(conn_, "TimeZone");
  if (zone == nullptr) return false;
  for (const std::string_view name : {"UTC", "Etc/UTC", "GMT"})
    if (name == zone) return true;
  return false;
}

PgPlan PgClient::plan_for(const Query& query) {
  PgPlan plan;
  plan.begin = query.open_transaction && idle_transaction();
  plan_guard(plan, query);
  if (query.several_statements) return plan;
  const bool alone = !plan.begin && plan.guard == PgGuard::none;
  plan_knowledge(plan, query);
  const bool repeated = plan.prepared != nullptr && plan.prepared->executed_before();
  if (query.parameters.empty()) {
    const bool direct = query.prepared == nullptr && alone && !repeated;
    if (direct || is_copy(query.sql)) return plan;
  }
  parameters_.encode(query.parameters, plan.prepared == nullptr ? std::span<const std::uint32_t>()
                                                                : plan.prepared->parameter_oids());
  plan_protocol(plan);
  return plan;
}

/// What this statement, or an earlier one of the same text, has learned.
void PgClient::plan_knowledge(PgPlan& plan, const Query& query) {
  if (query.prepared != nullptr) {
    auto prepared = prepared_for(query.sql, *query.prepared);
    plan.prepared = prepared.get();
    *query.prepared = std::move(prepared);
    plan.asked_for = plan.prepared->own_executions() > 0;
  }
  if (plan.asked_for || !query.may_learn) return;
  plan.cached = texts_.find(query.sql);
  if (plan.prepared == nullptr)
    plan.prepared = std::exchange(plan.cached, nullptr);
  else if (plan.cached != nullptr && plan.cached->executed_before())
    plan.prepared->learn_from(*plan.cached);
}

void PgClient::plan_protocol(PgPlan& plan) const {
  using enum PgPlan::Protocol;
  plan.protocol = unnamed;
  const PgPrepared* prepared = plan.prepared;
  if (prepared == nullptr) return;
  plan.binary = prepared->wants_binary(false) || (prepared->wants_binary(true) && session_in_utc());
  if (!parameters_.as_described() || names_->unreliable) return;
  // A name that is not there fails the transaction: a text that never asked for one must not.
  if (!plan.asked_for && !can_take_back(plan)) return;
  if (prepared->name() != nullptr && prepared->name()->lives_on(generation(), *names_))
    plan.protocol = named;
  else if (prepared->executed_before())
    plan.protocol = parse_named;
}

/// True when a failed execution leaves nothing behind that was there before.
bool PgClient::can_take_back(const PgPlan& plan) const {
  return plan.begin || plan.guard == PgGuard::savepoint || idle_transaction();
}

void PgClient::send_statement(const PgPlan& plan) {
  const int binary = plan.binary ? 1 : 0;
  const PgParameters& p = parameters_;
  if (plan.uses_name())
    check_sent(PQsendQueryPrepared(conn_, plan.prepared->name()->text(), p.count(), p.values(),
                                   p.lengths(), p.formats(), binary));
  else
    check_sent(PQsendQueryParams(conn_, sql_.c_str(), p.count(), p.types(), p.values(), p.lengths(),
                                 p.formats(), binary));
}

void PgClient::open_pipeline(PgGuard guard) {
  if (PQenterPipelineMode(conn_) != 1) check_sent(0);
  flight_.pipelined = true;
  flight_.under_way = true;
  flight_.guard = guard;
}

void PgClient::send_step(PgFlight::Step step, const char* sql) {
  check_sent(PQsendQueryParams(conn_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0));
  flight_.add(step);
}

void PgClient::close_pipeline() {
  check_sent(PQpipelineSync(conn_));
  ++flight_.syncs;
  flight_.complete = true;
}

void PgClient::send_pipelined(const Query& query, const PgPlan& plan) {
  using Step = PgFlight::Step;
  // Before the pipeline opens: one that is left half full for want of memory costs the link.
  std::shared_ptr<PgStatementName> name;
  if (plan.protocol == PgPlan::Protocol::parse_named)
    name = std::make_shared<PgStatementName>(generation(), names_);
  open_pipeline(plan.guard);
  if (plan.begin) send_step(Step::begin, "BEGIN");
  if (plan.marks()) mark();
  if (name != nullptr) {
    const char* const text = name->text();
    plan.prepared->set_name(std::move(name));
    check_sent(PQsendPrepare(conn_, text, sql_.c_str(), static_cast<int>(query.parameters.size()),
                             parameters_.types()));
    check_sent(PQsendDescribePrepared(conn_, text));
    flight_.add(Step::parse);
    flight_.add(Step::describe);
    flight_.learner = plan.prepared;
  }
  send_statement(plan);
  flight_.add(Step::query);
  if (plan.marks() && plan.releases) unmark();
  close_pipeline();
}

/// One simple query: when the text does not parse, BEGIN is not executed either (plan_again).
void PgClient::send_begin_with(const Query& query) {
  constexpr std::string_view begin = "BEGIN;";
  sql_.assign(begin).append(query.sql);
  flight_.prefix = static_cast<int>(begin.size());
  flight_.awaits_begin = true;
}

void PgClient::send(const Query& query, const PgPlan& plan) {
  sql_.assign(query.sql);
  begin_flight(in_transaction() || plan.begin || query.several_statements);
  if (plan.needs_pipeline()) {
    send_pipelined(query, plan);
    if (flight_.count == 1) PQsetSingleRowMode(conn_);
    return;
  }
  if (plan.begin) send_begin_with(query);
  if (plan.is_simple())
    check_sent(PQsendQuery(conn_, sql_.c_str()));
  else
    send_statement(plan);
  flight_.under_way = true;
  flight_.guard = plan.guard;
  PQsetSingleRowMode(conn_);
}

std::unique_ptr<Result> PgClient::execute_planned(const Query& query, const PgPlan& plan,
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
                       .described = plan.protocol == PgPlan::Protocol::named,
                       .autocommit = autocommit},
      query.sql);
  flush(drive, limits);
  result->begin(drive, plan.prepared);
  if (plan.prepared != nullptr) plan.prepared->note_execution();
  if (plan.cached != nullptr) plan.cached->learn_from(*plan.prepared);
  note_effects(query);
  if (autocommit && active != nullptr && !query.several_statements && changes_rows(query.sql))
    result->await_commit(limits);
  return result;
}

/// What a statement has done to what the link remembers.
void PgClient::note_effects(const Query& query) {
  if (drops_prepared(query.sql, query.several_statements)) names_->forget_all();
  if (query.several_statements || changes_tables(query.sql)) texts_.clear();
}

std::unique_ptr<Result> PgClient::execute(const Query& query, const Limits& limits) {
  make_ready(limits);
  ++executions_;
  drop_dead_statements(limits);
  PgPlan plan = plan_for(query);
  clear_ground(plan, query, limits);
  try {
    return execute_planned(query, plan, limits);
  } catch (const Error& error) {
    if (!plan_again(plan, query, error, limits)) throw;
  }
  make_ready(limits);
  return execute_planned(query, plan, limits);
}

/// True when the failed execution has left nothing behind and another way may do.
bool PgClient::plan_again(PgPlan& plan, const Query& query, const Error& error,
                          const Limits& limits) {
  if (error.reached() != Reached::answered || error.link_lost()) return false;
  const bool refused_whole = plan.begin && query.several_statements && flight_.awaits_begin;
  if (refused_whole && plan.guard == PgGuard::none && !is_stop(error)) {
    // As for a single statement, the failed text leaves a failed transaction behind.
    run_command("BEGIN", limits);
    plan.begin = false;
    return true;
  }
  return plan.uses_name() && plan_without_name(plan, query, error, limits);
}

/// The name is not there (the application discarded its plans, a proxy has changed the server
/// session) or its plan has become worthless (a table has changed): nothing has been executed.
bool PgClient::plan_without_name(PgPlan& plan, const Query& query, const Error& error,
                                 const Limits& limits) {
  const int native = error.main().native;
  const bool gone = native == native_of("26000");
  const bool stale = gone || native == native_of("0A000") || native == native_of("42P05");
  if (plan.protocol == PgPlan::Protocol::parse_named || stale) plan.prepared->forget_name();
  if (!stale || may_commit_midway(query.sql)) return false;
  if (plan.cached != nullptr) plan.cached->forget_name();
  names_->unreliable |= gone;
  if (PQtransactionStatus(conn_) == PQTRANS_INERROR) {
    if (!plan.begin)
      throw Error(error.main().state, pg_component,
                  error.main().text +
                      ". The statement had been prepared under a name that this server session "
                      "does not know, or not any more: the transaction has failed. Roll it back "
                      "and repeat it",
                  Reached::answered, native);
    run_command("ROLLBACK", limits);
  }
  plan.protocol = PgPlan::Protocol::unnamed;
  plan.binary = false;
  return true;
}

/// One flight; each name has a Sync of its own, for one that is gone must not stop the others.
/// libpq 15 cannot send the protocol's Close.
void PgClient::drop_dead_statements(const Limits& limits) {
  constexpr std::size_t worth_a_round_trip = 64;
  if (names_->dead.size() < worth_a_round_trip || !idle_transaction()) return;
  const std::vector<std::string> dead = std::exchange(names_->dead, {});
  if (names_->unreliable) return;
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  begin_flight(false);
  open_pipeline(PgGuard::none);
  flight_.add(PgFlight::Step::release);
  for (const std::string& name : dead) {
    const std::string sql = "DEALLOCATE " + name;
    check_sent(PQsendQueryParams(conn_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    close_pipeline();
  }
  flush(drive, limits);
  while (take_waiting(drive) != nullptr) {}
}

std::shared_ptr<Prepared> PgClient::prepare(std::string_view sql, int /*parameter_count*/,
                                            std::shared_ptr<Prepared> reuse, const Limits& limits) {
  make_ready(limits);
  auto prepared = prepared_for(sql, std::move(reuse));
  if (prepared->described()) return prepared;
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  const bool guarded = guards_statements_ && PQtransactionStatus(conn_) == PQTRANS_INTRANS;
  sql_.assign(sql);
  begin_flight(in_transaction());
  open_pipeline(guarded ? PgGuard::savepoint : PgGuard::none);
  if (guarded) mark();
  check_sent(PQsendPrepare(conn_, "", sql_.c_str(), 0, nullptr));
  check_sent(PQsendDescribePrepared(conn_, ""));
  flight_.add(PgFlight::Step::parse);
  flight_.add(PgFlight::Step::describe);
  flight_.learner = prepared.get();
  if (guarded) unmark();
  close_pipeline();
  flush(drive, limits);
  std::optional<Error> failure;
  while (const PgMessage message = take_waiting(drive))
    if (!failure) failure = failure_of(*message, drive.cause());
  if (failure) throw *failure;
  return prepared;
}

}  // namespace core
