// SPDX-License-Identifier: Apache-2.0
// The cases of the libpq application, one function each; the table is in main.cpp.
// Several variants each: a driver is held against whichever of them is the fastest.
#pragma once

#include "subject/subject.h"

namespace bench {

Sample connect_only(const Settings& settings);
Sample connect_select1(const Settings& settings);

Sample exec1_simple(const Settings& settings);
Sample exec1_extended_text(const Settings& settings);
Sample exec1_extended_binary(const Settings& settings);
Sample prep1_text(const Settings& settings);
Sample prep1_binary(const Settings& settings);
/// One PQexecParams for each: the least a one-shot parameter query can cost.
Sample prep_each_params_text(const Settings& settings);
Sample prep_each_params_binary(const Settings& settings);
/// PQprepare, PQexecPrepared, DEALLOCATE for each: what "prepare each time" says literally.
Sample prep_each_literal(const Settings& settings);

/// The result whole in memory, then decoded.
Sample fetch_text_whole(const Settings& settings);
Sample fetch_binary_whole(const Settings& settings);
/// PQsetSingleRowMode, decoded as it comes.
Sample fetch_text_single(const Settings& settings);
Sample fetch_binary_single(const Settings& settings);
Sample fetch_prepared_binary_single(const Settings& settings);

/// Send to first row decoded, of all of bench_narrow; a fresh connection for each.
Sample first_row_text_single(const Settings& settings);
Sample first_row_binary_single(const Settings& settings);
/// The same and the connection free again: by reading the rest, or by PQcancel and what then comes.
Sample first_row_close_drain(const Settings& settings);
Sample first_row_close_cancel(const Settings& settings);

}  // namespace bench
