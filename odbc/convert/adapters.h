// SPDX-License-Identifier: Apache-2.0
// The cells of the parameter matrix: each changes a value in place into the kind its name ends
// with. Comes in: the rows of parameter_matrix (ODBC reference, appendix D, "Converting Data from C
// to SQL Data Types").
#pragma once

#include "core/value.h"
#include "odbc/convert/arena.h"
#include "odbc/convert/outcome.h"

namespace odbc::convert::adapters {

inline Outcome as_it_is(core::Value&, Arena&) { return Outcome::ok; }

Outcome any_to_text(core::Value& value, Arena& arena);
Outcome text_to_whole(core::Value& value, Arena& arena);
Outcome text_to_boolean(core::Value& value, Arena& arena);
Outcome text_to_real(core::Value& value, Arena& arena);
Outcome text_to_decimal(core::Value& value, Arena& arena);
Outcome text_to_bytes(core::Value& value, Arena& arena);  ///< hexadecimal digits
Outcome text_to_date(core::Value& value, Arena& arena);
Outcome text_to_time(core::Value& value, Arena& arena);
Outcome text_to_timestamp(core::Value& value, Arena& arena);
Outcome text_to_guid(core::Value& value, Arena& arena);

Outcome integer_to_boolean(core::Value& value, Arena& arena);
Outcome integer_to_real(core::Value& value, Arena& arena);
Outcome unsigned_to_real(core::Value& value, Arena& arena);
Outcome boolean_to_integer(core::Value& value, Arena& arena);
Outcome real_to_whole(core::Value& value, Arena& arena);
Outcome real_to_boolean(core::Value& value, Arena& arena);
Outcome real_to_decimal(core::Value& value, Arena& arena);

Outcome bytes_to_text(core::Value& value, Arena& arena);
Outcome bytes_to_guid(core::Value& value, Arena& arena);
Outcome date_to_timestamp(core::Value& value, Arena& arena);
Outcome time_to_timestamp(core::Value& value, Arena& arena);
Outcome timestamp_to_date(core::Value& value, Arena& arena);
Outcome timestamp_to_time(core::Value& value, Arena& arena);
Outcome guid_to_bytes(core::Value& value, Arena& arena);

}  // namespace odbc::convert::adapters
