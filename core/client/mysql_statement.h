// SPDX-License-Identifier: Apache-2.0
// A prepared statement of one MySQL link: what the server told about it, and its parameters' way
// into libmariadb's MYSQL_BIND.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <vector>

#include "core/client.h"

namespace core {

class MysqlClient;

/// See Prepared. Keeps its client alive (the client does not keep it: no cycle). The destructor
/// does not speak: the client closes the statement when the wire is free.
class MysqlPrepared final : public Prepared {
 public:
  MysqlPrepared(std::shared_ptr<MysqlClient> client, MYSQL_STMT* statement, std::string_view sql);
  ~MysqlPrepared() override;
  MysqlPrepared(const MysqlPrepared&) = delete;
  MysqlPrepared& operator=(const MysqlPrepared&) = delete;

  std::span<const Column> columns() const override { return columns_; }
  std::span<const ParameterType> parameters() const override { return parameters_; }
  bool described() const override { return true; }

  /// Null: the server cannot prepare this statement, it travels as text.
  MYSQL_STMT* statement() const { return statement_; }
  const std::string& sql() const { return sql_; }
  std::uint64_t generation() const;
  void describe();
  void use_text();
  /// The views of `parameters` must stay valid until mysql_stmt_execute has returned. Throws 07002,
  /// or 07006 and 22008 for values that MySQL has no form for.
  void bind(std::span<const Parameter> parameters);

 private:
  /// What a MYSQL_BIND points at.
  struct Bound {
    std::int64_t integer = 0;
    double real = 0;
    MYSQL_TIME time{};
    std::string text;
    unsigned long length = 0;
  };
  static void bind_one(const Value& value, Bound& bound, MYSQL_BIND& bind);

  std::shared_ptr<MysqlClient> client_;
  MYSQL_STMT* statement_;
  std::string sql_;
  std::vector<Column> columns_;
  std::vector<ParameterType> parameters_;
  std::vector<Bound> bound_;
  std::vector<MYSQL_BIND> binds_;
};

/// Columns of the statement's current result.
std::vector<Column> mysql_statement_columns(MYSQL_STMT* statement);

}  // namespace core
