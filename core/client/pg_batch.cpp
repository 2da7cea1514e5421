// SPDX-License-Identifier: Apache-2.0
// Which sets go together, in what kind of window, and what comes after one that failed.
#include "core/client/pg_batch.h"

#include <algorithm>

#include "core/client/pg_errors.h"
#include "core/client/pg_text.h"

namespace core {
namespace {

// A window bounds what is in flight: the memory of both sides, what a cancel finds sent already,
// and what is executed again when an atomic window fails.
constexpr std::size_t most_bytes = std::size_t{512} << 10;
constexpr std::size_t most_sets_together = 1024;
constexpr std::size_t most_sets_synced = 256;
/// Failures in one call after which no window is chained any more: what is behind one has to be
/// sent again.
constexpr int most_chain_failures = 3;

}  // namespace

PgBatch::PgBatch(PgClient& client, const Query& query, Batch& batch, const Limits& limits,
                 PgPrepared& prepared)
    : client_(client),
      query_(query),
      batch_(batch),
      limits_(limits),
      prepared_(prepared),
      size_(most_sets_together) {}

void PgBatch::run(std::size_t first) {
  next_ = first;
  look_at_text();
  while (!stopped_ && next_ < batch_.size())
    if (!run_arrays()) run_window();
}

/// False: the limits have been reached, and the next set was told so.
bool PgBatch::is_ready() {
  try {
    client_.make_ready(limits_);
    return true;
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    tell_failed(next_++, error);
    stopped_ = true;
    return false;
  }
}

void PgBatch::run_window() {
  if (!is_ready()) return;
  const auto maker = [this] { return client_.make_cancel(); };
  Drive drive(limits_, client_.canceller_, maker);
  choose_mode();
  try {
    send_window(drive);
    close_window(drive);
  } catch (const Error&) {
    // The link is lost: what the server has said it committed is no longer in doubt.
    if (mode_ == Mode::chained) tell_executed(committed_);
    throw;
  }
  settle();
}

void PgBatch::send_window(Drive& drive) {
  begin_window(guard_of_window());
  while (sent_ < most_sets() && bytes_ < most_bytes && !drive.stopped()) {
    std::span<const Parameter> values;
    if (!read_next(values) || !fits_chain()) return;
    send_set(values);
    if (unflushed_ >= push_at) push(drive);
  }
}

void PgBatch::choose_mode() {
  const bool idle = client_.idle_transaction();
  begins_ = idle && query_.open_transaction;
  if (idle && !begins_)
    mode_ = batch_.ends_at_first_failure() ? Mode::atomic : chains() ? Mode::chained : Mode::synced;
  else
    mode_ = client_.guards_statements_ && PQtransactionStatus(client_.conn_) != PQTRANS_INERROR
                ? Mode::atomic
                : Mode::open;
}

bool PgBatch::chains() const {
  return client_.chains_commits_ && client_.has_name(prepared_) && next_ >= synced_until_ &&
         chain_failures_ < most_chain_failures;
}

PgGuard PgBatch::guard_of_window() const {
  if (mode_ == Mode::chained) return PgGuard::transaction;
  const bool guarded = mode_ == Mode::atomic && client_.guards_statements_ &&
                       (begins_ || !client_.idle_transaction());
  if (!guarded) return PgGuard::none;
  return begins_ ? PgGuard::transaction : PgGuard::savepoint;
}

std::size_t PgBatch::most_sets() const {
  if (singly_) return 1;
  if (mode_ == Mode::synced) return most_sets_synced;
  return prefix_ != 0 ? std::min(prefix_, size_) : size_;
}

/// Sets behind a failure travel in vain; where failures are frequent, few do.
void PgBatch::grow(bool succeeded) {
  if (succeeded) prefix_ = 0;
  if (singly_ && next_ >= singly_until_) singly_ = false;
  size_ = succeeded ? std::min(size_ * 2, most_sets_together)
                    : std::max<std::size_t>(1, std::min(size_, sent_) / 4);
}

/// What is left of a chained window that failed goes synced, and so does everything after a few.
void PgBatch::leave_chain() {
  ++chain_failures_;
  synced_until_ = std::max(next_ + 1, window_ + sent_);
}

std::unique_ptr<Result> PgClient::execute_batch(const Query& query, Batch& batch,
                                                const Limits& limits) {
  std::unique_ptr<Result> last;
  std::size_t first = 0;
  const bool alone =
      query.several_statements || query.prepared == nullptr || !changes_rows(query.sql);
  if (!alone) {
    const auto known = [&] { return static_cast<PgPrepared*>(query.prepared->get()); };
    const bool learned =
        known() != nullptr && known()->sql() == query.sql && known()->executed_before();
    // What the statement is like shows when it has succeeded once, in the way single sets go; where
    // each set will be a transaction of its own, a second time gives it a name.
    const bool own =
        idle_transaction() && !query.open_transaction && !batch.ends_at_first_failure();
    if (!learned) first = execute_sets(query, batch, limits, 0, Until::first_success, last);
    if (own && first < batch.size() && !has_name(*known()))
      first = execute_sets(query, batch, limits, first, Until::first_success, last);
    if (first >= batch.size()) return last;
    if (known()->columns().empty()) {
      last.reset();
      PgBatch(*this, query, batch, limits, *known()).run(first);
      return nullptr;
    }
  }
  execute_sets(query, batch, limits, first, Until::end, last);
  return last;
}

}  // namespace core
