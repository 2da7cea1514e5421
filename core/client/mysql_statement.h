// SPDX-License-Identifier: Apache-2.0
// A prepared statement of one MySQL link: what the server told about it, and its parameters' way
// into libmariadb's MYSQL_BIND.
#pragma once

#include <mysql.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/client.h"
#include "core/client/mysql_parameters.h"
#include "core/client/mysql_statement_pool.h"
#include "core/client/mysql_types.h"

namespace core {

class MysqlClient;
struct PlainChange;

/// See Prepared. Keeps its client alive (the client does not keep it: no cycle). The destructor
/// does not speak: the client closes the statement when the wire is free.
class MysqlPrepared final : public Prepared {
 public:
  /// With a `place` the statement goes to the client's pool in the end.
  MysqlPrepared(std::shared_ptr<MysqlClient> client, MYSQL_STMT* statement, std::string_view sql,
                std::optional<MysqlStatementPlace> place = std::nullopt);
  ~MysqlPrepared() override;
  MysqlPrepared(const MysqlPrepared&) = delete;
  MysqlPrepared& operator=(const MysqlPrepared&) = delete;

  std::span<const Column> columns() const override { return columns_; }
  std::span<const ParameterType> parameters() const override { return parameters_; }
  bool described() const override { return parameters_.empty() || parameters_described_; }

  /// Null: the server cannot prepare this statement, it travels as text.
  MYSQL_STMT* statement() const { return statement_; }
  const std::string& sql() const { return sql_; }
  /// It is closed in the end and does not go to the pool.
  void do_not_keep() noexcept { place_.reset(); }
  std::uint64_t generation() const;
  void describe();
  bool parameters_are_described() const noexcept { return parameters_described_; }
  /// Takes over what was found out; empty: nothing was.
  void describe_parameters(std::vector<ParameterType> types);
  /// What is not known is the longest VARCHAR.
  static constexpr ParameterType unknown_parameter{SqlType::varchar, 0, 65535, 0};
  /// The same INSERT with that many rows, prepared; the two sizes used last are kept. Speaks.
  MYSQL_STMT* of_rows(const PlainChange& insert, std::size_t rows, const Limits& limits);
  /// The views of `parameters` must stay valid until mysql_stmt_execute has returned. Throws 07002,
  /// or 07006 and 22008 for values that MySQL has no form for.
  void bind(std::span<const Parameter> parameters);
  /// True when a bound value is so long that it goes ahead of the others.
  bool has_long_values() const noexcept { return !long_values_.empty(); }
  /// Sends the long values in pieces, which spares the copy that the library makes of all others.
  /// Blocks. False: the link or the statement knows the error.
  bool send_long_values() noexcept;

 private:
  std::shared_ptr<MysqlClient> client_;
  MYSQL_STMT* statement_;
  std::string sql_;
  std::optional<MysqlStatementPlace> place_;
  std::vector<Column> columns_;
  std::vector<ParameterType> parameters_;
  bool parameters_described_ = false;
  struct OfRows {
    std::size_t rows;
    MYSQL_STMT* statement;
  };
  std::vector<OfRows> of_rows_;  ///< the one used last stands first
  std::vector<MysqlBound> bound_;
  std::vector<MYSQL_BIND> binds_;
  std::vector<unsigned int> long_values_;  ///< numbers of parameters, from 0
};

/// Columns of the statement's current result.
std::vector<Column> mysql_statement_columns(MYSQL_STMT* statement, const MysqlTypeRules& rules);

}  // namespace core
