// SPDX-License-Identifier: Apache-2.0
// Application buffer -> core::Value, in two steps chosen once per parameter: a reader per C type
// gives the value as it is, an adapter per (kind, declared SQL type) makes it what was declared.
// Numbers stay numbers. Comes in: cursor/parameter_set. Goes next: number, datetime, guid.
#pragma once

#include <string_view>

#include "core/value.h"
#include "odbc/convert/arena.h"
#include "odbc/convert/outcome.h"
#include "odbc/convert/target.h"

namespace odbc::convert {

/// Reads a value that is not NULL. `data` may be unaligned; its size is the fixed size of the C
/// type, or the length of text and bytes. Text and bytes in UTF-8 stay where they are.
using Reader = Outcome (*)(std::string_view data, Arena& arena, core::Value& out);
/// Null for SQL_C_INTERVAL_* and for no target (07006).
Reader reader_of(Target c_type) noexcept;

/// Changes a value into what the declared type needs; what it makes lies in the arena.
using Adapter = Outcome (*)(core::Value& value, Arena& arena);

/// A parameter's whole way. Throws std::bad_alloc only.
struct ParameterPlan {
  Reader reader = nullptr;
  core::SqlType declared = core::SqlType::unknown;

  Outcome read(std::string_view data, Arena& arena, core::Value& out) const;
};
ParameterPlan plan_parameter(Target c_type, core::SqlType declared) noexcept;

/// Null: there is no such conversion (07006).
Adapter adapter_of(core::ValueKind from, core::SqlType declared) noexcept;

}  // namespace odbc::convert
