// SPDX-License-Identifier: Apache-2.0
// One physical link, libpq or libmariadb, and the results that flow over it. The interface is what
// both libraries can keep (spec native-layer): application threads run statements, the background
// runs exchanges, and two calls may come from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.h"
#include "core/client/exchange.h"
#include "core/client/link_guard.h"
#include "core/credentials.h"
#include "core/dialect.h"
#include "core/host.h"
#include "core/options.h"
#include "core/sql_text.h"
#include "core/value.h"

namespace core {

class Workers;

/// Limits of one call. The interrupt belongs to the statement or connection; may be null.
struct Limits {
  Deadline deadline;                     ///< query timeout: ask the server to give up
  const Interrupt* interrupt = nullptr;  ///< SQLCancel
  milliseconds cancel_grace{1000};       ///< how long a cancelled server may take to answer
  /// Connection timeout: how long no byte may move while one is waited for; zero: for ever. Then
  /// the link is given up (HYT01) without asking anybody.
  milliseconds silence{0};
};

/// Where a link goes. `addresses` are numeric; `endpoint.host` is the name TLS verifies.
struct LinkTarget {
  HostPort endpoint;
  std::vector<std::string> addresses;
};

/// A statement known to the server or soon to be. Remembers what it learned (parameter types,
/// result columns); survives a lost link: the client prepares it again when its generation differs.
/// Not thread-safe: belongs to one odbc statement.
class Prepared {
 public:
  virtual ~Prepared() = default;
  virtual std::span<const Column> columns() const = 0;  ///< empty: no result set, or not described
  virtual std::span<const ParameterType> parameters() const = 0;
  virtual bool described() const = 0;
};

/// What to execute. Views must stay valid during the call only.
struct Query {
  std::string_view sql;  ///< the engine's own syntax and markers
  std::span<const Parameter> parameters;
  int parameter_count = 0;  ///< markers in sql
  std::shared_ptr<Prepared>* prepared =
      nullptr;                      ///< where the client keeps what it learned; may be null
  bool several_statements = false;  ///< text holds several: simple protocol
  bool open_transaction = false;    ///< BEGIN travels in the same flight when none is open
  bool continues = false;           ///< parameter sets of the same call were executed before it
  bool may_learn = false;  ///< the client may learn from repeated texts by itself: rows may then
                           ///< come in binary, so cells are read by their columns' decoders only
};

enum class RowState : std::uint8_t { ready, need_network, end };

/// Results of one execution, in order. Move-only through unique_ptr; keeps its Client alive.
/// One thread at a time (the wire mutex of the session).
class Result {
 public:
  virtual ~Result() = default;
  /// Columns of the current result; empty when it is a row count.
  virtual std::span<const Column> columns() const = 0;
  /// A number that stands for columns(): as long as it is the same, process-wide, so are they. 0:
  /// they have none.
  virtual std::uint64_t columns_number() const { return 0; }
  /// Advances to the next row without blocking. Throws Error (the server failed midway).
  virtual RowState next_row() = 0;
  /// One network read, after need_network. Throws Error; HYT00/HY008 after a cancel that the server
  /// answered.
  virtual void read_network(const Limits& limits) = 0;
  /// The current row after RowState::ready: one cell per column, valid until the next next_row.
  virtual std::span<const RawCell> row() const = 0;
  /// Ends the current result and goes to the next of the same execution. False: there is none.
  virtual bool next_result(const Limits& limits) = 0;
  /// Rows affected by the current result; -1 when unknown or a result set whose end was not
  /// reached.
  virtual std::int64_t affected() const = 0;
  /// Sets the rest aside (core/spool.h) so that the wire is free; the result goes on from there.
  /// Throws HY013 when it may not or cannot, and HYT00 or HY008 when `limits`, the other
  /// statement's, end first: nothing was sent then, no row is lost, and the result goes on where it
  /// was.
  virtual void spool(const Limits& limits) = 0;
  /// Gives the wire back: drains what little is left or cancels. Never throws; a broken link is
  /// left broken.
  virtual void close(const Limits& limits) noexcept = 0;
};

/// One physical link. Made unconnected by its ClientDescriptor; dies with its socket.
class Client : public std::enable_shared_from_this<Client> {
 public:
  virtual ~Client() = default;

  // -- Exchanges: application threads through run(), the background as coroutines -----------------
  /// Connects and logs in. Call once. Errors: 08001 unreachable, 28000 login, 08004 rejected or
  /// unknown database.
  virtual std::unique_ptr<Exchange> start_connect(LinkTarget target, const Options& options,
                                                  Credentials credentials) = 0;
  /// An internal query on an idle link.
  virtual std::unique_ptr<TextExchange> start_text_query(std::string sql) = 0;

  // -- Statements: the application thread that holds the wire
  // --------------------------------------
  /// Sends and waits for the first answer. An open result of the same link is spooled first.
  virtual std::unique_ptr<Result> execute(const Query& query, const Limits& limits) = 0;
  /// Executes `query` once per set (query.parameters is not used), as if by execute() set after
  /// set, with fewer round trips where the client can. Failures of single sets go to the batch;
  /// what is thrown ended the call, and sets without an outcome are in doubt from the first on that
  /// was sent (Error::reached). Gives the result of the last set when that is not a mere row count.
  /// Memory does not grow with the number of sets.
  virtual std::unique_ptr<Result> execute_batch(const Query& query, Batch& batch,
                                                const Limits& limits);
  /// Parses and describes without executing (SQLNumResultCols or SQLDescribeParam before execute).
  virtual std::shared_ptr<Prepared> prepare(std::string_view sql, int parameter_count,
                                            std::shared_ptr<Prepared> reuse,
                                            const Limits& limits) = 0;
  enum class Completion : std::uint8_t { commit, rollback };
  /// COMMIT or ROLLBACK when a transaction is open, else nothing. An open result is spooled first.
  virtual void end_transaction(Completion completion, const Limits& limits) = 0;

  // -- Local answers
  // --------------------------------------------------------------------------------
  virtual bool usable() const noexcept = 0;  ///< connected and not known to be broken
  virtual bool in_transaction()
      const noexcept = 0;  ///< by the protocol's own flag, never by SQL text
  /// Looks at the socket without blocking: false when the server has closed it.
  virtual bool peer_is_there() noexcept = 0;
  virtual std::string peer_address() const = 0;  ///< "127.0.0.1:5432": the live link's
  virtual std::string server_version()
      const = 0;  ///< as the server says: "15.20", "10.11.19-MariaDB"
  virtual std::string server_parameter(std::string_view name) const = 0;  ///< empty when unknown
  virtual bool encrypted() const noexcept = 0;
  /// Where unqualified names are looked up, empty when nowhere; absent when a link stays in the
  /// database it was made for.
  virtual std::optional<std::string> current_database() const { return std::nullopt; }
  /// Asks the server for what lexis() could not tell; the thread that holds the wire. Throws Error.
  virtual void learn_lexis(const Limits&) {}

  // -- Any thread
  // -----------------------------------------------------------------------------------
  /// Shuts the socket down so that the owner's wait ends with a broken link. Frees nothing.
  void abort() noexcept { guard_.shutdown(); }
  /// The lexical rules under which the server reads `sql` now; the application may change them.
  /// Absent: they matter for this text and are not known, learn_lexis() finds out. Never absent for
  /// an empty text.
  virtual std::optional<Lexis> lexis(std::string_view sql) const = 0;
  /// Differs for every link of the process: results and prepared statements compare it.
  std::uint64_t generation() const noexcept { return generation_; }

 protected:
  Client();
  /// execute() of the sets from `first` until one is executed (or to the end), telling the batch.
  /// Gives the number of the next set; the size of the batch when it ended.
  enum class Until : std::uint8_t { first_success, end };
  std::size_t execute_sets(const Query& query, Batch& batch, const Limits& limits,
                           std::size_t first, Until until, std::unique_ptr<Result>& last);
  LinkGuard guard_;

 private:
  std::uint64_t generation_;
};

/// A client library: how to make a link, and the options it declares.
struct ClientDescriptor {
  Engine engine;
  std::string_view name;  ///< "libpq", "libmariadb"
  std::shared_ptr<Client> (*make)(Workers& workers);
  const OptionGroup* options;  ///< its own rows beside core/client/link_options.h; may be null
  /// Fills type, size, scale and decoder of a column from what the server's catalogs tell of it
  /// (PostgreSQL: OID and type modifier), as a result's column is filled for a link with these
  /// options. Null: not offered.
  void (*describe)(Column& column, std::uint32_t server_type, int modifier,
                   const Options& options) = nullptr;
  /// The same where the server's catalogs tell a type by its declaration ("int(10) unsigned").
  void (*describe_declared)(Column& column, std::string_view declaration,
                            const Options& options) = nullptr;
};

}  // namespace core
