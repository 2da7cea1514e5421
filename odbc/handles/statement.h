// SPDX-License-Identifier: Apache-2.0
// HSTMT: text, parameters, execution, one cursor. Keeps its text and bindings through a switch of
// the connection. Comes in: exports/. Goes next: cursor/ for rows and parameters, core::Session for
// the network, catalog/ fills it with results that were made here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/session.h"
#include "odbc/cursor/get_data.h"
#include "odbc/cursor/parameter_set.h"
#include "odbc/cursor/rowset.h"
#include "odbc/handles/connection.h"
#include "odbc/handles/descriptor.h"
#include "odbc/tables/attribute_table.h"
#include "odbc/tables/statement_states.h"
#include "odbc/text/call_arguments.h"

namespace odbc {

/// Everything under mutex(), but interrupt(). Calls that speak take the connection's wire.
class Statement final : public Handle {
 public:
  static constexpr HandleKind kind_code = HandleKind::statement;
  explicit Statement(Connection& connection);
  ~Statement() override;

  Connection& connection() const noexcept { return *connection_; }
  std::string server_name() const override { return connection_->server_name(); }
  bool speaks_odbc2() const noexcept override { return connection_->speaks_odbc2(); }
  bool metadata_id() const noexcept { return attributes_.get(SQL_ATTR_METADATA_ID) != SQL_FALSE; }

  /// Throws HY010 or 24000 when appendix B forbids the call; false: answer SQL_NO_DATA.
  bool allows(StatementCall call) {
    leave_freed_descriptors();
    return require_allowed(call, state_);
  }

  // -- Text and execution -------------------------------------------------------------------------
  /// Translates; the server hears of it at the first execution or question.
  void prepare(std::string sql);
  SQLRETURN execute();
  SQLRETURN execute_directly(std::string sql);
  SQLRETURN param_data(SQLPOINTER* token);
  void put_data(SQLPOINTER data, SQLLEN length);
  /// SQLCancel when nothing runs: ends data-at-execution.
  void cancel() noexcept;
  /// SQLCancel beside a running call: any thread.
  void interrupt() noexcept { interrupt_.raise(); }
  /// Shows a result the driver made itself, as if it had been executed.
  void show(std::unique_ptr<core::Result> result);
  /// An internal query of a catalog function, read to its end; cells as text, absent when NULL.
  core::TextRows ask(std::string_view sql, std::span<const std::string> parameters);

  // -- Parameters ---------------------------------------------------------------------------------
  int parameter_count() const noexcept { return translated_.parameter_count; }
  /// Asks the server on first use. `number` from 1. Throws 07009.
  core::ParameterType parameter_type(SQLUSMALLINT number);

  // -- Results ------------------------------------------------------------------------------------
  /// Columns of the result, also of a prepared statement (asks the server on first use); empty when
  /// there is none. Fills the IRD.
  std::span<const core::Column> columns();
  /// Asks the server about a column's type that the driver does not know, once per type and
  /// connection: the IRD tells its name and size from then on. Nothing when there is no such column
  /// or the server will not say.
  void learn_type(SQLUSMALLINT number);
  SQLRETURN fetch();
  /// SQLSetPos: SQL_POSITION only. Throws HY092, HYC00, HY107.
  void set_position(SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock);
  SQLRETURN get_data(const cursor::DataRequest& request);
  SQLRETURN more_results();
  SQLLEN row_count() const noexcept { return row_count_; }
  SQLULEN row_number() const noexcept { return rowset_.row_number(); }
  bool has_cursor() const noexcept;
  bool is_prepared() const noexcept { return prepared_text_; }
  /// Ends the cursor; the statement stays prepared. Nothing when none is open.
  void close() noexcept;

  // -- Attributes and descriptors -----------------------------------------------------------------
  void set_attribute(SQLINTEGER attribute, SQLULEN value);
  SQLULEN attribute(SQLINTEGER attribute);
  Descriptor& ard() const noexcept { return *ard_; }
  Descriptor& apd() const noexcept { return *apd_; }
  Descriptor& ird() const noexcept { return *ird_; }
  Descriptor& ipd() const noexcept { return *ipd_; }
  /// Null: back to the implicit one. Throws HY017 and HY024 for descriptors that may not be used.
  void use_descriptor(SQLINTEGER attribute, SQLHANDLE name);
  const std::string& cursor_name();
  void set_cursor_name(std::string name);

 private:
  void take_text(std::string sql, bool prepared);
  core::Lexis lexis_for(std::string_view sql);
  SQLRETURN start_execution();
  SQLRETURN finish_execution(SQLRETURN code);
  void execute_set(std::span<const core::Parameter> parameters);
  void execute_array(core::Batch& sets);
  void resolve_call();
  void doubt_call(const core::Error& error) noexcept;
  bool names_procedure(const std::string& routine);
  void execute_leaving_out(std::span<const core::Parameter> parameters);
  const text::ShorterCall& shorter_call(const std::vector<std::size_t>& left_out);
  core::Query query(std::span<const core::Parameter> parameters);
  void describe_result();
  void describe(std::span<const core::Column> columns, std::uint64_t number = 0);
  void complete(core::Column& column) const;
  bool learn(std::uint32_t server_type);
  void ask_server();
  core::Limits limits();
  /// SQLFreeHandle of an explicit descriptor: the statements that use it go back to their own.
  void leave_freed_descriptors() noexcept {
    if (ard_.get() != own_ard_.get() && !HandleTable::is_live(*ard_))
      ard_ = Pinned<Descriptor>(*own_ard_);
    if (apd_.get() != own_apd_.get() && !HandleTable::is_live(*apd_))
      apd_ = Pinned<Descriptor>(*own_apd_);
  }
  /// Runs `speak(session, limits)` holding the wire.
  template <class Speak>
  decltype(auto) on_wire(Speak&& speak);
  void forget_result() noexcept;
  void set_executed(bool with_cursor) noexcept;
  void set_closed() noexcept;
  Descriptor& descriptor(SQLINTEGER which) const noexcept;
  void set_descriptor_field(const DescriptorAttribute& field, SQLULEN value);
  SQLULEN descriptor_field(const DescriptorAttribute& field) const;
  Pinned<Descriptor> new_descriptor(DescriptorRole role);
  void retire_descriptors() noexcept;

  Pinned<Connection> connection_;
  AttributeValues attributes_;
  LazyInterrupt interrupt_;
  StatementState state_ = StatementState::allocated;

  std::string sql_;      ///< as the application wrote it
  bool scanned_ = true;  ///< translated with escapes
  core::Lexis lexis_;    ///< by which it was translated
  text::Translated translated_;
  bool prepared_text_ = false;
  bool several_statements_ = false;
  DynamicFunction function_{"", 0};
  std::shared_ptr<core::Prepared> prepared_;
  cursor::ParameterSets parameter_sets_;
  bool call_resolved_ = false;  ///< whether the {call} is one of a procedure
  text::CallForm call_form_ = text::CallForm::escape;
  std::optional<core::TextRows> argument_names_;     ///< of the {call}, once asked for
  std::unique_ptr<text::ShorterCall> shorter_call_;  ///< its text without some arguments

  std::unique_ptr<core::Result> result_;
  std::span<const core::Column> shown_columns_;  ///< of result_, asked for once
  bool local_result_ = false;                    ///< made by the driver: reading it needs no wire
  cursor::Rowset rowset_;
  cursor::GetData get_data_;
  SQLLEN row_count_ = -1;
  SQLULEN rows_delivered_ = 0;  ///< of the current cursor, for SQL_ATTR_MAX_ROWS
  std::string cursor_name_;

  Pinned<Descriptor> own_ard_, own_apd_, ird_, ipd_;
  Pinned<Descriptor> ard_, apd_;
};

/// Closes and retires a statement; for SQLDisconnect. Nothing when it is gone already.
void retire_statement(SQLHANDLE name) noexcept;

}  // namespace odbc
