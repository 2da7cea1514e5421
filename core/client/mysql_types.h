// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB column types as a table: what they are to ODBC and how their text and binary
// forms become Values.
#pragma once

#include <mysql.h>

#include "core/options.h"
#include "core/value.h"

namespace core {

/// Describes one column of a result. `binary`: rows come by the statement protocol.
Column mysql_column(const MYSQL_FIELD& field, bool binary);

/// Describes a column by its declaration in information_schema ("varchar(20)", "int(10) unsigned"),
/// as mysql_column describes the same column of a result.
void mysql_declared_column(Column& column, std::string_view declaration, const Options& options);

/// Length of a cell in a binary row; -1 when a length-encoded integer precedes it.
int mysql_binary_length(enum_field_types type);

}  // namespace core
