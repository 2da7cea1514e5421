// SPDX-License-Identifier: Apache-2.0
// SQLGetInfo as data: one row per information type. Comes in: exports/info.cpp. A new value is one
// row; an information type without a row answers HY096.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <functional>
#include <span>
#include <string>
#include <variant>

#include "core/dialect.h"

namespace odbc {

/// What the rows depend on, collected once per call.
struct InfoFacts {
  core::Engine engine = core::Engine::postgres;
  std::string dbms_name;       ///< "PostgreSQL", "MySQL", "MariaDB"
  std::string server_version;  ///< as the server says
  std::string data_source;     ///< DSN, empty when connected without one
  std::string server_name;     ///< the host of the current link
  std::string database;
  std::string user;
  bool read_only = false;
  /// A variable of a MySQL server by name, empty when it has none such. The first call asks the
  /// server, so only rows that need it call.
  std::function<std::string(std::string_view)> variable;

  bool mariadb() const { return dbms_name == "MariaDB"; }
  /// Whether sql_mode holds a mode.
  bool sql_mode(std::string_view mode) const {
    return ("," + variable("sql_mode") + ",").find("," + std::string(mode) + ",") !=
           std::string::npos;
  }
  bool postgres() const { return engine == core::Engine::postgres; }
};

/// Character string, 16-bit, 32-bit: the ODBC reference fixes which for each type.
using InfoValue = std::variant<std::string, SQLUSMALLINT, SQLUINTEGER>;

struct InfoRow {
  SQLUSMALLINT type;
  InfoValue (*value)(const InfoFacts&);
};

/// All rows, in the order of their types.
std::span<const InfoRow> info_table() noexcept;
/// Null when the driver does not know the type.
const InfoRow* find_info(SQLUSMALLINT type) noexcept;

/// `##.##.####` and the server's own text: "15.20" -> "15.20.0000 15.20" (SQL_DBMS_VER).
std::string dbms_version(std::string_view server_version);

}  // namespace odbc
