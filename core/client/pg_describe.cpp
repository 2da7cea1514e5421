// SPDX-License-Identifier: Apache-2.0
// Descriptions without an execution: for whoever asks, and ahead of one whose rows are better in
// binary.
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_text.h"
#include "core/client/pg_wire.h"

namespace core {
/// The pipeline stops behind the description: its answer decides how the rows are asked for. In one
/// pipeline, so that no proxy can part them.
void PgClient::send_described(PgPlan& plan, const Limits& limits, Drive& drive) {
  begin_flight(in_transaction() || plan.begin);
  open_pipeline(plan.guard);
  if (plan.begin) send_step(PgFlight::Step::begin, "BEGIN");
  if (plan.marks()) mark();
  check_sent(
      PQsendPrepare(conn_, "", text_->sql.c_str(), parameters_.count(), parameters_.types()));
  check_sent(PQsendDescribePrepared(conn_, ""));
  flight_.add(PgFlight::Step::parse);
  flight_.add(PgFlight::Step::describe);
  flight_.learner = plan.prepared;
  check_sent(PQsendFlushRequest(conn_));
  flush(drive, limits);
  take_description(drive);
  if (flight_.early) return close_pipeline();
  if (drive.stopped()) leave_described(plan, drive);
  plan.binary = wants_binary(*plan.prepared);
  if (meets_long_bytes() && !plan.prepared->has_bytes()) --descriptions_left_;
  send_execution(plan);
  ++flight_.at;
  PQsetSingleRowMode(conn_);
}

/// Ends with the description, or with what failed before it.
void PgClient::take_description(Drive& drive) {
  const int description = flight_.count - 1;
  for (;;) {
    while (PQisBusy(conn_) != 0) read(drive);
    PGresult* const message = PQgetResult(conn_);
    if (message == nullptr && PQstatus(conn_) == CONNECTION_BAD) throw lost(Reached::sent);
    if (message == nullptr && flight_.at == description) return;
    if (take_step(message, flight_.early)) return;
  }
}

/// The limits were reached before anything was executed.
void PgClient::leave_described(const PgPlan& plan, Drive& drive) {
  if (plan.marks()) unmark();
  close_pipeline();
  while (take_waiting(drive) != nullptr) {}
  throw stop_error(drive.cause(), "the statement was given up before it was executed",
                   Reached::answered);
}

std::shared_ptr<Prepared> PgClient::prepare(std::string_view sql, int /*parameter_count*/,
                                            std::shared_ptr<Prepared> reuse, const Limits& limits) {
  make_ready(limits);
  auto prepared = PgPrepared::of(sql, std::move(reuse));
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
