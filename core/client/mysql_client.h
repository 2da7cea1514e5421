// SPDX-License-Identifier: Apache-2.0
// One link over libmariadb. Its non-blocking calls do not suspend under TLS (measured with 3.3.20),
// so application threads call it blocking under a Watch, and text queries wait softly between
// mysql_send_query and mysql_read_query_result.
#pragma once

#include <mysql.h>

#include <mutex>
#include <optional>

#include "core/client.h"
#include "core/client/mysql_auth.h"
#include "core/client/mysql_errors.h"
#include "core/resolver.h"
#include "core/watchdog.h"

namespace core {

extern const ClientDescriptor mysql_client_descriptor;

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
  std::shared_ptr<Prepared> prepare(std::string_view sql, int parameter_count,
                                    std::shared_ptr<Prepared> reuse, const Limits& limits) override;
  void end_transaction(Completion completion, const Limits& limits) override;
  bool usable() const noexcept override { return link_ != nullptr && connected_ && !broken_; }
  bool in_transaction() const noexcept override;
  bool peer_is_there() noexcept override;
  std::string peer_address() const override { return peer_; }
  std::string server_version() const override;
  std::string server_parameter(std::string_view name) const override;
  bool encrypted() const noexcept override;

  // -- For the rooms of this client -------------------------------------------------------------
  MYSQL* link() const { return link_; }
  /// Runs a blocking library call under the limits. `call` returns true on success. Throws what
  /// the call's failure means: HYT00 or HY008 when the server answered our cancel.
  template <class Call>
  void blocking(const Limits& limits, Reached on_loss, MYSQL_STMT* statement, Call&& call) {
    refuse_if_interrupted(limits);
    const Watch watch(guard_, limits.deadline, limits.interrupt, limits.cancel_grace,
                      [this] { start_cancel(); });
    if (!call()) fail(failure(statement), on_loss, watch.event(), watch.shut_down());
  }
  void set_active(MysqlResult* result) { active_ = result; }
  MysqlResult* active() const { return active_; }
  void mark_broken() noexcept { broken_ = true; }

 private:
  friend class MysqlConnect;
  friend class MysqlTextQuery;
  static void refuse_if_interrupted(const Limits& limits);
  void free_wire(const Limits& limits);
  void speak_text(std::string_view sql, const Limits& limits);
  void simple(std::string_view sql, const Limits& limits);
  void ensure_sendable(const Limits& limits);
  void start_cancel();
  MysqlFailure failure(MYSQL_STMT* statement) const;
  [[noreturn]] void fail(const MysqlFailure& failure, Reached reached, WatchEvent event,
                         bool silent);
  void bind(MYSQL_STMT* statement, std::span<const Parameter> parameters);
  std::shared_ptr<MysqlPrepared> prepared_for(std::string_view sql, std::shared_ptr<Prepared> reuse,
                                              const Limits& limits);

  /// What a MYSQL_BIND points at while a statement is executed.
  struct Bound {
    std::int64_t integer = 0;
    double real = 0;
    MYSQL_TIME time{};
    std::string text;
    unsigned long length = 0;
  };

  Workers& workers_;
  MYSQL* link_ = nullptr;
  ClearTextPolicy clear_text_;
  std::string peer_;
  std::function<bool(MYSQL*)> dial_again_;  ///< the same address, user and TLS, for KILL QUERY
  std::mutex cancel_mutex_;
  std::optional<Job> cancel_in_flight_;  ///< written by the background, read before each send
  std::vector<Bound> bound_;
  std::vector<MYSQL_BIND> binds_;
  MysqlResult* active_ = nullptr;
  bool connected_ = false;
  bool broken_ = false;
};

}  // namespace core
