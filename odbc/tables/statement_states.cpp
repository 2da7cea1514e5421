// SPDX-License-Identifier: Apache-2.0
// The table itself: a row per call, a column per state.
#include "odbc/tables/statement_states.h"

#include "core/error.h"

namespace odbc {
namespace {

constexpr Verdict y = Verdict::allowed, n = Verdict::no_data, s = Verdict::sequence,
                  c = Verdict::cursor_state;
using Row = StatementRow;

}  // namespace

constinit const std::array<StatementRow, static_cast<std::size_t>(StatementCall::count_)>
    statement_rules = {{
        //  S1 S2 S4 4p S5 5p S6 6p S8 S9 S10
        Row{y, y, y, y, c, c, c, c, s, s, s},  // prepare
        Row{s, y, s, y, s, c, s, c, s, s, s},  // execute
        Row{y, y, y, y, c, c, c, c, s, s, s},  // execute_directly
        Row{s, s, c, c, y, y, y, y, s, s, s},  // fetch
        Row{s, s, c, c, c, c, y, y, s, s, s},  // get_data
        Row{n, n, y, y, y, y, y, y, s, s, s},  // more_results
        Row{c, c, c, c, y, y, y, y, s, s, s},  // close_cursor
        Row{y, y, y, y, y, y, y, y, s, s, s},  // free
        Row{s, y, y, y, y, y, y, y, s, s, s},  // result_columns
        Row{s, y, c, c, y, y, y, y, s, s, s},  // describe_column
        Row{s, s, y, y, y, y, y, y, s, s, s},  // row_count
        Row{y, y, y, y, y, y, y, y, s, s, s},  // bind
        Row{s, y, s, y, s, y, s, y, s, s, s},  // parameters
        Row{s, s, s, s, s, s, s, s, y, s, y},  // param_data
        Row{s, s, s, s, s, s, s, s, s, y, y},  // put_data
        Row{y, y, y, y, c, c, c, c, s, s, s},  // set_cursor_name
        Row{y, y, y, y, y, y, y, y, s, s, s},  // other
    }};

void refuse_call(StatementCall call, StatementState state) {
  if (verdict(call, state) == Verdict::cursor_state)
    throw core::Error(core::sqlstate::invalid_cursor_state, "Statement",
                      verdict(StatementCall::fetch, state) == Verdict::allowed
                          ? "A cursor is open on the statement or has no current row"
                          : "No cursor is open on the statement",
                      core::Reached::not_sent);
  throw core::Error(core::sqlstate::sequence_error, "Statement",
                    state >= StatementState::need_data
                        ? "The statement waits for data-at-execution parameters"
                        : "The statement was not prepared or executed before this call",
                    core::Reached::not_sent);
}

}  // namespace odbc
