// SPDX-License-Identifier: Apache-2.0
// The cases of the ODBC application: one table per file, beside the functions it names.
// Each works on any driver: nothing but ODBC 3 calls and the connection string.
#pragma once

#include <span>

#include "subject/subject.h"

namespace bench {

/// Connect and disconnect; with and without one statement.
std::span<const Case> connect_cases();
/// `SELECT 1` and a row by key: direct, prepared, prepared each time.
std::span<const Case> execute_cases();
/// All of bench_narrow: by row, by block and by cell; and how soon its first row comes.
std::span<const Case> narrow_cases();
/// All of bench_wide: as characters, as wide characters and as C types.
std::span<const Case> wide_cases();
/// One prepared INSERT per row: autocommit, transaction, statement-level rollback.
std::span<const Case> insert_cases();
/// INSERT and UPDATE with arrays of parameters.
std::span<const Case> array_cases();
/// SQLTables and SQLColumns.
std::span<const Case> catalog_cases();
/// Large binary values in pieces, both ways.
std::span<const Case> lob_cases();
/// Several connections at once, and SQLCancel from another thread.
std::span<const Case> concurrent_cases();
/// Calls that never leave the process.
std::span<const Case> local_cases();
/// A very long result with a second statement in its middle.
std::span<const Case> stream_cases();

}  // namespace bench
