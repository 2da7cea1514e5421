// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL link: one PGconn, driven without blocking, and the flight (statement with its
// preliminaries) that is on its wire. pg_connect.cpp opens it, pg_statement.cpp sends, pg_result
// takes the answers.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/client.h"
#include "core/client/drive.h"
#include "core/client/pg_parameters.h"
#include "core/client/pg_plan.h"
#include "core/client/pg_prepared.h"
#include "core/client/pg_rewrite.h"
#include "core/client/pg_text.h"
#include "core/client/pg_text_cache.h"
#include "core/spool.h"

namespace core {

class PgResult;

struct ClearPgMessage {
  void operator()(PGresult* message) const noexcept { PQclear(message); }
};
/// libpq calls it a result; here it is one message: a row, the end of a result, an error.
using PgMessage = std::unique_ptr<PGresult, ClearPgMessage>;

/// What is on the wire between a send and the server's readiness for the next.
struct PgFlight {
  enum class Step : std::uint8_t { begin, release, savepoint, parse, describe, query };
  Step steps[8] = {};
  int count = 0;
  int at = 0;
  bool pipelined = false;
  bool copying_out = false;
  bool copying_in = false;
  bool under_way = false;
  bool complete = false;          // a pipeline's last sync is behind its steps
  int syncs = 0;                  // of a pipeline, not yet answered
  bool awaits_begin = false;      // a simple query's first answer is that of the BEGIN before it
  bool marked = false;            // the savepoint of the guard is known to stand
  bool repairing = false;         // what is under way takes a failed statement back
  PgGuard guard = PgGuard::none;  // how, if this flight fails
  StopCause stopped_by = StopCause::none;  // why the server was asked to give this flight up
  int prefix = 0;                          // characters of ours before the application's text
  PgPrepared* learner = nullptr;           // where a describe step puts what it learns
  PgMessage early;                         // an error that came before there was a reader for it

  void add(Step step) { steps[count++] = step; }
};

class PgClient final : public Client {
 public:
  explicit PgClient(Workers& workers) : canceller_(workers) {}
  ~PgClient() override;

  std::unique_ptr<Exchange> start_connect(LinkTarget target, const Options& options,
                                          Credentials credentials) override;
  std::unique_ptr<TextExchange> start_text_query(std::string sql) override;
  std::unique_ptr<Result> execute(const Query& query, const Limits& limits) override;
  std::unique_ptr<Result> execute_batch(const Query& query, Batch& batch,
                                        const Limits& limits) override;
  std::shared_ptr<Prepared> prepare(std::string_view sql, int parameter_count,
                                    std::shared_ptr<Prepared> reuse, const Limits& limits) override;
  void end_transaction(Completion completion, const Limits& limits) override;

  bool usable() const noexcept override;
  bool in_transaction() const noexcept override;
  bool peer_is_there() noexcept override { return guard_.peer_is_there(); }
  std::string peer_address() const override;
  std::string server_version() const override { return server_parameter("server_version"); }
  std::string server_parameter(std::string_view name) const override;
  std::optional<Lexis> lexis(std::string_view) const override { return postgres_lexis; }
  bool encrypted() const noexcept override;

  // -- For the rooms beside: pg_connect, pg_result, pg_text_query -------------------------------
  enum class Taken : std::uint8_t { message, busy, finished };
  /// The next message of the flight without blocking. Preliminary steps are taken silently; their
  /// errors come out like the statement's own.
  Taken take(PgMessage& out);
  /// take() that waits. Null at the end of the flight. Throws when the link is lost.
  PgMessage take_waiting(Drive& drive);
  /// One network read. Throws when the link is lost or the server stays silent.
  void read(Drive& drive);
  /// The same for a statement that only wants the wire: when its own time is up (HYT00, HY008, not
  /// sent) the flight goes on unharmed.
  void read_for_another(const Limits& limits);
  /// Reads what has arrived; false when the link is broken.
  bool consume_input();
  /// Bytes the TLS layer holds back: the descriptor would not become readable for them.
  bool has_buffered_input() const;
  /// The error a message carries; `cause` tells whether our own cancel provoked it. The link is
  /// given up when the server ended the session.
  Error failure_of(const PGresult& message, StopCause cause);
  /// 08S01 with what libpq and the server last said; the link is unusable from now on.
  Error lost(Reached reached);
  /// 08S01 with HYT00 or HY008 behind it: the server did not even answer the cancel. HYT01 when
  /// it was silent for too long.
  Error given_up(StopCause cause, const Limits& limits);
  Drive::Request make_cancel() const;
  Canceller& canceller() { return canceller_; }
  int descriptor() const { return PQsocket(conn_); }
  /// Takes the wire for a new flight: spools an open result, looks whether the peer is there.
  /// Everything it throws is not_sent.
  void make_ready(const Limits& limits);
  void free_wire(const Limits& limits);
  void discard_abandoned_flight(const Limits& limits);
  void send_simple(const char* sql, bool row_by_row);
  /// True while libpq holds output that the socket did not take.
  bool wants_to_send() { return PQflush(conn_) == 1; }
  /// How the options want types to be shown; set before the link connects.
  const PgTypeRules& type_rules() const { return rules_; }
  /// The shape a result's first message describes: the learner's or the last one when it is the
  /// same. `learner` may be null.
  std::shared_ptr<const PgShape> shape_of(const PGresult& description, bool binary,
                                          const PgPrepared* learner);

  const SpoolSettings& spool_settings() const { return spool_settings_; }
  /// A long bytea came as text: unknown queries are described first for a while.
  void note_long_bytes() { descriptions_left_ = descriptions_in_vain; }

  PgResult* active = nullptr;  // the result whose rows are on the wire; it resets this itself

 private:
  friend class PgConnect;
  /// Binary timestamptz shows what the session would show.
  bool session_in_utc() const;
  bool meets_long_bytes() const { return descriptions_left_ > 0; }
  friend class PgBatch;
  /// The server knows the statement by its name, as far as this link can tell.
  bool has_name(const PgPrepared& prepared) const {
    return prepared.name() != nullptr && prepared.name()->lives_on(generation(), *names_);
  }
  bool idle_transaction() const { return PQtransactionStatus(conn_) == PQTRANS_IDLE; }
  void look_for_end_of_link();
  void wait_for_repair();
  void take_in();
  void begin_flight(bool in_transaction_block);
  void end_flight();
  /// True for answers that no reader waits for.
  bool is_ours(const PGresult& message);
  void begin_repair();
  Error repair_failed();
  bool take_copy_data();
  bool take_step(PGresult* message, PgMessage& out);
  void next_step();
  Error session_ended(const Error& why, Reached reached);
  void flush(Drive& drive, const Limits& limits);
  void check_sent(int accepted);
  /// The command tag the server answered with.
  std::string run_command(const char* sql, const Limits& limits);
  void take_text(std::string_view sql);
  PgPlan plan_for(const Query& query);
  void plan_guard(PgPlan& plan, const Query& query) const;
  void clear_ground(PgPlan& plan, const Query& query, const Limits& limits);
  void note_effects(const Query& query);
  void plan_knowledge(PgPlan& plan, const Query& query);
  void plan_description(PgPlan& plan, const Query& query);
  bool wants_binary(const PgPrepared& prepared) const;
  void plan_protocol(PgPlan& plan) const;
  bool can_take_back(const PgPlan& plan) const;
  bool plan_without_name(PgPlan& plan, const Query& query, const Error& error,
                         const Limits& limits);
  bool plan_again(PgPlan& plan, const Query& query, const Error& error, const Limits& limits);
  void send(const Query& query, const PgPlan& plan);
  void send_described(PgPlan& plan, const Limits& limits, Drive& drive);
  void take_description(Drive& drive);
  [[noreturn]] void leave_described(const PgPlan& plan, Drive& drive);
  void send_execution(const PgPlan& plan);
  const std::string& begin_with_text();
  void send_pipelined(const Query& query, const PgPlan& plan);
  void send_step(PgFlight::Step step, const char* sql);
  void open_pipeline(PgGuard guard);
  void mark();
  void unmark();
  void close_pipeline();
  void send_statement(const PgPlan& plan);
  std::unique_ptr<Result> execute_planned(const Query& query, PgPlan& plan, const Limits& limits);
  void drop_dead_statements(const Limits& limits);
  static void on_notice(void* client, const PGresult* notice) noexcept;

  PGconn* conn_ = nullptr;
  void* tls_ = nullptr;  // libpq's SSL*, null without TLS
  HostPort endpoint_;
  SpoolSettings spool_settings_;
  Canceller canceller_;
  PgTypeRules rules_;
  PgFlight flight_;
  PgParameters parameters_;
  std::shared_ptr<const PgText> text_;         // of the statement executed last
  std::shared_ptr<const PgShape> last_shape_;  // of the last result that had columns
  std::string sql_;                            // zero-terminated text for libpq that is not text_
  std::unique_ptr<Error> farewell_;  // a FATAL that arrived while no statement was running
  PgTextCache texts_;
  std::unique_ptr<PgPrepared> passing_;  // what a text that nobody remembers was described as
  static constexpr int descriptions_in_vain = 8;
  int descriptions_left_ = 0;
  std::shared_ptr<PgStatementNames> names_ = std::make_shared<PgStatementNames>();
  std::atomic<bool> connected_{false};
  std::atomic<bool> broken_{false};
  bool block_open_ = false;      // what in_transaction() says while the protocol's flag is "active"
  bool rewrites_arrays_ = true;  // array_rewrite
  bool chains_commits_ = true;   // until the server refuses COMMIT AND CHAIN
  RewriteProof proof_;           // of the text whose array was executed last
  PgArrays arrays_;              // of a window; their memory is kept
  std::uint64_t executions_ = 0;    // of single statements
  bool guards_statements_ = false;  // rollback_on_error=statement
  bool mark_stands_ = false;  // the driver's savepoint was left behind by a text that went alone
  Deadline repair_until_;
};

}  // namespace core
