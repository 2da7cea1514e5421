// SPDX-License-Identifier: Apache-2.0
// The logical conversation: survives failover, owns the pipeline and the state to replay, has one
// current Client. odbc/ calls it under the connection's wire mutex; plugins use its lower half.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/pipeline.h"
#include "core/services.h"
#include "core/session_state.h"

namespace core {

/// Milliseconds of one switch, for the log line (negative: did not happen). `detected` counts from
/// the begin of the operation that met the loss, the others from `fault`, when it was noticed.
struct SwitchTimes {
  Clock::time_point fault{};
  double detected = -1, topology_known = -1, writer_verified = -1, connected = -1,
         state_restored = -1;
};

/// run() for an internal query on `client`: a link left between two messages is shut down.
void run_on(Client& client, Exchange& exchange, Deadline deadline, const Interrupt* interrupt,
            const char* what);

/// One thread at a time (the wire mutex), except where a comment says "any thread".
class Session {
 public:
  /// Validates plugins, dialect and engine (HY024). Does not touch the network. Notes for the user
  /// (01000, 01S00) are added to `warnings`.
  Session(const Services& services, Options options, std::vector<OptionWarning>& warnings);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // -- For odbc/ -------------------------------------------------------------------------------
  /// Runs the connect chain, detection and identity; installs the client. Errors: 08001, 08004,
  /// 28000, HYT00, HY024.
  void connect(const Limits& limits);
  /// Rolls an open transaction back and closes the link. Never throws.
  void disconnect() noexcept;

  std::unique_ptr<Result> execute(const Query& query, const Limits& limits,
                                  OperationKind kind = OperationKind::execute);
  /// Client::execute_batch as one operation: plugins see it once, and a link lost midway has
  /// `continues` when sets of it were executed before.
  std::unique_ptr<Result> execute_batch(const Query& query, Batch& batch, const Limits& limits);
  std::shared_ptr<Prepared> prepare(std::string_view sql, int parameter_count,
                                    std::shared_ptr<Prepared> reuse, const Limits& limits);
  /// Next row of a result of this session. False at the end. Network reads run through the
  /// pipeline.
  /// `sql` is the statement's text: a lost link needs to know whether it was provably read-only.
  bool next_row(Result& result, const Limits& limits, std::string_view sql);
  bool next_result(Result& result, const Limits& limits, std::string_view sql);
  void end_transaction(Client::Completion completion, const Limits& limits);
  /// Turning autocommit on commits an open transaction (ODBC reference, SQL_ATTR_AUTOCOMMIT).
  void set_autocommit(bool on, const Limits& limits);
  /// Both throw HY011 while a transaction is open.
  void set_read_only(bool read_only, const Limits& limits);
  void set_isolation(Isolation isolation, const Limits& limits);
  /// Moves to another database of the server; later links follow. Throws HYC00 where a link stays
  /// in the database it was made for.
  void set_database(const std::string& name, const Limits& limits);
  const SessionState& state() const { return state_; }
  bool in_transaction() const;

  /// SQL_ATTR_CONNECTION_DEAD: local flag and a non-blocking look at the socket. Any thread.
  bool is_dead() const noexcept;
  /// Client::lexis of the current link, else the engine's default; known for an empty text. Any
  /// thread.
  std::optional<Lexis> lexis(std::string_view sql) const;
  /// Client::learn_lexis. Does not throw: a lost link is the next statement's to tell.
  void learn_lexis(const Limits& limits) noexcept;
  /// Any thread: shuts the current link down.
  void abort() noexcept;

  const Options& options() const { return options_; }
  const Dialect& dialect() const { return *dialect_; }
  Engine engine() const { return engine_; }
  /// Null before connect and after a failed switch.
  const std::shared_ptr<Client>& client() const { return client_; }

  // -- For plugins ------------------------------------------------------------------------------
  /// Where the current link goes; for a topology dialect the instance endpoint once known.
  const Host& current_host() const { return current_host_; }
  /// The cluster of the current link; empty without a topology dialect.
  Cluster* cluster() const { return use_.get(); }
  /// Re-enters the connect chain (leaving `request.skip` out).
  std::shared_ptr<Client> open_link(ConnectRequest& request);
  /// Which host of which cluster `client`, made for this session's endpoint, is connected to:
  /// asked once per address. Nothing without a topology dialect or when the host's topology lacks
  /// itself. Throws what the queries throw.
  std::optional<ClusterDirectory::Identity> identify(Client& client, const Limits& limits);
  /// The cluster behind this session's endpoint, when an earlier connection has learned it.
  std::shared_ptr<Cluster> known_cluster() const;
  /// What a link told itself (ask_self): spares identify() its questions.
  void note_identity(const Client& client, const std::shared_ptr<Cluster>& cluster,
                     const std::string& instance_id) const;
  /// Asks the link's role and id; throws what the query throws.
  SelfReport ask_self(Client& client, Deadline deadline, const Interrupt* interrupt) const;
  /// Makes `client` the session's link on `host`, restores the session state on it and tells the
  /// plugins. The old link is shut down and dropped, never waited for.
  void install(std::shared_ptr<Client> client, Host host, SwitchTimes* times, const Limits& limits);
  /// The current link is unusable and no other was found: is_dead() from now on.
  void declare_dead() noexcept;
  /// By the engine's lexical rules; false when in doubt or when there is no text.
  bool provably_read_only(std::string_view sql) const;
  const Services& services() const { return services_; }
  const std::shared_ptr<CredentialSource>& credentials() const { return credentials_; }
  Deadline auxiliary_deadline(
      Deadline limit) const;  ///< auxiliary_query_timeout_sec from now, capped

 private:
  Client& require_client() const;
  Operation operation(OperationKind kind, std::string_view sql, const Limits& limits);
  void tell_plugins_of_topology();
  template <class Step>
  void read_step(OperationKind kind, const Limits& limits, std::string_view sql, Step&& step);
  void translate_stale_result(const Error& error, std::string_view sql) const;
  void refuse_in_transaction(const char* what) const;
  void apply_state(const SessionState& wanted, const Limits& limits);
  std::shared_ptr<Client> make_link(ConnectRequest& request);
  NamedRows ask(Client& client, std::string_view sql, Deadline deadline,
                const Interrupt* interrupt) const;
  void learn_dialect(Client& client, Deadline deadline, const Interrupt* interrupt);
  HostPattern host_pattern() const;
  MonitoringAccess monitoring_access() const;

  const Services& services_;
  Options options_;
  Engine engine_;
  const Dialect* dialect_;
  bool dialect_fixed_ = false;
  HostPort target_;
  Pipeline pipeline_;
  SessionState state_;
  std::shared_ptr<CredentialSource> credentials_;
  std::shared_ptr<Client> client_;
  mutable std::mutex client_mutex_;  ///< guards the pointer for is_dead and abort only
  Host current_host_;
  Cluster::Use use_;
  std::uint64_t told_topology_ = 0;  ///< version of the picture the plugins have seen
  std::uint64_t unidentified_ = 0;   ///< generation of a link that told no topology to use
  Background::Lease lease_;
  bool dead_ = false;
};

}  // namespace core
