// SPDX-License-Identifier: Apache-2.0
// Which protocol a statement takes, in which form its rows come, and what else may do when that was
// refused.
#include "core/client/pg_plan.h"

#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_text.h"
#include "core/client/pg_wire.h"

namespace core {
namespace {

bool is_stop(const Error& error) {
  return error.state() == sqlstate::cancelled || error.state() == sqlstate::timeout;
}

}  // namespace

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
  plan_description(plan, query);
  if (query.parameters.empty() && !plan.describes) {
    const bool direct = query.prepared == nullptr && alone && !repeated;
    if (direct || text_->copies) return plan;
  }
  parameters_.encode(query.parameters, plan.prepared == nullptr ? std::span<const std::uint32_t>()
                                                                : plan.prepared->parameter_oids());
  plan_protocol(plan);
  return plan;
}

/// What this statement, or an earlier one of the same text, has learned.
void PgClient::plan_knowledge(PgPlan& plan, const Query& query) {
  if (query.prepared != nullptr) {
    // Mostly what lies there is of this text: then nothing is counted or moved.
    std::shared_ptr<Prepared>& place = *query.prepared;
    plan.prepared = dynamic_cast<PgPrepared*>(place.get());
    if (plan.prepared == nullptr || plan.prepared->sql() != query.sql) {
      auto fresh = PgPrepared::of(query.sql, nullptr);
      plan.prepared = fresh.get();
      place = std::move(fresh);
    }
    plan.asked_for = plan.prepared->own_executions() > 0;
  }
  if (plan.asked_for || !query.may_learn) return;
  plan.cached = texts_.find(query.sql);
  if (plan.prepared == nullptr)
    plan.prepared = std::exchange(plan.cached, nullptr);
  else if (plan.cached != nullptr && plan.cached->executed_before())
    plan.prepared->learn_from(*plan.cached);
}

/// Rows are better in binary, long bytea above all, but their types must be known before. A text
/// that repeats teaches them by the way. A round trip is spent where none may come of that: on a
/// query prepared without parameters, which is a long one rather than a look-up, and on any unknown
/// query while the link meets long values as hexadecimal text.
void PgClient::plan_description(PgPlan& plan, const Query& query) {
  const bool prepared = query.prepared != nullptr;
  if (plan.prepared != nullptr && (plan.prepared->described() || plan.prepared->shape())) return;
  const bool worth_it = prepared ? query.parameters.empty() || meets_long_bytes()
                                 : query.may_learn && meets_long_bytes();
  if (!worth_it || !reads_tables(query.sql)) return;
  plan.describes = true;
  if (plan.prepared != nullptr) return;
  passing_ = std::make_unique<PgPrepared>(query.sql);
  plan.prepared = passing_.get();
}

bool PgClient::wants_binary(const PgPrepared& prepared) const {
  return prepared.wants_binary(false) || (prepared.wants_binary(true) && session_in_utc());
}

void PgClient::plan_protocol(PgPlan& plan) const {
  using enum PgPlan::Protocol;
  plan.protocol = unnamed;
  const PgPrepared* prepared = plan.prepared;
  if (prepared == nullptr || plan.describes) return;
  plan.binary = wants_binary(*prepared);
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

}  // namespace core
