// SPDX-License-Identifier: Apache-2.0
// Frequent pairs of wire form and C type, read in one step without a Value. Comes in: plan_column.
// A reader does the ordinary case only and leaves the rest (truncation, BC, bad bytes) to the
// decoder and the cell of the matrix, so that both ways give the same result by construction.
#pragma once

#include "odbc/convert/plan.h"

namespace odbc::convert {

/// Null: the pair goes by way of a Value.
ColumnPlan::Read direct_reader(core::WireForm form, Target target) noexcept;

}  // namespace odbc::convert
