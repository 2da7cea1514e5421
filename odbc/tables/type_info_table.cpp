// SPDX-License-Identifier: Apache-2.0
// The rows. Sizes are never negative or zero: applications allocate and choose by them.
#include "odbc/tables/type_info_table.h"

#include <array>
#include <charconv>
#include <utility>

namespace odbc {
namespace {

constexpr SQLINTEGER unlimited = 2147483647, guid_size = 36;
constexpr SQLINTEGER postgres_text = 10485760, postgres_digits = 1000;
constexpr SQLINTEGER mysql_text = 16383, mysql_bytes = 65532, mysql_digits = 65;

/// Stable, so that the best match of a type stays first.
constexpr auto sorted(auto rows) {
  for (std::size_t end = 1; end < rows.size(); ++end)
    for (std::size_t i = end; i > 0 && rows[i].type < rows[i - 1].type; --i)
      std::swap(rows[i], rows[i - 1]);
  return rows;
}

constexpr auto postgres = sorted(std::to_array<TypeInfoRow>({
    {"boolean", SQL_BIT, 1},
    {"smallint", SQL_SMALLINT, 5},
    {"smallint", SQL_TINYINT, 3},
    {"integer", SQL_INTEGER, 10},
    {"serial", SQL_INTEGER, 10, {}, -1, -1, false, true},
    {"bigint", SQL_BIGINT, 19},
    {"bigserial", SQL_BIGINT, 19, {}, -1, -1, false, true},
    {"real", SQL_REAL, 7},
    {"double precision", SQL_FLOAT, 15},
    {"double precision", SQL_DOUBLE, 15},
    {"numeric", SQL_DECIMAL, postgres_digits, "precision,scale", 0, postgres_digits},
    {"numeric", SQL_NUMERIC, postgres_digits, "precision,scale", 0, postgres_digits},
    {"char", SQL_CHAR, postgres_text, "length", -1, -1, true},
    {"char", SQL_WCHAR, postgres_text, "length", -1, -1, true},
    {"varchar", SQL_VARCHAR, postgres_text, "max length", -1, -1, true},
    {"varchar", SQL_WVARCHAR, postgres_text, "max length", -1, -1, true},
    {"text", SQL_LONGVARCHAR, unlimited, {}, -1, -1, true},
    {"text", SQL_WLONGVARCHAR, unlimited, {}, -1, -1, true},
    {"bytea", SQL_BINARY, unlimited},
    {"bytea", SQL_VARBINARY, unlimited},
    {"bytea", SQL_LONGVARBINARY, unlimited},
    {"date", SQL_TYPE_DATE, 10},
    {"time", SQL_TYPE_TIME, 15, "precision", 0, 6},
    {"timestamp", SQL_TYPE_TIMESTAMP, 26, "precision", 0, 6},
    {"timestamptz", SQL_TYPE_TIMESTAMP, 26, "precision", 0, 6},
    {"uuid", SQL_GUID, guid_size},
}));

constexpr auto mysql = sorted(std::to_array<TypeInfoRow>({
    {"bit", SQL_BIT, 1},
    {"tinyint", SQL_TINYINT, 3},
    {"tinyint unsigned", SQL_TINYINT, 3, {}, -1, -1, false, false, true},
    {"smallint", SQL_SMALLINT, 5},
    {"smallint unsigned", SQL_SMALLINT, 5, {}, -1, -1, false, false, true},
    {"int", SQL_INTEGER, 10},
    {"int unsigned", SQL_INTEGER, 10, {}, -1, -1, false, false, true},
    {"mediumint", SQL_INTEGER, 10},
    {"int auto_increment", SQL_INTEGER, 10, {}, -1, -1, false, true},
    {"bigint", SQL_BIGINT, 19},
    {"bigint unsigned", SQL_BIGINT, 20, {}, -1, -1, false, false, true},
    {"bigint auto_increment", SQL_BIGINT, 19, {}, -1, -1, false, true},
    {"float", SQL_REAL, 7},
    {"double", SQL_FLOAT, 15},
    {"double", SQL_DOUBLE, 15},
    {"decimal", SQL_DECIMAL, mysql_digits, "precision,scale", 0, 30},
    {"decimal", SQL_NUMERIC, mysql_digits, "precision,scale", 0, 30},
    {"char", SQL_CHAR, 255, "length"},
    {"char", SQL_WCHAR, 255, "length"},
    {"varchar", SQL_VARCHAR, mysql_text, "max length"},
    {"varchar", SQL_WVARCHAR, mysql_text, "max length"},
    {"longtext", SQL_LONGVARCHAR, unlimited},
    {"longtext", SQL_WLONGVARCHAR, unlimited},
    {"text", SQL_WLONGVARCHAR, 65535},
    {"json", SQL_WLONGVARCHAR, unlimited, {}, -1, -1, true, false, false, {10'002, 5'007}},
    {"binary", SQL_BINARY, 255, "length"},
    {"varbinary", SQL_VARBINARY, mysql_bytes, "max length"},
    {"longblob", SQL_LONGVARBINARY, unlimited},
    {"blob", SQL_LONGVARBINARY, 65535},
    {"date", SQL_TYPE_DATE, 10},
    {"time", SQL_TYPE_TIME, 15, "precision", 0, 6},
    {"datetime", SQL_TYPE_TIMESTAMP, 26, "precision", 0, 6},
    {"timestamp", SQL_TYPE_TIMESTAMP, 26, "precision", 0, 6},
    {"uuid", SQL_GUID, guid_size, {}, -1, -1, false, false, false, {10'007, 0}},
}));

/// "10.11.6-MariaDB-1" -> 10011.
int version(std::string_view text) noexcept {
  int major = 0, minor = 0;
  const char* const end = text.data() + text.size();
  const char* const point = std::from_chars(text.data(), end, major).ptr;
  if (point != end) std::from_chars(point + 1, end, minor);
  return major * 1000 + minor;
}

}  // namespace

bool is_known(const TypeInfoRow& row, const InfoFacts& server) noexcept {
  if (server.postgres()) return true;
  const int since = server.mariadb() ? row.since.mariadb : row.since.mysql;
  return since != 0 && version(server.server_version) >= since;
}

std::span<const TypeInfoRow> type_info(core::Engine engine) noexcept {
  if (engine == core::Engine::postgres) return postgres;
  return mysql;
}

}  // namespace odbc
