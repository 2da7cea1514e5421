// SPDX-License-Identifier: Apache-2.0
// The functions this library exports, for SQLGetFunctions. A test compares the table with the
// library's symbols. Comes in: exports/info.cpp.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>

namespace odbc {

/// SQL_API_* of every exported function, ascending.
std::span<const SQLUSMALLINT> exported_functions() noexcept;
bool is_exported(SQLUSMALLINT function) noexcept;

}  // namespace odbc
