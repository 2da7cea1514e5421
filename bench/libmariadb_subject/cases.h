// SPDX-License-Identifier: Apache-2.0
// The cases of the libmariadb application: one table per file, beside the functions it names.
// Several variants each: a driver is held against whichever of them is the fastest.
#pragma once

#include <span>

#include "subject/subject.h"

namespace bench {

/// Connects, `SELECT 1`, a row by key.
std::span<const Case> execute_cases();
/// All of bench_narrow, and how soon its first row comes.
std::span<const Case> narrow_cases();
/// All of bench_wide.
std::span<const Case> wide_cases();
/// One prepared INSERT per row.
std::span<const Case> insert_cases();
/// 1,000 rows per round trip: the bulk protocol, and multi-row VALUES as text.
std::span<const Case> array_cases();
/// Tables and columns by one query over information_schema.
std::span<const Case> catalog_cases();
/// Large binary values, both ways.
std::span<const Case> lob_cases();
/// Several connections at once, and KILL QUERY.
std::span<const Case> concurrent_cases();
/// A very long result.
std::span<const Case> stream_cases();

}  // namespace bench
