// SPDX-License-Identifier: Apache-2.0
// Which call is legal in which state of a statement (ODBC reference, appendix B, "Statement
// Transitions"), as a table. Comes in: every statement entry. The driver manager checks most of it
// too, but not every application has one and not every manager checks the same.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace odbc {

/// The states of appendix B; `_p` where the statement was prepared, which decides what some calls
/// may do and where closing leads. S2 and S3 are one: preparing does not ask the server.
enum class StatementState : std::uint8_t {
  allocated,  ///< S1
  prepared,   ///< S2, S3
  executed,   ///< S4: no result set
  executed_p,
  opened,  ///< S5: a result set, before its first row
  opened_p,
  positioned,  ///< S6
  positioned_p,
  need_data,  ///< S8: SQLParamData must come
  must_put,   ///< S9: SQLPutData must come
  can_put,    ///< S10
  count_
};

enum class StatementCall : std::uint8_t {
  prepare,
  execute,
  execute_directly,  ///< also catalog functions and SQLGetTypeInfo
  fetch,
  get_data,
  more_results,
  close_cursor,
  free,             ///< SQLFreeStmt
  result_columns,   ///< SQLNumResultCols
  describe_column,  ///< SQLDescribeCol, SQLColAttribute
  row_count,
  bind,        ///< SQLBindCol, SQLBindParameter
  parameters,  ///< SQLNumParams, SQLDescribeParam
  param_data,
  put_data,
  set_cursor_name,
  other,  ///< attributes, SQLGetCursorName
  count_
};

enum class Verdict : std::uint8_t {
  allowed,
  no_data,       ///< SQL_NO_DATA
  sequence,      ///< HY010
  cursor_state,  ///< 24000
};

using StatementRow = std::array<Verdict, static_cast<std::size_t>(StatementState::count_)>;
/// A row per call, a column per state.
extern const std::array<StatementRow, static_cast<std::size_t>(StatementCall::count_)>
    statement_rules;

inline Verdict verdict(StatementCall call, StatementState state) noexcept {
  return statement_rules[static_cast<std::size_t>(call)][static_cast<std::size_t>(state)];
}

/// Throws what a verdict that refuses stands for.
[[noreturn]] void refuse_call(StatementCall call, StatementState state);

/// Throws HY010 or 24000. False: the answer is SQL_NO_DATA.
inline bool require_allowed(StatementCall call, StatementState state) {
  const Verdict found = verdict(call, state);
  if (found > Verdict::no_data) [[unlikely]]
    refuse_call(call, state);
  return found == Verdict::allowed;
}

}  // namespace odbc
