// SPDX-License-Identifier: Apache-2.0
// MySQL without a cluster that could be asked for its hosts.
#pragma once

#include "core/dialect.h"
#include "dialects/mysql_catalog.h"

namespace dialects {

/// Shared by the whole family; holds for the next transactions.
inline constexpr core::SessionQueries mysql_session{
    .read_only = "SET SESSION TRANSACTION READ ONLY",
    .read_write = "SET SESSION TRANSACTION READ WRITE",
    .isolation = {"SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
                  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                  "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                  "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"},
    .use_database = "USE ",
    .name_quote = '`'};

/// SHOW, because the isolation level's name differs by version and an unknown one is no error here.
inline constexpr std::string_view mysql_info_variables =
    "SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'lower_case_table_names', "
    "'max_allowed_packet', 'transaction_isolation', 'tx_isolation')";

inline constexpr std::string_view mysql_upgrades[] = {"aurora-mysql", "multi-az-mysql", "rds-mysql",
                                                      "mariadb"};

inline constexpr core::Dialect mysql{.name = "mysql",
                                     .aliases = {},
                                     .engine = core::Engine::mysql,
                                     .default_port = 3306,
                                     .probe = {},
                                     .upgrades = mysql_upgrades,
                                     .session = mysql_session,
                                     .display_name = "MySQL",
                                     .suggested_by = core::SuggestedBy::any_name,
                                     .catalog = &mysql_catalog,
                                     .info_variables = mysql_info_variables};

}  // namespace dialects
