// SPDX-License-Identifier: Apache-2.0
// Parameters on their way out: reads APD and IPD set by set, waits for data-at-execution, runs each
// set. Comes in: SQLExecute, SQLExecDirect, SQLParamData, SQLPutData. Goes next: convert/ for each
// value; the caller's callable executes.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.h"
#include "core/error.h"
#include "core/value.h"
#include "odbc/convert/arena.h"
#include "odbc/convert/parameter_matrix.h"
#include "odbc/cursor/data_at_execution.h"
#include "odbc/handles/descriptor.h"
#include "odbc/handles/diagnostics.h"

namespace odbc::cursor {

/// Refers to a callable `void(std::span<const core::Parameter>)` that executes one set; it throws
/// core::Error. Must outlive the call it is passed to.
class ExecuteSet {
 public:
  template <class F>
  ExecuteSet(F& execute) noexcept  // NOLINT(google-explicit-constructor)
      : object_(&execute), call_([](void* object, std::span<const core::Parameter> set) {
          (*static_cast<F*>(object))(set);
        }) {}
  void operator()(std::span<const core::Parameter> set) const { call_(object_, set); }

 private:
  void* object_;
  void (*call_)(void*, std::span<const core::Parameter>);
};

class ParameterArray;
/// Refers to a callable `void(core::Batch&)` that executes many sets at once; it throws
/// core::Error.
class ExecuteArray {
 public:
  template <class F>
  ExecuteArray(F& execute) noexcept  // NOLINT(google-explicit-constructor)
      : object_(&execute),
        call_([](void* object, core::Batch& sets) { (*static_cast<F*>(object))(sets); }) {}
  void operator()(core::Batch& sets) const { call_(object_, sets); }

 private:
  void* object_;
  void (*call_)(void*, core::Batch&);
};

/// One execution of a statement with its parameters, possibly many sets, possibly interrupted by
/// SQL_NEED_DATA. Belongs to a statement; under its mutex.
///   begin, run -> done, or SQL_NEED_DATA; then next_parameter, put..., next_parameter, ... -> done
class ParameterSets {
 public:
  /// Starts an execution of a text with `markers` parameters. The descriptors must not change until
  /// it ends. Throws 07002 when a marker has no parameter bound. The status array is written as
  /// SQL_PARAM_UNUSED, the processed count as 0. `is_call`: SQL_DEFAULT_PARAM leaves an argument
  /// out instead of being 07S01.
  void begin(const Descriptor& apd, Descriptor& ipd, std::size_t markers, bool is_call = false);

  /// Executes set after set. Returns SQL_NEED_DATA when a set wants data-at-execution; else the
  /// end: SQL_SUCCESS; SQL_SUCCESS_WITH_INFO when some sets failed and a status array shows which
  /// (one record each, with the set as row number), or when a fraction was cut (01S07, status
  /// SQL_PARAM_SUCCESS_WITH_INFO). The first failure is thrown when there is one
  /// set or no status array, and when going on makes no sense: the link is lost, cancelled or timed
  /// out, or the transaction is aborted (25P02).
  SQLRETURN run(ExecuteSet execute, Diagnostics& diagnostics);
  /// The same with the sets of an array handed over together (parameter_array.h); `execute` runs
  /// those that wait for data. Status, counts and records are those of `run`.
  SQLRETURN run(ExecuteSet execute, ExecuteArray execute_array, Diagnostics& diagnostics);

  /// SQLParamData: ends the parameter before, stores the token (SQL_DESC_DATA_PTR) of the next and
  /// returns SQL_NEED_DATA; when there is none, goes on as `run`. Throws HY010 when nothing waits.
  SQLRETURN next_parameter(SQLPOINTER* token, ExecuteSet execute, Diagnostics& diagnostics);
  /// SQLPutData: a piece for the parameter next_parameter named. Throws HY010, and what
  /// DataAtExecution::put throws.
  void put(SQLPOINTER data, SQLLEN length);
  /// SQLCancel while waiting for data, or an error: ends the execution.
  void cancel() noexcept;

  /// True between SQL_NEED_DATA and the end.
  bool waiting() const noexcept { return stage_ != Stage::idle; }
  /// True when the set being executed uses data-at-execution (not repeatable).
  bool at_execution() const noexcept { return !pending_.empty(); }
  /// True when sets of the running call have been executed already.
  bool some_succeeded() const noexcept { return executed_ > failed_; }
  /// Parameters, from 0, that the set being executed leaves out (SQL_DEFAULT_PARAM), in order.
  const std::vector<std::size_t>& left_out() const noexcept { return left_out_; }
  /// Rows that the sets of an array affected together; -1 when none told.
  SQLLEN array_row_count() const noexcept { return array_row_count_; }

 private:
  friend class ParameterArray;
  enum class Stage : std::uint8_t { idle, before_first, collecting };
  /// How one parameter is read; fixed for the execution.
  struct Slot {
    convert::ParameterPlan plan;
    convert::Target c_type;
    std::size_t data_stride, length_stride;
    const char* data;  ///< of set 0, bind offset included; null: not bound
    const char* length;
    const char* indicator;
    SQLLEN buffer_length;
    bool is_output;
  };
  /// What the slots were made from.
  struct Source {
    std::uint64_t apd = UINT64_MAX, ipd = UINT64_MAX;  ///< revisions
    std::ptrdiff_t offset = 0;
    SQLULEN bind_type = 0;
    std::size_t markers = 0;
    bool operator==(const Source&) const = default;
  };
  void make_slots(std::size_t markers);
  Slot make_slot(const DescriptorRecord& outside, const DescriptorRecord& inside) const;
  void read_set(Diagnostics& diagnostics);
  void read_parameter(std::size_t index, Diagnostics& diagnostics);
  void convert(const convert::ParameterPlan& plan, std::size_t index, std::string_view data,
               bool terminated, Diagnostics& diagnostics);
  core::Error error(convert::Outcome outcome, std::size_t index) const;
  void finish_pending(Diagnostics& diagnostics);
  bool ignored() const noexcept;
  bool ends_the_call(const core::Error& error) const;
  void fail_set(const core::Error& error, Diagnostics& diagnostics);
  void note(SQLUSMALLINT status) noexcept;
  void end_set(SQLUSMALLINT status) noexcept;

  const Descriptor* apd_ = nullptr;
  Descriptor* ipd_ = nullptr;
  Source source_;
  std::vector<Slot> slots_;
  std::vector<core::Parameter> parameters_;
  std::vector<DataAtExecution> pending_;
  std::vector<std::size_t> left_out_;
  std::size_t current_ = 0;  ///< in pending_
  SQLULEN set_ = 0, sets_ = 1, executed_ = 0, failed_ = 0;
  SQLLEN array_row_count_ = -1;
  Stage stage_ = Stage::idle;
  bool set_is_read_ = false;
  bool is_call_ = false;
  bool warned_ = false, some_warned_ = false;  ///< in the set being executed; in those before
  convert::Arena arena_;
};

}  // namespace odbc::cursor
