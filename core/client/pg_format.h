// SPDX-License-Identifier: Apache-2.0
// A Value as the text PostgreSQL reads for a parameter, independent of DateStyle, IntervalStyle and
// locale.
#pragma once

#include <string>

#include "core/value.h"

namespace core {

/// Appends; a null value appends nothing.
void append_text(const Value& value, std::string& out);

}  // namespace core
