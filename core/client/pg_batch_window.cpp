// SPDX-License-Identifier: Apache-2.0
// A window on the wire: sets are encoded into libpq's buffer and pushed out while answers are taken
// in, so that neither side waits for the other with full buffers.
#include <charconv>
#include <cstring>

#include "core/client/pg_batch.h"
#include "core/client/pg_errors.h"

namespace core {
namespace {

// The unnamed statement of a chained window. libpq pushes its buffer out at every Sync and the
// server at every answer to one: a synchronisation per set costs two system calls on each side.
constexpr const char* chain = "COMMIT AND CHAIN";
constexpr std::size_t sets_in_doubt = 64;

std::int64_t affected_by(const PGresult& message) {
  const char* const count = PQcmdTuples(const_cast<PGresult*>(&message));
  std::int64_t number = -1;
  std::from_chars(count, count + std::strlen(count), number);
  return number;
}

}  // namespace

void PgBatch::begin_window(PgGuard guard) {
  window_ = next_;
  sent_ = bytes_ = unflushed_ = answered_ = committed_ = at_ = 0;
  parsed_ = ended_ = false;
  expected_.clear();
  affected_.clear();
  failure_.reset();
  unreadable_.reset();
  types_.clear();
  client_.sql_.assign(query_.sql);
  client_.begin_flight(client_.in_transaction() || begins_);
  client_.open_pipeline(guard);
  if (begins_ || mode_ == Mode::chained) client_.send_step(PgFlight::Step::begin, "BEGIN");
  if (guard == PgGuard::savepoint) client_.mark();
  for (int i = 0; i < client_.flight_.count; ++i) expect(Step::preliminary, 0);
  if (mode_ != Mode::chained) return;
  client_.check_sent(PQsendPrepare(client_.conn_, "", chain, 0, nullptr));
  expect(Step::preliminary, 0);
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

/// The name of a chained window takes values of the types it was described with.
bool PgBatch::fits_chain() {
  if (mode_ != Mode::chained || client_.parameters_.as_described()) return true;
  leave_chain();
  return false;
}

/// The unnamed statement is parsed in the window that uses it, so no proxy can part them.
void PgBatch::parse() {
  const PgParameters& p = client_.parameters_;
  types_.resize(static_cast<std::size_t>(p.count()));
  for (std::size_t i = 0; i < types_.size(); ++i)
    if (!parsed_ || p.values()[i] != nullptr) types_[i] = p.types()[i];
  client_.check_sent(
      PQsendPrepare(client_.conn_, "", client_.sql_.c_str(), p.count(), types_.data()));
  expect(Step::preliminary, sent_);
  parsed_ = true;
}

void PgBatch::send_execution() {
  const PgParameters& p = client_.parameters_;
  const bool each_commits = mode_ == Mode::synced || mode_ == Mode::chained;
  const bool described = !prepared_.parameter_oids().empty() && p.as_described();
  named_ = each_commits && described && client_.has_name(prepared_);
  if (!each_commits && !fits_parsed()) parse();
  if (named_ || !each_commits)
    client_.check_sent(PQsendQueryPrepared(client_.conn_, named_ ? prepared_.name()->text() : "",
                                           p.count(), p.values(), p.lengths(), p.formats(), 0));
  else
    client_.check_sent(PQsendQueryParams(client_.conn_, client_.sql_.c_str(), p.count(), p.types(),
                                         p.values(), p.lengths(), p.formats(), 0));
}

void PgBatch::send_set(std::span<const Parameter> values) {
  if (mode_ == Mode::chained && sent_ > 0) {
    client_.check_sent(PQsendQueryPrepared(client_.conn_, "", 0, nullptr, nullptr, nullptr, 0));
    expect(Step::commit, sent_ - 1);
    // Now and then the server shall say how far it is: after a loss less is in doubt.
    if (sent_ % sets_in_doubt == 0) client_.check_sent(PQsendFlushRequest(client_.conn_));
  }
  send_execution();
  expect(Step::set, sent_);
  if (mode_ == Mode::synced) {
    client_.check_sent(PQpipelineSync(client_.conn_));
    expect(Step::sync, sent_);
  }
  ++sent_;
  std::size_t size = 64;  // the messages around the values, roughly
  for (std::size_t i = 0; i < values.size(); ++i)
    size += static_cast<std::size_t>(client_.parameters_.lengths()[i]);
  bytes_ += size;
  unflushed_ += size;
}

/// The link is lost. What has arrived counts.
void PgBatch::lose(Drive& drive) {
  receive(drive);
  throw client_.lost(Reached::sent);
}

void PgBatch::push(Drive& drive) {
  unflushed_ = 0;
  for (;;) {
    const int left = PQflush(client_.conn_);
    if (left == 0) return;
    if (left < 0) lose(drive);
    if (!drive.wait_to_exchange(client_.descriptor()))
      throw client_.given_up(drive.cause(), limits_);
    if (!client_.consume_input()) lose(drive);
  }
}

void PgBatch::send_closing(const char* sql, Step step) {
  client_.check_sent(
      PQsendQueryParams(client_.conn_, sql, 0, nullptr, nullptr, nullptr, nullptr, 0));
  expect(step, sent_ == 0 ? 0 : sent_ - 1);
}

void PgBatch::close_window(Drive& drive) {
  if (client_.flight_.guard == PgGuard::savepoint)
    send_closing("RELEASE SAVEPOINT _aurodbc_statement", Step::closing);
  if (mode_ == Mode::chained) send_closing("COMMIT", sent_ == 0 ? Step::closing : Step::commit);
  if (mode_ != Mode::synced || sent_ == 0) {
    client_.check_sent(PQpipelineSync(client_.conn_));
    expect(Step::sync, sent_);
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
      if (mode_ == Mode::synced) end_set();
      return;
    case PGRES_PIPELINE_ABORTED: return;
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      if (at.step == Step::preliminary) client_.flight_.marked = true;
      if (at.step == Step::set) affected_.push_back(affected_by(message));
      if (at.step == Step::commit) ++committed_;
      return;
    default: {
      const Error error = client_.failure_of(message, drive.cause());
      if (error.link_lost()) throw error;
      // Without the savepoint there is no way back to it.
      if (at.step == Step::preliminary && !client_.flight_.marked)
        client_.flight_.guard = PgGuard::none;
      if (!failure_) failure_ = Failed{at.step, at.place, error};
    }
  }
}

}  // namespace core
