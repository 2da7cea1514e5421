// SPDX-License-Identifier: Apache-2.0
// MysqlClient: statements, limits and cancelling.
#include "core/client/mysql_client.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>

#include "core/client/mysql_options.h"
#include "core/client/mysql_result.h"
#include "core/log.h"

namespace core {
namespace {

constexpr auto component = "MariaDB client";

std::shared_ptr<Client> make_client(Workers& workers) {
  return std::make_shared<MysqlClient>(workers);
}

/// An internal query: sent, waited for, then read whole.
constexpr unsigned int interrupted_by_kill = 1317;

void free_stored(MYSQL_RES* result) { mysql_free_result(result); }

}  // namespace

constinit const ClientDescriptor mysql_client_descriptor{Engine::mysql, "libmariadb", make_client,
                                                         &mysql_options::group};

class MysqlTextQuery final : public TextExchange {
 public:
  MysqlTextQuery(std::shared_ptr<MysqlClient> client, std::string sql)
      : client_(std::move(client)), sql_(std::move(sql)) {}

  Want step() override {
    if (!sent_) {
      if (!client_->usable())
        throw mysql_statement_error({2006, "HY000", "the link is closed"}, Reached::not_sent);
      if (mysql_send_query(client_->link_, sql_.data(), sql_.size()) != 0) fail();
      sent_ = true;
      return Want::read;
    }
    if (mysql_read_query_result(client_->link_) != 0) fail();
    store();
    return Want::done;
  }
  int descriptor() const override { return static_cast<int>(mysql_get_socket(client_->link_)); }
  TextRows take_rows() override { return std::move(rows_); }

 private:
  [[noreturn]] void fail() {
    client_->fail(client_->failure(nullptr), Reached::sent, WatchEvent::nothing, false);
  }

  void store() {
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(
        mysql_store_result(client_->link_), free_stored);
    if (result == nullptr) {
      if (mysql_errno(client_->link_) != 0) fail();
      return;
    }
    const unsigned int columns = mysql_num_fields(result.get());
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
  bool sent_ = false;
};

MysqlClient::~MysqlClient() {
  guard_.withdraw();
  if (link_ == nullptr) return;
  // A polite close of a broken or foreign (forked) link would wait or speak for the parent.
  if (broken_ || guard_.was_shut_down())
    ::shutdown(static_cast<int>(mysql_get_socket(link_)), SHUT_RDWR);
  mysql_close(link_);
}

std::unique_ptr<TextExchange> MysqlClient::start_text_query(std::string sql) {
  return std::make_unique<MysqlTextQuery>(std::static_pointer_cast<MysqlClient>(shared_from_this()),
                                          std::move(sql));
}

void MysqlClient::refuse_if_interrupted(const Limits& limits) {
  if (limits.interrupt != nullptr && limits.interrupt->raised())
    throw Error(sqlstate::cancelled, component, "the call was cancelled before anything was sent",
                Reached::not_sent);
}

/// On the background thread, once per watched call that outlasts its limits.
void MysqlClient::start_cancel() {
  const std::scoped_lock lock(cancel_mutex_);
  cancel_in_flight_ = workers_.post([dial = dial_again_, id = mysql_thread_id(link_)] {
    MYSQL* const second = mysql_init(nullptr);
    if (second == nullptr) return;
    if (dial(second)) {
      const std::string kill = fmt::format("KILL QUERY {}", id);
      mysql_real_query(second, kill.data(), kill.size());
    } else {
      log::line(log::Level::warn, component, "cancelling failed: {}", mysql_error(second));
    }
    mysql_close(second);
  });
}

MysqlFailure MysqlClient::failure(MYSQL_STMT* statement) const {
  if (statement != nullptr)
    return {mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
            mysql_stmt_error(statement)};
  return {mysql_errno(link_), mysql_sqlstate(link_), mysql_error(link_)};
}

void MysqlClient::fail(const MysqlFailure& failure, Reached reached, WatchEvent event,
                       bool silent) {
  const Error limit =
      event == WatchEvent::interrupt
          ? Error(sqlstate::cancelled, component, "the statement was cancelled", Reached::answered)
          : Error(sqlstate::timeout, component,
                  "the query timeout passed and the statement was cancelled", Reached::answered,
                  native_code::timed_out);
  if (is_link_failure(failure.code)) {
    broken_ = true;
    Error lost = mysql_statement_error(failure, reached);
    if (silent) throw std::move(lost).caused_by(limit);
    throw lost;
  }
  const Error answered = mysql_statement_error(failure, Reached::answered);
  if (event != WatchEvent::nothing && failure.code == interrupted_by_kill)
    throw Error(limit).caused_by(answered);
  throw answered;
}

/// A cancel still under way could hit the statement about to be sent.
void MysqlClient::ensure_sendable(const Limits& limits) {
  if (!usable() || !peer_is_there()) {
    broken_ = true;
    throw mysql_statement_error({2006, "HY000", "the server has closed the connection"},
                                Reached::not_sent);
  }
  std::optional<Job> cancel;
  {
    const std::scoped_lock lock(cancel_mutex_);
    cancel.swap(cancel_in_flight_);
  }
  if (cancel)
    (void)cancel->wait(earlier(limits.deadline, Deadline::after(limits.cancel_grace)),
                       limits.interrupt);
}

void MysqlClient::free_wire(const Limits& limits) {
  if (active_ != nullptr) active_->spool(limits);
}

/// Sends text and waits softly for the first byte of the answer, so that most of the waiting is a
/// poll; the read itself is watched.
void MysqlClient::speak_text(std::string_view sql, const Limits& limits) {
  blocking(limits, Reached::sent, nullptr,
           [&] { return mysql_send_query(link_, sql.data(), sql.size()) == 0; });
  blocking(limits, Reached::sent, nullptr, [&] { return mysql_read_query_result(link_) == 0; });
}

void MysqlClient::simple(std::string_view sql, const Limits& limits) {
  ensure_sendable(limits);
  speak_text(sql, limits);
}

std::unique_ptr<Result> MysqlClient::execute(const Query& query, const Limits& limits) {
  free_wire(limits);
  if (query.open_transaction && !in_transaction()) simple("START TRANSACTION", limits);
  ensure_sendable(limits);
  auto self = std::static_pointer_cast<MysqlClient>(shared_from_this());
  if (query.parameters.empty() && (query.prepared == nullptr || *query.prepared == nullptr)) {
    speak_text(query.sql, limits);
    auto result = std::make_unique<MysqlResult>(std::move(self), nullptr);
    result->begin();
    return result;
  }
  std::shared_ptr<Prepared> reuse = query.prepared != nullptr ? *query.prepared : nullptr;
  auto prepared = prepared_for(query.sql, std::move(reuse), limits);
  if (query.prepared != nullptr) *query.prepared = prepared;
  bind(prepared->statement(), query.parameters);
  MYSQL_STMT* const statement = prepared->statement();
  blocking(limits, Reached::sent, statement, [&] { return mysql_stmt_execute(statement) == 0; });
  auto result = std::make_unique<MysqlResult>(std::move(self), std::move(prepared));
  result->begin();
  return result;
}

std::shared_ptr<MysqlPrepared> MysqlClient::prepared_for(std::string_view sql,
                                                         std::shared_ptr<Prepared> reuse,
                                                         const Limits& limits) {
  auto known = std::dynamic_pointer_cast<MysqlPrepared>(reuse);
  if (known != nullptr && known->client().generation() == generation()) return known;
  ensure_sendable(limits);
  MYSQL_STMT* const statement = mysql_stmt_init(link_);
  if (statement == nullptr) throw std::bad_alloc();
  auto prepared = std::make_shared<MysqlPrepared>(
      std::static_pointer_cast<MysqlClient>(shared_from_this()), statement);
  // A prepare changes nothing: as far as the application's statement goes, nothing was sent.
  blocking(limits, Reached::not_sent, statement,
           [&] { return mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0; });
  prepared->describe();
  return prepared;
}

std::shared_ptr<Prepared> MysqlClient::prepare(std::string_view sql, int,
                                               std::shared_ptr<Prepared> reuse,
                                               const Limits& limits) {
  free_wire(limits);
  return prepared_for(sql, std::move(reuse), limits);
}

void MysqlClient::end_transaction(Completion completion, const Limits& limits) {
  free_wire(limits);
  if (!in_transaction()) return;
  simple(completion == Completion::commit ? "COMMIT" : "ROLLBACK", limits);
}

bool MysqlClient::in_transaction() const noexcept {
  return connected_ && (link_->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

bool MysqlClient::peer_is_there() noexcept {
  if (!usable()) return false;
  char byte = 0;
  const auto got =
      ::recv(static_cast<int>(mysql_get_socket(link_)), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

std::string MysqlClient::server_version() const {
  return connected_ ? mysql_get_server_info(link_) : "";
}

std::string MysqlClient::server_parameter(std::string_view) const { return {}; }

bool MysqlClient::encrypted() const noexcept {
  return connected_ && mysql_get_ssl_cipher(link_) != nullptr;
}

}  // namespace core
