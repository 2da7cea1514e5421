// SPDX-License-Identifier: Apache-2.0
// The answers of a window are matched with its sets, and the batch is told.
#include <algorithm>
#include <utility>

#include "core/client/pg_batch.h"
#include "core/client/pg_errors.h"

namespace core {

bool PgBatch::is_stop(const Error& error) {
  return error.state() == sqlstate::cancelled || error.state() == sqlstate::timeout;
}

/// Mode synced: the server is ready again, so the set has its outcome: committed, or failed. A name
/// that the server has forgotten is no outcome: such sets go again, and the later ones wait.
void PgBatch::end_set() {
  if (answered_ >= sent_) return;
  ++answered_;
  const std::int64_t affected = affected_.empty() ? -1 : affected_.back();
  std::optional<Error> error;
  if (failure_) error = std::move(failure_->error);
  failure_.reset();
  affected_.clear();
  const bool stale = error && named_ && error->main().native == native_of("26000");
  if (stale || !held_.empty())
    held_.push_back({affected, stale, std::move(error)});
  else
    tell({affected, false, std::move(error)});
}

void PgBatch::tell(const Outcome& outcome) {
  if (outcome.error)
    tell_failed(next_++, *outcome.error);
  else
    batch_.executed(next_++, outcome.affected);
}

void PgBatch::tell_held() {
  const std::vector<Outcome> held = std::exchange(held_, {});
  if (!held.empty()) {
    prepared_.forget_name();
    client_.names_->unreliable = true;
  }
  for (const Outcome& outcome : held) {
    if (!outcome.stale)
      tell(outcome);
    else if (!stopped_)
      execute_alone();
  }
}

void PgBatch::execute_alone() {
  Query one = query_;
  try {
    if (!batch_.read(next_, one.parameters)) return;
    const std::int64_t affected = client_.execute(one, limits_)->affected();
    batch_.executed(next_, affected);
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    tell_failed(next_, error);
  }
  ++next_;
}

void PgBatch::settle() {
  if (mode_ == Mode::synced) {
    tell_held();
  } else if (mode_ == Mode::chained) {
    tell_executed(committed_);
    if (failure_) return settle_chain();
    grow(true);
  } else if (failure_) {
    return settle_failed();
  } else {
    tell_executed(sent_);
    grow(true);
  }
  if (unreadable_ && !stopped_) tell_failed(next_++, *unreadable_);
  if (ended_) stopped_ = true;
}

/// What failed has been rolled back, by itself or by the flight's guard, and nothing behind it was
/// executed. Sets whose failure is the chain's own, not theirs, go again without it.
void PgBatch::settle_chain() {
  const Failed failed = *failure_;
  const int native = failed.error.main().native;
  const bool forgotten = failed.step == Step::set && native == native_of("26000");
  const bool unknown_word =
      failed.step != Step::set && (native == native_of("42601") || native == native_of("0A000"));
  if (forgotten) {
    prepared_.forget_name();
    client_.names_->unreliable = true;
  } else if (unknown_word) {
    client_.chains_commits_ = false;
  } else {
    tell_failed(next_++, failed.error);
  }
  leave_chain();
}

void PgBatch::settle_failed() {
  const Failed failed = *failure_;
  if (mode_ == Mode::open) {
    tell_executed(std::min(failed.place, affected_.size()));
    tell_failed(next_++, failed.error);
    size_ = 1;  // what comes now is refused by the failed transaction
    return;
  }
  grow(false);
  const bool alone = failed.place == 0;
  if (alone || sent_ <= 1 || is_stop(failed.error)) {
    // The window has been taken back as a whole; what was before the failure in it, too.
    prefix_ = 0;
    tell_failed(next_++, failed.error);
  } else if (failed.step == Step::set) {
    prefix_ = failed.place;
  } else {
    singly_ = true;
    singly_until_ = next_ + sent_;
  }
}

void PgBatch::tell_executed(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    batch_.executed(next_ + i, i < affected_.size() ? affected_[i] : -1);
  next_ += count;
}

void PgBatch::tell_failed(std::size_t set, const Error& error) {
  if (!batch_.failed(set, error)) stopped_ = true;
}

}  // namespace core
