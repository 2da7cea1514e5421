// SPDX-License-Identifier: Apache-2.0
// One link over libmariadb. Its non-blocking calls do not suspend under TLS (measured with 3.3.20),
// so application threads call it blocking under a Watch: at a limit KILL QUERY, then a shutdown.
// Goes on: mysql_connect (login), mysql_result (rows), mysql_statement (prepared statements).
#pragma once

#include <mysql.h>

#include <mutex>
#include <optional>
#include <vector>

#include "core/client.h"
#include "core/client/mysql_auth.h"
#include "core/client/mysql_errors.h"
#include "core/client/mysql_local_files.h"
#include "core/client/mysql_rewrite.h"
#include "core/client/mysql_settings.h"
#include "core/client/mysql_statement_pool.h"
#include "core/client/mysql_types.h"
#include "core/resolver.h"
#include "core/spool.h"
#include "core/watchdog.h"

namespace core {

extern const ClientDescriptor mysql_client_descriptor;

/// What a statement says that was stopped at its limit: HYT00 or HY008.
Error mysql_limit_error(WatchEvent event, Reached reached);

struct MysqlDial;
class MysqlPrepared;
class MysqlResult;

/// See core/client.h. Cancels by KILL QUERY over a link of its own to the same address.
class MysqlClient final : public Client {
 public:
  explicit MysqlClient(Workers& workers) : workers_(workers) {}
  ~MysqlClient() override;

  std::unique_ptr<Exchange> start_connect(LinkTarget target, const Options& options,
                                          Credentials credentials) override;
  std::unique_ptr<TextExchange> start_text_query(std::string sql) override;
  std::unique_ptr<Result> execute(const Query& query, const Limits& limits) override;
  std::unique_ptr<Result> execute_batch(const Query& query, Batch& batch,
                                        const Limits& limits) override;
  std::shared_ptr<Prepared> prepare(std::string_view sql, int parameter_count,
                                    std::shared_ptr<Prepared> reuse, const Limits& limits) override;
  void end_transaction(Completion completion, const Limits& limits) override;
  bool usable() const noexcept override { return connected_ && !broken_; }
  bool in_transaction() const noexcept override;
  bool peer_is_there() noexcept override { return usable() && guard_.peer_is_there(); }
  std::string peer_address() const override { return peer_.text(); }
  std::string server_version() const override;
  std::string server_parameter(std::string_view) const override { return {}; }
  bool encrypted() const noexcept override;
  std::optional<std::string> current_database() const override;
  std::optional<Lexis> lexis(std::string_view sql) const override { return settings_.lexis(sql); }
  void learn_lexis(const Limits& limits) override;

  // -- For the rooms of this client; the thread that holds the wire ------------------------------
  MYSQL* link() const { return link_; }
  const SpoolSettings& spool_settings() const { return spool_settings_; }
  const MysqlTypeRules& type_rules() const { return type_rules_; }
  MysqlResult* active() const { return active_; }
  void set_active(MysqlResult* result) { active_ = result; }
  /// A result or a row count has arrived, and with it the session's flags.
  void follow_settings() noexcept { settings_.follow(*link_); }

  /// What a limit does first: ask the server to stop the statement, or shut the link down at once.
  enum class AtLimit : std::uint8_t { cancel, shut_down };
  /// Runs a blocking library call under the limits; `call` returns true on success. Throws what
  /// the failure means: HYT00 or HY008 when the server answered our cancel, 08S01 with `on_loss`
  /// for a lost link. `statement` is whose error to read; null means the link's.
  template <class Call>
  void watched(const Limits& limits, Reached on_loss, MYSQL_STMT* statement, Call&& call,
               AtLimit at_limit = AtLimit::cancel) {
    std::optional<Watch> watch;
    if (limit_)  // the server was asked already and sends on: it has the grace, no more
      watch.emplace(guard_, patience_, nullptr, milliseconds(0), nullptr);
    else if (!limits.deadline.is_never() || limits.interrupt != nullptr ||
             limits.silence.count() > 0)
      watch.emplace(guard_, limits.deadline, limits.interrupt, limits.cancel_grace,
                    at_limit == AtLimit::cancel ? canceller(limits) : nullptr, limits.silence);
    const bool done = call();
    if (watch && !limit_ && watch->event() != WatchEvent::nothing) {
      limit_ = watch->event();
      patience_ = Deadline::after(limits.cancel_grace);
    }
    if (!done) fail(statement, on_loss);
  }
  /// Asks the server now, once, to stop the running statement (a worker does it).
  void start_cancel(milliseconds grace);
  /// Waits until a cancel under way has arrived: a late one would hit the next statement. Throws
  /// HYT00 or HY008 at the limits; a link whose cancel never ends is given up (08S01).
  void await_cancel(const Limits& limits);
  /// What comes next is no longer the business of the limit that was hit.
  void outlive_cancel(const Limits& limits) {
    await_cancel(limits);
    limit_.reset();
  }
  /// Shuts the link down: something is left on the wire that nobody will read.
  void give_up() noexcept;
  /// Throws HYT00 or HY008 when a limit was hit since the statement was sent.
  void report_limit() const;
  /// Prepares on the server. The caller closes it, later.
  MYSQL_STMT* prepare_text(std::string_view sql, const Limits& limits);
  /// Any thread: closes the statement when the wire is next free, because closing speaks.
  void close_later(MYSQL_STMT* statement) noexcept;
  /// Any thread: lets the pool have a statement that nobody uses any more.
  void keep(MYSQL_STMT* statement, std::string sql, MysqlStatementPlace place) noexcept;

 private:
  friend class MysqlBatch;
  friend class MysqlConnect;
  friend class MysqlTextQuery;
  [[noreturn]] void fail(MYSQL_STMT* statement, Reached on_loss);
  void lose_link() noexcept;
  /// Learns whether a transaction is still open. Speaks.
  void refresh_status() noexcept;
  std::function<void()> canceller(const Limits& limits) {
    return [this, grace = limits.cancel_grace] { start_cancel(grace); };
  }
  void make_ready(const Limits& limits);
  void close_doomed() noexcept;
  void speak(std::string_view sql, const Limits& limits, Reached on_loss,
             AtLimit at_limit = AtLimit::cancel);
  /// A question of the driver's own, on a free wire; all its rows.
  TextRows ask_rows(std::string_view sql, const Limits& limits);
  TextRows take_rows(std::vector<std::string>* names = nullptr);
  bool has_bulk_protocol() const noexcept;
  /// No transaction is open, and each statement commits by itself.
  bool statements_commit() const noexcept;
  void speak_limited(std::string_view sql, const Limits& limits);
  /// The first cell, by way of execute().
  std::string ask(std::string_view sql, const Limits& limits);
  /// max_allowed_packet in bytes; asked once, by way of execute().
  std::size_t largest_packet(const Limits& limits);
  void refuse_oversize(const Query& query, const Limits& limits);
  void allow_several_statements(bool allow, const Limits& limits);
  std::unique_ptr<MysqlResult> execute_text(const Query& query, const Limits& limits);
  void send_long_values(MysqlPrepared& prepared, const Limits& limits);
  void note_settings(std::string_view sql);
  MysqlStatementPlace place() const;
  std::unique_ptr<MysqlResult> execute_prepared(const Query& query,
                                                std::shared_ptr<MysqlPrepared> prepared,
                                                const Limits& limits);
  /// As prepared_for, or a statement of the pool.
  std::unique_ptr<MysqlResult> execute_anew(const Query& query,
                                            std::shared_ptr<MysqlPrepared> stale,
                                            const Error& error, const Limits& limits);
  std::shared_ptr<MysqlPrepared> prepared_to_execute(const Query& query, const Limits& limits);
  std::shared_ptr<MysqlPrepared> prepared_for(
      std::string_view sql, std::shared_ptr<Prepared> reuse, const Limits& limits,
      std::optional<MysqlStatementPlace> place = std::nullopt);
  std::vector<ParameterType> describe_targets(std::string_view sql, const Limits& limits);
  std::shared_ptr<MysqlClient> self() {
    return std::static_pointer_cast<MysqlClient>(shared_from_this());
  }

  Workers& workers_;
  MYSQL* link_ = nullptr;
  LoginPolicy login_;
  MysqlLocalFiles local_files_;
  HostPort peer_;
  std::shared_ptr<const MysqlDial> dial_;
  SpoolSettings spool_settings_;
  MysqlSettings settings_;
  MysqlTypeRules type_rules_;
  std::mutex cancel_mutex_;
  std::optional<Job> cancel_in_flight_;  ///< written by the background, read before each send
  std::mutex doomed_mutex_;
  std::vector<MYSQL_STMT*> doomed_;  ///< to be closed: written by any thread
  MysqlStatementPool pool_;
  bool pooling_ = false;                ///< a text has come twice
  std::uint64_t settings_changes_ = 0;  ///< texts that may have changed a setting of the session
  MysqlResult* active_ = nullptr;       ///< whose rows are on the wire
  std::optional<WatchEvent> limit_;     ///< hit since the last statement was sent
  Deadline patience_;                   ///< how long the rest may take once limit_ was hit
  std::uint64_t executions_ = 0;        ///< by the application
  ChangeProof proof_;
  std::size_t largest_packet_ = 0;   ///< the server's; 0: not asked yet
  bool rewrites_arrays_ = true;      ///< array_rewrite
  bool uses_bulk_protocol_ = true;   ///< bulk
  bool several_statements_ = false;  ///< what the server was last told
  bool connected_ = false;
  bool broken_ = false;
};

}  // namespace core
