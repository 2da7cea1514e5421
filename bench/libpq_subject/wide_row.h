// SPDX-License-Identifier: Apache-2.0
// Decoding of a row of bench_wide into the application's own variables.
#pragma once

#include <libpq-fe.h>

#include <cstdint>

namespace bench {

/// All columns as characters, each copied into a buffer of the application; the sum is the one of
/// ODBC's character variants.
std::uint64_t decode_wide_text(const PGresult* result, int row);

/// Numbers as numbers, moments as structs, numeric as text, from the binary form; the sum is the
/// one of ODBC's typed variant.
std::uint64_t decode_wide_binary(const PGresult* result, int row);

}  // namespace bench
