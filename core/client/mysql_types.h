// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB column types as a table: what they are to ODBC and how their text and binary
// forms become Values.
#pragma once

#include <mysql.h>

#include "core/options.h"
#include "core/value.h"

namespace core {

/// What the user decided about types.
struct MysqlTypeRules {
  enum class ZeroDates : std::uint8_t { text, null, first };
  bool tinyint1_is_bit = false;
  ZeroDates zero_dates = ZeroDates::text;

  static MysqlTypeRules from(const Options& options);
};

/// Describes one column of a result. `binary`: rows come by the statement protocol.
Column mysql_column(const MYSQL_FIELD& field, bool binary, const MysqlTypeRules& rules = {});

/// MariaDB's own types hide behind texts and say their names beside: "uuid", "inet6".
void mysql_named_type(Column& column, std::string_view name);

/// Changes a cell before it is read: unpacks a uuid's text in place, makes a date without month or
/// day NULL where the rules say so. Null for the columns that need nothing.
using MysqlAdjust = void (*)(RawCell& cell) noexcept;
MysqlAdjust mysql_adjust(const Column& column, bool binary, const MysqlTypeRules& rules) noexcept;

/// Describes a column by its declaration in information_schema ("varchar(20)", "int(10) unsigned"),
/// as mysql_column describes the same column of a result.
void mysql_declared_column(Column& column, std::string_view declaration, const Options& options);

/// Length of a cell in a binary row; -1 when a length-encoded integer precedes it.
int mysql_binary_length(enum_field_types type);

}  // namespace core
