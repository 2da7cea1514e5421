// SPDX-License-Identifier: Apache-2.0
// SQLGetTypeInfo as data: the types a CREATE TABLE may use, per engine. Comes in: odbc/catalog/.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>
#include <string_view>

#include "odbc/tables/info_table.h"

namespace odbc {

/// The least version that has a type; 0: none has it, {}: all have it.
struct Since {
  int mariadb = 1, mysql = 1;  ///< major * 1000 + minor
};

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
  Since since = {};
};

/// Ordered by type, the best match of each type first.
std::span<const TypeInfoRow> type_info(core::Engine engine) noexcept;
/// Whether the server has the type: type_info holds those of all versions.
bool is_known(const TypeInfoRow& row, const InfoFacts& server) noexcept;

}  // namespace odbc
