// SPDX-License-Identifier: Apache-2.0
// MysqlClient: the link, limits and cancelling. Statements are in mysql_execute.cpp.
#include "core/client/mysql_client.h"

#include "core/client/mysql_dial.h"
#include "core/client/mysql_options.h"
#include "core/client/mysql_result.h"
#include "core/client/mysql_statement.h"
#include "core/client/mysql_types.h"
#include "core/log.h"

namespace core {
namespace {

std::shared_ptr<Client> make_client(Workers& workers) {
  return std::make_shared<MysqlClient>(workers);
}

constexpr unsigned int query_interrupted = 1317;
constexpr unsigned int idle_too_long = 4031;
/// A KILL QUERY may take this long to arrive over TLS and far away; until then its link is not
/// used.
constexpr milliseconds cancel_limit{5000};

Error closed_link() {
  return mysql_statement_error({2006, "HY000", "the server has closed the connection"},
                               Reached::not_sent);
}

void free_stored(MYSQL_RES* result) { mysql_free_result(result); }

}  // namespace

constinit const ClientDescriptor mysql_client_descriptor{Engine::mysql, "libmariadb",
                                                         make_client,   &mysql_options::group,
                                                         nullptr,       mysql_declared_column};

Error mysql_limit_error(WatchEvent event, Reached reached) {
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
    rows_ = client_->take_rows(&names_);
    client_->settings_.executed(sql_);
    client_->follow_settings();
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

  std::shared_ptr<MysqlClient> client_;
  std::string sql_;
  TextRows rows_;
  std::vector<std::string> names_;
  bool sent_ = false;
};

TextRows MysqlClient::take_rows(std::vector<std::string>* names) {
  TextRows rows;
  const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(link_),
                                                                free_stored);
  if (result == nullptr) {
    if (mysql_errno(link_) != 0) fail(nullptr, Reached::sent);
    return rows;
  }
  const unsigned int columns = mysql_num_fields(result.get());
  for (unsigned int i = 0; names != nullptr && i < columns; ++i)
    names->emplace_back(mysql_fetch_field_direct(result.get(), i)->name);
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    auto& cells = rows.emplace_back(columns);
    for (unsigned int i = 0; i < columns; ++i)
      if (row[i] != nullptr) cells[i].emplace(row[i], lengths[i]);
  }
  return rows;
}

MysqlClient::~MysqlClient() {
  // A farewell over a link that is broken could wait; nobody reads it either.
  if (broken_ || !connected_) guard_.shutdown();
  guard_.withdraw();
  if (link_ != nullptr) mysql_close(link_);
  // Orphaned by mysql_close: freed without a word.
  for (MYSQL_STMT* statement : doomed_) mysql_stmt_close(statement);
  for (MYSQL_STMT* statement : pool_.empty()) mysql_stmt_close(statement);
}

std::unique_ptr<TextExchange> MysqlClient::start_text_query(std::string sql) {
  return std::make_unique<MysqlTextQuery>(self(), std::move(sql));
}

void MysqlClient::start_cancel(milliseconds grace) {
  if (guard_.belongs_to_parent()) return;  // what runs there is the parent's
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
  if (limit_) throw mysql_limit_error(*limit_, Reached::answered);
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
      throw mysql_limit_error(*limit_, on_loss).caused_by(error);
    if (limit_ && by_us) throw std::move(error).caused_by(mysql_limit_error(*limit_, on_loss));
    throw error;
  }
  if (in_transaction() && may_end_transaction(failure.code)) refresh_status();
  if (limit_ && failure.code == query_interrupted)
    throw mysql_limit_error(*limit_, Reached::answered).caused_by(error);
  throw error;
}

void MysqlClient::refresh_status() noexcept {
  if (link_->status != MYSQL_STATUS_READY || mysql_more_results(link_)) return;
  try {
    const Watch watch(guard_, Deadline::after(cancel_limit), nullptr, milliseconds(0), nullptr);
    if (mysql_real_query(link_, "DO 0", 4) != 0) give_up();
  } catch (...) {
    give_up();
  }  // out of memory: what a next statement would be part of is not known
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
  if (woken == Woken::interrupted)
    throw mysql_limit_error(WatchEvent::interrupt, Reached::not_sent);
  if (limits.deadline.expired()) throw mysql_limit_error(WatchEvent::deadline, Reached::not_sent);
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
    throw mysql_limit_error(WatchEvent::interrupt, Reached::not_sent);
  if (limits.deadline.expired()) throw mysql_limit_error(WatchEvent::deadline, Reached::not_sent);
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

void MysqlClient::keep(MYSQL_STMT* statement, std::string sql, MysqlStatementPlace place) noexcept {
  try {
    MYSQL_STMT* const other =
        usable() ? pool_.give(statement, std::move(sql), std::move(place)) : statement;
    if (other != nullptr) close_later(other);
  } catch (...) {  // no memory
    close_later(statement);
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

void MysqlClient::speak(std::string_view sql, const Limits& limits, Reached on_loss,
                        AtLimit at_limit) {
  watched(
      limits, on_loss, nullptr,
      [&] { return mysql_real_query(link_, sql.data(), sql.size()) == 0; }, at_limit);
}

TextRows MysqlClient::ask_rows(std::string_view sql, const Limits& limits) {
  TextRows rows;
  speak(sql, limits, Reached::not_sent);
  watched(limits, Reached::not_sent, nullptr, [&] {
    rows = take_rows();
    return true;
  });
  return rows;
}

bool MysqlClient::has_bulk_protocol() const noexcept {
  unsigned long extended = 0;
  mariadb_get_infov(link_, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &extended);
  return uses_bulk_protocol_ && (link_->server_capabilities & CLIENT_MYSQL) == 0 &&
         (extended & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32U)) != 0;
}

bool MysqlClient::statements_commit() const noexcept {
  return !in_transaction() && (link_->server_status & SERVER_STATUS_AUTOCOMMIT) != 0;
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

bool MysqlClient::encrypted() const noexcept {
  return usable() && mysql_get_ssl_cipher(link_) != nullptr;
}

}  // namespace core
