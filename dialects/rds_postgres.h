// SPDX-License-Identifier: Apache-2.0
// Amazon RDS for PostgreSQL: one instance, no cluster that could be asked for its hosts.
#pragma once

#include "dialects/postgres.h"

namespace dialects {

inline constexpr std::string_view rds_postgres_upgrades[] = {"multi-az-pg", "aurora-pg", "rds-pg"};

inline constexpr core::Dialect rds_postgres{
    .name = "rds-pg",
    .aliases = {},
    .engine = core::Engine::postgres,
    .default_port = 5432,
    .probe =
        "EXISTS (SELECT 1 FROM pg_catalog.pg_settings "
        "WHERE name OPERATOR(pg_catalog.=) 'rds.extensions' "
        "AND setting OPERATOR(pg_catalog.~~) '%rds_tools%' "
        "AND setting OPERATOR(pg_catalog.!~~) '%aurora_stat_utils%')",
    .upgrades = rds_postgres_upgrades,
    .session = postgres_session,
    .display_name = "PostgreSQL",
    .suggested_by = core::SuggestedBy::rds_instance,
    .catalog = &postgres_catalog};

}  // namespace dialects
