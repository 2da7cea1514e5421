// SPDX-License-Identifier: Apache-2.0
// The log lines of the guard.
#include "odbc/entry.h"

namespace odbc {
namespace {

std::string_view word(SQLRETURN code) {
  switch (code) {
    case SQL_SUCCESS: return "success";
    case SQL_SUCCESS_WITH_INFO: return "success with info";
    case SQL_NO_DATA: return "no data";
    case SQL_NEED_DATA: return "need data";
    case SQL_INVALID_HANDLE: return "invalid handle";
    default: return "error";
  }
}

}  // namespace

void CallLog::begin() noexcept {
  began_ = core::Clock::now();
  core::log::line(core::log::Level::debug, "ODBC", "> {} {}", function_, handle_);
}

void CallLog::end(SQLRETURN code, const Diagnostics* diagnostics) noexcept {
  const DiagnosticRecord* record = diagnostics == nullptr ? nullptr : diagnostics->record(1);
  const double ms = core::elapsed_ms(began_);
  if (record == nullptr)
    core::log::line(core::log::Level::debug, "ODBC", "< {} {} {} {:.3f} ms", function_, handle_,
                    word(code), ms);
  else
    core::log::line(core::log::Level::debug, "ODBC", "< {} {} {} {:.3f} ms {} {}", function_,
                    handle_, word(code), ms, record->state.view(),
                    core::log::redacted(record->message));
}

}  // namespace odbc
