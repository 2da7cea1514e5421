// SPDX-License-Identifier: Apache-2.0
// Amazon Aurora PostgreSQL: a cluster that tells its hosts. Every name and operator is
// schema-qualified, so that no object in the application's search_path is called instead.
#pragma once

#include "dialects/postgres.h"

namespace dialects {

inline constexpr core::TopologyQueries aurora_postgres_topology{
    // Replicas that have not reported for five minutes are gone. Readers since 13.9 leave their own
    // time empty.
    .hosts =
        "SELECT SERVER_ID, CASE WHEN SESSION_ID OPERATOR(pg_catalog.=) 'MASTER_SESSION_ID' "
        "THEN TRUE ELSE FALSE END, CPU, COALESCE(REPLICA_LAG_IN_MSEC, 0), LAST_UPDATE_TIMESTAMP "
        "FROM pg_catalog.aurora_replica_status() "
        "WHERE EXTRACT(EPOCH FROM(pg_catalog.NOW() OPERATOR(pg_catalog.-) LAST_UPDATE_TIMESTAMP)) "
        "OPERATOR(pg_catalog.<=) 300 "
        "OR SESSION_ID OPERATOR(pg_catalog.=) 'MASTER_SESSION_ID' "
        "OR LAST_UPDATE_TIMESTAMP IS NULL",
    .own_id = "SELECT pg_catalog.aurora_db_instance_identifier()",
    .writer_id =
        "SELECT SERVER_ID FROM pg_catalog.aurora_replica_status() "
        "WHERE SESSION_ID OPERATOR(pg_catalog.=) 'MASTER_SESSION_ID' "
        "AND SERVER_ID OPERATOR(pg_catalog.=) pg_catalog.aurora_db_instance_identifier()",
    .is_reader = "SELECT pg_catalog.pg_is_in_recovery()"};

inline constexpr std::string_view aurora_postgres_aliases[] = {
    "aurora-postgres", "AURORA_POSTGRESQL", "AURORA_POSTGRESQL_LIMITLESS"};

inline constexpr std::string_view aurora_postgres_upgrades[] = {"multi-az-pg", "aurora-pg",
                                                                "rds-pg"};

inline constexpr core::Dialect aurora_postgres{
    .name = "aurora-pg",
    .aliases = aurora_postgres_aliases,
    .engine = core::Engine::postgres,
    .default_port = 5432,
    // to_regproc answers NULL where a cast or a call would be an error in the application's log and
    // transaction.
    .probe =
        "pg_catalog.to_regproc('pg_catalog.aurora_replica_status') IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'rds.extensions' "
        "AND setting OPERATOR(pg_catalog.~~) '%aurora_stat_utils%')",
    .upgrades = aurora_postgres_upgrades,
    .topology = &aurora_postgres_topology,
    .session = postgres_session,
    .display_name = "PostgreSQL",
    .suggested_by = core::SuggestedBy::aurora_cluster,
    .catalog = &postgres_catalog};

}  // namespace dialects
