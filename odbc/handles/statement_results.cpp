// SPDX-License-Identifier: Apache-2.0
// A statement's results: describing, fetching, going to the next.
#include "odbc/handles/statement_wire.h"

namespace odbc {

/// The IRD and the row count of the result at hand.
void Statement::describe_result() {
  shown_columns_ = result_ == nullptr ? std::span<const core::Column>() : result_->columns();
  const std::uint64_t before = ird_->revision();
  describe(shown_columns_, result_ == nullptr ? 0 : result_->columns_number());
  if (ird_->revision() != before) get_data_.forget();
  if (!shown_columns_.empty()) row_count_ = result_->affected();
}

/// Describes a prepared statement without executing it.
void Statement::ask_server() {
  if (translated_.is_call) resolve_call();
  if (prepared_ != nullptr && prepared_->described()) return;
  on_wire([&](core::Session& session, const core::Limits& limits) {
    prepared_ =
        session.prepare(translated_.text(sql_), parameter_count(), std::move(prepared_), limits);
  });
}

std::span<const core::Column> Statement::columns() {
  if (result_ != nullptr) return shown_columns_;
  if (state_ != StatementState::prepared || several_statements_) return {};
  ask_server();
  describe(prepared_->columns());
  return prepared_->columns();
}

core::ParameterType Statement::parameter_type(SQLUSMALLINT number) {
  allows(StatementCall::parameters);
  if (number < 1 || number > parameter_count())
    throw core::Error(core::sqlstate::invalid_descriptor_index, "Statement",
                      "The statement has no parameter of this number", core::Reached::not_sent);
  ask_server();
  const auto types = prepared_->parameters();
  if (number > types.size())
    throw core::Error(core::sqlstate::not_implemented, "Statement",
                      "The server does not describe parameters");
  ipd_->describe(types);
  const core::ParameterType& type = types[number - 1U];
  if (!type.foreign || !learn(type.server_type)) return type;
  core::Column column;
  column.server_type = type.server_type;
  complete(column);
  return {column.type, type.server_type, column.size, column.scale};
}

SQLRETURN Statement::fetch() {
  allows(StatementCall::fetch);
  get_data_.reset();
  const SQLULEN most = attributes_.get(SQL_ATTR_MAX_ROWS);
  const auto rows = [&](core::Session& session, const core::Limits& limits) {
    auto next = [&]() -> const core::RawCell* {
      if (most != 0 && rows_delivered_ >= most) return nullptr;
      if (!session.next_row(*result_, limits, translated_.text(sql_))) return nullptr;
      ++rows_delivered_;
      return result_->row().data();
    };
    return rowset_.fetch(next, shown_columns_, cursor::FetchTarget::of(*ard_, *ird_),
                         diagnostics());
  };
  const ForeignLock ard(*ard_, mutex());
  try {
    const SQLRETURN code =
        local_result_ ? rows(connection_->session(), core::Limits{}) : on_wire(rows);
    state_ = prepared_text_ ? StatementState::positioned_p : StatementState::positioned;
    return code;
  } catch (const core::Error& error) {
    // The rest of the result is gone with its link: say so once, then the statement is free.
    const bool switched = error.main().native == core::native_code::failover_success ||
                          error.main().native == core::native_code::outcome_unknown;
    if (error.link_lost() || switched) close();
    throw;
  }
}

void Statement::set_position(SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
  allows(StatementCall::get_data);
  if (operation > SQL_ADD || lock > SQL_LOCK_UNLOCK)
    throw core::Error(core::sqlstate::invalid_attribute, "Statement",
                      "SQLSetPos knows no such operation or lock", core::Reached::not_sent);
  if (operation != SQL_POSITION || lock != SQL_LOCK_NO_CHANGE)
    throw core::Error(core::sqlstate::not_implemented, "Statement",
                      "SQLSetPos only positions: rows of a forward-only cursor cannot be changed, "
                      "locked or read anew",
                      core::Reached::not_sent);
  rowset_.set_position(row);
  get_data_.reset();
}

SQLRETURN Statement::get_data(const cursor::DataRequest& request) {
  allows(StatementCall::get_data);
  const std::span<const core::RawCell> row = rowset_.current_row();
  if (row.empty())
    throw core::Error(core::sqlstate::invalid_cursor_state, "Statement",
                      "The cursor has no current row", core::Reached::not_sent);
  const ForeignLock ard(*ard_, mutex());
  return get_data_.read(request, shown_columns_, row, *ard_, diagnostics());
}

SQLRETURN Statement::more_results() {
  if (!allows(StatementCall::more_results)) return SQL_NO_DATA;
  rowset_.reset();
  get_data_.reset();
  rows_delivered_ = 0;
  shown_columns_ = {};
  bool more = false;
  if (result_ != nullptr && !local_result_)
    on_wire([&](core::Session& session, const core::Limits& limits) {
      more = session.next_result(*result_, limits, translated_.text(sql_));
    });
  if (!more) {
    close();
    return SQL_NO_DATA;
  }
  row_count_ = result_->affected();
  describe_result();
  set_executed(!shown_columns_.empty());
  diagnostics().row_count = row_count_;
  return SQL_SUCCESS;
}

}  // namespace odbc
