// SPDX-License-Identifier: Apache-2.0
// Windows that go as one INSERT over arrays. Such a statement happens as a whole or not at all;
// when it fails, its sets go through the pipeline, which finds out which of them failed.
#include <charconv>

#include "core/client/pg_batch.h"
#include "core/client/pg_errors.h"

namespace core {
namespace {

constexpr std::size_t worth_rewriting = 16;
constexpr std::size_t most_sets_in_arrays = 4096;
constexpr std::size_t most_array_bytes = std::size_t{1} << 20;
/// Failures in one call after which the rest goes without another try.
constexpr int most_failures = 3;
constexpr milliseconds yes_holds{1000}, no_holds{60000};

bool is_true(const PGresult& row, int column) { return *PQgetvalue(&row, 0, column) == 't'; }

std::vector<std::uint32_t> numbers_in(const char* text) {
  std::vector<std::uint32_t> numbers;
  const char* const end = text + std::char_traits<char>::length(text);
  for (const char* at = text; at < end; ++at) {
    std::uint32_t number = 0;
    at = std::from_chars(at, end, number).ptr;
    numbers.push_back(number);
  }
  return numbers;
}

void read_answer(const PGresult& row, RewriteProof& proof) {
  proof.types = numbers_in(PQgetvalue(&row, 0, 2));
  bool known = !proof.types.empty();
  for (const std::uint32_t type : proof.types) known = known && PgArrays::array_of(type) != 0;
  proof.in_autocommit = known && is_true(row, 0);
  proof.in_transaction = known && is_true(row, 1);
}

}  // namespace

void PgBatch::look_at_text() {
  if (!client_.rewrites_arrays_ || PQserverVersion(client_.conn_) < rewrite_server_version) return;
  insert_ = plain_insert(query_.sql);
}

bool PgBatch::wants_arrays() const {
  return insert_ && next_ >= pipelined_until_ && batch_.size() - next_ >= worth_rewriting &&
         PQtransactionStatus(client_.conn_) != PQTRANS_INERROR;
}

void PgBatch::ask_catalog(Drive& drive) {
  RewriteProof& proof = client_.proof_;
  proof = RewriteProof();
  const std::string table(insert_->table), columns = column_array(*insert_),
                                           count = std::to_string(insert_->parameters);
  const char* const values[] = {table.c_str(), insert_->columns.empty() ? nullptr : columns.c_str(),
                                count.c_str()};
  const Oid types[] = {pg_oid::text, PgArrays::array_of(pg_oid::text), pg_oid::int8};
  const bool guarded = PQtransactionStatus(client_.conn_) == PQTRANS_INTRANS;
  client_.begin_flight(client_.in_transaction());
  client_.open_pipeline(guarded ? PgGuard::savepoint : PgGuard::none);
  if (guarded) client_.mark();
  client_.check_sent(
      PQsendQueryParams(client_.conn_, rewrite_question, 3, types, values, nullptr, nullptr, 0));
  client_.flight_.add(PgFlight::Step::query);
  if (guarded) client_.unmark();
  client_.close_pipeline();
  client_.flush(drive, limits_);
  while (const PgMessage message = client_.take_waiting(drive)) {
    if (PQresultStatus(message.get()) == PGRES_FATAL_ERROR) {
      const Error error = client_.failure_of(*message, drive.cause());
      if (error.link_lost()) throw error;  // anything else: not proved
    } else if (PQntuples(message.get()) == 1) {
      read_answer(*message, proof);
    }
  }
  proof.sql.assign(query_.sql);
  proof.text = unnested(*insert_);
  proof.executions = client_.executions_;
  proof.until = Deadline::after(proof.in_transaction ? yes_holds : no_holds);
}

bool PgBatch::proved(Drive& drive) {
  if (!client_.proof_.holds(query_.sql, client_.executions_)) ask_catalog(drive);
  const bool alone = client_.idle_transaction() && !query_.open_transaction;
  return alone ? client_.proof_.in_autocommit : client_.proof_.in_transaction;
}

/// Number of sets that are in the arrays now; 0 when they cannot go in arrays.
std::size_t PgBatch::fill_arrays() {
  PgArrays& arrays = client_.arrays_;
  arrays.begin(client_.proof_.types);
  while (next_ + arrays.sets() < batch_.size() && arrays.sets() < most_sets_in_arrays &&
         arrays.bytes() < most_array_bytes) {
    std::span<const Parameter> values;
    try {
      if (!batch_.read(next_ + arrays.sets(), values)) break;
      client_.parameters_.encode(values, client_.proof_.types);
    } catch (const Error&) { break; }  // a window of the pipeline meets it and tells
    if (!arrays.add(values, client_.parameters_)) return 0;
  }
  arrays.finish();
  return arrays.sets();
}

void PgBatch::send_arrays() {
  const PgArrays& arrays = client_.arrays_;
  begin_window(begins_                      ? PgGuard::transaction
               : client_.idle_transaction() ? PgGuard::none
                                            : PgGuard::savepoint);
  client_.check_sent(PQsendQueryParams(client_.conn_, client_.proof_.text.c_str(), arrays.count(),
                                       arrays.types(), arrays.values(), arrays.lengths(),
                                       arrays.formats(), 0));
  expect(Step::set, 0);
  sent_ = 1;
}

/// True when the window is dealt with; false: it has to go through the pipeline.
bool PgBatch::run_arrays() {
  if (!wants_arrays()) return false;
  if (!is_ready()) return true;
  const auto maker = [this] { return client_.make_cancel(); };
  Drive drive(limits_, client_.canceller_, maker);
  const std::size_t sets = proved(drive) && !drive.stopped() ? fill_arrays() : 0;
  if (sets == 0) insert_.reset();
  if (sets < 2) return false;
  choose_mode();
  mode_ = Mode::atomic;
  send_arrays();
  close_window(drive);
  settle_arrays(sets);
  return true;
}

void PgBatch::settle_arrays(std::size_t sets) {
  if (!failure_) {
    // As many rows as sets, unless somebody changed the table a moment ago.
    std::int64_t rows = affected_.empty() ? -1 : affected_.front();
    for (std::size_t i = 0; i < sets; ++i, --rows) batch_.executed(next_ + i, rows > 0 ? 1 : 0);
    next_ += sets;
    return;
  }
  const Error error = failure_->error;
  if (is_stop(error)) {
    tell_failed(next_++, error);
    return;
  }
  pipelined_until_ = next_ + sets;
  if (++array_failures_ >= most_failures) insert_.reset();
}

}  // namespace core
