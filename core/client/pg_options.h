// SPDX-License-Identifier: Apache-2.0
// Options that only the PostgreSQL client has.
#pragma once

#include <cstdint>

#include "core/option.h"

namespace core::pg_options {

/// Index of rollback_on_error's choices.
enum class RollbackOnError : std::uint8_t { transaction, statement };

extern const Option rollback_on_error;
extern const OptionGroup group;

}  // namespace core::pg_options
