// SPDX-License-Identifier: Apache-2.0
// The columns of the results that catalog functions and SQLGetTypeInfo return (ODBC reference).
// Comes in: odbc/catalog/. A new catalog function is one more shape.
#pragma once

#include <span>
#include <string_view>

#include "core/value.h"

namespace odbc {

struct ShapeColumn {
  std::string_view name;
  std::string_view odbc2_name;  ///< empty: the same
  core::SqlType type;           ///< varchar, smallint or integer
  bool nullable;
};

using Shape = std::span<const ShapeColumn>;

extern const Shape tables_shape;
extern const Shape columns_shape;
extern const Shape type_info_shape;

}  // namespace odbc
