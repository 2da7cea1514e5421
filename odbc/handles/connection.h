// SPDX-License-Identifier: Apache-2.0
// HDBC: what the application holds. Knows ODBC: attributes, statements, transactions; the network
// is core::Session's. Comes in: exports/. Goes next: core/session.h, statement.h.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "core/session.h"
#include "odbc/handles/connect_keywords.h"
#include "odbc/handles/environment.h"
#include "odbc/handles/lazy_interrupt.h"
#include "odbc/handles/learned.h"
#include "odbc/tables/info_table.h"

namespace odbc {

/// Members say which mutex they need: the handle's (mutex()) or the wire's. A statement takes the
/// wire only, never this handle's mutex.
class Connection final : public Handle {
 public:
  static constexpr HandleKind kind_code = HandleKind::connection;
  explicit Connection(Environment& environment);
  ~Connection() override;

  Environment& environment() const noexcept { return *environment_; }
  std::string server_name() const override { return data_source_; }
  bool speaks_odbc2() const noexcept override { return environment_->speaks_odbc2(); }

  // -- Handle's mutex ---------------------------------------------------------------------------
  bool is_open() const noexcept { return session_ != nullptr; }
  /// Connects; warnings become records. Throws 08002 when open, else what the session throws.
  void open(const ConnectKeywords& keywords);
  /// Retires all statements and descriptors, ends the session. Throws 08003, and 25000 when a
  /// transaction is open in manual-commit mode.
  void close();
  /// Frees the handle's children without a word; for SQLFreeHandle and a failed connect.
  void drop_session() noexcept;
  const core::Options& options() const { return session_->options(); }

  void set_attribute(SQLINTEGER attribute, SQLULEN value);
  SQLULEN attribute(SQLINTEGER attribute);
  void set_catalog(std::string name);
  /// Never waits for the wire, like info_facts().
  std::string catalog();
  const AttributeValues& attributes() const noexcept { return attributes_; }

  void end_transaction(SQLSMALLINT completion);
  /// SQLCancelHandle from another thread: any thread.
  void interrupt() noexcept { interrupt_.raise(); }
  /// Never waits for the wire: while a statement speaks, host and version are those of before.
  InfoFacts info_facts();

  // -- For statements: no mutex but where a comment says so -------------------------------------
  /// One speaker at a time. Held only around calls of session().
  std::mutex& wire() noexcept { return wire_; }
  /// Throws 08003 when not connected. Stable while a statement is alive.
  core::Session& session() const;
  /// SQL_ATTR_CONNECTION_TIMEOUT: how long the network may be silent; 0: for ever.
  std::chrono::seconds connection_timeout() const noexcept {
    return std::chrono::seconds(connection_timeout_.load(std::memory_order_relaxed));
  }
  /// The current database of an open connection. Takes the wire.
  std::string session_catalog();
  bool metadata_id() const noexcept { return metadata_id_.load(std::memory_order_relaxed); }
  core::milliseconds cancel_grace() const { return cancel_grace_; }
  ForeignTypes& foreign_types() noexcept { return foreign_types_; }
  Procedures& procedures() noexcept { return procedures_; }
  Children& statements() noexcept { return statements_; }
  Children& descriptors() noexcept { return descriptors_; }

 private:
  /// Of a call on an open connection: no deadline but the silence of the network.
  core::Limits limits();
  core::Limits login_limits();
  void note_server();
  std::string current_database() const;
  std::string server_variable(std::string_view name);
  void apply_attributes(const core::Limits& limits);
  void apply_attribute(SQLINTEGER attribute, SQLULEN value, const core::Limits& limits);

  Pinned<Environment> environment_;
  AttributeValues attributes_;
  bool isolation_given_ = false;
  std::string wanted_catalog_;
  std::string data_source_;
  std::string server_host_, server_version_, database_;  ///< of the link, when last seen
  std::optional<core::TextRows> server_variables_;       ///< name, value: asked once, when needed
  LazyInterrupt interrupt_;
  std::mutex wire_;
  std::unique_ptr<core::Session> session_;
  core::milliseconds cancel_grace_{1000};
  std::atomic<SQLUINTEGER> connection_timeout_{0};
  std::atomic<bool> metadata_id_{false};
  ForeignTypes foreign_types_;
  Procedures procedures_;
  Children statements_, descriptors_;
};

/// Throws HY012 for anything but SQL_COMMIT and SQL_ROLLBACK.
void require_transaction_end(SQLSMALLINT completion);

}  // namespace odbc
