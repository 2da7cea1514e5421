// SPDX-License-Identifier: Apache-2.0
// Results over libmariadb: text rows and binary rows, streaming, with a spool for the rest when
// another statement needs the wire.
#pragma once

#include <mysql.h>

#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "core/client.h"
#include "core/client/mysql_client.h"
#include "core/client/mysql_types.h"
#include "core/spool.h"

namespace core {

class MysqlPrepared;

/// Both protocols behind one Result: `prepared` set means binary rows.
class MysqlResult final : public Result {
 public:
  MysqlResult(std::shared_ptr<MysqlClient> client, std::shared_ptr<MysqlPrepared> prepared);
  ~MysqlResult() override;
  MysqlResult(const MysqlResult&) = delete;
  MysqlResult& operator=(const MysqlResult&) = delete;

  std::span<const Column> columns() const override { return part_.columns; }
  RowState next_row() override;
  void read_network(const Limits& limits) override;
  std::span<const RawCell> row() const override { return row_; }
  bool next_result(const Limits& limits) override;
  std::int64_t affected() const override { return part_.affected; }
  void spool(const Limits& limits) override;
  void close(const Limits& limits) noexcept override;

  /// Takes over what the client has just received: a result set or a row count.
  void begin();
  /// The text that was executed; the result keeps a copy.
  void remember(std::string_view sql) { sql_ = sql; }
  /// Reads a write's rows to their end, as far as the spool has room, so that a failure behind them
  /// is the execution's own. Throws it.
  void complete(const Limits& limits);

 private:
  /// One result of the execution, as far as it has left the wire.
  struct Part {
    std::vector<Column> columns;
    std::int64_t affected = -1;
    std::uint64_t rows_kept = 0;  ///< of it in the spool, not yet delivered
    std::exception_ptr failure;   ///< what came after the last row; told once
  };

  enum class Fetched : std::uint8_t { row, end, error };

  MYSQL_STMT* statement() const;
  bool whole_row_is_here() const noexcept;
  bool fetch();
  Fetched fetch_text();
  Fetched fetch_binary();
  static void take_cell(void* self, unsigned int column, unsigned char** row) noexcept;
  void take_wire();
  void adjust_row() noexcept;
  void begin_text();
  void begin_binary();
  void on_the_wire(const Limits& limits, bool (MysqlResult::*call)());
  bool advance();
  void rows_ended() noexcept;
  void keep_row();
  void keep_rows(const Limits& limits);
  std::exception_ptr take_all_parts(const Limits& limits);
  bool current_is_on_wire() const noexcept { return rows_left_ && later_.empty(); }
  void hold_current_row();
  void leave_wire() noexcept;
  bool may_be_killed() const noexcept;
  void drain(const Limits& limits);

  std::shared_ptr<MysqlClient> client_;
  std::shared_ptr<MysqlPrepared> prepared_;
  MYSQL_RES* text_ = nullptr;
  Part part_;
  std::deque<Part> later_;  ///< results after the current one; the last may be on the wire
  std::unique_ptr<Spool>
      spool_;  ///< rows of all parts; null until another statement wants the wire
  std::vector<RawCell> row_;
  std::string sql_;   ///< of a text; a prepared statement knows its own
  std::string held_;  ///< the current row's bytes when it had to leave the library's buffer
  std::vector<int> binary_lengths_;
  std::vector<std::pair<std::size_t, MysqlAdjust>> adjusts_;  ///< columns that need it
  std::int64_t rows_read_ = 0;
  bool on_wire_ = false;      ///< rows or further results of this execution are still to be read
  bool rows_left_ = false;    ///< of the result on the wire
  bool row_waiting_ = false;  ///< read_network fetched it, next_row delivers it
  bool row_current_ = false;  ///< row() is what the application looks at
  bool malformed_ = false;
};

}  // namespace core
