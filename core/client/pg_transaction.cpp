// SPDX-License-Identifier: Apache-2.0
// The transaction around statements: the savepoint that guards one of them, the repair of a failed
// flight, commit and rollback.
#include "core/client/pg_errors.h"
#include "core/client/pg_result.h"
#include "core/client/pg_text.h"
#include "core/client/pg_wire.h"
#include "core/log.h"

namespace core {
namespace {

constexpr std::string_view mark_name = "_aurodbc_statement";
constexpr const char* set_mark = "SAVEPOINT _aurodbc_statement";
constexpr const char* release_mark = "RELEASE SAVEPOINT _aurodbc_statement";
constexpr const char* renew_mark =
    "RELEASE SAVEPOINT _aurodbc_statement;SAVEPOINT _aurodbc_statement";
constexpr const char* back_to_mark =
    "ROLLBACK TO SAVEPOINT _aurodbc_statement;RELEASE SAVEPOINT _aurodbc_statement";

/// Rolling back to a savepoint is quick; a server that needs longer does not answer at all.
constexpr milliseconds repair_patience{5000};

}  // namespace

/// A statement that begins the transaction needs no savepoint: nothing stands before it.
void PgClient::plan_guard(PgPlan& plan, const Query& query) const {
  if (!guards_statements_) return;
  if (plan.begin) {
    plan.guard = PgGuard::transaction;
    return;
  }
  if (PQtransactionStatus(conn_) != PQTRANS_INTRANS) return;
  if (query.several_statements) {
    if (!controls_transaction(query.sql)) plan.guard = PgGuard::savepoint;
    return;
  }
  const PgControl control = transaction_control(query.sql);
  if (control == PgControl::other) return;
  // Somebody else's savepoint of this name would be hidden behind ours.
  if (control == PgControl::to_savepoint && query.sql.find(mark_name) != query.sql.npos) return;
  plan.guard = PgGuard::savepoint;
  plan.releases = control == PgControl::none;
}

/// What cannot travel in the statement's own flight goes ahead of it.
void PgClient::clear_ground(PgPlan& plan, const Query& query, const Limits& limits) {
  if (plan.begin && plan.is_simple() && !query.several_statements) {
    run_command("BEGIN", limits);
    plan.begin = false;
  }
  if (PQtransactionStatus(conn_) != PQTRANS_INTRANS) return;
  if (plan.guard == PgGuard::savepoint && plan.is_simple()) {
    run_command(mark_stands_ ? renew_mark : set_mark, limits);
    mark_stands_ = true;
  } else if (mark_stands_ && !plan.marks()) {
    run_command(release_mark, limits);
    mark_stands_ = false;
  }
}

/// The mark of an earlier text is released in the same flight.
void PgClient::mark() {
  if (mark_stands_) send_step(PgFlight::Step::release, release_mark);
  send_step(PgFlight::Step::savepoint, set_mark);
  mark_stands_ = false;
}

void PgClient::unmark() { send_step(PgFlight::Step::release, release_mark); }

/// The flight has ended in a failed transaction; another one takes the statement back. Whoever
/// takes the messages of the first waits for the second without knowing.
void PgClient::begin_repair() {
  const bool whole = flight_.guard == PgGuard::transaction;
  // A cancel request that is late would hit the repair.
  if (!canceller_.settle(repair_patience)) throw repair_failed();
  flight_ = PgFlight();
  if (PQsendQuery(conn_, whole ? "ROLLBACK" : back_to_mark) != 1) throw lost(Reached::sent);
  flight_.under_way = true;
  flight_.repairing = true;
  mark_stands_ = false;
  repair_until_ = Deadline::after(repair_patience);
  PQflush(conn_);
}

Error PgClient::repair_failed() {
  broken_.store(true, std::memory_order_release);
  guard_.shutdown();
  flight_.under_way = false;
  return Error(sqlstate::link_lost, pg_component,
               "the connection to " + peer_address() +
                   " is given up: the server did not take a failed statement back in time",
               Reached::sent)
      .with_link_lost();
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
