// SPDX-License-Identifier: Apache-2.0
// HENV: the ODBC version the application wants and the connections made under it. Comes in:
// exports/handles.cpp, SQLEndTran. Goes next: connection.h.
#pragma once

#include <atomic>
#include <vector>

#include "odbc/handles/handle_table.h"
#include "odbc/tables/attribute_table.h"

namespace odbc {

class Connection;

/// The names of a handle's children. Any thread; a leaf lock.
class Children {
 public:
  void add(SQLHANDLE child);
  void remove(SQLHANDLE child) noexcept;
  std::vector<SQLHANDLE> all() const;
  /// Takes one name out; null when none is left.
  SQLHANDLE take() noexcept;
  bool empty() const noexcept;

 private:
  mutable std::mutex mutex_;
  std::vector<SQLHANDLE> names_;
};

class Environment final : public Handle {
 public:
  static constexpr HandleKind kind_code = HandleKind::environment;
  Environment() : Handle(kind_code), attributes_(environment_attributes()) {}

  bool speaks_odbc2() const noexcept override {
    return odbc_version_.load(std::memory_order_relaxed) == SQL_OV_ODBC2;
  }
  void set_attribute(SQLINTEGER attribute, SQLULEN value);
  SQLULEN attribute(SQLINTEGER attribute) const;
  Children& connections() noexcept { return connections_; }

 private:
  AttributeValues attributes_;
  std::atomic<SQLULEN> odbc_version_{SQL_OV_ODBC3};
  Children connections_;
};

}  // namespace odbc
