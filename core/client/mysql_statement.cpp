// SPDX-License-Identifier: Apache-2.0
// MysqlPrepared: description and parameter binding.
#include "core/client/mysql_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/mysql_client.h"
#include "core/client/mysql_rewrite.h"

namespace core {
namespace {

constexpr unsigned long long_value = 64UL << 10U, piece = 64UL << 10U;

Error refused(Sqlstate state, std::string text) {
  return Error(state, mysql_component, std::move(text), Reached::not_sent);
}

}  // namespace

std::vector<Column> mysql_statement_columns(MYSQL_STMT* statement, const MysqlTypeRules& rules) {
  std::vector<Column> columns;
  const unsigned int count = mysql_stmt_field_count(statement);
  const MYSQL_FIELD* fields = count > 0 ? mariadb_stmt_fetch_fields(statement) : nullptr;
  if (fields == nullptr) return columns;
  columns.reserve(count);
  for (unsigned int i = 0; i < count; ++i) columns.push_back(mysql_column(fields[i], true, rules));
  return columns;
}

MysqlPrepared::MysqlPrepared(std::shared_ptr<MysqlClient> client, MYSQL_STMT* statement,
                             std::string_view sql, std::optional<MysqlStatementPlace> place)
    : client_(std::move(client)), statement_(statement), sql_(sql), place_(std::move(place)) {}

MysqlPrepared::~MysqlPrepared() {
  if (statement_ != nullptr && place_)
    client_->keep(statement_, std::move(sql_), std::move(*place_));
  else if (statement_ != nullptr)
    client_->close_later(statement_);
  for (const OfRows& other : of_rows_) client_->close_later(other.statement);
}

std::uint64_t MysqlPrepared::generation() const { return client_->generation(); }

void MysqlPrepared::describe() {
  // The server does not tell the types of parameters: it converts whatever comes.
  parameters_.assign(mysql_stmt_param_count(statement_), unknown_parameter);
  columns_ = mysql_statement_columns(statement_, client_->type_rules());
}

void MysqlPrepared::describe_parameters(std::vector<ParameterType> types) {
  parameters_described_ = true;
  if (types.size() == parameters_.size()) parameters_ = std::move(types);
}

MYSQL_STMT* MysqlPrepared::of_rows(const PlainChange& insert, std::size_t rows,
                                   const Limits& limits) {
  constexpr std::size_t most_kept = 2;  // whole windows, and the last one
  const auto known = std::find_if(of_rows_.begin(), of_rows_.end(),
                                  [&](const OfRows& one) { return one.rows == rows; });
  if (known != of_rows_.end()) {
    std::rotate(of_rows_.begin(), known, known + 1);
    return of_rows_.front().statement;
  }
  const std::string text = with_rows(insert, rows);
  MYSQL_STMT* const statement = client_->prepare_text(text, limits);
  of_rows_.insert(of_rows_.begin(), {rows, statement});
  if (of_rows_.size() > most_kept) {
    client_->close_later(of_rows_.back().statement);
    of_rows_.pop_back();
  }
  return statement;
}

void MysqlPrepared::bind(std::span<const Parameter> parameters) {
  if (parameters.size() != parameters_.size())
    throw refused(sqlstate::wrong_parameter_count,
                  fmt::format("the statement has {} parameters, {} were given", parameters_.size(),
                              parameters.size()));
  bound_.assign(parameters.size(), MysqlBound{});
  binds_.assign(parameters.size(), MYSQL_BIND{});
  for (std::size_t i = 0; i < parameters.size(); ++i)
    mysql_bind(parameters[i].value, bound_[i], binds_[i]);
  if (!binds_.empty() && mysql_stmt_bind_param(statement_, binds_.data()) != 0)
    throw refused(sqlstate::general, mysql_stmt_error(statement_));
  long_values_.clear();
  for (std::size_t i = 0; i < binds_.size(); ++i)
    if (binds_[i].length != nullptr && bound_[i].length >= long_value)
      long_values_.push_back(static_cast<unsigned int>(i));
}

bool MysqlPrepared::send_long_values() noexcept {
  for (const unsigned int number : long_values_) {
    const auto* const begin = static_cast<const char*>(binds_[number].buffer);
    for (unsigned long sent = 0; sent < bound_[number].length; sent += piece)
      if (mysql_stmt_send_long_data(statement_, number, begin + sent,
                                    std::min(piece, bound_[number].length - sent)) != 0)
        return false;
  }
  return true;
}

}  // namespace core
