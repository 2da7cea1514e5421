// SPDX-License-Identifier: Apache-2.0
// SQLGetTypeInfo as data: the types a CREATE TABLE may use, per engine. Comes in: odbc/catalog/.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>
#include <string_view>

#include "core/dialect.h"

namespace odbc {

struct TypeInfoRow {
  std::string_view name;
  SQLSMALLINT type;  ///< concise, ODBC 3
  SQLINTEGER size;
  std::string_view create_params = {};  ///< empty: NULL
  SQLSMALLINT minimum_scale = -1;       ///< negative: NULL
  SQLSMALLINT maximum_scale = -1;
  bool case_sensitive = false;
  bool auto_unique = false;
  bool is_unsigned = false;
};

/// Ordered by type, the best match of each type first.
std::span<const TypeInfoRow> type_info(core::Engine engine) noexcept;

}  // namespace odbc
