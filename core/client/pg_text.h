// SPDX-License-Identifier: Apache-2.0
// What the text of a statement tells the PostgreSQL client about how it may be sent: by its first
// tokens alone, with PostgreSQL's lexical rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

/// libpq cannot leave COPY from inside a pipeline.
bool is_copy(std::string_view sql);

/// Routines may commit and then fail with any state, also with that of a stale plan. True when in
/// doubt.
bool may_commit_midway(std::string_view sql);

/// True for statements that write rows, a WITH with writing parts among them.
bool changes_rows(std::string_view sql);

/// What a statement does to the transaction it runs in.
enum class PgControl : std::uint8_t {
  none,
  to_savepoint,  ///< ROLLBACK TO or RELEASE: ends every savepoint that is younger than its own
  other,         ///< BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE TRANSACTION, SET TRANSACTION, ..:
                 ///< no savepoint of the driver may stand around it
};
/// Of a single statement.
PgControl transaction_control(std::string_view sql);
/// True when any statement of a text with several controls the transaction. May say so wrongly of
/// the body of a function written in SQL.
bool controls_transaction(std::string_view sql);

/// True when the text drops all prepared statements of its session: DEALLOCATE ALL, DISCARD ALL.
bool drops_prepared(std::string_view sql, bool several);

/// True for statements that may change the columns of tables or views; of a single statement.
bool changes_tables(std::string_view sql);

/// True for queries on tables that write nothing themselves; functions they call may.
bool reads_tables(std::string_view sql);
/// A text on its way to the server and what the questions above answer about it: asked once,
/// however often it is executed. Immutable; the link shares the last one with the results of its
/// executions.
struct PgText {
  explicit PgText(std::string_view text);
  const std::string sql;  ///< zero-terminated, as libpq wants it
  const bool copies, writes_rows, alters_tables, drops_names;
};

/// True for statements on tables. Planning anything else costs a server less than the longer
/// exchange of a named statement costs both sides.
bool gains_from_a_name(std::string_view sql);

}  // namespace core
