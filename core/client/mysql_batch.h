// SPDX-License-Identifier: Apache-2.0
// Parameter sets in windows of one statement each: MariaDB's bulk protocol, or an INSERT of many
// rows where the server has none. A window that fails leaves nothing behind, and its sets are
// executed one by one to learn which of them failed. Comes in: MysqlClient::execute_batch.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/batch.h"
#include "core/client/mysql_client.h"
#include "core/client/mysql_parameters.h"
#include "core/client/mysql_rewrite.h"

namespace core {

/// One run over the sets of a batch. On the stack of the call.
class MysqlBatch {
 public:
  MysqlBatch(MysqlClient& client, const Query& query, Batch& batch, const Limits& limits,
             PlainChange change);
  /// Number of the first set that has to go alone, with all behind it; the batch's size when there
  /// is none. Throws when the link is lost; everything else is told to the batch.
  std::size_t run();

 private:
  /// What takes a failed window back.
  enum class Guard : std::uint8_t { statement, savepoint, transaction };

  void run_window();
  bool is_ready();
  bool prepare();
  bool prove();
  void ask_server();
  bool first_is_readable();
  bool begins_transaction() const;
  void open(Guard guard);
  void close(Guard guard);
  void commit();
  /// Ends the link, unless it is lost already, and throws what that is for the application.
  [[noreturn]] void leave_in_doubt(const Error& error);
  void take_back(Guard guard);
  void roll_back(Guard guard);

  void send_bulk();
  static char next_row(void* self, MYSQL_BIND* binds, unsigned int row) noexcept;
  bool take_row(MYSQL_BIND* binds);
  void choose_forms();
  bool fits_forms(std::span<const Parameter> values) const;

  void send_rows();
  void collect_rows();
  void collect_row(std::span<const Parameter> values);

  bool read(std::span<const Parameter>& values);
  void settle_executed();
  void settle_failed(const Error& error, bool transaction_is_gone);
  void execute_alone();
  void tell_failed(std::size_t set, const Error& error);

  MysqlClient& client_;
  const Query& query_;
  Batch& batch_;
  const Limits& limits_;
  PlainChange change_;
  std::shared_ptr<MysqlPrepared> prepared_;
  bool together_ = true;
  bool stopped_ = false;
  int failures_ = 0;
  std::size_t next_ = 0;  ///< the first set without an outcome
  std::size_t singly_until_ = 0;
  std::size_t most_bytes_ = 0;

  // The window under way.
  std::size_t sent_ = 0, bytes_ = 0;
  bool full_ = false;
  std::int64_t affected_ = 0;
  std::exception_ptr broken_;  ///< out of memory in the library's callback
  std::vector<MysqlBound> bound_;
  std::vector<MYSQL_BIND> binds_;
  std::vector<char> indicators_;
  std::string text_;  ///< of rows that are collected; binds point into it
  std::vector<std::size_t> places_;
};

}  // namespace core
