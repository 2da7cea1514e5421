// SPDX-License-Identifier: Apache-2.0
// Options that only the MySQL/MariaDB client has.
#pragma once

#include "core/option.h"

namespace core::mysql_options {
extern const Option unix_socket, compression, found_rows, multi_statements, local_infile_dir,
    enable_cleartext_plugin, server_public_key_path, get_server_public_key, plugin_dir,
    server_side_timeout, bulk, tinyint1_is_bit, zero_dates;
extern const OptionGroup group;
}  // namespace core::mysql_options
