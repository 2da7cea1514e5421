// SPDX-License-Identifier: Apache-2.0
// Amazon RDS Multi-AZ DB cluster with PostgreSQL: the extension rds_tools tells the hosts. Every
// name and operator is schema-qualified, so that no object in the application's search_path is
// called instead.
#pragma once

#include <array>

#include "core/version.h"
#include "dialects/postgres.h"

namespace dialects {

// The names that the extension gives its functions, each told once.
#define AURODBC_SOURCE_ID "multi_az_db_cluster_source_dbi_resource_id"
#define AURODBC_FOLLOWED                                                                         \
  "SELECT " AURODBC_SOURCE_ID " FROM rds_tools." AURODBC_SOURCE_ID "() WHERE " AURODBC_SOURCE_ID \
  " OPERATOR(pg_catalog.!=) (SELECT dbi_resource_id FROM rds_tools.dbi_resource_id())"

/// The hosts' texts around the caller's name, which show_topology wants for RDS's own statistics.
inline constexpr std::string_view multi_az_hosts_begin =
    "SELECT pg_catalog.split_part(endpoint, '.', 1), id OPERATOR(pg_catalog.=) "
    "COALESCE((" AURODBC_FOLLOWED
    "), (SELECT dbi_resource_id FROM rds_tools.dbi_resource_id())), 0, 0, NULL, endpoint, port "
    "FROM rds_tools.show_topology('aurodbc-";
inline constexpr std::string_view multi_az_hosts_end = "')";

inline constexpr auto multi_az_hosts = [] {
  constexpr std::string_view version = core::version_text;
  std::array<char, multi_az_hosts_begin.size() + version.size() + multi_az_hosts_end.size()> text{};
  auto at = text.begin();
  for (const std::string_view part : {multi_az_hosts_begin, version, multi_az_hosts_end})
    at = std::copy(part.begin(), part.end(), at);
  return text;
}();

inline constexpr core::TopologyQueries multi_az_postgres_topology{
    .hosts = {multi_az_hosts.data(), multi_az_hosts.size()},
    // The name is the endpoint's first label; ids are RDS's own ("db-ABC...").
    .own_id =
        "SELECT pg_catalog.min(pg_catalog.split_part(endpoint, '.', 1)) "
        "FROM rds_tools.show_topology() "
        "WHERE id OPERATOR(pg_catalog.=) rds_tools.dbi_resource_id()",
    .writer_id = AURODBC_FOLLOWED,
    .is_reader = "SELECT pg_catalog.pg_is_in_recovery()",
    .writer_follows_nobody = true,
    .tells_endpoints = true};

/// The function may be missing, and a user may lack the right to see it: the catalog says so
/// without an error. The name in `EXISTS` is then no part of the statement until it is run.
#define AURODBC_SOURCE_FUNCTION                                    \
  "SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n " \
  "WHERE n.oid OPERATOR(pg_catalog.=) p.pronamespace "             \
  "AND n.nspname OPERATOR(pg_catalog.=) 'rds_tools' "              \
  "AND p.proname OPERATOR(pg_catalog.=) '" AURODBC_SOURCE_ID "' "
#define AURODBC_MAY_ASK                              \
  "pg_catalog.has_schema_privilege(n.oid, 'USAGE') " \
  "AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')"

inline constexpr std::string_view multi_az_postgres_aliases[] = {"rds-multi-az-pg-cluster",
                                                                 "MULTI_AZ_POSTGRESQL"};

inline constexpr core::Dialect multi_az_postgres{
    .name = "multi-az-pg",
    .aliases = multi_az_postgres_aliases,
    .engine = core::Engine::postgres,
    .default_port = 5432,
    .probe = "CASE WHEN EXISTS (" AURODBC_SOURCE_FUNCTION "AND " AURODBC_MAY_ASK
             ") THEN pg_catalog.length(CAST(pg_catalog.query_to_xml("
             "'SELECT 1 FROM rds_tools." AURODBC_SOURCE_ID
             "() AS s(id) WHERE pg_catalog.length(s.id) OPERATOR(pg_catalog.>) 0', true, true, '') "
             "AS pg_catalog.text)) OPERATOR(pg_catalog.>) 0 ELSE false END",
    .upgrades = {},
    .topology = &multi_az_postgres_topology,
    .session = postgres_session,
    .display_name = "PostgreSQL",
    .catalog = &postgres_catalog,
    .lacks_grants = "EXISTS (" AURODBC_SOURCE_FUNCTION "AND NOT (" AURODBC_MAY_ASK "))",
    .grants =
        "GRANT USAGE ON SCHEMA rds_tools and EXECUTE ON ALL FUNCTIONS IN SCHEMA rds_tools to it",
    .refuses_logins_while_moving = true};

#undef AURODBC_SOURCE_ID
#undef AURODBC_FOLLOWED
#undef AURODBC_SOURCE_FUNCTION
#undef AURODBC_MAY_ASK

}  // namespace dialects
