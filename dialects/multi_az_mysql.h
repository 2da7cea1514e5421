// SPDX-License-Identifier: Apache-2.0
// Amazon RDS Multi-AZ DB cluster with MySQL: the table mysql.rds_topology tells the hosts, and
// SHOW REPLICA STATUS whom a reader follows. Ids are server ids; names are the endpoints' first
// labels.
#pragma once

#include "dialects/mysql.h"

namespace dialects {

inline constexpr core::TopologyQueries multi_az_mysql_topology{
    .hosts =
        "SELECT SUBSTRING_INDEX(endpoint, '.', 1), id, 0, 0, NULL, endpoint, port "
        "FROM mysql.rds_topology",
    .own_id =
        "SELECT SUBSTRING_INDEX(endpoint, '.', 1), id FROM mysql.rds_topology "
        "WHERE id = @@server_id",
    .writer_id = "SHOW REPLICA STATUS",
    .is_reader = "SELECT @@read_only",
    .writer_follows_nobody = true,
    .followed_column = "Source_Server_Id",
    .tells_endpoints = true};

inline constexpr std::string_view multi_az_mysql_aliases[] = {"rds-multi-az-mysql-cluster",
                                                              "MULTI_AZ_MYSQL"};
inline constexpr core::VariableTest multi_az_mysql_variables[] = {
    {core::VariableTest::Is::filled, "report_host"}};

inline constexpr core::Dialect multi_az_mysql{
    .name = "multi-az-mysql",
    .aliases = multi_az_mysql_aliases,
    .engine = core::Engine::mysql,
    .default_port = 3306,
    // Only tables that the user may read are told here.
    .probe =
        "EXISTS (SELECT 1 FROM information_schema.tables "
        "WHERE table_schema = 'mysql' AND table_name = 'rds_topology')",
    .upgrades = {},
    .topology = &multi_az_mysql_topology,
    .session = mysql_session,
    .display_name = "MySQL",
    .catalog = &mysql_catalog,
    .info_variables = mysql_info_variables,
    .variables = multi_az_mysql_variables,
    .lacks_grants =
        "LOWER(@@version_comment) = 'source distribution' AND NOT EXISTS "
        "(SELECT 1 FROM information_schema.tables "
        "WHERE table_schema = 'mysql' AND table_name = 'rds_topology')",
    .grants = "GRANT SELECT ON mysql.rds_topology and REPLICATION CLIENT ON *.* to it"};

}  // namespace dialects
