// SPDX-License-Identifier: Apache-2.0
// What all handles of ODBC have in common: a kind, a mutex, diagnostics, and a name for the
// application that is checked before anything is touched. Comes in: entry.h. Goes next:
// handle_table.h for the names, environment, connection, statement and descriptor for the rest.
#pragma once

#include <sql.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "odbc/handles/diagnostics.h"

namespace odbc {

struct HandleSlot;

enum class HandleKind : std::uint8_t { environment = 1, connection, statement, descriptor };

/// A handle. Made by std::make_unique and given to the handle table, which owns it; it dies when it
/// was released and no thread is inside a call on it any more.
class Handle {
 public:
  virtual ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  HandleKind kind() const noexcept { return kind_; }
  /// What the application holds. Null until the handle table has taken it.
  SQLHANDLE name() const noexcept { return name_; }
  /// Guards state, bindings and diagnostics. Order: environment, connection, statement,
  /// descriptor, wire. An implicit descriptor shares its statement's mutex.
  std::mutex& mutex() const noexcept { return *mutex_; }
  /// Under mutex().
  Diagnostics& diagnostics() noexcept { return diagnostics_; }

  /// SQL_DIAG_SERVER_NAME and SQL_DIAG_CONNECTION_NAME: where the handle's connection goes.
  virtual std::string server_name() const { return {}; }
  /// True when the application asked for ODBC 2 behaviour: SQLSTATEs are mapped when they are read.
  virtual bool speaks_odbc2() const noexcept { return false; }
  /// An error passed through the guard; a connection notes a lost link here.
  virtual void on_error(const core::Error&) noexcept {}

 protected:
  explicit Handle(HandleKind kind) : Handle(kind, std::make_shared<std::mutex>()) {}
  /// Shares a mutex, which outlives whoever of the sharers dies first.
  Handle(HandleKind kind, std::shared_ptr<std::mutex> shared) noexcept
      : kind_(kind), mutex_(std::move(shared)) {}
  /// Shares a mutex that outlives this handle by the caller's promise.
  Handle(HandleKind kind, std::mutex& shared) noexcept
      : kind_(kind), mutex_(std::shared_ptr<void>(), &shared) {}
  const std::shared_ptr<std::mutex>& shared_mutex() const noexcept { return mutex_; }

 private:
  friend class HandleTable;
  HandleKind kind_;
  SQLHANDLE name_ = nullptr;
  HandleSlot* slot_ = nullptr;  ///< of the handle table
  std::shared_ptr<std::mutex> mutex_;
  Diagnostics diagnostics_;
};

}  // namespace odbc
