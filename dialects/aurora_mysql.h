// SPDX-License-Identifier: Apache-2.0
// Amazon Aurora MySQL: a cluster that tells its hosts.
#pragma once

#include "dialects/mysql.h"

namespace dialects {

inline constexpr core::TopologyQueries aurora_mysql_topology{
    // Replicas that have not reported for five minutes are gone.
    .hosts =
        "SELECT SERVER_ID, CASE WHEN SESSION_ID = 'MASTER_SESSION_ID' THEN TRUE ELSE FALSE END, "
        "CPU, REPLICA_LAG_IN_MILLISECONDS, LAST_UPDATE_TIMESTAMP "
        "FROM information_schema.replica_host_status "
        "WHERE time_to_sec(timediff(now(), LAST_UPDATE_TIMESTAMP)) <= 300 "
        "OR SESSION_ID = 'MASTER_SESSION_ID'",
    .own_id = "SELECT @@aurora_server_id",
    .writer_id =
        "SELECT SERVER_ID FROM information_schema.replica_host_status "
        "WHERE SESSION_ID = 'MASTER_SESSION_ID' AND SERVER_ID = @@aurora_server_id",
    .is_reader = "SELECT @@innodb_read_only"};

inline constexpr std::string_view aurora_mysql_aliases[] = {"AURORA_MYSQL"};
// An unknown system variable in a SELECT would be an error; SHOW VARIABLES leaves it out.
inline constexpr core::VariableTest aurora_mysql_variables[] = {
    {core::VariableTest::Is::present, "aurora_version"}};

inline constexpr std::string_view aurora_mysql_upgrades[] = {"multi-az-mysql", "aurora-mysql",
                                                             "rds-mysql", "mariadb"};

inline constexpr core::Dialect aurora_mysql{.name = "aurora-mysql",
                                            .aliases = aurora_mysql_aliases,
                                            .engine = core::Engine::mysql,
                                            .default_port = 3306,
                                            .probe = {},
                                            .upgrades = aurora_mysql_upgrades,
                                            .topology = &aurora_mysql_topology,
                                            .session = mysql_session,
                                            .display_name = "MySQL",
                                            .suggested_by = core::SuggestedBy::aurora_cluster,
                                            .catalog = &mysql_catalog,
                                            .info_variables = mysql_info_variables,
                                            .variables = aurora_mysql_variables};

}  // namespace dialects
