// SPDX-License-Identifier: Apache-2.0
// A window: sets are encoded into libpq's buffer and pushed out while answers are taken in, so that
// neither side waits for the other with full buffers; then the answers are matched with the sets.
#include "core/client/pg_batch.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/client/pg_errors.h"
#include "core/client/pg_text.h"

namespace core {
namespace {

// A window bounds what is in flight: the memory of both sides, what a cancel finds sent already,
// and what is executed again when an atomic window fails.
constexpr std::size_t most_bytes = std::size_t{512} << 10;
constexpr std::size_t most_sets_together = 1024;
constexpr std::size_t most_sets_of_their_own = 256;
// libpq itself begins to send at this size.
constexpr std::size_t push_at = std::size_t{64} << 10;

std::int64_t affected_by(const PGresult& message) {
  const char* const count = PQcmdTuples(const_cast<PGresult*>(&message));
  std::int64_t number = -1;
  std::from_chars(count, count + std::strlen(count), number);
  return number;
}

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

bool PgBatch::is_stop(const Error& error) {
  return error.state() == sqlstate::cancelled || error.state() == sqlstate::timeout;
}

void PgBatch::run_window() {
  if (!is_ready()) return;
  const auto maker = [this] { return client_.make_cancel(); };
  Drive drive(limits_, client_.canceller_, maker);
  choose_mode();
  const bool guarded = mode_ == Mode::atomic && client_.guards_statements_ &&
                       (begins_ || !client_.idle_transaction());
  begin_window(!guarded ? PgGuard::none : begins_ ? PgGuard::transaction : PgGuard::savepoint);
  while (sent_ < most_sets() && bytes_ < most_bytes && !drive.stopped()) {
    std::span<const Parameter> values;
    if (!read_next(values)) break;
    send_set(values);
    if (unflushed_ >= push_at) push(drive);
  }
  close_window(drive);
  settle();
}

void PgBatch::choose_mode() {
  const bool idle = client_.idle_transaction();
  begins_ = idle && query_.open_transaction;
  if (idle && !begins_)
    mode_ = batch_.ends_at_first_failure() ? Mode::atomic : Mode::own;
  else
    mode_ = client_.guards_statements_ && PQtransactionStatus(client_.conn_) != PQTRANS_INERROR
                ? Mode::atomic
                : Mode::open;
}

std::size_t PgBatch::most_sets() const {
  if (singly_) return 1;
  const std::size_t most = mode_ == Mode::own ? most_sets_of_their_own : size_;
  return prefix_ != 0 ? std::min(prefix_, most) : most;
}

void PgBatch::begin_window(PgGuard guard) {
  sent_ = bytes_ = unflushed_ = answered_ = at_ = 0;
  parsed_ = ended_ = false;
  expected_.clear();
  affected_.clear();
  failure_.reset();
  unreadable_.reset();
  types_.clear();
  client_.sql_.assign(query_.sql);
  client_.begin_flight(client_.in_transaction() || begins_);
  client_.open_pipeline(guard);
  if (begins_) client_.send_step(PgFlight::Step::begin, "BEGIN");
  if (guard == PgGuard::savepoint) client_.mark();
  for (int i = 0; i < client_.flight_.count; ++i) expect(Step::preliminary);
}

// False: the window ends before this set.
bool PgBatch::read_next(std::span<const Parameter>& values) {
  const std::size_t set = next_ + sent_;
  if (set >= batch_.size()) return false;
  try {
    if (!batch_.read(set, values)) {
      ended_ = true;
      return false;
    }
    client_.parameters_.encode(values, prepared_.parameter_oids());
    return true;
  } catch (const Error& error) {
    if (error.link_lost()) throw;
    unreadable_ = error;
    return false;
  }
}

/// True when the unnamed statement takes the set that is encoded; a NULL goes as any type.
bool PgBatch::fits_parsed() const {
  const PgParameters& p = client_.parameters_;
  for (std::size_t i = 0; i < types_.size(); ++i)
    if (p.values()[i] != nullptr && p.types()[i] != types_[i]) return false;
  return parsed_;
}

/// The unnamed statement is parsed in the window that uses it, so no proxy can part them.
void PgBatch::parse() {
  const PgParameters& p = client_.parameters_;
  types_.resize(static_cast<std::size_t>(p.count()));
  for (std::size_t i = 0; i < types_.size(); ++i)
    if (!parsed_ || p.values()[i] != nullptr) types_[i] = p.types()[i];
  client_.check_sent(
      PQsendPrepare(client_.conn_, "", client_.sql_.c_str(), p.count(), types_.data()));
  expect(Step::preliminary);
  parsed_ = true;
}

void PgBatch::send_execution() {
  const PgParameters& p = client_.parameters_;
  const bool described = !prepared_.parameter_oids().empty() && p.as_described();
  named_ = mode_ == Mode::own && described && client_.has_name(prepared_);
  if (mode_ != Mode::own && !fits_parsed()) parse();
  if (named_ || mode_ != Mode::own)
    client_.check_sent(PQsendQueryPrepared(client_.conn_, named_ ? prepared_.name()->text() : "",
                                           p.count(), p.values(), p.lengths(), p.formats(), 0));
  else
    client_.check_sent(PQsendQueryParams(client_.conn_, client_.sql_.c_str(), p.count(), p.types(),
                                         p.values(), p.lengths(), p.formats(), 0));
}

void PgBatch::send_set(std::span<const Parameter> values) {
  send_execution();
  expect(Step::set);
  if (mode_ == Mode::own) {
    client_.check_sent(PQpipelineSync(client_.conn_));
    expect(Step::sync);
  }
  ++sent_;
  std::size_t size = 64;  // the messages around the values, roughly
  for (std::size_t i = 0; i < values.size(); ++i)
    size += static_cast<std::size_t>(client_.parameters_.lengths()[i]);
  bytes_ += size;
  unflushed_ += size;
}

void PgBatch::push(Drive& drive) {
  unflushed_ = 0;
  for (;;) {
    const int left = PQflush(client_.conn_);
    if (left == 0) return;
    if (left < 0) throw client_.lost(Reached::sent);
    if (!drive.wait_to_exchange(client_.descriptor()))
      throw client_.given_up(drive.cause(), limits_);
    if (!client_.consume_input()) throw client_.lost(Reached::sent);
  }
}

void PgBatch::close_window(Drive& drive) {
  if (client_.flight_.guard == PgGuard::savepoint) {
    client_.send_step(PgFlight::Step::release, "RELEASE SAVEPOINT _aurodbc_statement");
    expect(Step::closing);
  }
  if (mode_ != Mode::own || sent_ == 0) {
    client_.check_sent(PQpipelineSync(client_.conn_));
    expect(Step::sync);
  }
  client_.flight_.complete = true;
  push(drive);
  receive(drive);
  PQexitPipelineMode(client_.conn_);
  client_.end_flight();
  while (client_.take_waiting(drive) != nullptr) {}  // a repair, when one began
}

void PgBatch::receive(Drive& drive) {
  int silent = 0;  // libpq has nothing more to say although answers are missing
  while (at_ < expected_.size()) {
    while (PQisBusy(client_.conn_) != 0) client_.read(drive);
    const PgMessage message(PQgetResult(client_.conn_));
    if (message == nullptr) {
      if (PQstatus(client_.conn_) == CONNECTION_BAD || ++silent > 3)
        throw client_.lost(Reached::sent);
      if (expected_[at_].step != Step::sync) ++at_;
      continue;
    }
    silent = 0;
    take(*message, drive);
  }
}

void PgBatch::take(PGresult& message, Drive& drive) {
  const Expected at = expected_[at_];
  switch (PQresultStatus(&message)) {
    case PGRES_PIPELINE_SYNC:
      ++at_;
      if (mode_ == Mode::own) end_set();
      return;
    case PGRES_PIPELINE_ABORTED: return;
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      if (at.step == Step::preliminary) client_.flight_.marked = true;
      if (at.step == Step::set) affected_.push_back(affected_by(message));
      return;
    default: {
      const Error error = client_.failure_of(message, drive.cause());
      if (error.link_lost()) throw error;
      // Without the savepoint there is no way back to it.
      if (at.step == Step::preliminary && !client_.flight_.marked)
        client_.flight_.guard = PgGuard::none;
      if (!failure_) failure_ = Failed{at.place, at.step == Step::set || at.place == 0, error};
    }
  }
}

/// Mode own: the server is ready again, so the set has its outcome: committed, or failed. A name
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
  if (mode_ == Mode::own) {
    tell_held();
  } else if (failure_) {
    settle_failed();
    return;
  } else {
    tell_executed(sent_);
    grow(true);
  }
  if (unreadable_ && !stopped_) tell_failed(next_++, *unreadable_);
  if (ended_) stopped_ = true;
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
  const bool alone = failed.by_set && failed.place == 0;
  if (alone || sent_ <= 1 || is_stop(failed.error)) {
    // The window has been taken back as a whole; what was before the failure in it, too.
    prefix_ = 0;
    tell_failed(next_++, failed.error);
  } else if (failed.by_set) {
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

/// Sets behind a failure travel in vain; where failures are frequent, few do.
void PgBatch::grow(bool succeeded) {
  if (succeeded) prefix_ = 0;
  if (singly_ && next_ >= singly_until_) singly_ = false;
  size_ = succeeded ? std::min(size_ * 2, most_sets_together)
                    : std::max<std::size_t>(1, std::min(size_, sent_) / 4);
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
