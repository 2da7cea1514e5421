// SPDX-License-Identifier: Apache-2.0
// Taking rows, several results, spooling, and giving the wire back.
#include "core/client/pg_result.h"

#include <charconv>
#include <cstring>

#include "core/client/pg_errors.h"
#include "core/log.h"
#include "core/sql_text.h"

namespace core {

namespace {

/// Of an unpacked cell, and so of a bytea: what its decoding costs is worth a round trip.
constexpr std::int32_t long_text = 64 << 10;

void take_cells(const PGresult& row, std::span<RawCell> cells) {
  int column = 0;
  for (RawCell& cell : cells) {
    cell.data = PQgetvalue(&row, 0, column);
    cell.length = PQgetlength(&row, 0, column);
    if (cell.length == 0 && PQgetisnull(&row, 0, column) != 0) cell.length = -1;
    ++column;
  }
}

}  // namespace

PgResult::PgResult(std::shared_ptr<PgClient> client, Traits traits,
                   std::shared_ptr<const PgText> text)
    : client_(std::move(client)), traits_(traits), text_(std::move(text)) {
  client_->active = this;
}

PgResult::~PgResult() {
  // Owners close results; this is for the ones an exception took.
  if (live_) close(Limits{.deadline = Deadline::after(milliseconds(5000))});
}

void PgResult::release_wire() noexcept {
  live_ = false;
  if (client_->active == this) client_->active = nullptr;
}

PgClient::Taken PgResult::pull(PgMessage& out) {
  if (kept_ && !kept_->marks.empty()) {
    out = std::move(kept_->marks.front().message);
    kept_->marks.pop_front();
    return PgClient::Taken::message;
  }
  if (after_kept_) {
    const Error error = *after_kept_;
    after_kept_.reset();
    state_ = State::ended;
    throw error;
  }
  if (!live_) return PgClient::Taken::finished;
  const PgClient::Taken taken = client_->take(out);
  if (taken == PgClient::Taken::finished) release_wire();
  return taken;
}

PgMessage PgResult::pull_waiting(Drive& drive) {
  PgMessage message;
  for (;;) {
    switch (pull(message)) {
      case PgClient::Taken::message: return message;
      case PgClient::Taken::finished: return nullptr;
      case PgClient::Taken::busy: client_->read(drive); break;
    }
  }
}

void PgResult::begin(Drive& drive, PgPrepared* learner) {
  try {
    PgMessage first = pull_waiting(drive);
    if (first == nullptr) throw client_->lost(Reached::sent);
    start(std::move(first), drive, learner);
  } catch (const Error& error) {
    if (error.link_lost()) release_wire();
    throw;
  }
}

void PgResult::await_commit(const Limits& limits) {
  try {
    spool(limits);
  } catch (const Error& error) {
    // More rows than may be set aside: whoever reads them learns at their end how it went.
    if (error.state() == sqlstate::no_room) return;
    throw;
  }
  if (!after_kept_) return;
  state_ = State::ended;
  throw Error(*after_kept_);
}

void PgResult::start(PgMessage first, Drive& drive, PgPrepared* learner) {
  affected_ = -1;
  shape_.reset();
  cells_.clear();
  switch (PQresultStatus(first.get())) {
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK: {
      const bool known =
          learner != nullptr && traits_.described && learner->shape() &&
          learner->shape()->binary == traits_.binary &&
          static_cast<int>(learner->shape()->columns.size()) == PQnfields(first.get());
      shape_ = known ? learner->shape() : client_->shape_of(*first, traits_.binary, learner);
      if (learner != nullptr && !known) learner->learn_shape(shape_);
      if (traits_.binary && shape_->binary_form == BinaryForm::never) refuse_unreadable(drive);
      cells_.resize(shape_->columns.size());
      state_ = State::rows;
      if (PQresultStatus(first.get()) == PGRES_SINGLE_TUPLE) {
        head_ = std::move(first);
        return;
      }
      note_end(*first);
      take_rest_of_count(drive);
      return;
    }
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      note_end(*first);
      take_rest_of_count(drive);
      return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH: refuse_copy(drive);
    default: {
      const Error error = client_->failure_of(*first, drive.cause());
      if (!error.link_lost()) drain(drive);
      state_ = State::ended;
      throw error;
    }
  }
}

// What follows a finished result: nothing, the next result, or the failure of a commit (a deferred
// constraint of an extended-protocol statement fails after its command tag).
void PgResult::take_rest_of_count(Drive& drive) {
  PgMessage next = pull_waiting(drive);
  state_ = State::ended;
  if (next == nullptr) return;
  if (!traits_.several && PQresultStatus(next.get()) == PGRES_FATAL_ERROR) {
    const Error error = client_->failure_of(*next, drive.cause());
    if (!error.link_lost()) drain(drive);
    throw error;
  }
  head_ = std::move(next);
}

void PgResult::note_end(const PGresult& message) {
  state_ = State::ending;
  const char* count = PQcmdTuples(const_cast<PGresult*>(&message));
  std::int64_t number = -1;
  std::from_chars(count, count + std::strlen(count), number);
  affected_ = number;
}

void PgResult::refuse_copy(Drive& drive) {
  state_ = State::ended;
  // In a transaction a cancel would undo what came before.
  if (traits_.autocommit) drive.stop();
  drain(drive);
  throw Error(sqlstate::not_implemented, pg_component,
              "COPY from or to the client cannot go through ODBC; use INSERT or SELECT, or COPY "
              "with a file on the server");
}

/// Rows were asked for in binary because the statement's columns were known, and now they are
/// others. The next execution asks for text.
void PgResult::refuse_unreadable(Drive& drive) {
  state_ = State::ended;
  drain(drive);
  throw Error(sqlstate::general, pg_component,
              "the columns of this result have changed their types since the statement was last "
              "executed; it was executed now, but its rows cannot be read: execute it again");
}

void PgResult::drain(Drive& drive) {
  while (pull_waiting(drive) != nullptr) {}
}

std::span<const Column> PgResult::columns() const {
  if (!shape_) return {};
  return shape_->columns;
}

void PgResult::load(PgMessage message) {
  row_ = std::move(message);
  take_cells(*row_, cells_);
  if (!shape_->unpacks.empty()) unpack();
}

void PgResult::unpack() {
  for (const PgShape::UnpackAt& at : shape_->unpacks) {
    RawCell& cell = cells_[static_cast<std::size_t>(at.column)];
    if (cell.is_null()) continue;
    if (cell.length >= long_text) client_->note_long_bytes();
    // The row is ours alone and loaded once: its hexadecimal text makes room for the bytes.
    const std::int32_t length = at.unpack(const_cast<char*>(cell.data), cell.length);
    if (length < 0)
      throw Error(sqlstate::general, pg_component,
                  "the server sent a malformed bytea or uuid in column " +
                      shape_->columns[static_cast<std::size_t>(at.column)].name);
    cell.length = length;
  }
}

RowState PgResult::next_row() {
  if (state_ == State::rows && head_) {
    load(std::move(head_));
    return RowState::ready;
  }
  if (kept_ && state_ == State::rows && kept_->row_is_next()) {
    row_.reset();
    kept_->rows.next(cells_);
    if (!shape_->unpacks.empty()) unpack();
    return RowState::ready;
  }
  // Before the next row is made, so that the allocator hands the same warm block out again.
  row_.reset();
  PgMessage message;
  while (state_ != State::ended) {
    switch (pull(message)) {
      case PgClient::Taken::busy: return RowState::need_network;
      case PgClient::Taken::finished: state_ = State::ended; return RowState::end;
      case PgClient::Taken::message: break;
    }
    const ExecStatusType status = PQresultStatus(message.get());
    if (status == PGRES_SINGLE_TUPLE && state_ == State::rows) {
      load(std::move(message));
      return RowState::ready;
    }
    if (state_ == State::ending && (status != PGRES_FATAL_ERROR || traits_.several)) {
      head_ = std::move(message);
      state_ = State::ended;
    } else if (status == PGRES_TUPLES_OK) {
      note_end(*message);
    } else {
      fail(*message, StopCause::none);
    }
  }
  return RowState::end;
}

void PgResult::fail(const PGresult& message, StopCause cause) {
  state_ = State::ended;
  const Error error = client_->failure_of(message, cause);
  if (error.link_lost()) {
    release_wire();
    throw error;
  }
  // Only the server's readiness follows; with it the transaction state is known.
  const Limits short_wait{.deadline = Deadline::after(milliseconds(1000))};
  const auto maker = [this] { return client_->make_cancel(); };
  Drive drive(short_wait, client_->canceller(), maker);
  if (live_) drain(drive);
  throw error;
}

void PgResult::read_network(const Limits& limits) {
  if (!live_) return;
  const auto maker = [this] { return client_->make_cancel(); };
  Drive drive(limits, client_->canceller(), maker);
  try {
    client_->read(drive);
    if (!drive.stopped()) return;
    state_ = State::ended;
    kept_.reset();
    std::optional<Error> failure;
    while (const PgMessage message = pull_waiting(drive))
      if (PQresultStatus(message.get()) == PGRES_FATAL_ERROR && !failure)
        failure = client_->failure_of(*message, drive.cause());
    if (failure) throw *failure;
    throw stop_error(drive.cause(), "the rest of the rows was given up", Reached::answered);
  } catch (const Error& error) {
    if (error.link_lost()) {
      state_ = State::ended;
      release_wire();
    }
    throw;
  }
}

bool PgResult::next_result(const Limits& limits) {
  for (RowState at = next_row(); at != RowState::end; at = next_row())
    if (at == RowState::need_network) read_network(limits);
  row_.reset();
  if (!head_) {
    shape_.reset();
    cells_.clear();
    affected_ = -1;
    return false;
  }
  const auto maker = [this] { return client_->make_cancel(); };
  Drive drive(limits, client_->canceller(), maker);
  start(std::move(head_), drive, nullptr);
  return true;
}

// Null at the end of the flight.
PgMessage PgResult::take_for_another(const Limits& limits) {
  PgMessage message;
  for (;;) {
    switch (client_->take(message)) {
      case PgClient::Taken::message: return message;
      case PgClient::Taken::finished: return nullptr;
      case PgClient::Taken::busy: client_->read_for_another(limits); break;
    }
  }
}

// True when the next row on the wire is the first of its result and carries its description.
bool PgResult::between_results() const {
  const PGresult* last = kept_->marks.empty() ? head_.get() : kept_->marks.back().message.get();
  if (last != nullptr) return PQresultStatus(last) != PGRES_SINGLE_TUPLE;
  return state_ != State::rows;
}

void PgResult::keep(PgMessage message) {
  if (PQresultStatus(message.get()) == PGRES_SINGLE_TUPLE && !between_results()) {
    kept_->cells.resize(static_cast<std::size_t>(PQnfields(message.get())));
    take_cells(*message, kept_->cells);
    kept_->rows.add(kept_->cells);
  } else {
    kept_->marks.push_back({kept_->rows.rows_added(), std::move(message)});
  }
}

void PgResult::spool(const Limits& limits) {
  if (!live_) return;
  if (!kept_) kept_ = std::make_unique<Kept>(client_->spool_settings());
  try {
    for (;;) {
      kept_->rows.require_room();
      PgMessage message = take_for_another(limits);
      if (message == nullptr) break;
      if (PQresultStatus(message.get()) == PGRES_FATAL_ERROR)
        after_kept_ = client_->failure_of(*message, StopCause::none);
      else
        keep(std::move(message));
      if (after_kept_ && after_kept_->link_lost()) throw Error(*after_kept_);
    }
  } catch (const Error& error) {
    if (error.link_lost()) {
      after_kept_ = error;
      release_wire();
    }
    throw;
  }
  release_wire();
}

// True when the end came within a few reads.
bool PgResult::drain_little() {
  constexpr int reads = 16;
  const auto soon = milliseconds(5);
  for (int i = 0; i < reads; ++i) {
    PgMessage message;
    PgClient::Taken taken = PgClient::Taken::message;
    while (taken == PgClient::Taken::message) taken = client_->take(message);
    if (taken == PgClient::Taken::finished) return true;
    const bool waits = !client_->has_buffered_input();
    if (waits && wait(Waitable::readable(client_->descriptor()), Deadline::after(soon), nullptr) !=
                     Woken::ready)
      return false;
    if (!client_->consume_input()) throw client_->lost(Reached::sent);
  }
  return false;
}

void PgResult::close(const Limits& limits) noexcept {
  try {
    state_ = State::ended;
    head_.reset();
    kept_.reset();
    after_kept_.reset();
    if (!live_) return;
    if (!drain_little()) {
      const auto maker = [this] { return client_->make_cancel(); };
      Drive drive(limits, client_->canceller(), maker);
      // A cancel rolls back whatever the statement did; only pure reading may be cut short.
      if (traits_.autocommit && is_provably_read_only(text_->sql, postgres_lexis)) drive.stop();
      drain(drive);
    }
  } catch (const std::exception& error) {
    log::line(log::Level::debug, pg_component, "closing a result: {}", error.what());
  } catch (...) {  // noexcept: the link shows its state by itself
  }
  release_wire();
}

}  // namespace core
