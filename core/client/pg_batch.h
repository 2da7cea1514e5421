// SPDX-License-Identifier: Apache-2.0
// Parameter sets in pipelined windows: many executions per round trip, with the outcome each set
// would have had alone. Comes in: PgClient::execute_batch. Goes next: pg_wire for the link.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/batch.h"
#include "core/client/pg_rewrite.h"
#include "core/client/pg_wire.h"

namespace core {

/// One run over the sets of a batch from `first` on. On the stack of the call; the statement is one
/// of the DML kinds and is known to give no rows.
class PgBatch {
 public:
  PgBatch(PgClient& client, const Query& query, Batch& batch, const Limits& limits,
          PgPrepared& prepared);
  /// Throws when the link is lost; everything else is told to the batch.
  void run(std::size_t first);

 private:
  /// What becomes of the other sets of a window when one of them fails.
  enum class Mode : std::uint8_t {
    synced,   ///< nothing: each is a transaction of its own, ended by a Sync
    chained,  ///< the same, but the commits are statements: those behind it are not executed
    open,     ///< they stand, and the transaction has failed with it
    atomic,   ///< they are taken back with it and are executed again
  };
  enum class Step : std::uint8_t { preliminary, set, commit, closing, sync };
  struct Expected {
    Step step;
    std::uint32_t place;  ///< in the window
  };
  struct Failed {
    Step step;  ///< not a set: which one provoked it is known by its place in a chain only
    std::size_t place;
    Error error;
  };
  struct Outcome {
    std::int64_t affected;
    bool stale;
    std::optional<Error> error;
  };

  // pg_batch.cpp
  bool is_ready();
  void run_window();
  void send_window(Drive& drive);
  void choose_mode();
  bool chains() const;
  PgGuard guard_of_window() const;
  std::size_t most_sets() const;
  void grow(bool succeeded);
  void leave_chain();

  // pg_batch_rewrite.cpp
  void look_at_text();
  bool wants_arrays() const;
  bool run_arrays();
  bool proved(Drive& drive);
  void ask_catalog(Drive& drive);
  std::size_t fill_arrays();
  void send_arrays();
  void settle_arrays(std::size_t sets);

  // pg_batch_window.cpp
  static constexpr std::size_t push_at = std::size_t{64} << 10;  ///< where libpq itself begins
  void begin_window(PgGuard guard);
  bool read_next(std::span<const Parameter>& values);
  bool fits_parsed() const;
  bool fits_chain();
  void parse();
  void send_execution();
  void send_set(std::span<const Parameter> values);
  void send_closing(const char* sql, Step step);
  void expect(Step step, std::size_t place) {
    expected_.push_back({step, static_cast<std::uint32_t>(place)});
  }
  [[noreturn]] void lose(Drive& drive);
  void push(Drive& drive);
  void close_window(Drive& drive);
  void receive(Drive& drive);
  void take(PGresult& message, Drive& drive);

  // pg_batch_outcome.cpp
  static bool is_stop(const Error& error);
  void end_set();
  void tell(const Outcome& outcome);
  void tell_held();
  void execute_alone();
  void settle();
  void settle_chain();
  void settle_failed();
  void tell_executed(std::size_t count);
  void tell_failed(std::size_t set, const Error& error);

  PgClient& client_;
  const Query& query_;
  Batch& batch_;
  const Limits& limits_;
  PgPrepared& prepared_;

  std::size_t next_ = 0;  ///< the first set without an outcome
  bool stopped_ = false;
  std::size_t size_;        ///< sets of the next window
  std::size_t prefix_ = 0;  ///< sets known to be good ahead of one that failed; 0: unknown
  bool singly_ = false;     ///< the window failed as a whole: its sets one by one
  std::size_t singly_until_ = 0;

  std::size_t synced_until_ = 0;  ///< sets before it do not go chained
  int chain_failures_ = 0;

  std::optional<PlainInsert> insert_;  ///< absent: windows go through the pipeline
  std::size_t pipelined_until_ = 0;    ///< sets before it go through the pipeline
  int array_failures_ = 0;

  // The window under way.
  Mode mode_ = Mode::synced;
  std::size_t window_ = 0;  ///< its first set
  bool begins_ = false;
  bool parsed_ = false;  ///< the unnamed statement is ours, with types_
  std::size_t sent_ = 0;
  std::size_t bytes_ = 0, unflushed_ = 0;
  bool named_ = false;         ///< synced, chained: sets go to the statement's name
  std::size_t committed_ = 0;  ///< chained
  std::size_t answered_ = 0;   ///< synced
  std::vector<Outcome> held_;  ///< synced: outcomes from the first set on that must go again
  std::vector<std::uint32_t> types_;
  std::vector<Expected> expected_;
  std::size_t at_ = 0;  ///< in expected_
  std::vector<std::int64_t> affected_;
  std::optional<Failed> failure_;
  std::optional<Error> unreadable_;  ///< of the set behind the window
  bool ended_ = false;               ///< the batch gave no more sets
};

}  // namespace core
