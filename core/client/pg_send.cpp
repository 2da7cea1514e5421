// SPDX-License-Identifier: Apache-2.0
// What travels in a flight: one text, one statement, or a pipeline of steps around it.
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_wire.h"

namespace core {

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

void PgClient::send_statement(const PgPlan& plan) {
  const int binary = plan.binary ? 1 : 0;
  const PgParameters& p = parameters_;
  if (plan.uses_name() || plan.describes)
    check_sent(PQsendQueryPrepared(conn_, plan.uses_name() ? plan.prepared->name()->text() : "",
                                   p.count(), p.values(), p.lengths(), p.formats(), binary));
  else
    check_sent(PQsendQueryParams(conn_, text_->sql.c_str(), p.count(), p.types(), p.values(),
                                 p.lengths(), p.formats(), binary));
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
    check_sent(PQsendPrepare(conn_, text, text_->sql.c_str(),
                             static_cast<int>(query.parameters.size()), parameters_.types()));
    check_sent(PQsendDescribePrepared(conn_, text));
    flight_.add(Step::parse);
    flight_.add(Step::describe);
    flight_.learner = plan.prepared;
  }
  send_execution(plan);
}

/// The statement, what ends its guard, and the end of the pipeline.
void PgClient::send_execution(const PgPlan& plan) {
  send_statement(plan);
  flight_.add(PgFlight::Step::query);
  if (plan.marks() && plan.releases) unmark();
  close_pipeline();
}

/// One simple query: when the text does not parse, BEGIN is not executed either (plan_again).
const std::string& PgClient::begin_with_text() {
  constexpr std::string_view begin = "BEGIN;";
  flight_.prefix = static_cast<int>(begin.size());
  flight_.awaits_begin = true;
  return sql_.assign(begin).append(text_->sql);
}

void PgClient::send(const Query& query, const PgPlan& plan) {
  begin_flight(in_transaction() || plan.begin || query.several_statements);
  if (plan.needs_pipeline()) {
    send_pipelined(query, plan);
    if (flight_.count == 1) PQsetSingleRowMode(conn_);
    return;
  }
  if (plan.is_simple())
    check_sent(PQsendQuery(conn_, (plan.begin ? begin_with_text() : text_->sql).c_str()));
  else
    send_statement(plan);
  flight_.under_way = true;
  flight_.guard = plan.guard;
  PQsetSingleRowMode(conn_);
}

}  // namespace core
