// SPDX-License-Identifier: Apache-2.0
// A statement's text, execution and end. Results are in statement_results.cpp, attributes and
// descriptors in statement_attributes.cpp.
#include "odbc/handles/statement.h"

#include "core/sql_text.h"
#include "odbc/handles/statement_wire.h"

namespace odbc {
namespace {

/// How long a server may take to let go of a result that nobody wants any more.
constexpr std::chrono::seconds closing_time{5};
/// Seconds; what is longer than a century is no limit.
constexpr SQLULEN longest_timeout = 0xFFFFFFFF;

}  // namespace

Statement::Statement(Connection& connection)
    : Handle(kind_code), connection_(connection), attributes_(statement_attributes()) {
  try {
    own_ard_ = new_descriptor(DescriptorRole::ard);
    own_apd_ = new_descriptor(DescriptorRole::apd);
    ird_ = new_descriptor(DescriptorRole::ird);
    ipd_ = new_descriptor(DescriptorRole::ipd);
  } catch (...) {  // the destructor of what was never built does not run
    retire_descriptors();
    throw;
  }
  ard_ = Pinned<Descriptor>(*own_ard_);
  apd_ = Pinned<Descriptor>(*own_apd_);
  if (connection.metadata_id()) attributes_.set(SQL_ATTR_METADATA_ID, SQL_TRUE);
}

Statement::~Statement() { retire_descriptors(); }

void Statement::retire_descriptors() noexcept {
  for (const Pinned<Descriptor>* own : {&own_ard_, &own_apd_, &ird_, &ipd_})
    if (*own) HandleTable::retire((*own)->name());
}

Pinned<Descriptor> Statement::new_descriptor(DescriptorRole role) {
  const SQLHANDLE name =
      HandleTable::instance().add(std::make_unique<Descriptor>(role, shared_mutex()));
  return Pinned<Descriptor>(name);
}

/// By what the session's settings are now; the server is asked only when it decides about this
/// text.
core::Lexis Statement::lexis_for(std::string_view sql) {
  core::Session& session = connection_->session();
  if (const auto known = session.lexis(sql)) return *known;
  on_wire([](core::Session& asked, const core::Limits& limits) { asked.learn_lexis(limits); });
  const auto learned = session.lexis(sql);
  return learned ? *learned : *session.lexis({});
}

void Statement::take_text(std::string sql, bool prepared) {
  const core::Engine engine = connection_->session().engine();
  const bool scan = attributes_.get(SQL_ATTR_NOSCAN) == SQL_NOSCAN_OFF;
  const core::Lexis lexis = lexis_for(sql);
  if (sql == sql_ && scan == scanned_ && lexis == lexis_ &&
      !sql.empty()) {  // a loop: nothing new to learn
    forget_result();
    prepared_text_ = prepared;
    if (!prepared) prepared_.reset();
    state_ = prepared ? StatementState::prepared : StatementState::allocated;
    return;
  }
  text::Translated translated = text::translate(sql, lexis, markers_of(engine), scan);
  if (translated.has_return_value)
    throw core::Error(core::sqlstate::not_implemented, "Statement",
                      "Return values of {?=call} are not supported; call the function in a SELECT",
                      core::Reached::not_sent);
  forget_result();
  state_ = StatementState::allocated;
  prepared_.reset();
  call_resolved_ = false;
  call_form_ = text::CallForm::escape;
  shorter_call_.reset();
  argument_names_.reset();
  sql_ = std::move(sql);
  scanned_ = scan;
  lexis_ = lexis;
  translated_ = std::move(translated);
  // One semicolon at the end is no second statement; most texts have none at all.
  several_statements_ =
      sql_.find(';') != std::string::npos && core::statement_count(sql_, lexis) > 1;
  function_ = dynamic_function(sql_);
  prepared_text_ = prepared;
  if (prepared) state_ = StatementState::prepared;
}

void Statement::prepare(std::string sql) {
  allows(StatementCall::prepare);
  take_text(std::move(sql), true);
}

SQLRETURN Statement::execute() {
  allows(StatementCall::execute);
  forget_result();
  return start_execution();
}

SQLRETURN Statement::execute_directly(std::string sql) {
  allows(StatementCall::execute_directly);
  take_text(std::move(sql), false);
  return start_execution();
}

SQLRETURN Statement::start_execution() {
  set_closed();
  row_count_ = -1;
  if (translated_.is_call) resolve_call();
  const ForeignLock apd(*apd_, mutex());
  parameter_sets_.begin(*apd_, *ipd_, static_cast<std::size_t>(parameter_count()),
                        translated_.is_call);
  auto run = [this](std::span<const core::Parameter> set) { execute_set(set); };
  auto run_array = [this](core::Batch& sets) { execute_array(sets); };
  try {
    return finish_execution(parameter_sets_.run(run, run_array, diagnostics()));
  } catch (const core::Error& error) {
    doubt_call(error);
    throw;
  }
}

SQLRETURN Statement::finish_execution(SQLRETURN code) {
  Diagnostics& area = diagnostics();
  if (code == SQL_NEED_DATA) {
    state_ = StatementState::need_data;
    return code;
  }
  describe_result();
  set_executed(ird_->count() > 0);
  area.row_count = row_count_;
  area.dynamic_function = function_.name;
  area.dynamic_function_code = function_.code;
  // ODBC 3: a searched update or delete without any row is SQL_NO_DATA.
  const bool searched =
      function_.code == SQL_DIAG_UPDATE_WHERE || function_.code == SQL_DIAG_DELETE_WHERE;
  if (code == SQL_SUCCESS && searched && row_count_ == 0 && !speaks_odbc2()) return SQL_NO_DATA;
  return code;
}

core::Query Statement::query(std::span<const core::Parameter> parameters) {
  return {.sql = translated_.text(sql_),
          .parameters = parameters,
          .parameter_count = parameter_count(),
          .prepared = prepared_text_ || parameter_count() > 0 ? &prepared_ : nullptr,
          .several_statements = several_statements_,
          .continues = parameter_sets_.some_succeeded(),
          .may_learn = true};
}

void Statement::execute_set(std::span<const core::Parameter> parameters) {
  const SQLLEN before = row_count_;
  forget_result();
  if (!parameter_sets_.left_out().empty())
    execute_leaving_out(parameters);
  else
    on_wire([&](core::Session& session, const core::Limits& limits) {
      result_ = session.execute(query(parameters), limits);
    });
  local_result_ = false;
  const std::int64_t affected = result_->affected();
  row_count_ = before > 0 && affected >= 0 ? before + affected : affected;
}

void Statement::execute_array(core::Batch& sets) {
  forget_result();
  on_wire([&](core::Session& session, const core::Limits& limits) {
    result_ = session.execute_batch(query({}), sets, limits);
  });
  local_result_ = false;
  row_count_ = parameter_sets_.array_row_count();
}

SQLRETURN Statement::param_data(SQLPOINTER* token) {
  allows(StatementCall::param_data);
  auto run = [this](std::span<const core::Parameter> set) { execute_set(set); };
  const ForeignLock apd(*apd_, mutex());
  SQLRETURN code = SQL_ERROR;
  try {
    code = parameter_sets_.next_parameter(token, run, diagnostics());
  } catch (...) {
    cancel();
    throw;
  }
  if (code != SQL_NEED_DATA) return finish_execution(code);
  state_ = StatementState::must_put;
  return code;
}

void Statement::put_data(SQLPOINTER data, SQLLEN length) {
  allows(StatementCall::put_data);
  parameter_sets_.put(data, length);
  state_ = StatementState::can_put;
}

void Statement::cancel() noexcept {
  if (!parameter_sets_.waiting() && state_ < StatementState::need_data) return;
  parameter_sets_.cancel();
  set_closed();
}

void Statement::show(std::unique_ptr<core::Result> result) {
  forget_result();
  sql_.clear();
  translated_ = {};
  prepared_.reset();
  prepared_text_ = false;
  function_ = {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR};
  result_ = std::move(result);
  local_result_ = true;
  row_count_ = -1;
  describe_result();
  set_executed(true);
}

core::TextRows Statement::ask(std::string_view sql, std::span<const std::string> parameters) {
  std::vector<core::Parameter> values(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    values[i].value.kind = core::ValueKind::text;
    values[i].value.text = parameters[i];
    values[i].declared = core::SqlType::varchar;
  }
  return on_wire([&](core::Session& session, const core::Limits& limits) {
    const core::Query query{
        .sql = sql, .parameters = values, .parameter_count = static_cast<int>(values.size())};
    const auto result = session.execute(query, limits, core::OperationKind::catalog);
    core::TextRows rows;
    while (session.next_row(*result, limits, sql)) {
      auto& row = rows.emplace_back();
      for (const core::RawCell& cell : result->row())
        row.push_back(cell.is_null() ? std::nullopt : std::optional<std::string>(cell.view()));
    }
    return rows;
  });
}

void Statement::forget_result() noexcept {
  rowset_.reset();
  get_data_.reset();
  rows_delivered_ = 0;
  shown_columns_ = {};
  if (result_ == nullptr) return;
  if (local_result_ || !connection_->is_open()) {
    result_.reset();
    return;
  }
  const std::scoped_lock wire(connection_->wire());
  result_->close({.deadline = core::Deadline::after(closing_time),
                  .cancel_grace = connection_->cancel_grace(),
                  .silence = connection_->connection_timeout()});
  result_.reset();
}

void Statement::close() noexcept {
  parameter_sets_.cancel();
  forget_result();
  set_closed();
}

void Statement::set_closed() noexcept {
  state_ = prepared_text_ ? StatementState::prepared : StatementState::allocated;
}

void Statement::set_executed(bool with_cursor) noexcept {
  if (with_cursor)
    state_ = prepared_text_ ? StatementState::opened_p : StatementState::opened;
  else
    state_ = prepared_text_ ? StatementState::executed_p : StatementState::executed;
}

bool Statement::has_cursor() const noexcept {
  return state_ >= StatementState::opened && state_ <= StatementState::positioned_p;
}

core::Limits Statement::limits() {
  const SQLULEN given = attributes_.get(SQL_ATTR_QUERY_TIMEOUT);
  const std::chrono::seconds query(given <= longest_timeout ? given : 0);
  return {.deadline = core::Deadline::after_or_never(query),
          .interrupt = &interrupt_.arm(),
          .cancel_grace = connection_->cancel_grace(),
          .silence = connection_->connection_timeout()};
}

void retire_statement(SQLHANDLE name) noexcept {
  const Pinned<Statement> statement(name);
  if (!statement) return;
  const std::scoped_lock lock(statement->mutex());
  statement->close();
  statement->connection().statements().remove(name);
  HandleTable::retire(name);
}

}  // namespace odbc
