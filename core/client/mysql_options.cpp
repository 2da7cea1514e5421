// SPDX-License-Identifier: Apache-2.0
// The MySQL/MariaDB client's own rows of the option table.
#include "core/client/mysql_options.h"

namespace core::mysql_options {
namespace {
constexpr const Option* all[] = {&enable_cleartext_plugin};
}  // namespace

constexpr Option enable_cleartext_plugin{
    .name = "enable_cleartext_plugin",
    .type = OptionType::boolean,
    .default_value = "false",
    .help =
        "Lets the server ask for the password in clear text; only over TLS, whatever is set here.",
};
constexpr OptionGroup group{"MySQL and MariaDB", all};
}  // namespace core::mysql_options
