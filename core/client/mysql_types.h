// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB column types as a table: what they are to ODBC and how their text and binary
// forms become Values.
#pragma once

#include <mysql.h>

#include "core/value.h"

namespace core {

/// Describes one column of a result. `binary`: rows come by the statement protocol.
Column mysql_column(const MYSQL_FIELD& field, bool binary);

/// Length of a cell in a binary row whose first byte is `data`; the pointer is moved to the
/// payload. -1 when the type has no fixed length and `data` starts with a length-encoded string.
int mysql_binary_length(enum_field_types type);

}  // namespace core
