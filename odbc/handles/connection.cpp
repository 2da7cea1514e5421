// SPDX-License-Identifier: Apache-2.0
// Opening and closing a connection, its attributes and transactions.
#include "odbc/handles/connection.h"

#include <fmt/format.h>

#include "core/log.h"
#include "odbc/driver.h"
#include "odbc/handles/statement.h"

namespace odbc {
namespace {

core::Error not_connected() {
  return core::Error(core::sqlstate::connection_not_open, "Connection",
                     "The connection is not open", core::Reached::not_sent);
}

core::Isolation isolation_of(SQLULEN value) {
  switch (value) {
    case SQL_TXN_READ_UNCOMMITTED: return core::Isolation::read_uncommitted;
    case SQL_TXN_REPEATABLE_READ: return core::Isolation::repeatable_read;
    case SQL_TXN_SERIALIZABLE: return core::Isolation::serializable;
    default: return core::Isolation::read_committed;
  }
}

void configure_log(const core::Options& options) {
  if (!options.given(core::general::log_level)) return;
  const auto level = static_cast<core::log::Level>(options.choice(core::general::log_level));
  core::log::configure(level, options.text(core::general::log_file));
}

}  // namespace

Connection::Connection(Environment& environment)
    : Handle(kind_code), environment_(environment), attributes_(connection_attributes()) {}

Connection::~Connection() { drop_session(); }

core::Session& Connection::session() const {
  if (session_ == nullptr) throw not_connected();
  return *session_;
}

core::Limits Connection::limits() {
  return {.deadline = core::Deadline::never(),
          .interrupt = &interrupt_.arm(),
          .cancel_grace = cancel_grace_,
          .silence = connection_timeout()};
}

core::Limits Connection::login_limits() {
  core::Limits within = limits();
  const auto seconds = static_cast<std::int64_t>(attributes_.get(SQL_ATTR_LOGIN_TIMEOUT));
  within.deadline = core::Deadline::after_or_never(std::chrono::seconds(seconds));
  return within;
}

void Connection::open(const ConnectKeywords& keywords) {
  if (is_open())
    throw core::Error(core::sqlstate::connection_in_use, "Connection",
                      "The connection is open already", core::Reached::not_sent);
  std::vector<core::OptionWarning> warnings;
  core::Options options = keywords.options(services().options, warnings);
  configure_log(options);
  cancel_grace_ = options.span(core::general::cancel_grace_ms);
  if (!wanted_catalog_.empty() && !options.given(core::general::database))
    options.set(core::general::database, wanted_catalog_);
  session_ = std::make_unique<core::Session>(services(), std::move(options), warnings);
  data_source_ = keywords.data_source;
  try {
    const std::scoped_lock wire(wire_);
    const core::Limits within = login_limits();
    session_->connect(within);
    apply_attributes(within);
    note_server();
  } catch (...) {
    session_.reset();
    throw;
  }
  for (const core::OptionWarning& warning : warnings)
    diagnostics().warn(warning.state, "Options", warning.text);
}

void Connection::apply_attributes(const core::Limits& within) {
  if (attributes_.get(SQL_ATTR_AUTOCOMMIT) == SQL_AUTOCOMMIT_OFF)
    apply_attribute(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, within);
  if (attributes_.get(SQL_ATTR_ACCESS_MODE) == SQL_MODE_READ_ONLY)
    apply_attribute(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY, within);
  if (isolation_given_)
    apply_attribute(SQL_ATTR_TXN_ISOLATION, attributes_.get(SQL_ATTR_TXN_ISOLATION), within);
}

/// Tells the session what concerns it. Under the wire.
void Connection::apply_attribute(SQLINTEGER attribute, SQLULEN value, const core::Limits& within) {
  switch (attribute) {
    case SQL_ATTR_AUTOCOMMIT: session_->set_autocommit(value == SQL_AUTOCOMMIT_ON, within); break;
    case SQL_ATTR_ACCESS_MODE: session_->set_read_only(value == SQL_MODE_READ_ONLY, within); break;
    case SQL_ATTR_TXN_ISOLATION: session_->set_isolation(isolation_of(value), within); break;
    default: break;
  }
}

void Connection::close() {
  if (!is_open()) throw not_connected();
  {
    const std::scoped_lock wire(wire_);
    if (!session_->state().autocommit && session_->in_transaction() && !session_->is_dead())
      throw core::Error(core::sqlstate::transaction_state, "Connection",
                        "A transaction is open; commit it or roll it back before disconnecting",
                        core::Reached::not_sent);
  }
  drop_session();
}

void Connection::drop_session() noexcept {
  server_variables_.reset();
  foreign_types_.forget();
  procedures_.forget();
  while (const SQLHANDLE name = statements_.take()) retire_statement(name);
  while (const SQLHANDLE name = descriptors_.take()) HandleTable::retire(name);
  if (session_ == nullptr) return;
  const std::scoped_lock wire(wire_);
  session_->disconnect();
  session_.reset();
}

void Connection::set_attribute(SQLINTEGER attribute, SQLULEN value) {
  const AttributeRow* row = attributes_.find(attribute);
  if (row == nullptr || row->settable == Settable::never)
    throw core::Error(core::sqlstate::invalid_attribute, "Connection",
                      fmt::format("There is no connection attribute {} to set", attribute));
  if (row->settable == Settable::before_connect && is_open())
    throw core::Error(core::sqlstate::attribute_not_now, "Connection",
                      fmt::format("Attribute {} must be set before connecting", attribute));
  const CheckedValue checked = check_value(*row, value);
  if (is_open()) {
    const std::scoped_lock wire(wire_);
    apply_attribute(attribute, checked.value, limits());
  }
  attributes_.set(attribute, checked.value);
  if (attribute == SQL_ATTR_TXN_ISOLATION) isolation_given_ = true;
  if (attribute == SQL_ATTR_METADATA_ID) metadata_id_ = checked.value != SQL_FALSE;
  if (attribute == SQL_ATTR_CONNECTION_TIMEOUT)
    connection_timeout_ = static_cast<SQLUINTEGER>(checked.value);
  if (checked.substituted)
    diagnostics().warn(core::sqlstate::option_value_changed, "Connection",
                       fmt::format("The value {} of attribute {} was replaced by {}", value,
                                   attribute, checked.value));
}

SQLULEN Connection::attribute(SQLINTEGER attribute) {
  if (attributes_.find(attribute) == nullptr)
    throw core::Error(core::sqlstate::invalid_attribute, "Connection",
                      fmt::format("There is no connection attribute {}", attribute));
  if (attribute != SQL_ATTR_CONNECTION_DEAD) return attributes_.get(attribute);
  return !is_open() || session_->is_dead() ? SQL_CD_TRUE : SQL_CD_FALSE;
}

void Connection::set_catalog(std::string name) {
  if (!is_open()) {
    wanted_catalog_ = std::move(name);
    return;
  }
  if (name == catalog()) return;
  const std::scoped_lock wire(wire_);
  session_->set_database(name, limits());
  note_server();
}

std::string Connection::catalog() {
  if (!is_open()) return wanted_catalog_;
  const std::unique_lock wire(wire_, std::try_to_lock);
  if (wire.owns_lock()) note_server();
  return database_;
}

std::string Connection::session_catalog() {
  const std::scoped_lock wire(wire_);
  return current_database();
}

/// Under the wire.
std::string Connection::current_database() const {
  if (const auto& client = session_->client(); client != nullptr)
    if (auto followed = client->current_database()) return *std::move(followed);
  std::string database = options().text(core::general::database);
  if (database.empty()) database = options().text(core::general::user);  // libpq's default
  return database;
}

void require_transaction_end(SQLSMALLINT completion) {
  if (completion != SQL_COMMIT && completion != SQL_ROLLBACK)
    throw core::Error(core::sqlstate::invalid_transaction_operation, "Connection",
                      "The completion type must be SQL_COMMIT or SQL_ROLLBACK");
}

void Connection::end_transaction(SQLSMALLINT completion) {
  require_transaction_end(completion);
  core::Session& conversation = session();
  const std::scoped_lock wire(wire_);
  conversation.end_transaction(completion == SQL_COMMIT ? core::Client::Completion::commit
                                                        : core::Client::Completion::rollback,
                               limits());
}

InfoFacts Connection::info_facts() {
  core::Session& conversation = session();
  InfoFacts facts;
  facts.engine = conversation.engine();
  facts.dbms_name = conversation.dialect().display_name;
  facts.data_source = data_source_;
  facts.database = catalog();
  facts.user = conversation.options().text(core::general::user);
  facts.read_only = attributes_.get(SQL_ATTR_ACCESS_MODE) == SQL_MODE_READ_ONLY;
  const std::unique_lock wire(wire_, std::try_to_lock);
  if (wire.owns_lock()) note_server();
  facts.server_name = server_host_;
  facts.server_version = server_version_;
  facts.variable = [this](std::string_view name) { return server_variable(name); };
  return facts;
}

/// Under the wire.
void Connection::note_server() {
  server_host_ = session_->current_host().endpoint.host;
  if (session_->client() != nullptr) server_version_ = session_->client()->server_version();
  database_ = current_database();
}

std::string Connection::server_variable(std::string_view name) {
  if (!server_variables_) {
    const std::string_view sql = session_->dialect().info_variables;
    const std::scoped_lock wire(wire_);
    const core::Limits within = limits();
    const auto result =
        session_->execute({.sql = sql, .parameters = {}}, within, core::OperationKind::catalog);
    core::TextRows rows;
    while (session_->next_row(*result, within, sql)) {
      auto& row = rows.emplace_back();
      for (const core::RawCell& cell : result->row()) row.emplace_back(cell.view());
    }
    server_variables_ = std::move(rows);
  }
  for (const auto& row : *server_variables_)
    if (row.front() == name) return row.back().value_or("");
  return {};
}

}  // namespace odbc
