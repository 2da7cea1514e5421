// SPDX-License-Identifier: Apache-2.0
// ODBC's portable words as data: how each scalar function, type and unit of appendix E is written
// for a server. Comes in: escapes.cpp only. To teach the driver a function, add a row; names
// without a row reach the server as they are.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace odbc::text {

/// One scalar function with one number of arguments. In `form` %1 to %9 stand for the arguments.
struct FunctionRow {
  std::string_view name;  ///< upper case
  std::uint8_t arity;
  std::string_view form;
};

/// CONVERT's second argument (appendix E, "Explicit Data Type Conversion"). %1 is the value.
struct ConvertRow {
  std::string_view type;  ///< upper case, without SQL_
  std::string_view form;
};

/// The interval argument of TIMESTAMPADD and TIMESTAMPDIFF. %1 is the count or the first moment, %2
/// the other moment.
struct UnitRow {
  std::string_view unit;  ///< upper case, without SQL_TSI_
  std::string_view add;
  std::string_view difference;  ///< whole units from %1 to %2, cut towards zero, on both servers
};

/// Everything `translate` needs to know about a server's SQL.
struct EscapeTables {
  std::span<const FunctionRow> functions;
  std::span<const ConvertRow> conversions;
  std::span<const UnitRow> units;
  std::string_view date, time, timestamp, guid;  ///< written around the literal %1
  std::string_view call;                         ///< {call ..}: %1 the name, %2 the arguments
  std::string_view call_with_result;             ///< {?=call ..}
};

extern const EscapeTables postgres_escapes;
/// MySQL's rows use every argument once and in order: its markers are positional.
extern const EscapeTables mysql_escapes;

}  // namespace odbc::text
