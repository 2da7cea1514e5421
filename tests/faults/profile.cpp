// SPDX-License-Identifier: Apache-2.0
// The two profiles.
#include "tests/faults/profile.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

namespace faults {
namespace {

constexpr Profile postgresql{
    .own_id = "SELECT aurora_db_instance_identifier()",
    .session_id = "SELECT pg_backend_pid()",
    .sleep = "SELECT pg_sleep(30)",
    .sleep_part = "pg_sleep(30)",
    .nap = "SELECT pg_sleep(2)",
    .plain_dialect = "pg",
    .slow_write = "INSERT INTO faults SELECT 7 FROM pg_sleep(30)",
    .numbers = "SELECT generate_series(1, {})",
    .all_ids = "SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM faults",
    .running =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
        "AND pid <> pg_backend_pid() AND query LIKE '%{}%'",
    .isolation = "SHOW transaction_isolation",
    .serializable = "serializable",
    .idle_limit = "SET idle_session_timeout = '1s'",
    .read_only = "SHOW transaction_read_only",
    .refuses = "on",
    .returning_columns = 1,
    .log_connections = {"ALTER SYSTEM SET log_connections = on", "SELECT pg_reload_conf()"},
    .connection_log = "log",
    .connection_mark = "connection received: host=127.",
    .open_transactions =
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND state LIKE 'idle in%'",
    .revoke_topology = "REVOKE USAGE ON SCHEMA rds_tools FROM app",
    .tells_missing_grants = true};

constexpr Profile mysql{
    .own_id = "SELECT @@aurora_server_id",
    .session_id = "SELECT CONNECTION_ID()",
    .sleep = "SELECT SLEEP(30)",
    .sleep_part = "SLEEP(30)",
    .nap = "SELECT SLEEP(2)",
    .plain_dialect = "mysql",
    .slow_write = "INSERT INTO faults SELECT 7 FROM (SELECT SLEEP(30)) s",
    .numbers = "SELECT seq FROM seq_1_to_{}",
    .all_ids = "SELECT COALESCE(GROUP_CONCAT(id ORDER BY id), '') FROM faults",
    .running =
        "SELECT COUNT(*) FROM information_schema.processlist "
        "WHERE id <> CONNECTION_ID() AND info LIKE '%{}%'",
    .isolation = "SELECT @@tx_isolation",
    .serializable = "SERIALIZABLE",
    .idle_limit = "SET SESSION wait_timeout = 1",
    .read_only = "SELECT @@tx_read_only",
    .refuses = "1",
    .returning_columns = 0,  // MariaDB 10.11 describes them at execution only
    .log_connections = {"SET GLOBAL general_log_file = '{log}'", "SET GLOBAL general_log = ON"},
    .connection_log = "connections",
    .connection_mark = "@127.",
    .open_transactions =
        "SELECT COUNT(*) FROM information_schema.innodb_trx t "
        "JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.user = "
        "'app'",
    .revoke_topology = "REVOKE SELECT ON mysql.rds_topology FROM app",
    // version_comment is the packager's, and MariaDB does not let it be changed.
    .tells_missing_grants = false};

constexpr Profile with_own_id(Profile profile, const char* own_id) {
  profile.own_id = own_id;
  return profile;
}
constexpr Profile multi_az_postgresql =
    with_own_id(postgresql,
                "SELECT split_part(endpoint, '.', 1) FROM rds_tools.show_topology() "
                "WHERE id = rds_tools.dbi_resource_id()");
constexpr Profile multi_az_mysql =
    with_own_id(mysql,
                "SELECT SUBSTRING_INDEX(endpoint, '.', 1) FROM mysql.rds_topology "
                "WHERE id = @@server_id");

}  // namespace

std::string flavour() {
  const char* flavour = std::getenv("AURODBC_FAULTS_FLAVOUR");
  return flavour == nullptr ? "aurora-pg" : flavour;
}

const Profile& profile() {
  const std::string name = flavour();
  if (name == "multi-az-pg") return multi_az_postgresql;
  if (name == "multi-az-mysql") return multi_az_mysql;
  const char* engine = std::getenv("AURODBC_FAULTS_ENGINE");
  return engine != nullptr && std::string_view(engine) == "mysql" ? mysql : postgresql;
}

std::string insert_numbers(int count) {
  return "INSERT INTO faults " + fmt::format(fmt::runtime(profile().numbers), count);
}

}  // namespace faults
