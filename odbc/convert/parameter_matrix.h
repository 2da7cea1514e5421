// SPDX-License-Identifier: Apache-2.0
// Application buffer -> core::Value, in two steps chosen once per parameter: a reader per C type
// gives the value as it is, an adapter per (kind, declared SQL type) makes it what was declared.
// Numbers stay numbers. Comes in: cursor/parameter_set. Goes next: number, datetime, guid.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string_view>

#include "core/value.h"
#include "odbc/convert/arena.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/outcome.h"
#include "odbc/convert/target.h"

namespace odbc::convert {

/// What the descriptors say of a parameter beyond the kinds of its two types.
struct ParameterTraits {
  SQLSMALLINT c_type = SQL_C_DEFAULT;       ///< concise: which interval
  SQLSMALLINT sql_type = SQL_UNKNOWN_TYPE;  ///< concise: which interval
  /// SQL_C_NUMERIC: digits behind the point when the application set SQL_DESC_PRECISION of its
  /// descriptor, else Destination::own_scale: the struct's own.
  SQLSMALLINT numeric_scale = Destination::own_scale;
  IntervalPrecision from{0, 6};  ///< of the C interval; leading 0: no limit
  IntervalPrecision to{0, 6};    ///< of the declared interval
};

/// Reads a value that is not NULL. `data` may be unaligned; its size is the fixed size of the C
/// type, or the length of text and bytes. Text and bytes in UTF-8 stay where they are.
using Reader = Outcome (*)(std::string_view data, const ParameterTraits& traits, Arena& arena,
                           core::Value& out);
/// Null for no target (07006).
Reader reader_of(Target c_type) noexcept;

/// Changes a value into what the declared type needs; what it makes lies in the arena.
using Adapter = Outcome (*)(core::Value& value, const ParameterTraits& traits, Arena& arena);

/// A parameter's whole way.
struct ParameterPlan {
  Reader reader = nullptr;
  core::SqlType declared = core::SqlType::unknown;
  ParameterTraits traits;

  /// Outcome::fraction_lost delivers a value whose fraction was cut (01S07); everything else but ok
  /// delivers none. `terminated`: a NUL follows `data` and may be read. Throws std::bad_alloc only.
  Outcome read(std::string_view data, Arena& arena, core::Value& out,
               bool terminated = false) const;
};
ParameterPlan plan_parameter(Target c_type, core::SqlType declared,
                             const ParameterTraits& traits = {}) noexcept;

/// Null: there is no such conversion (07006).
Adapter adapter_of(core::ValueKind from, core::SqlType declared) noexcept;

}  // namespace odbc::convert
