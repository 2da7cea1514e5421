// SPDX-License-Identifier: Apache-2.0
// Results over libmariadb: text rows and binary rows, streaming, with a spool for the rest when
// another statement needs the wire.
#pragma once

#include <mysql.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/client.h"

namespace core {

class MysqlClient;

/// One prepared statement of one link.
class MysqlPrepared final : public Prepared {
 public:
  MysqlPrepared(std::shared_ptr<MysqlClient> client, MYSQL_STMT* statement);
  ~MysqlPrepared() override;
  std::span<const Column> columns() const override { return columns_; }
  std::span<const ParameterType> parameters() const override { return parameters_; }
  bool described() const override { return true; }
  MYSQL_STMT* statement() const { return statement_; }
  MysqlClient& client() const { return *client_; }
  void describe();

 private:
  std::shared_ptr<MysqlClient> client_;
  MYSQL_STMT* statement_;
  std::vector<Column> columns_;
  std::vector<ParameterType> parameters_;
};

/// Rows kept in memory after spool(): one buffer per row, cells as offsets.
class SpooledRows {
 public:
  void add(std::span<const RawCell> row);
  bool next(std::vector<RawCell>& row);

 private:
  struct Row {
    std::string bytes;
    std::vector<std::int32_t> lengths;
  };
  std::deque<Row> rows_;
  std::string current_;
};

/// Both protocols behind one Result: `prepared` set means binary rows.
class MysqlResult final : public Result {
 public:
  MysqlResult(std::shared_ptr<MysqlClient> client, std::shared_ptr<MysqlPrepared> prepared);
  ~MysqlResult() override;
  std::span<const Column> columns() const override { return columns_; }
  RowState next_row() override;
  void read_network(const Limits& limits) override;
  std::span<const RawCell> row() const override { return row_; }
  bool next_result(const Limits& limits) override;
  std::int64_t affected() const override { return affected_; }
  void spool(const Limits& limits) override;
  void close(const Limits& limits) noexcept override;

  /// Takes over what the client has just received: a result set or a row count.
  void begin();

 private:
  bool fetch();
  bool fetch_text();
  bool fetch_binary();
  static void take_cell(void* self, unsigned int column, unsigned char** row) noexcept;
  void begin_text();
  void begin_binary();
  void end_current() noexcept;
  void give_wire_back() noexcept;

  std::shared_ptr<MysqlClient> client_;
  std::shared_ptr<MysqlPrepared> prepared_;
  MYSQL_RES* text_ = nullptr;
  std::vector<Column> columns_;
  std::vector<RawCell> row_;
  std::vector<int> binary_lengths_;
  std::int64_t affected_ = -1;
  bool row_waiting_ = false;  ///< read_network fetched it, next_row delivers it
  bool rows_left_ = false;
  bool holds_wire_ = false;
  bool spooled_ = false;
  SpooledRows spool_;
};

}  // namespace core
