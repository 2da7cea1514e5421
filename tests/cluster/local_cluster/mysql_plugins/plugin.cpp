// SPDX-License-Identifier: Apache-2.0
// What MariaDB lacks to play Aurora MySQL or RDS Multi-AZ, and what it lacks to be a host of a
// local cluster.
//
// Six plugins in one library, because a plugin's name is the prefix of its variables, or the name
// of its table:
// - "aurora" has @@aurora_server_id and @@aurora_version and changes @@innodb_read_only;
// - "REPLICA_HOST_STATUS" is the table of that name in information_schema;
// - "multi_az" names a column of SHOW REPLICA STATUS as MySQL 8 does;
// - "STAND_IN_HOSTS" is the table from which mysql.rds_topology, a view, has its rows;
// - "cluster_link" lets replication use Unix sockets;
// - "clear_password" lets accounts want their password as it is.
// They refuse to load into a server that is not as they know it. Seen on 10.11.19.
#define MYSQL_DYNAMIC_PLUGIN
#include <mysql/plugin.h>
#include <mysql/plugin_auth.h>

#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

#include "facts.h"
#include "innodb_read_only.h"
#include "replica_status.h"
#include "server_layout.h"

#if MYSQL_VERSION_ID / 100 != 1011
#error "These plugins know MariaDB 10.11 only."
#endif

// Exported by mariadbd, though not part of its plugin interface.
extern volatile bool mysqld_server_started;
extern "C" {
extern char* mysql_unix_port;
extern char server_version[];
extern char type_handler_varchar[];
extern char type_handler_double[];
extern char type_handler_stiny[];
extern char type_handler_datetime2[];
extern char type_handler_ulong[];
}

namespace {

using aurora::ColumnDeclaration;

constexpr int no_success = 1;

int refuse(const std::string& why) {
  my_printf_error(1105, "The plugins of the local cluster do not fit this MariaDB (%s): %s.",
                  ME_ERROR_LOG, server_version, why.c_str());
  return no_success;
}

// --- @@aurora_server_id, @@aurora_version, @@innodb_read_only

std::string own_id;
char* shown_id = nullptr;
char aurora_version[] = "3.08.2";
char* shown_version = nullptr;
std::thread after_start;
std::atomic<bool> unloaded = false;

constexpr int fixed_variable = PLUGIN_VAR_READONLY | PLUGIN_VAR_NOCMDOPT;
MYSQL_SYSVAR_STR(server_id, shown_id, fixed_variable, "The instance that answers", nullptr, nullptr,
                 nullptr);
MYSQL_SYSVAR_STR(version, shown_version, fixed_variable, "Version of Aurora MySQL", nullptr,
                 nullptr, nullptr);
st_mysql_sys_var* variables[] = {MYSQL_SYSVAR(server_id), MYSQL_SYSVAR(version), nullptr};

// Plugins are loaded before the variables of all plugins are known; those are by the time clients
// are let in.
void change_innodb_read_only_after_start() {
  while (!mysqld_server_started) {
    if (unloaded) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::string problem = aurora::show_read_only_as_innodb_read_only();
  if (!problem.empty()) refuse(problem);
}

// Signals are for the server's own threads.
void start_thread_without_signals() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  after_start = std::thread(change_innodb_read_only_after_start);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

int init_aurora(void*) {
  try {
    own_id = aurora::own_id();
    if (own_id.empty()) return refuse("../facts.json names no instance");
    shown_id = own_id.data();
    shown_version = aurora_version;  // not as a default: a variable without an option gets none
    start_thread_without_signals();
    return 0;
  } catch (const std::exception& error) { return refuse(error.what()); }
}

int deinit_aurora(void*) {
  unloaded = true;
  if (after_start.joinable()) after_start.join();
  return 0;
}

// --- information_schema.replica_host_status: the columns that Amazon documents, with its types

constexpr ColumnDeclaration column(const void* type, unsigned length, std::string_view name) {
  return {type, length, 0, nullptr, name.data(), name.size(), 0, nullptr, 0, 0};
}

const ColumnDeclaration status_columns[] = {
    column(type_handler_varchar, 100, "SERVER_ID"),
    column(type_handler_varchar, 100, "SESSION_ID"),
    column(type_handler_double, 22, "CPU"),
    column(type_handler_datetime2, 6, "LAST_UPDATE_TIMESTAMP"),
    column(type_handler_double, 22, "REPLICA_LAG_IN_MILLISECONDS"),
    column(type_handler_stiny, 1, "IS_CURRENT"),
    {},
};

// In the session's time zone, as the now() is with which drivers compare it.
std::string datetime_text(THD* thd, double time) {
  double seconds = 0;
  const int microseconds = static_cast<int>(std::modf(time, &seconds) * 1e6);
  MYSQL_TIME parts{};
  thd_gmt_sec_to_TIME(thd, &parts, static_cast<my_time_t>(seconds));
  char text[64];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u.%06d", parts.year, parts.month,
                parts.day, parts.hour, parts.minute, parts.second, microseconds);
  return text;
}

using Row = std::array<std::string, 6>;
Row status_row(THD* thd, const aurora::ToldInstance& told) {
  return {told.server_id,
          told.session_id,
          std::to_string(told.cpu),
          datetime_text(thd, told.updated_at),
          std::to_string(told.lag_ms),
          "1"};
}

// --- information_schema.stand_in_hosts

const ColumnDeclaration host_columns[] = {
    column(type_handler_ulong, 11, "ID"),
    column(type_handler_varchar, 255, "ENDPOINT"),
    column(type_handler_ulong, 11, "PORT"),
    {},
};

Row host_row(THD*, const aurora::ToldInstance& told) {
  return {aurora::server_number(told.server_id), told.endpoint, told.port};
}

// --- both tables

template <Row (*row_of)(THD*, const aurora::ToldInstance&), size_t columns>
int fill(THD* thd, TABLE_LIST* wanted, Item*) {
  try {
    const aurora::RowWriter writer(wanted);
    for (const aurora::ToldInstance& instance : aurora::told_now()) {
      const Row row = row_of(thd, instance);
      if (!writer.write(thd, row.data(), columns)) return no_success;
    }
    return 0;
  } catch (const std::exception& error) {
    my_printf_error(1105, "The told hosts: %s.", 0, error.what());
    return no_success;
  }
}

int init_table(void* declaration, const ColumnDeclaration* columns, aurora::FillTable rows) {
  const std::string problem = aurora::check_layout();
  if (!problem.empty()) return refuse(problem);
  auto* table = static_cast<aurora::SchemaTable*>(declaration);
  table->columns = columns;
  table->fill = rows;
  return 0;
}
int init_status(void* declaration) {
  return init_table(declaration, status_columns, fill<status_row, 6>);
}
int init_hosts(void* declaration) {
  return init_table(declaration, host_columns, fill<host_row, 3>);
}

// --- SHOW REPLICA STATUS

int init_multi_az(void*) {
  const std::string problem = aurora::rename_followed_column();
  return problem.empty() ? 0 : refuse(problem);
}

// --- replication over a Unix socket

// `CHANGE MASTER TO master_host = 'localhost'` uses the socket named here, and TCP while none is
// named (10.11.19). The file is a symbolic link to the socket of the host to follow. So packet
// rules hit clients only, and a host whose link is taken away is at once certain that its former
// master cannot be reached.
char followed_socket[] = "../followed.sock";

int init_link(void*) {
  mysql_unix_port = followed_socket;
  return 0;
}

// --- accounts that want the password as it is, like `password` in a pg_hba.conf

int authenticate(MYSQL_PLUGIN_VIO* vio, MYSQL_SERVER_AUTH_INFO* info) {
  unsigned char* packet = nullptr;
  const int length = vio->read_packet(vio, &packet);
  if (length < 0) return CR_ERROR;
  info->password_used = PASSWORD_USED_YES;
  const std::string_view wanted(info->auth_string, info->auth_string_length);
  const std::string_view given(reinterpret_cast<const char*>(packet), static_cast<size_t>(length));
  return given == std::string(wanted) + '\0' ? CR_OK : CR_ERROR;
}

st_mysql_daemon aurora_interface = {MYSQL_DAEMON_INTERFACE_VERSION};
st_mysql_information_schema table_interface = {MYSQL_INFORMATION_SCHEMA_INTERFACE_VERSION};
st_mysql_daemon multi_az_interface = {MYSQL_DAEMON_INTERFACE_VERSION};
st_mysql_daemon link_interface = {MYSQL_DAEMON_INTERFACE_VERSION};
st_mysql_auth password_interface = {MYSQL_AUTHENTICATION_INTERFACE_VERSION, "mysql_clear_password",
                                    authenticate, nullptr, nullptr};

constexpr st_maria_plugin declaration(int type, void* interface, const char* name,
                                      const char* purpose, int (*init)(void*),
                                      int (*deinit)(void*) = nullptr,
                                      st_mysql_sys_var** with_variables = nullptr) {
  // Of the licences that the server has a number for, none is the Apache License.
  return {type,   interface, name,    "aurodbc",      purpose, PLUGIN_LICENSE_PROPRIETARY,    init,
          deinit, 0x0100,    nullptr, with_variables, "1.0",   MariaDB_PLUGIN_MATURITY_STABLE};
}

}  // namespace

// clang-format off
maria_declare_plugin(cluster)
  declaration(MYSQL_DAEMON_PLUGIN, &aurora_interface, "aurora", "Variables of Aurora MySQL", init_aurora, deinit_aurora,
              variables),
  declaration(MYSQL_INFORMATION_SCHEMA_PLUGIN, &table_interface, "REPLICA_HOST_STATUS",
              "Topology as Aurora MySQL tells it", init_status),
  declaration(MYSQL_DAEMON_PLUGIN, &multi_az_interface, "multi_az", "Names of MySQL 8", init_multi_az),
  declaration(MYSQL_INFORMATION_SCHEMA_PLUGIN, &table_interface, "STAND_IN_HOSTS",
              "Hosts of a Multi-AZ cluster", init_hosts),
  declaration(MYSQL_DAEMON_PLUGIN, &link_interface, "cluster_link", "Replication over a Unix socket", init_link),
  declaration(MYSQL_AUTHENTICATION_PLUGIN, &password_interface, "clear_password", "Passwords as they are", nullptr)
maria_declare_plugin_end;
