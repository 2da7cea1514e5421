// SPDX-License-Identifier: Apache-2.0
// A result that was made in the driver: rows of a shape, in memory, read like any other result.
// Comes in: the catalog functions and SQLGetTypeInfo. Goes next: Statement::show.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/client.h"
#include "odbc/tables/catalog_shapes.h"

namespace odbc {

/// Cells as text, numbers in decimal; absent is NULL. One cell per column of the shape.
using LocalRow = std::vector<std::optional<std::string>>;

/// `odbc2`: column names as ODBC 2 applications know them.
std::unique_ptr<core::Result> make_local_result(Shape shape, std::vector<LocalRow> rows,
                                                bool odbc2);

}  // namespace odbc
