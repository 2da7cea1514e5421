// SPDX-License-Identifier: Apache-2.0
// SHOW REPLICA STATUS of MariaDB calls a column Master_Server_Id that MySQL 8 calls
// Source_Server_Id; drivers look it up by name.
#pragma once

#include <string>

namespace aurora {

// Renames it in the running server. "" on success, else one sentence that says why not.
std::string rename_followed_column();

}  // namespace aurora
