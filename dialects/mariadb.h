// SPDX-License-Identifier: Apache-2.0
// MariaDB: MySQL by another name, told apart by its version text ("10.11.19-MariaDB").
#pragma once

#include "dialects/mysql.h"

namespace dialects {

inline constexpr core::VariableTest mariadb_variables[] = {
    {core::VariableTest::Is::containing, "version", "mariadb"}};

inline constexpr core::Dialect mariadb{.name = "mariadb",
                                       .aliases = {},
                                       .engine = core::Engine::mysql,
                                       .default_port = 3306,
                                       .probe = {},
                                       .upgrades = {},
                                       .session = mysql_session,
                                       .display_name = "MariaDB",
                                       .catalog = &mariadb_catalog,
                                       .info_variables = mysql_info_variables,
                                       .variables = mariadb_variables};

}  // namespace dialects
