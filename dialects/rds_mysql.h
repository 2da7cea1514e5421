// SPDX-License-Identifier: Apache-2.0
// Amazon RDS for MySQL: one instance, no cluster that could be asked for its hosts.
#pragma once

#include "dialects/mysql.h"

namespace dialects {

inline constexpr core::VariableTest rds_mysql_variables[] = {
    {core::VariableTest::Is::equal, "version_comment", "source distribution"},
    // Hosts of a Multi-AZ cluster have it filled.
    {core::VariableTest::Is::empty, "report_host"}};
inline constexpr std::string_view rds_mysql_upgrades[] = {"aurora-mysql", "multi-az-mysql",
                                                          "rds-mysql", "mariadb"};

inline constexpr core::Dialect rds_mysql{.name = "rds-mysql",
                                         .aliases = {},
                                         .engine = core::Engine::mysql,
                                         .default_port = 3306,
                                         .probe = {},
                                         .upgrades = rds_mysql_upgrades,
                                         .session = mysql_session,
                                         .display_name = "MySQL",
                                         .suggested_by = core::SuggestedBy::rds_instance,
                                         .catalog = &mysql_catalog,
                                         .info_variables = mysql_info_variables,
                                         .variables = rds_mysql_variables};

}  // namespace dialects
