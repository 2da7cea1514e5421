// SPDX-License-Identifier: Apache-2.0
// Options that only the MySQL/MariaDB client has.
#pragma once

#include "core/option.h"

namespace core::mysql_options {
extern const Option enable_cleartext_plugin;
extern const OptionGroup group;
}  // namespace core::mysql_options
