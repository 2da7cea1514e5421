// SPDX-License-Identifier: Apache-2.0
// The cells of the parameter matrix: each changes a value in place into the kind its name ends
// with. Comes in: the rows of parameter_matrix (ODBC reference, appendix D, "Converting Data from C
// to SQL Data Types").
#pragma once

#include "odbc/convert/parameter_matrix.h"

namespace odbc::convert::adapters {

inline Outcome as_it_is(core::Value& /*value*/, const ParameterTraits& /*traits*/,
                        Arena& /*arena*/) {
  return Outcome::ok;
}

Outcome any_to_text(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_whole(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_boolean(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_real(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_decimal(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_bytes(core::Value& value, const ParameterTraits& traits,
                      Arena& arena);  ///< hexadecimal digits
Outcome text_to_date(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_time(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_timestamp(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome text_to_guid(core::Value& value, const ParameterTraits& traits, Arena& arena);

/// Literals of ODBC (by the fields of the declared interval) and of PostgreSQL.
Outcome text_to_interval(core::Value& value, const ParameterTraits& traits, Arena& arena);

Outcome integer_to_boolean(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome integer_to_real(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome unsigned_to_boolean(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome unsigned_to_real(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome boolean_to_integer(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome real_to_whole(core::Value& value, const ParameterTraits& traits, Arena& arena);
/// 22003 for what SQL_REAL cannot hold.
Outcome real_to_real(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome real_to_boolean(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome real_to_decimal(core::Value& value, const ParameterTraits& traits, Arena& arena);

Outcome decimal_to_whole(core::Value& value, const ParameterTraits& traits, Arena& arena);

/// Exact numbers and intervals of one field; 07006 for intervals of several.
Outcome integer_to_interval(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome unsigned_to_interval(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome decimal_to_interval(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome interval_to_whole(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome interval_to_decimal(core::Value& value, const ParameterTraits& traits, Arena& arena);
/// The quoted part of the literal.
Outcome interval_to_text(core::Value& value, const ParameterTraits& traits, Arena& arena);
/// 07006 between months and days, 22015 for fields that the declared interval lacks.
Outcome interval_to_interval(core::Value& value, const ParameterTraits& traits, Arena& arena);

Outcome bytes_to_text(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome bytes_to_guid(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome date_to_timestamp(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome time_to_timestamp(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome timestamp_to_date(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome timestamp_to_time(core::Value& value, const ParameterTraits& traits, Arena& arena);
Outcome guid_to_bytes(core::Value& value, const ParameterTraits& traits, Arena& arena);

}  // namespace odbc::convert::adapters
