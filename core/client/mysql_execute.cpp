// SPDX-License-Identifier: Apache-2.0
// MysqlClient: executing and preparing. Which protocol a statement goes by, what is asked and
// refused before it goes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/client/mysql_client.h"
#include "core/client/mysql_dial.h"
#include "core/client/mysql_result.h"
#include "core/client/mysql_statement.h"
#include "core/client/mysql_targets.h"
#include "core/client/mysql_time_limit.h"

namespace core {
namespace {

constexpr int not_preparable = 1295, packet_too_large = 1153, too_many_statements = 1461,
              other_columns = 2057;

/// INSERT .. RETURNING and the like: done only when their last row has come.
bool writes(std::string_view sql) {
  const StatementKind kind = statement_kind(sql, mysql_lexis);
  return kind == StatementKind::insert || kind == StatementKind::update ||
         kind == StatementKind::remove;
}

}  // namespace

/// A write goes out with its limit where the server has one: it holds even when no second link can
/// be made for a KILL QUERY. The driver's own clock comes a little later then.
void MysqlClient::speak_limited(std::string_view sql, const Limits& limits) {
  constexpr milliseconds head_start{100};
  const MysqlTimeLimit limit =
      dial_->server_side_timeout && !limits.deadline.is_never()
          ? mysql_time_limit(*link_, sql, milliseconds(limits.deadline.poll_timeout()))
          : MysqlTimeLimit{};
  if (limit.prefix.empty()) return speak(sql, limits, Reached::sent);
  Limits behind = limits;
  behind.deadline = Deadline::after(limit.span + head_start);
  speak(limit.prefix + std::string(sql), behind, Reached::sent);
}

/// Off unless wanted: it is what makes most SQL injections worth something.
void MysqlClient::allow_several_statements(bool allow, const Limits& limits) {
  if (several_statements_ == allow) return;
  watched(limits, Reached::not_sent, nullptr, [&] {
    return mysql_set_server_option(link_, allow ? MYSQL_OPTION_MULTI_STATEMENTS_ON
                                                : MYSQL_OPTION_MULTI_STATEMENTS_OFF) == 0;
  });
  several_statements_ = allow;
}

std::unique_ptr<MysqlResult> MysqlClient::execute_text(const Query& query, const Limits& limits) {
  allow_several_statements(query.several_statements, limits);
  local_files_.expect(query.sql);
  // Made first: when it found no memory later, nobody would read the answer.
  auto result = std::make_unique<MysqlResult>(self(), nullptr);
  result->remember(query.sql);
  speak_limited(query.sql, limits);
  settings_.executed(query.sql);
  note_settings(query.sql);
  result->begin();
  return result;
}

/// Statements prepared before such a text may mean something else behind it.
void MysqlClient::note_settings(std::string_view sql) {
  if (!pooling_) return;
  const StatementKind kind = statement_kind(sql, mysql_lexis);
  const bool harmless = kind == StatementKind::select || kind == StatementKind::insert ||
                        kind == StatementKind::update || kind == StatementKind::remove ||
                        kind == StatementKind::begin || kind == StatementKind::commit ||
                        kind == StatementKind::rollback;
  if (!harmless || several_statements_) ++settings_changes_;
}

MysqlStatementPlace MysqlClient::place() const {
  return {settings_.database(*link_), settings_changes_};
}

std::size_t MysqlClient::largest_packet(const Limits& limits) {
  if (largest_packet_ == 0)
    largest_packet_ =
        std::strtoull(ask("SELECT @@max_allowed_packet", limits).c_str(), nullptr, 10);
  return largest_packet_;
}

/// A server closes the connection on a packet beyond its limit, often without a word: that would
/// look like a lost link.
void MysqlClient::refuse_oversize(const Query& query, const Limits& limits) {
  constexpr std::size_t always_fits = 64 << 10, around = 1 << 10;
  std::size_t largest = query.sql.size(), together = around;
  for (const Parameter& parameter : query.parameters) {
    const ValueKind kind = parameter.value.kind;
    if (kind != ValueKind::text && kind != ValueKind::bytes && kind != ValueKind::decimal) continue;
    const std::size_t size = parameter.value.text.size();
    largest = std::max(largest, size);
    together += size < always_fits ? size : 0;  // the others travel in pieces
  }
  largest = std::max(largest, together);
  if (largest < always_fits) return;
  const std::size_t most = largest_packet(limits);
  if (most == 0 || largest < most) return;
  throw Error(sqlstate::general, mysql_component,
              fmt::format("the statement with its parameters has {} bytes, the server takes less "
                          "than {}: raise its max_allowed_packet, or send less at once",
                          largest, most),
              Reached::not_sent, packet_too_large);
}

void MysqlClient::send_long_values(MysqlPrepared& prepared, const Limits& limits) {
  if (!prepared.has_long_values()) return;
  watched(limits, Reached::not_sent, prepared.statement(),
          [&] { return prepared.send_long_values(); });
  if (!limit_) return;
  const WatchEvent hit = *limit_;
  outlive_cancel({.deadline = patience_, .cancel_grace = limits.cancel_grace});
  if (mysql_stmt_reset(prepared.statement()) != 0) give_up();
  throw mysql_limit_error(hit, Reached::not_sent);
}

std::unique_ptr<MysqlResult> MysqlClient::execute_prepared(const Query& query,
                                                           std::shared_ptr<MysqlPrepared> prepared,
                                                           const Limits& limits) {
  MYSQL_STMT* const statement = prepared->statement();
  prepared->bind(query.parameters);
  send_long_values(*prepared, limits);
  auto result = std::make_unique<MysqlResult>(self(), std::move(prepared));
  watched(limits, Reached::sent, statement, [&] { return mysql_stmt_execute(statement) == 0; });
  note_settings(query.sql);
  result->begin();
  return result;
}

/// Another session has altered the table: libmariadb refuses the columns that it did not expect and
/// leaves the rows on the wire. Closing the statement takes them off; what just reads runs again.
std::unique_ptr<MysqlResult> MysqlClient::execute_anew(const Query& query,
                                                       std::shared_ptr<MysqlPrepared> stale,
                                                       const Error& error, const Limits& limits) {
  stale->do_not_keep();
  stale.reset();
  if (query.prepared != nullptr) query.prepared->reset();
  if (!is_provably_read_only(query.sql, mysql_lexis)) throw error;
  make_ready(limits);
  auto prepared = prepared_for(query.sql, nullptr, limits);
  if (query.prepared != nullptr) *query.prepared = prepared;
  return execute_prepared(query, std::move(prepared), limits);
}

std::shared_ptr<MysqlPrepared> MysqlClient::prepared_to_execute(const Query& query,
                                                                const Limits& limits) {
  if (query.prepared != nullptr && *query.prepared != nullptr)
    return prepared_for(query.sql, *query.prepared, limits);
  if (!query.may_learn || !pool_.repeats(query.sql))
    return prepared_for(query.sql, nullptr, limits);
  pooling_ = true;
  MysqlStatementPlace where = place();
  MYSQL_STMT* const statement = pool_.take(query.sql, where);
  if (statement == nullptr) return prepared_for(query.sql, nullptr, limits, std::move(where));
  auto prepared = std::make_shared<MysqlPrepared>(self(), statement, query.sql, std::move(where));
  prepared->describe();
  return prepared;
}

std::unique_ptr<Result> MysqlClient::execute(const Query& query, const Limits& limits) {
  if (query.several_statements && !dial_->multi_statements)
    throw Error(sqlstate::syntax_error, mysql_component,
                "the text holds several statements: refused; set multi_statements=1 to allow that",
                Reached::not_sent);
  refuse_oversize(query, limits);
  make_ready(limits);
  ++executions_;
  local_files_.expect_none();
  if (query.open_transaction && !in_transaction())
    speak("START TRANSACTION", limits, Reached::not_sent);
  const bool known = query.prepared != nullptr && *query.prepared != nullptr;
  std::unique_ptr<MysqlResult> result;
  if (query.parameters.empty() && !known) {
    result = execute_text(query, limits);
  } else {
    auto prepared = prepared_to_execute(query, limits);
    if (query.prepared != nullptr) *query.prepared = prepared;
    try {
      result = prepared->statement() == nullptr ? execute_text(query, limits)
                                                : execute_prepared(query, prepared, limits);
    } catch (const Error& error) {
      if (error.main().native != other_columns) throw;
      result = execute_anew(query, std::move(prepared), error, limits);
    }
  }
  if (result->columns().empty()) return result;
  if (writes(query.sql) && !query.several_statements) result->complete(limits);
  // SLEEP() and the like end early without an error when they are killed. A row count, though, is
  // the truth about a write and is told.
  report_limit();
  return result;
}

std::shared_ptr<MysqlPrepared> MysqlClient::prepared_for(std::string_view sql,
                                                         std::shared_ptr<Prepared> reuse,
                                                         const Limits& limits,
                                                         std::optional<MysqlStatementPlace> place) {
  auto known = std::dynamic_pointer_cast<MysqlPrepared>(std::move(reuse));
  if (known != nullptr && known->generation() == generation() && known->sql() == sql) return known;
  try {
    auto prepared =
        std::make_shared<MysqlPrepared>(self(), prepare_text(sql, limits), sql, std::move(place));
    prepared->describe();
    return prepared;
  } catch (const Error& error) {
    if (error.main().native != not_preparable) throw;
    return std::make_shared<MysqlPrepared>(self(), nullptr, sql);
  }
}

MYSQL_STMT* MysqlClient::prepare_text(std::string_view sql, const Limits& limits) {
  MYSQL_STMT* const statement = mysql_stmt_init(link_);
  if (statement == nullptr) throw std::bad_alloc();
  // A prepare changes nothing: as far as the application's statement goes, nothing was sent.
  const auto prepare = [&] {
    watched(limits, Reached::not_sent, statement,
            [&] { return mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0; });
  };
  try {
    try {
      prepare();
    } catch (const Error& error) {
      if (error.main().native != too_many_statements) throw;
      // What the pool holds is counted as well.
      for (MYSQL_STMT* kept : pool_.empty()) close_later(kept);
      close_doomed();
      prepare();
    }
  } catch (...) {
    close_later(statement);
    throw;
  }
  return statement;
}

std::shared_ptr<Prepared> MysqlClient::prepare(std::string_view sql, int,
                                               std::shared_ptr<Prepared> reuse,
                                               const Limits& limits) {
  make_ready(limits);
  auto prepared = prepared_for(sql, std::move(reuse), limits);
  if (!prepared->parameters().empty() && !prepared->parameters_are_described())
    prepared->describe_parameters(describe_targets(sql, limits));
  return prepared;
}

/// The server does not describe parameters, but the columns that they are written to or compared
/// with.
std::vector<ParameterType> MysqlClient::describe_targets(std::string_view sql,
                                                         const Limits& limits) {
  const ParameterTargets targets =
      parameter_targets(sql, settings_.lexis(sql).value_or(mysql_lexis));
  std::vector<ParameterType> types(targets.places.size(), MysqlPrepared::unknown_parameter);
  if (targets.question.empty()) return types;
  try {
    MYSQL_STMT* const statement = prepare_text(targets.question, limits);
    const std::vector<Column> columns = mysql_statement_columns(statement, type_rules_);
    close_later(statement);
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (targets.places[i] >= columns.size()) continue;
      const Column& column = columns[targets.places[i]];
      types[i] = {column.type, column.server_type, column.size, column.scale};
    }
  } catch (const Error& error) {
    if (error.link_lost()) throw;  // anything else: not known
  }
  return types;
}

}  // namespace core
