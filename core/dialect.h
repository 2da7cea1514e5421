// SPDX-License-Identifier: Apache-2.0
// How a server differs: data and a few functions, constexpr, no start-up order, nothing to destroy.
// One small header per dialect in dialects/; dialects/registry.h lists them, most specific first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/exchange.h"
#include "core/endpoint.h"
#include "core/topology.h"
#include "core/topology_queries.h"

namespace core {

enum class Engine : std::uint8_t { postgres, mysql };

enum class Isolation : std::uint8_t {
  read_uncommitted,
  read_committed,
  repeatable_read,
  serializable
};

/// The text a session state field needs on a new link.
struct SessionQueries {
  std::string_view read_only;  ///< access mode read only
  std::string_view read_write;
  std::string_view isolation[4];  ///< indexed by Isolation
  /// What precedes the quoted name to move to another database; empty: a link has one for life.
  std::string_view use_database = {};
  char name_quote = '"';  ///< legal under every mode of the server; doubled within the name
};

/// The kind of endpoint name that suggests a dialect before anything was asked.
enum class SuggestedBy : std::uint8_t {
  nothing,  ///< found by its probe only
  any_name,
  rds_instance,    ///< instance and proxy endpoints
  aurora_cluster,  ///< writer, reader and custom cluster endpoints, shard groups
  global_cluster,
};

/// How the server's catalogs tell a column's default.
enum class DefaultForm : std::uint8_t {
  expression,      ///< SQL: literals are quoted
  bare_text,       ///< literals are not quoted; expressions are marked as generated
  expression_null  ///< SQL, and the word NULL where there is none
};

/// The statements behind ODBC's catalog functions; parameters and columns as described beside the
/// texts: $1, $2, ... are the arguments in ODBC's order. Catalogs that are null are the current
/// database; engines without schemas tell null schemas.
struct CatalogQueries {
  std::string_view tables;    ///< catalog, schema, table, types -> those and remarks
  std::string_view catalogs;  ///< -> name
  std::string_view schemas;   ///< -> name; empty: there are none
  /// catalog, schema, table, column, "1" with system tables -> catalog, schema, table, column,
  /// server type, modifier, type name, "1" when not null, remarks, default, position, "1" when
  /// generated, "1" when the default is an expression
  std::string_view columns;
  std::span<const std::string_view> table_types;  ///< of SQLTables, in order of names
  /// server type of a Column::foreign -> name, the server type and modifier to describe it by;
  /// empty: there are none
  std::string_view type_facts = {};
  /// routine, as a statement names it -> a row when all that bear the name are procedures; empty:
  /// functions and procedures are called alike
  std::string_view is_procedure = {};
  /// routine, as a statement names it -> name per argument of a call, empty where it has none; no
  /// row when there is not exactly one such routine; empty: arguments cannot be named
  std::string_view argument_names = {};
  /// False: $n are parameters, LIKE patterns. True: $n stands behind an operand and becomes the
  /// condition on it, in the text (core/catalog_query.h).
  bool inline_arguments = false;
  bool catalogs_are_databases = false;  ///< of one link, and there are no schemas
  char identifier_quote = '"';          ///< beside the double quote
  bool folds_identifiers = true;        ///< unquoted names to lower case
  DefaultForm default_form = DefaultForm::expression;
};

/// A condition on a server variable, by which a dialect is recognised.
struct VariableTest {
  enum class Is : std::uint8_t { present, empty, filled, equal, containing } is;
  std::string_view variable;    ///< lower case
  std::string_view value = {};  ///< of equal and containing; case does not matter
};

/// A dialect. All views refer to static storage.
struct Dialect {
  std::string_view name;                      ///< canonical: "aurora-pg"
  std::span<const std::string_view> aliases;  ///< other wrappers' spellings
  Engine engine;
  std::uint16_t default_port;
  std::string_view probe;  ///< boolean SQL expression; all probes travel in one SELECT
  /// Names to probe after the first connect, first true wins. One that was only guessed by the
  /// endpoint's name lists itself: when none is true, the engine's plain one is spoken.
  std::span<const std::string_view> upgrades;
  const TopologyQueries* topology = nullptr;  ///< null: hosts are private to host:port
  SessionQueries session;
  std::string_view display_name;  ///< SQL_DBMS_NAME
  SuggestedBy suggested_by = SuggestedBy::nothing;
  const CatalogQueries* catalog = nullptr;  ///< null: catalog functions answer HYC00
  /// -> name, value of what SQLGetInfo must ask the server; empty: nothing.
  std::string_view info_variables = {};
  /// All must hold. Those of all candidates travel in one SHOW VARIABLES, before the probes.
  std::span<const VariableTest> variables = {};
  /// Boolean SQL expression beside the probe: the server is of this kind, but the user may not ask
  /// it. Then `grants` says what to grant.
  std::string_view lacks_grants = {};
  std::string_view grants = {};
  /// A failover here makes sound logins fail with 28000 for a while.
  bool refuses_logins_while_moving = false;

  constexpr bool has_topology() const { return topology != nullptr; }
  constexpr bool is_recognisable() const { return !probe.empty() || !variables.empty(); }
};
using Dialects = std::vector<const Dialect*>;

/// The dialects the driver was built with; injected by the composition root.
class DialectRegistry {
 public:
  explicit DialectRegistry(std::span<const Dialect* const> dialects) : dialects_(dialects) {}
  /// Case, `_` and `-` do not matter. Null when unknown.
  const Dialect* find(std::string_view name_or_alias) const;
  std::span<const Dialect* const> all() const { return dialects_; }
  std::string names() const;  ///< "aurora-pg, pg, ...": for messages

  /// Before connecting (spec 3.2 A): explicit name, else by endpoint class and engine. The dialect
  /// is null for an unknown explicit name and for an engine without dialects.
  struct Guess {
    const Dialect* dialect;
    bool fixed;
  };
  Guess initial(std::string_view explicit_name, const Endpoint& endpoint, Engine engine) const;

  /// What a server that speaks `from` may turn out to be: most specific first.
  Dialects candidates(const Dialect& from) const;
  /// What is spoken when none of the candidates proved to be it.
  const Dialect& fallback(const Dialect& from) const;
  /// The one, when the version text of the handshake alone decides; else `from`.
  const Dialect& by_version(const Dialect& from, const std::string& version) const;

 private:
  const Dialect* suggested(SuggestedBy kind, Engine engine) const;
  std::span<const Dialect* const> dialects_;
};

// Telling candidates apart takes two questions at most; either may be empty.
/// Columns: name, value.
std::string variables_statement(const Dialects& candidates);
/// Those whose variable tests hold; without any they do.
Dialects holding(const Dialects& candidates, const TextRows& variables);
/// One row with the truth of each probe, then of each `lacks_grants`.
std::string probe_statement(const Dialects& candidates);
/// The first that has no probe or a true one; `otherwise` when none is.
const Dialect& first_true(const Dialects& candidates, const TextRows& answer,
                          const Dialect& otherwise);
/// The first that would be it if the user had its `grants`; null when none would.
const Dialect* first_without_grants(const Dialects& candidates, const TextRows& answer);

}  // namespace core
