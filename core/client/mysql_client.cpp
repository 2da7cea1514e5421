// SPDX-License-Identifier: Apache-2.0
// MysqlClient: statements, limits and cancelling.
#include "core/client/mysql_client.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/client/mysql_dial.h"
#include "core/client/mysql_options.h"
#include "core/client/mysql_result.h"
#include "core/client/mysql_statement.h"
#include "core/client/mysql_time_limit.h"
#include "core/client/mysql_types.h"
#include "core/log.h"
#include "core/sql_text.h"

namespace core {
namespace {

std::shared_ptr<Client> make_client(Workers& workers) {
  return std::make_shared<MysqlClient>(workers);
}

constexpr unsigned int query_interrupted = 1317;
constexpr unsigned int idle_too_long = 4031;
constexpr unsigned int not_preparable = 1295;
/// A KILL QUERY may take this long to arrive over TLS and far away; until then its link is not
/// used.
constexpr milliseconds cancel_limit{5000};

Error limit_error(WatchEvent event, Reached reached) {
  if (event == WatchEvent::interrupt)
    return Error(sqlstate::cancelled, mysql_component, "the statement was cancelled", reached);
  if (event == WatchEvent::silence)
    return Error(sqlstate::connection_timeout, mysql_component,
                 "the connection is given up: nothing came or went within the connection timeout; "
                 "connect again",
                 reached, native_code::timed_out)
        .with_link_lost();
  return Error(sqlstate::timeout, mysql_component,
               "the query timeout passed and the statement was cancelled", reached,
               native_code::timed_out);
}

Error closed_link() {
  return mysql_statement_error({2006, "HY000", "the server has closed the connection"},
                               Reached::not_sent);
}

void free_stored(MYSQL_RES* result) { mysql_free_result(result); }

/// INSERT .. RETURNING and the like: done only when their last row has come.
bool writes(std::string_view sql) {
  const StatementKind kind = statement_kind(sql, mysql_lexis);
  return kind == StatementKind::insert || kind == StatementKind::update ||
         kind == StatementKind::remove;
}

}  // namespace

constinit const ClientDescriptor mysql_client_descriptor{Engine::mysql, "libmariadb",
                                                         make_client,   &mysql_options::group,
                                                         nullptr,       mysql_declared_column};

/// An internal query: sent, waited for, then read whole.
class MysqlTextQuery final : public TextExchange {
 public:
  MysqlTextQuery(std::shared_ptr<MysqlClient> client, std::string sql)
      : client_(std::move(client)), sql_(std::move(sql)) {}

  Want step() override {
    MYSQL* const link = client_->link_;
    if (!sent_) {
      if (!client_->peer_is_there()) throw closed_link();
      client_->close_doomed();
      if (mysql_send_query(link, sql_.data(), sql_.size()) != 0) fail();
      sent_ = true;
      return Want::read;
    }
    if (mysql_read_query_result(link) != 0) fail();
    store();
    return Want::done;
  }
  int descriptor() const override {
    return client_->usable() ? static_cast<int>(mysql_get_socket(client_->link_)) : -1;
  }
  // A server that sends half an answer blocks the read.
  LinkGuard* guard() override { return &client_->guard_; }
  TextRows take_rows() override { return std::move(rows_); }
  std::vector<std::string> column_names() const override { return names_; }

 private:
  [[noreturn]] void fail() { client_->fail(nullptr, Reached::sent); }

  void store() {
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(
        mysql_store_result(client_->link_), free_stored);
    if (result == nullptr) {
      if (mysql_errno(client_->link_) != 0) fail();
      return;
    }
    const unsigned int columns = mysql_num_fields(result.get());
    for (unsigned int i = 0; i < columns; ++i)
      names_.emplace_back(mysql_fetch_field_direct(result.get(), i)->name);
    while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
      const unsigned long* lengths = mysql_fetch_lengths(result.get());
      auto& cells = rows_.emplace_back(columns);
      for (unsigned int i = 0; i < columns; ++i)
        if (row[i] != nullptr) cells[i].emplace(row[i], lengths[i]);
    }
  }

  std::shared_ptr<MysqlClient> client_;
  std::string sql_;
  TextRows rows_;
  std::vector<std::string> names_;
  bool sent_ = false;
};

MysqlClient::~MysqlClient() {
  // A farewell over a link that is broken could wait; nobody reads it either.
  if (broken_ || !connected_) guard_.shutdown();
  guard_.withdraw();
  if (link_ != nullptr) mysql_close(link_);
  // Orphaned by mysql_close: freed without a word.
  for (MYSQL_STMT* statement : doomed_) mysql_stmt_close(statement);
}

std::unique_ptr<TextExchange> MysqlClient::start_text_query(std::string sql) {
  return std::make_unique<MysqlTextQuery>(self(), std::move(sql));
}

void MysqlClient::start_cancel(milliseconds grace) {
  const std::scoped_lock lock(cancel_mutex_);
  if (cancel_in_flight_) return;
  const Deadline deadline = Deadline::after(std::max(grace, cancel_limit));
  cancel_in_flight_ = workers_.post([&workers = workers_, dial = dial_, address = peer_.host,
                                     id = mysql_thread_id(link_), deadline] {
    try {
      mysql_kill_query(workers, *dial, address, id, deadline);
    } catch (const Error& error) {
      log::line(log::Level::warn, mysql_component, "cancelling failed: {}", error.what());
    }
  });
}

void MysqlClient::report_limit() const {
  if (limit_) throw limit_error(*limit_, Reached::answered);
}

void MysqlClient::lose_link() noexcept {
  broken_ = true;
  guard_.withdraw();
}

void MysqlClient::fail(MYSQL_STMT* statement, Reached on_loss) {
  MysqlFailure failure{mysql_errno(link_), mysql_sqlstate(link_), mysql_error(link_)};
  if (statement != nullptr && mysql_stmt_errno(statement) != 0)
    failure = {mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
               mysql_stmt_error(statement)};
  // The server had gone before: this is its farewell, not the statement's answer.
  if (failure.code == idle_too_long) on_loss = Reached::not_sent;
  Error error = mysql_statement_error(failure, on_loss);
  if (error.link_lost()) {
    const bool by_us = guard_.was_shut_down();
    lose_link();
    if (limit_ == WatchEvent::silence && by_us)
      throw limit_error(*limit_, on_loss).caused_by(error);
    if (limit_ && by_us) throw std::move(error).caused_by(limit_error(*limit_, on_loss));
    throw error;
  }
  if (limit_ && failure.code == query_interrupted)
    throw limit_error(*limit_, Reached::answered).caused_by(error);
  throw error;
}

void MysqlClient::give_up() noexcept {
  guard_.shutdown();
  lose_link();
}

void MysqlClient::await_cancel(const Limits& limits) {
  const std::scoped_lock lock(cancel_mutex_);
  if (!cancel_in_flight_) return;
  const Deadline limit = Deadline::after(std::max(limits.cancel_grace, cancel_limit));
  const Woken woken = cancel_in_flight_->wait(earlier(limits.deadline, limit), limits.interrupt);
  if (woken == Woken::ready) return cancel_in_flight_.reset();
  if (woken == Woken::interrupted) throw limit_error(WatchEvent::interrupt, Reached::not_sent);
  if (limits.deadline.expired()) throw limit_error(WatchEvent::deadline, Reached::not_sent);
  give_up();
  throw closed_link();
}

/// The wire is free, alive, and nothing of earlier statements is under way on it.
void MysqlClient::make_ready(const Limits& limits) {
  if (active_ != nullptr) active_->spool(limits);
  if (!peer_is_there()) {
    lose_link();
    throw closed_link();
  }
  await_cancel(limits);
  if (limits.interrupt != nullptr && limits.interrupt->raised())
    throw limit_error(WatchEvent::interrupt, Reached::not_sent);
  if (limits.deadline.expired()) throw limit_error(WatchEvent::deadline, Reached::not_sent);
  close_doomed();
  limit_.reset();
}

void MysqlClient::close_later(MYSQL_STMT* statement) noexcept {
  const std::scoped_lock lock(doomed_mutex_);
  try {
    doomed_.push_back(statement);
  } catch (...) {  // no memory: the statement is freed with the server's session
  }
}

void MysqlClient::close_doomed() noexcept {
  std::vector<MYSQL_STMT*> doomed;
  {
    const std::scoped_lock lock(doomed_mutex_);
    doomed.swap(doomed_);
  }
  for (MYSQL_STMT* statement : doomed) mysql_stmt_close(statement);
}

void MysqlClient::speak(std::string_view sql, const Limits& limits, Reached on_loss) {
  watched(limits, on_loss, nullptr,
          [&] { return mysql_real_query(link_, sql.data(), sql.size()) == 0; });
}

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
  result->begin();
  return result;
}

std::unique_ptr<Result> MysqlClient::execute(const Query& query, const Limits& limits) {
  if (query.several_statements && !dial_->multi_statements)
    throw Error(sqlstate::syntax_error, mysql_component,
                "the text holds several statements: refused; set multi_statements=1 to allow that",
                Reached::not_sent);
  refuse_oversize(query, limits);
  make_ready(limits);
  local_files_.expect_none();
  if (query.open_transaction && !in_transaction())
    speak("START TRANSACTION", limits, Reached::not_sent);
  const bool known = query.prepared != nullptr && *query.prepared != nullptr;
  std::unique_ptr<MysqlResult> result;
  if (query.parameters.empty() && !known) {
    result = execute_text(query, limits);
  } else {
    auto prepared = prepared_for(query.sql, known ? *query.prepared : nullptr, limits);
    if (query.prepared != nullptr) *query.prepared = prepared;
    if (prepared->statement() == nullptr) {
      result = execute_text(query, limits);
    } else {
      MYSQL_STMT* const statement = prepared->statement();
      prepared->bind(query.parameters);
      result = std::make_unique<MysqlResult>(self(), std::move(prepared));
      watched(limits, Reached::sent, statement, [&] { return mysql_stmt_execute(statement) == 0; });
      result->begin();
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
                                                         const Limits& limits) {
  auto known = std::dynamic_pointer_cast<MysqlPrepared>(std::move(reuse));
  if (known != nullptr && known->generation() == generation() && known->sql() == sql) return known;
  MYSQL_STMT* const statement = mysql_stmt_init(link_);
  if (statement == nullptr) throw std::bad_alloc();
  auto prepared = std::make_shared<MysqlPrepared>(self(), statement, sql);
  // A prepare changes nothing: as far as the application's statement goes, nothing was sent.
  try {
    watched(limits, Reached::not_sent, statement,
            [&] { return mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0; });
  } catch (const Error& error) {
    if (error.main().native != not_preparable) throw;
    prepared->use_text();
    return prepared;
  }
  prepared->describe();
  return prepared;
}

std::shared_ptr<Prepared> MysqlClient::prepare(std::string_view sql, int,
                                               std::shared_ptr<Prepared> reuse,
                                               const Limits& limits) {
  make_ready(limits);
  return prepared_for(sql, std::move(reuse), limits);
}

void MysqlClient::end_transaction(Completion completion, const Limits& limits) {
  if (usable() && active_ == nullptr && !in_transaction()) return;
  make_ready(limits);
  if (!in_transaction()) return;
  speak(completion == Completion::commit ? "COMMIT" : "ROLLBACK", limits, Reached::sent);
}

bool MysqlClient::in_transaction() const noexcept {
  return connected_ && (link_->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

std::string MysqlClient::server_version() const {
  return connected_ ? mysql_get_server_info(link_) : "";
}

std::optional<std::string> MysqlClient::current_database() const {
  if (!connected_) return std::nullopt;
  return settings_.database(*link_);
}

std::string MysqlClient::ask(std::string_view sql, const Limits& limits) {
  const auto result = execute({.sql = sql, .parameters = {}}, limits);
  std::string answer;
  for (RowState at = result->next_row(); at != RowState::end; at = result->next_row())
    if (at == RowState::need_network)
      result->read_network(limits);
    else if (!result->row().empty())
      answer = result->row()[0].view();
  return answer;
}

void MysqlClient::learn_lexis(const Limits& limits) {
  settings_.learn(ask(MysqlSettings::question, limits));
}

/// A server closes the connection on a packet beyond its limit, often without a word: that would
/// look like a lost link. No server's limit is below a megabyte unless somebody wanted it so.
void MysqlClient::refuse_oversize(const Query& query, const Limits& limits) {
  constexpr std::size_t always_fits = std::size_t{1} << 20U;
  constexpr int packet_too_large = 1153;
  std::size_t size = query.sql.size();
  for (const Parameter& parameter : query.parameters)
    if (parameter.value.kind == ValueKind::text || parameter.value.kind == ValueKind::bytes)
      size += parameter.value.text.size();
  if (size < always_fits) return;
  if (largest_packet_ == 0)
    largest_packet_ =
        std::strtoull(ask("SELECT @@max_allowed_packet", limits).c_str(), nullptr, 10);
  if (largest_packet_ == 0 || size < largest_packet_) return;
  throw Error(
      sqlstate::general, mysql_component,
      fmt::format("the statement with its parameters has {} bytes, the server takes less than "
                  "{}: raise its max_allowed_packet, or send less at once",
                  size, largest_packet_),
      Reached::not_sent, packet_too_large);
}

bool MysqlClient::encrypted() const noexcept {
  return usable() && mysql_get_ssl_cipher(link_) != nullptr;
}

}  // namespace core
