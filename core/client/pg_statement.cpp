// SPDX-License-Identifier: Apache-2.0
// Execution: a plan is made and sent, its first answer awaited, and what was learned is kept.
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_result.h"
#include "core/client/pg_text.h"
#include "core/client/pg_wire.h"

namespace core {

std::unique_ptr<Result> PgClient::execute(const Query& query, const Limits& limits) {
  make_ready(limits);
  ++executions_;
  drop_dead_statements(limits);
  take_text(query.sql);
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

void PgClient::take_text(std::string_view sql) {
  if (text_ == nullptr || text_->sql != sql) text_ = std::make_shared<const PgText>(sql);
}

std::unique_ptr<Result> PgClient::execute_planned(const Query& query, PgPlan& plan,
                                                  const Limits& limits) {
  const bool autocommit = idle_transaction() && !plan.begin;
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  if (plan.describes)
    send_described(plan, limits, drive);
  else
    send(query, plan);
  auto self = std::static_pointer_cast<PgClient>(shared_from_this());
  auto result = std::make_unique<PgResult>(
      std::move(self),
      PgResult::Traits{.several = query.several_statements,
                       .binary = plan.binary,
                       .described = plan.protocol == PgPlan::Protocol::named,
                       .autocommit = autocommit},
      text_);
  flush(drive, limits);
  result->begin(drive, plan.prepared);
  if (plan.prepared != nullptr) plan.prepared->note_execution();
  if (plan.cached != nullptr) plan.cached->learn_from(*plan.prepared);
  note_effects(query);
  if (autocommit && active != nullptr && !query.several_statements && text_->writes_rows)
    result->await_commit(limits);
  return result;
}

/// What a statement has done to what the link remembers.
void PgClient::note_effects(const Query& query) {
  const bool several = query.several_statements;
  if (text_->drops_names || (several && drops_prepared(query.sql, true))) names_->forget_all();
  if (several || text_->alters_tables) texts_.clear();
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

}  // namespace core
