// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB column types as a table: what they are to ODBC and how their text and binary
// forms become Values.
#pragma once

#include <mysql.h>

#include "core/value.h"

namespace core {

/// Describes one column of a result. `binary`: rows come by the statement protocol.
Column mysql_column(const MYSQL_FIELD& field, bool binary);

/// Length of a cell in a binary row; -1 when a length-encoded integer precedes it.
int mysql_binary_length(enum_field_types type);

}  // namespace core
