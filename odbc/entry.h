// SPDX-License-Identifier: Apache-2.0
// The only door between C and C++. Every SQL* function goes through one of the variants below:
// validate the handle, lock it, clear the old diagnostics, run the body, turn anything thrown into
// diagnostic records. Nothing crosses the C boundary. Comes in: exports/. Goes next: handles/.
#pragma once

#include <concepts>
#include <new>
#include <type_traits>

#include "core/clock.h"
#include "core/log.h"
#include "odbc/handles/handle_table.h"

namespace odbc {

/// One line when a call begins and one when it ends, at log level debug; else one atomic load.
class CallLog {
 public:
  CallLog(const char* function, SQLHANDLE handle) noexcept
      : function_(function),
        handle_(handle),
        enabled_(core::log::enabled(core::log::Level::debug)) {
    if (enabled_) begin();
  }
  SQLRETURN finish(SQLRETURN code, const Diagnostics* diagnostics) noexcept {
    if (enabled_) end(code, diagnostics);
    return code;
  }

 private:
  void begin() noexcept;
  void end(SQLRETURN code, const Diagnostics* diagnostics) noexcept;
  const char* function_;
  SQLHANDLE handle_;
  bool enabled_;
  core::Clock::time_point began_;
};

/// Runs `body(handle)` and makes diagnostics of what it throws. Under the handle's mutex.
template <class H, std::invocable<H&> Body>
SQLRETURN run_guarded(H& handle, Body&& body) noexcept {
  Diagnostics& diagnostics = handle.diagnostics();
  SQLRETURN code = SQL_ERROR;
  try {
    code = body(handle);
    if (code == SQL_SUCCESS && !diagnostics.empty()) code = SQL_SUCCESS_WITH_INFO;
  } catch (const core::Error& error) {
    handle.on_error(error);
    diagnostics.fail(error);
  } catch (const std::bad_alloc&) {
    diagnostics.fail(core::sqlstate::no_memory, "Driver", "Out of memory");
  } catch (const std::exception& error) {
    diagnostics.fail(core::sqlstate::general, "Driver", error.what());
  } catch (...) {
    diagnostics.fail(core::sqlstate::general, "Driver", "Unknown failure inside the driver");
  }
  diagnostics.return_code = code;
  return code;
}

/// The common case.
template <class H, std::invocable<H&> Body>
SQLRETURN entry(const char* function, SQLHANDLE name, Body&& body) noexcept {
  const Pinned<H> handle(name);
  if (!handle) return SQL_INVALID_HANDLE;
  CallLog log(function, name);
  const std::scoped_lock lock(handle->mutex());
  // Freed by another thread while this one waited: what it leads to may be gone.
  if (!HandleTable::is_live(*handle)) return log.finish(SQL_INVALID_HANDLE, nullptr);
  handle->diagnostics().clear();
  return log.finish(run_guarded(*handle, std::forward<Body>(body)), &handle->diagnostics());
}

/// SQLGetDiagRec and SQLGetDiagField: they read the records and must not make any.
template <class H, std::invocable<H&> Body>
SQLRETURN entry_keep_diagnostics(SQLHANDLE name, Body&& body) noexcept {
  const Pinned<H> handle(name);
  if (!handle) return SQL_INVALID_HANDLE;
  const std::scoped_lock lock(handle->mutex());
  try {
    return body(*handle);
  } catch (...) {  // a wrong buffer length
    return SQL_ERROR;
  }
}

/// SQLCancel: never waits, neither for the handle nor for the wire. When the handle is free,
/// `idle(handle)` runs under its mutex; when a call is running on it, `busy(handle)` runs beside
/// that call and may touch only what is atomic. The records stay: a cancel that comes too late must
/// not take what the call it was meant for has to say.
template <class H, std::invocable<H&> Idle, std::invocable<H&> Busy>
requires std::is_nothrow_invocable_v<Idle, H&> && std::is_nothrow_invocable_v<Busy, H&> SQLRETURN
entry_cancel(const char* function, SQLHANDLE name, Idle&& idle, Busy&& busy)
noexcept {
  const Pinned<H> handle(name);
  if (!handle) return SQL_INVALID_HANDLE;
  CallLog log(function, name);
  const std::unique_lock lock(handle->mutex(), std::try_to_lock);
  if (!lock.owns_lock())
    busy(*handle);
  else if (HandleTable::is_live(*handle))
    idle(*handle);
  else
    return log.finish(SQL_INVALID_HANDLE, nullptr);
  return log.finish(SQL_SUCCESS, nullptr);
}

/// SQLFreeHandle: when `body` allows it, the name is refused from now on; the memory goes when the
/// last call on the handle, this one included, has ended.
template <class H, std::invocable<H&> Body>
SQLRETURN release(const char* function, SQLHANDLE name, Body&& body) noexcept {
  return entry<H>(function, name, [&](H& handle) {
    const SQLRETURN code = body(handle);
    if (SQL_SUCCEEDED(code)) HandleTable::retire(name);
    return code;
  });
}

}  // namespace odbc
