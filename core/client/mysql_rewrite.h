// SPDX-License-Identifier: Apache-2.0
// When the sets of an array may travel as one statement: the text's shape by tokens, and what the
// server tells of the table. Comes in: mysql_batch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/sql_text.h"

namespace core {

/// An INSERT or REPLACE of one row, or an UPDATE or DELETE, of one table, that calls nothing but
/// what a statement is made of: no function, no subquery, no variable. Views into the text.
struct PlainChange {
  StatementKind kind = StatementKind::other;  ///< insert (also REPLACE), update, remove
  std::string_view table;                     ///< as written, with its database
  std::string_view head;  ///< insert: up to the row; the whole text for the other kinds
  std::string_view row;   ///< insert: "(?, ?, 1)"
  std::string_view tail;  ///< insert: behind the row
  std::size_t row_parameters = 0;
  bool tail_has_parameters = false;
  bool ignores_errors = false;  ///< INSERT IGNORE: what it ignores depends on the number of rows
};
/// By tokens alone, whatever the session's sql_mode is; absent when anything else stands in the
/// text.
std::optional<PlainChange> plain_change(std::string_view sql);

/// The INSERT with `rows` rows.
std::string with_rows(const PlainChange& insert, std::size_t rows);

/// Whether SHOW CREATE TABLE describes a base table (temporary or not) of an engine that takes back
/// a failed statement as a whole.
bool is_transactional_table(std::string_view create_table);

/// What the server said about one text. A yes holds for a moment and while nothing else is executed
/// on the link: whoever changes the table then changes it between two sets.
struct ChangeProof {
  std::string sql;
  bool atomic = false;  ///< a failed statement leaves nothing behind, and no trigger could tell
  bool strict = false;  ///< several rows are checked as one row is (sql_mode)
  std::uint64_t executions = 0;  ///< of the link when it was asked
  Deadline until;

  bool holds(std::string_view text_now, std::uint64_t executions_now) const {
    return sql == text_now && (!atomic || executions == executions_now) && !until.expired();
  }
};

}  // namespace core
