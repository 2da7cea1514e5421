// SPDX-License-Identifier: Apache-2.0
// Set after set: read, wait for data when asked to, execute, note the status. Comes in:
// parameter_set.h.
#include "odbc/cursor/parameter_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "odbc/convert/message.h"
#include "odbc/cursor/application_bytes.h"
#include "odbc/tables/type_table.h"

namespace odbc::cursor {
namespace {

using convert::Outcome;
using convert::Target;

[[noreturn]] void refuse(core::Sqlstate state, std::string text) {
  throw core::Error(state, "Parameters", std::move(text), core::Reached::not_sent);
}

constexpr bool waits_for_data(SQLLEN length) {
  return length == SQL_DATA_AT_EXEC || length <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

SQLLEN load(const char* at) noexcept {
  SQLLEN value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Without a length binary data fills its buffer; text ends with its NUL.
SQLLEN implied_length(Target target, SQLLEN buffer_length) noexcept {
  return target == Target::binary && buffer_length > 0 ? buffer_length : SQL_NTS;
}

convert::ParameterTraits traits_of(const DescriptorRecord& outside,
                                   const DescriptorRecord& inside) {
  convert::ParameterTraits traits;
  traits.c_type =
      outside.concise_type == SQL_C_DEFAULT ? inside.concise_type : outside.concise_type;
  traits.sql_type = inside.concise_type;
  if (outside.precision > 0) traits.numeric_scale = outside.scale;  // else never set
  traits.from.leading = static_cast<SQLSMALLINT>(outside.datetime_interval_precision);
  traits.to.leading = static_cast<SQLSMALLINT>(inside.datetime_interval_precision);
  if (outside.precision > 0) traits.from.seconds = outside.precision;
  return traits;
}

// An interval column is fetched as text by default; a parameter declared as one is a struct.
Target default_c_type(SQLSMALLINT sql_type) noexcept {
  if (tables::verbose_type(sql_type) == SQL_INTERVAL) return Target::interval;
  return convert::default_target(sql_type, false);
}

// After these the next set can only fail as well.
bool ends_the_run(const core::Error& error) {
  const core::Sqlstate state = error.state();
  return error.link_lost() || state.in_class("08") || state == core::sqlstate::cancelled ||
         state == core::sqlstate::timeout || state == core::sqlstate::connection_timeout ||
         state == core::Sqlstate("25P02");
}

}  // namespace

ParameterSets::Slot ParameterSets::make_slot(const DescriptorRecord& outside,
                                             const DescriptorRecord& inside) const {
  const DescriptorHeader& header = apd_->header;
  const std::ptrdiff_t offset = header.bind_offset_ptr != nullptr ? *header.bind_offset_ptr : 0;
  const auto moved = [offset](const void* pointer) {
    return pointer == nullptr ? nullptr : static_cast<const char*>(pointer) + offset;
  };
  Slot slot{};
  slot.c_type = convert::target_of(outside.concise_type);
  if (slot.c_type == Target::by_default) slot.c_type = default_c_type(inside.concise_type);
  slot.plan = convert::plan_parameter(
      slot.c_type, tables::logical_type(inside.concise_type).value_or(core::SqlType::unknown),
      traits_of(outside, inside));
  if (header.bind_type == SQL_PARAM_BIND_BY_COLUMN) {
    const std::size_t size = convert::fixed_size(slot.c_type);
    slot.data_stride = size != 0 ? size : static_cast<std::size_t>(outside.octet_length);
    slot.length_stride = sizeof(SQLLEN);
  } else {
    slot.data_stride = slot.length_stride = header.bind_type;
  }
  slot.data = moved(outside.data_ptr);
  slot.length = moved(outside.octet_length_ptr);
  slot.indicator = moved(outside.indicator_ptr);
  slot.buffer_length = outside.octet_length;
  slot.is_output = inside.parameter_type == SQL_PARAM_OUTPUT;
  return slot;
}

void ParameterSets::make_slots(std::size_t markers) {
  source_ = Source();
  slots_.clear();
  for (std::size_t i = 1; i <= markers; ++i) {
    const auto number = static_cast<SQLUSMALLINT>(i);
    const DescriptorRecord* const outside = apd_->find(number);
    const DescriptorRecord* const inside = ipd_->find(number);
    if (outside == nullptr || inside == nullptr ||
        (!outside->bound() && inside->parameter_type != SQL_PARAM_OUTPUT))
      refuse(core::sqlstate::wrong_parameter_count, "The statement has " + std::to_string(markers) +
                                                        " parameters; parameter " +
                                                        std::to_string(i) + " is not bound");
    slots_.push_back(make_slot(*outside, *inside));
  }
}

void ParameterSets::begin(const Descriptor& apd, Descriptor& ipd, std::size_t markers,
                          bool is_call) {
  cancel();
  is_call_ = is_call;
  apd_ = &apd;
  ipd_ = &ipd;
  const DescriptorHeader& header = apd.header;
  // Executed in a loop, the bindings are those of the last time.
  const Source now{apd.revision(), ipd.revision(),
                   header.bind_offset_ptr != nullptr ? *header.bind_offset_ptr : 0,
                   header.bind_type, markers};
  if (now != source_) {
    make_slots(markers);
    source_ = now;
  }
  parameters_.resize(markers);
  sets_ = markers == 0 ? 1 : std::max<SQLULEN>(1, apd.header.array_size);
  if (SQLUSMALLINT* const status = ipd.header.array_status_ptr; status != nullptr)
    std::fill_n(status, sets_, static_cast<SQLUSMALLINT>(SQL_PARAM_UNUSED));
  if (ipd.header.rows_processed_ptr != nullptr) *ipd.header.rows_processed_ptr = 0;
}

void ParameterSets::cancel() noexcept {
  stage_ = Stage::idle;
  set_ = executed_ = failed_ = 0;
  some_warned_ = false;
  set_is_read_ = warned_ = false;
  array_row_count_ = -1;
  pending_.clear();
  current_ = 0;
  arena_.clear();
}

core::Error ParameterSets::error(Outcome outcome, std::size_t index) const {
  const DescriptorRecord* const inside = ipd_->find(static_cast<SQLUSMALLINT>(index + 1));
  return convert::error(outcome, "parameter", static_cast<unsigned>(index + 1),
                        inside != nullptr ? inside->name : std::string());
}

void ParameterSets::convert(const convert::ParameterPlan& plan, std::size_t index,
                            std::string_view data, bool terminated, Diagnostics& diagnostics) {
  const Outcome outcome = plan.read(data, arena_, parameters_[index].value, terminated);
  if (outcome == Outcome::ok) return;
  const core::Error wrong = error(outcome, index);
  if (!convert::delivers(outcome)) throw wrong;
  diagnostics.warn(wrong.state(), wrong.main().component, wrong.main().text,
                   sets_ > 1 ? static_cast<SQLLEN>(set_) + 1 : SQL_NO_ROW_NUMBER);
  warned_ = true;
}

void ParameterSets::read_parameter(std::size_t index, Diagnostics& diagnostics) {
  const Slot& slot = slots_[index];
  core::Parameter& parameter = parameters_[index];
  parameter.value = core::Value();
  parameter.declared = slot.plan.declared;
  if (slot.is_output) return;  // travels as NULL
  if (slot.indicator != nullptr &&
      load(slot.indicator + set_ * slot.length_stride) == SQL_NULL_DATA)
    return;
  const SQLLEN length = slot.length != nullptr ? load(slot.length + set_ * slot.length_stride)
                                               : implied_length(slot.c_type, slot.buffer_length);
  if (waits_for_data(length)) {
    pending_.emplace_back(index, slot.c_type, length);
    return;
  }
  if (length == SQL_DEFAULT_PARAM) {
    if (!is_call_) throw error(Outcome::bad_default, index);
    left_out_.push_back(index);
    return;
  }
  const bool variable = convert::variable_length(slot.c_type);
  if (variable && length < 0 && length != SQL_NTS) throw error(Outcome::bad_length, index);
  if (slot.data == nullptr && (!variable || length > 0))
    refuse(core::sqlstate::null_pointer, "Invalid use of null pointer: parameter " +
                                             std::to_string(index + 1) + " has no buffer");
  const char* const data = slot.data != nullptr ? slot.data + set_ * slot.data_stride : nullptr;
  const bool terminated = length == SQL_NTS && slot.c_type == Target::char_ && data != nullptr;
  convert(slot.plan, index, application_bytes(data, length, slot.c_type), terminated, diagnostics);
}

void ParameterSets::read_set(Diagnostics& diagnostics) {
  arena_.clear();
  pending_.clear();
  left_out_.clear();
  for (std::size_t i = 0; i < slots_.size(); ++i) read_parameter(i, diagnostics);
  set_is_read_ = true;
}

bool ParameterSets::ignored() const noexcept {
  const SQLUSMALLINT* const operation = apd_->header.array_status_ptr;
  return sets_ > 1 && operation != nullptr && operation[set_] == SQL_PARAM_IGNORE;
}

void ParameterSets::note(SQLUSMALLINT status) noexcept {
  if (ipd_->header.array_status_ptr != nullptr) ipd_->header.array_status_ptr[set_] = status;
  if (ipd_->header.rows_processed_ptr != nullptr) *ipd_->header.rows_processed_ptr = set_ + 1;
}

void ParameterSets::end_set(SQLUSMALLINT status) noexcept {
  note(status);
  ++executed_;
  ++set_;
  set_is_read_ = false;
  some_warned_ = some_warned_ || warned_;
  warned_ = false;
}

// Without a status array the application could not learn which set failed: then the first failure
// ends the call, so that no row is lost unnoticed.
bool ParameterSets::ends_the_call(const core::Error& error) const {
  return sets_ == 1 || ipd_->header.array_status_ptr == nullptr || ends_the_run(error);
}

void ParameterSets::fail_set(const core::Error& error, Diagnostics& diagnostics) {
  if (ends_the_call(error)) {
    note(SQL_PARAM_ERROR);
    cancel();
    throw error;
  }
  diagnostics.warn(error.state(), error.main().component, error.main().text,
                   static_cast<SQLLEN>(set_) + 1);
  ++failed_;
  end_set(SQL_PARAM_ERROR);
}

SQLRETURN ParameterSets::run(ExecuteSet execute, Diagnostics& diagnostics) {
  while (set_ < sets_) {
    if (ignored()) {
      note(SQL_PARAM_UNUSED);
      ++set_;
      continue;
    }
    try {
      if (!set_is_read_) {
        read_set(diagnostics);
        if (!pending_.empty()) {
          stage_ = Stage::before_first;
          return SQL_NEED_DATA;
        }
      }
      execute(parameters_);
      end_set(warned_ ? SQL_PARAM_SUCCESS_WITH_INFO : SQL_PARAM_SUCCESS);
    } catch (const core::Error& error) { fail_set(error, diagnostics); }
  }
  const bool all_failed = failed_ > 0 && failed_ == executed_, some_failed = failed_ > 0;
  stage_ = Stage::idle;
  pending_.clear();
  if (all_failed) return SQL_ERROR;
  return some_failed || some_warned_ ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

void ParameterSets::finish_pending(Diagnostics& diagnostics) {
  DataAtExecution& pending = pending_[current_++];
  pending.finish();
  if (pending.is_null()) return;
  convert::ParameterPlan plan = slots_[pending.parameter()].plan;
  plan.reader = convert::reader_of(pending.c_type());
  convert(plan, pending.parameter(), pending.bytes(), true, diagnostics);
}

SQLRETURN ParameterSets::next_parameter(SQLPOINTER* token, ExecuteSet execute,
                                        Diagnostics& diagnostics) {
  if (stage_ == Stage::idle)
    refuse(core::sqlstate::sequence_error, "Function sequence error: no parameter waits for data");
  try {
    if (stage_ == Stage::collecting) finish_pending(diagnostics);
  } catch (const core::Error& error) {
    stage_ = Stage::before_first;
    fail_set(error, diagnostics);
    pending_.clear();
  }
  if (current_ < pending_.size()) {
    stage_ = Stage::collecting;
    const Slot& slot = slots_[pending_[current_].parameter()];
    // The address of the element, so that each set of an array can have a token of its own.
    const char* const element =
        slot.data != nullptr ? slot.data + (sets_ > 1 ? set_ * slot.data_stride : 0) : nullptr;
    if (token != nullptr) *token = const_cast<char*>(element);
    return SQL_NEED_DATA;
  }
  current_ = 0;
  stage_ = Stage::before_first;
  const SQLRETURN code = run(execute, diagnostics);
  return code == SQL_NEED_DATA ? next_parameter(token, execute, diagnostics) : code;
}

void ParameterSets::put(SQLPOINTER data, SQLLEN length) {
  if (stage_ != Stage::collecting)
    refuse(core::sqlstate::sequence_error, "Function sequence error: no parameter waits for data");
  pending_[current_].put(data, length);
}

}  // namespace odbc::cursor
