// SPDX-License-Identifier: Apache-2.0
// Kind of value x C type -> cell. A new conversion is one row in fetch_matrix.cpp. Comes in:
// plan_column, SQLGetData.
#pragma once

#include "odbc/convert/plan.h"

namespace odbc::convert {

/// Null: there is no such conversion (07006).
Cell fetch_cell(core::ValueKind from, Target to) noexcept;

}  // namespace odbc::convert
