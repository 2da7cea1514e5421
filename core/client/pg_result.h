// SPDX-License-Identifier: Apache-2.0
// Rows as they arrive. libpq hands over one PGresult per row (single-row mode); a row's cells point
// into it. Nothing is allocated per cell.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/client/pg_wire.h"

namespace core {

class PgResult final : public Result {
 public:
  struct Traits {
    bool several = false;     ///< several statements: an error of a later one is its own
    bool binary = false;      ///< cells were asked for in binary
    bool described = false;   ///< named statement: the known shape still holds
    bool autocommit = false;  ///< no transaction that a cancel would ruin
  };
  PgResult(std::shared_ptr<PgClient> client, Traits traits, std::shared_ptr<const PgText> text);
  ~PgResult() override;

  /// Waits for the first answer. Throws what the statement failed with.
  void begin(Drive& drive, PgPrepared* learner);
  /// For a write in autocommit that returns rows: the server commits behind the last row, so
  /// success is known only there. Spools them; throws what the statement failed with.
  void await_commit(const Limits& limits);

  std::span<const Column> columns() const override;
  std::uint64_t columns_number() const override { return shape_ ? shape_->number : 0; }
  RowState next_row() override;
  void read_network(const Limits& limits) override;
  std::span<const RawCell> row() const override { return cells_; }
  bool next_result(const Limits& limits) override;
  std::int64_t affected() const override { return affected_; }
  void spool(const Limits& limits) override;
  void close(const Limits& limits) noexcept override;

 private:
  enum class State : std::uint8_t { rows, ending, ended };
  /// What was taken off the wire before its time. Rows and other messages in their order.
  struct Kept {
    struct Mark {
      std::uint64_t behind;  ///< so many rows
      PgMessage message;
    };
    explicit Kept(const SpoolSettings& settings) : rows(settings) {}
    bool row_is_next() const {
      return !rows.empty() && (marks.empty() || rows.rows_taken() < marks.front().behind);
    }
    Spool rows;
    std::deque<Mark> marks;
    std::vector<RawCell> cells;  ///< of the row being kept
  };
  PgClient::Taken pull(PgMessage& out);
  PgMessage take_for_another(const Limits& limits);
  bool between_results() const;
  void keep(PgMessage message);
  PgMessage pull_waiting(Drive& drive);
  void start(PgMessage first, Drive& drive, PgPrepared* learner);
  void take_rest_of_count(Drive& drive);
  void note_end(const PGresult& message);
  void load(PgMessage message);
  void unpack();
  [[noreturn]] void fail(const PGresult& message, StopCause cause);
  [[noreturn]] void refuse_copy(Drive& drive);
  [[noreturn]] void refuse_unreadable(Drive& drive);
  void drain(Drive& drive);
  void release_wire() noexcept;
  bool drain_little();

  std::shared_ptr<PgClient> client_;
  Traits traits_;
  std::shared_ptr<const PgText> text_;  // tells at close whether more than reading would be lost
  bool live_ = true;                    // the wire is still ours
  State state_ = State::ended;
  std::shared_ptr<const PgShape> shape_;
  std::vector<RawCell> cells_;
  PgMessage row_;                    // holds the memory of cells_
  PgMessage head_;                   // taken, not yet looked at: the first row, or the next result
  std::unique_ptr<Kept> kept_;       // null until another statement wants the wire
  std::optional<Error> after_kept_;  // what ended spooling; told once the rows are through
  std::int64_t affected_ = -1;
};

}  // namespace core
