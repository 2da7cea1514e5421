// SPDX-License-Identifier: Apache-2.0
// Taking messages off the wire, waiting for them, and what becomes of a link that breaks.
#include "core/client/pg_wire.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/client/pg_client.h"
#include "core/client/pg_errors.h"
#include "core/client/pg_options.h"
#include "core/client/pg_result.h"
#include "core/client/pg_type_options.h"
#include "core/client/pg_types.h"
#include "core/log.h"

namespace core {

PgClient::~PgClient() {
  // From here on no other thread may touch the socket: PQfinish closes it.
  guard_.withdraw();
  PQfinish(conn_);
}

bool PgClient::usable() const noexcept {
  return connected_.load(std::memory_order_acquire) && !broken_.load(std::memory_order_acquire) &&
         !guard_.belongs_to_parent();
}

bool PgClient::in_transaction() const noexcept {
  switch (PQtransactionStatus(conn_)) {
    case PQTRANS_IDLE: return false;
    case PQTRANS_INTRANS:
    case PQTRANS_INERROR: return true;
    default: return block_open_;
  }
}

std::string PgClient::peer_address() const {
  const char* address = conn_ == nullptr ? nullptr : PQhostaddr(conn_);
  return HostPort{address == nullptr ? "" : address, endpoint_.port}.text();
}

std::string PgClient::server_parameter(std::string_view name) const {
  const char* value =
      conn_ == nullptr ? nullptr : PQparameterStatus(conn_, std::string(name).c_str());
  return value == nullptr ? std::string() : std::string(value);
}

bool PgClient::encrypted() const noexcept { return tls_ != nullptr; }

void PgClient::on_notice(void* client, const PGresult* notice) noexcept {
  // libpq calls this from inside C code: nothing may be thrown through it.
  try {
    if (ends_session(*notice))
      static_cast<PgClient*>(client)->farewell_ = std::make_unique<Error>(statement_error(*notice));
    // Not while connecting: the log's lock must not be wanted behind the ForkGate.
    else if (static_cast<PgClient*>(client)->connected_.load(std::memory_order_acquire) &&
             log::enabled(log::Level::debug))
      log::write(log::Level::debug, pg_component, one_line(PQresultErrorMessage(notice)));
  } catch (...) {  // a notice is never worth an exception
  }
}

Drive::Request PgClient::make_cancel() const {
  if (guard_.belongs_to_parent()) return [] {};  // what runs there is the parent's
  PGcancel* raw = PQgetCancel(conn_);
  if (raw == nullptr) return {};
  std::shared_ptr<PGcancel> cancel(raw, PQfreeCancel);
  return [cancel] {
    char reason[256];
    if (PQcancel(cancel.get(), reason, sizeof reason) == 0)
      log::line(log::Level::debug, pg_component, "cancel request failed: {}", one_line(reason));
  };
}

bool PgClient::has_buffered_input() const {
  return tls_ != nullptr && SSL_pending(static_cast<const SSL*>(tls_)) > 0;
}

bool PgClient::consume_input() { return PQconsumeInput(conn_) == 1; }

void PgClient::read(Drive& drive) {
  if (!has_buffered_input()) {
    if (flight_.repairing) {
      wait_for_repair();
    } else if (!drive.wait_for_answer(descriptor())) {
      throw given_up(drive.cause(), drive.limits());
    }
    if (drive.stopped()) flight_.stopped_by = drive.cause();
  }
  take_in();
}

void PgClient::read_for_another(const Limits& limits) {
  if (flight_.repairing && !has_buffered_input()) {
    wait_for_repair();
  } else if (!has_buffered_input()) {
    const StopCause cause = wait_within(limits, Waitable::readable(descriptor()));
    if (cause == StopCause::silence) throw given_up(cause, limits);
    if (cause != StopCause::none)
      throw stop_error(cause,
                       cause == StopCause::deadline
                           ? "timed out while an open result was set aside"
                           : "cancelled while an open result was set aside",
                       Reached::not_sent);
  }
  take_in();
}

// A repair is not cancelled: it is what makes the link usable again.
void PgClient::wait_for_repair() {
  if (wait(Waitable::readable(descriptor()), repair_until_, nullptr) != Woken::ready)
    throw repair_failed();
}

// A failed read may come with the server's last words: they are still taken from the buffer.
void PgClient::take_in() {
  if (!consume_input() && PQisBusy(conn_) != 0) throw lost(Reached::sent);
}

std::shared_ptr<const PgShape> PgClient::shape_of(const PGresult& description, bool binary,
                                                  const PgPrepared* learner) {
  if (learner != nullptr && learner->shape() && learner->shape()->is_of(description, binary))
    return learner->shape();
  if (last_shape_ == nullptr || !last_shape_->is_of(description, binary))
    last_shape_ = PgShape::of(description, binary, rules_);
  return last_shape_;
}

PgMessage PgClient::take_waiting(Drive& drive) {
  PgMessage message;
  for (;;) {
    switch (take(message)) {
      case Taken::message: return message;
      case Taken::finished: return nullptr;
      case Taken::busy: read(drive); break;
    }
  }
}

PgClient::Taken PgClient::take(PgMessage& out) {
  if (flight_.early) {
    out = std::move(flight_.early);
    return Taken::message;
  }
  while (flight_.under_way) {
    if (flight_.copying_out && !take_copy_data()) return Taken::busy;
    if (flight_.copying_in) {
      flight_.copying_in = false;
      PQputCopyEnd(conn_, "COPY FROM STDIN is not available through ODBC");
      PQflush(conn_);
    }
    if (PQisBusy(conn_) != 0) return Taken::busy;
    PGresult* message = PQgetResult(conn_);
    if (message != nullptr) {
      const ExecStatusType status = PQresultStatus(message);
      flight_.copying_out = status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
      flight_.copying_in = status == PGRES_COPY_IN;
    }
    if (flight_.pipelined) {
      if (take_step(message, out)) return Taken::message;
    } else if (message == nullptr) {
      end_flight();
    } else {
      out.reset(message);
      if (!is_ours(*message)) return Taken::message;
    }
  }
  return Taken::finished;
}

// Throws COPY OUT data away. False: more must arrive first.
bool PgClient::take_copy_data() {
  for (;;) {
    char* data = nullptr;
    const int length = PQgetCopyData(conn_, &data, 1);
    if (data != nullptr) PQfreemem(data);
    if (length == 0) return false;
    if (length < 0) {
      flight_.copying_out = false;
      return true;
    }
  }
}

bool PgClient::is_ours(const PGresult& message) {
  if (flight_.repairing) return true;
  if (!flight_.awaits_begin || PQresultStatus(&message) != PGRES_COMMAND_OK) return false;
  flight_.awaits_begin = false;
  return true;
}

// True when the message is for the statement's reader.
bool PgClient::take_step(PGresult* raw, PgMessage& out) {
  PgMessage message(raw);
  if (message == nullptr) {
    next_step();
    return false;
  }
  switch (PQresultStatus(message.get())) {
    case PGRES_PIPELINE_SYNC:
      if (--flight_.syncs > 0) return false;
      PQexitPipelineMode(conn_);
      end_flight();
      return false;
    case PGRES_PIPELINE_ABORTED: return false;  // an earlier step failed and was reported
    case PGRES_FATAL_ERROR:
      // Without the mark there is no way back to it.
      if (flight_.guard == PgGuard::savepoint &&
          flight_.steps[flight_.at] <= PgFlight::Step::savepoint && !flight_.marked)
        flight_.guard = PgGuard::none;
      break;
    case PGRES_COMMAND_OK: {
      const PgFlight::Step step = flight_.steps[flight_.at];
      if (step == PgFlight::Step::describe && flight_.learner != nullptr)
        flight_.learner->learn_description(*message, rules_);
      if (step == PgFlight::Step::savepoint) flight_.marked = true;
      if (step != PgFlight::Step::query) return false;
      break;
    }
    default: break;
  }
  out = std::move(message);
  return true;
}

void PgClient::next_step() {
  if (PQstatus(conn_) == CONNECTION_BAD) {
    end_flight();  // a broken link never comes to its sync
    return;
  }
  if (flight_.at + 1 >= flight_.count) return;
  ++flight_.at;
  // libpq keeps the mode for one query of a pipeline only.
  if (flight_.steps[flight_.at] == PgFlight::Step::query) PQsetSingleRowMode(conn_);
}

void PgClient::begin_flight(bool in_transaction_block) {
  flight_ = PgFlight();
  block_open_ = in_transaction_block;
}

void PgClient::end_flight() {
  flight_.under_way = false;
  flight_.learner = nullptr;
  const PGTransactionStatusType status = PQtransactionStatus(conn_);
  if (status != PQTRANS_UNKNOWN)
    block_open_ = status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  if (!block_open_) mark_stands_ = false;
  if (status == PQTRANS_INERROR && flight_.guard != PgGuard::none) begin_repair();
}

Error PgClient::failure_of(const PGresult& message, StopCause cause) {
  if (ends_session(message)) return session_ended(statement_error(message), Reached::sent);
  if (PQstatus(conn_) == CONNECTION_BAD) return lost(Reached::sent);
  Error error = statement_error(message, flight_.prefix);
  // The call that ran into its limit may have returned with rows that came before the error.
  if (cause == StopCause::none) cause = flight_.stopped_by;
  const bool by_our_cancel = cause != StopCause::none && error.state() == Sqlstate("57014");
  if (!by_our_cancel) return error;
  const char* text = cause == StopCause::interrupt
                         ? "the statement was cancelled"
                         : "the statement ran into its timeout and was cancelled";
  return stop_error(cause, text, Reached::answered).caused_by(error);
}

Error PgClient::session_ended(const Error& why, Reached reached) {
  broken_.store(true, std::memory_order_release);
  guard_.shutdown();
  flight_.under_way = false;
  std::string text = "the server ended the connection to " + peer_address() + ": ";
  text.append(why.main().text);
  const int native = why.main().native;
  return Error(sqlstate::link_lost, pg_component, std::move(text), reached, native)
      .caused_by(why)
      .with_link_lost();
}

Error PgClient::lost(Reached reached) {
  const bool by_our_own_hand = guard_.was_shut_down();
  const bool inherited = guard_.belongs_to_parent();
  // libpq explains the first line in the next ones and repeats itself.
  const std::string_view said = PQerrorMessage(conn_);
  std::string reason = one_line(said.substr(0, said.find('\n')));
  broken_.store(true, std::memory_order_release);
  guard_.shutdown();  // PQgetResult below meets the end of the stream instead of waiting
  for (int i = 0; i < 8 && !inherited; ++i) {
    const PgMessage message(PQgetResult(conn_));
    if (message == nullptr) break;
    if (ends_session(*message)) return session_ended(statement_error(*message), reached);
  }
  flight_.under_way = false;
  if (farewell_) return session_ended(*farewell_, reached);
  if (by_our_own_hand) reason = "it was shut down by this driver";
  if (inherited) reason = "it belongs to the parent process; connect anew after fork";
  if (reason.empty()) reason = "the server closed it";
  return Error(sqlstate::link_lost, pg_component,
               "the connection to " + peer_address() + " is lost: " + reason, reached)
      .with_link_lost();
}

Error PgClient::given_up(StopCause cause, const Limits& limits) {
  broken_.store(true, std::memory_order_release);
  guard_.shutdown();
  flight_.under_way = false;
  std::string text = "the connection to " + peer_address() + " is given up: ";
  if (cause == StopCause::silence) {
    text.append("nothing came or went for ")
        .append(std::to_string(limits.silence.count()))
        .append(" ms, the connection timeout; connect again");
    return stop_error(cause, std::move(text), Reached::sent).with_link_lost();
  }
  text.append("the server did not answer a cancel request within ")
      .append(std::to_string(limits.cancel_grace.count()))
      .append(" ms");
  const Error why = stop_error(cause,
                               cause == StopCause::interrupt ? "the statement was cancelled"
                                                             : "the statement ran into its timeout",
                               Reached::sent);
  return Error(sqlstate::link_lost, pg_component, std::move(text), Reached::sent)
      .caused_by(why)
      .with_link_lost();
}

namespace {

std::shared_ptr<Client> make_pg_client(Workers& workers) {
  return std::make_shared<PgClient>(workers);
}

void describe_text_column(Column& column, std::uint32_t oid, int modifier, const Options& options) {
  describe_column(column, oid, modifier, PgFormat::text, pg_type_options::rules(options));
}

}  // namespace

constinit const ClientDescriptor pg_client_descriptor{Engine::postgres, "libpq", make_pg_client,
                                                      &pg_options::group, describe_text_column};

}  // namespace core
