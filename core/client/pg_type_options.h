// SPDX-License-Identifier: Apache-2.0
// Options for types that applications want to see differently; names are psqlODBC's where it has
// them.
#pragma once

#include "core/client/pg_types.h"
#include "core/options.h"

namespace core::pg_type_options {

extern const Option bools_as_char, int8_as, numeric_as, numeric_scale, timestamptz_as, guid_as,
    interval_as, max_long_varchar_size;

/// What the options say; once per link.
PgTypeRules rules(const Options& options);

}  // namespace core::pg_type_options
