// SPDX-License-Identifier: Apache-2.0
// Reading ahead of the outcomes: a client reads sets that are told of later, so where the set being
// read stands (ParameterSets::set_) is put back to the outcome's before it is noted.
#include "odbc/cursor/parameter_array.h"

namespace odbc::cursor {

ParameterArray::ParameterArray(ParameterSets& sets, Diagnostics& diagnostics)
    : sets_(sets), diagnostics_(diagnostics), first_(sets.set_) {
  const SQLUSMALLINT* const operation = sets.apd_->header.array_status_ptr;
  all_ = operation == nullptr;
  if (all_) return;
  for (SQLULEN set = first_; set < sets.sets_; ++set)
    if (operation[set] != SQL_PARAM_IGNORE) chosen_.push_back(set);
}

bool ParameterArray::read(std::size_t set, std::span<const core::Parameter>& values) {
  sets_.set_ = number(set);
  sets_.warned_ = false;
  try {
    sets_.read_set(read_);
  } catch (const core::Error&) {
    keep_warnings(set);
    throw;
  }
  keep_warnings(set);
  sets_.set_is_read_ = false;
  // What waits for data or changes the text goes alone.
  if (!sets_.pending_.empty() || !sets_.left_out_.empty()) {
    sets_.pending_.clear();
    return false;
  }
  values = sets_.parameters_;
  return true;
}

void ParameterArray::keep_warnings(std::size_t set) {
  if (!sets_.warned_) return;
  sets_.warned_ = false;
  std::vector<DiagnosticRecord>& kept = warnings_[set];
  kept.clear();
  for (SQLINTEGER i = 1; i <= read_.count(); ++i) kept.push_back(*read_.record(i));
  read_.clear();
}

void ParameterArray::post_warnings(std::size_t set) {
  if (warnings_.empty()) return;
  const auto kept = warnings_.find(set);
  if (kept == warnings_.end()) return;
  for (const DiagnosticRecord& warning : kept->second) diagnostics_.append(warning);
  warnings_.erase(kept);
  sets_.warned_ = true;
}

void ParameterArray::note_left_out(SQLULEN up_to) noexcept {
  for (; sets_.set_ < up_to; ++sets_.set_) sets_.note(SQL_PARAM_UNUSED);
}

// Behind the outcomes so far, and behind what was left out since then.
void ParameterArray::go_to(std::size_t set) {
  sets_.set_ = set == 0 ? first_ : number(set - 1) + 1;
  note_left_out(number(set));
  told_ = set + 1;
}

void ParameterArray::executed(std::size_t set, std::int64_t affected) {
  go_to(set);
  post_warnings(set);
  sets_.end_set(sets_.warned_ ? SQL_PARAM_SUCCESS_WITH_INFO : SQL_PARAM_SUCCESS);
  SQLLEN& count = sets_.array_row_count_;
  count = count > 0 && affected >= 0 ? count + affected : affected;
}

bool ParameterArray::failed(std::size_t set, const core::Error& error) {
  go_to(set);
  post_warnings(set);
  if (!sets_.ends_the_call(error)) {
    sets_.fail_set(error, diagnostics_);
    return true;
  }
  sets_.note(SQL_PARAM_ERROR);
  if (!last_word_) last_word_ = error;
  return false;
}

bool ParameterArray::ends_at_first_failure() const {
  return sets_.ipd_->header.array_status_ptr == nullptr;
}

void ParameterArray::finish() {
  if (last_word_) {
    sets_.cancel();
    throw core::Error(*last_word_);
  }
  sets_.set_ = told_ == 0 ? first_ : number(told_ - 1) + 1;
  if (told_ == size()) note_left_out(sets_.sets_);
}

void ParameterArray::finish_thrown() noexcept {
  if (told_ < size()) {
    go_to(told_);
    sets_.note(SQL_PARAM_ERROR);
  }
  sets_.cancel();
}

SQLRETURN ParameterSets::run(ExecuteSet execute, ExecuteArray execute_array,
                             Diagnostics& diagnostics) {
  if (sets_ > 1 && !set_is_read_) {
    ParameterArray array(*this, diagnostics);
    try {
      execute_array(array);
    } catch (...) {
      array.finish_thrown();
      throw;
    }
    array.finish();
  }
  return run(execute, diagnostics);
}

}  // namespace odbc::cursor
