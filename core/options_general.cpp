// SPDX-License-Identifier: Apache-2.0
// The options that belong to no plugin, dialect or client. Names are those of the AWS Python
// wrapper; aliases are what other drivers and the AWS ODBC and JDBC wrappers call the same thing.
// Each one is read somewhere: an option that is accepted and then ignored would be a defect.
#include "core/options.h"

namespace core::general {
namespace {

constexpr OptionAlias host_aliases[] = {{"SERVER"}, {"SERVERNAME"}};
constexpr OptionAlias database_aliases[] = {{"DB"}, {"DBNAME"}};
constexpr OptionAlias user_aliases[] = {{"UID"}, {"USERNAME"}};
constexpr OptionAlias password_aliases[] = {{"PWD"}, {"PASSWORD1"}, {"PWD1"}};
constexpr OptionAlias engine_aliases[] = {{"wrapper_driver_dialect"}};
constexpr OptionAlias dialect_aliases[] = {{"DATABASE_DIALECT"}};
constexpr OptionAlias plugins_aliases[] = {{"wrapper_plugins"}};
constexpr OptionAlias refresh_aliases[] = {{"TOPOLOGY_REFRESH_RATE_MS"},
                                           {"clusterTopologyRefreshRateMs"}};
constexpr OptionAlias high_refresh_aliases[] = {{"TOPOLOGY_HIGH_REFRESH_RATE_MS"}};
constexpr OptionAlias init_aliases[] = {{"INITSTMT"}, {"init_command"}, {"ConnSettings"}};
constexpr OptionAlias pattern_aliases[] = {{"HOST_PATTERN"}};

// In the order of core::Engine.
constexpr std::string_view engines[] = {"pg|postgres|postgresql|libpq", "mysql|mariadb|libmariadb"};
// In the order of core::log::Level.
constexpr std::string_view log_levels[] = {"off", "error", "warn", "info", "debug", "trace"};

}  // namespace

constinit const Option host{
    .name = "host",
    .default_value = "localhost",
    .help = "Name or address of the server; a cluster endpoint, an instance endpoint or any other.",
    .aliases = host_aliases};

constinit const Option port{
    .name = "port",
    .type = OptionType::port,
    .help =
        "TCP port; the dialect's own (5432 or 3306) when not given. 3306 without engine or "
        "wrapper_dialect means MySQL.",
    .minimum = 1,
    .maximum = 65535};

constinit const Option database{
    .name = "database", .help = "Database to open after login.", .aliases = database_aliases};

constinit const Option user{
    .name = "user", .help = "Name to log in with.", .aliases = user_aliases};

constinit const Option password{.name = "password",
                                .help = "Password to log in with.",
                                .aliases = password_aliases,
                                .secret = true};

constinit const Option engine{
    .name = "engine",
    .type = OptionType::choice,
    .help =
        "What the server speaks; the driver entry [aurodbc MySQL] presets it. When not given: "
        "wrapper_dialect's engine, else what the endpoint tells (shard groups are PostgreSQL), "
        "else "
        "MySQL on port 3306, else PostgreSQL.",
    .aliases = engine_aliases,
    .choices = engines};

constinit const Option wrapper_dialect{
    .name = "wrapper_dialect",
    .help =
        "Kind of server (aurora-pg, pg, mysql, ...); detected after the first connect when not "
        "given.",
    .aliases = dialect_aliases};

constinit const Option plugins{
    .name = "plugins",
    .type = OptionType::list,
    .help = "Plugin codes separated by commas instead of the default ones; none switches all off.",
    .aliases = plugins_aliases};

constinit const Option auto_sort_wrapper_plugin_order{
    .name = "auto_sort_wrapper_plugin_order",
    .type = OptionType::boolean,
    .default_value = "true",
    .help = "Brings the plugins into their proven order instead of keeping the given one."};

constinit const Option connect_timeout{
    .name = "connect_timeout",
    .type = OptionType::span_seconds,
    .help =
        "Limit of opening a connection in seconds, beside SQL_ATTR_LOGIN_TIMEOUT; the earlier "
        "one counts, 0 means no limit."};

constinit const Option auxiliary_query_timeout_sec{
    .name = "auxiliary_query_timeout_sec",
    .type = OptionType::span_seconds,
    .default_value = "5",
    .help =
        "Limit of each query the driver asks for itself (role, host id, topology, dialect), in "
        "seconds; 0 means no limit."};

constinit const Option topology_refresh_ms{
    .name = "topology_refresh_ms",
    .type = OptionType::span_milliseconds,
    .default_value = "30000",
    .help = "How often the topology monitor reads the cluster's hosts.",
    .aliases = refresh_aliases,
    .minimum = 1};

constinit const Option cluster_topology_high_refresh_rate_ms{
    .name = "cluster_topology_high_refresh_rate_ms",
    .type = OptionType::span_milliseconds,
    .default_value = "100",
    .help = "How often it does so while it searches a new writer and shortly after a failover.",
    .aliases = high_refresh_aliases,
    .minimum = 1};

constinit const Option cluster_id{
    .name = "cluster_id",
    .help =
        "Name under which connections of this process share one cluster; learned from the "
        "servers when not given."};

constinit const Option cluster_instance_host_pattern{
    .name = "cluster_instance_host_pattern",
    .help =
        "Template of instance endpoints, `?` stands for the instance id, optionally with a "
        "port: `?.xyz.us-east-1.rds.amazonaws.com:5432`. Derived from an RDS host name; needed "
        "for IP addresses and names of your own.",
    .aliases = pattern_aliases};

constinit const Option transfer_session_state_on_switch{
    .name = "transfer_session_state_on_switch",
    .type = OptionType::boolean,
    .default_value = "true",
    .help = "Sets autocommit, access mode and isolation level on the new link after a failover."};

constinit const Option init_sql{
    .name = "init_sql",
    .help =
        "Statement that each link of the connection runs after its login, also after a failover; "
        "one "
        "statement on MySQL and MariaDB (SET takes several assignments).",
    .aliases = init_aliases};

constinit const Option cancel_grace_ms{
    .name = "cancel_grace_ms",
    .type = OptionType::span_milliseconds,
    .default_value = "1000",
    .help =
        "How long a server may take to answer the cancel that a query timeout or SQLCancel "
        "sends before its link counts as lost."};

constinit const Option dsn_only_output{
    .name = "dsn_only_output",
    .type = OptionType::boolean,
    .default_value = "false",
    .help = "SQLDriverConnect returns `DSN=name` only, so that no credentials leave the driver."};

constinit const Option log_level{.name = "log_level",
                                 .type = OptionType::choice,
                                 .default_value = "off",
                                 .help =
                                     "How much is logged; the most talkative connection of the "
                                     "process decides.",
                                 .choices = log_levels};

constinit const Option log_file{
    .name = "log_file",
    .help =
        "File the log is appended to; standard error when not given. The first one given in a "
        "process is used until it ends."};

namespace {

constinit const Option base_driver{
    .name = "BASE_DRIVER",
    .type = OptionType::ignored,
    .help = "aurodbc speaks to the server itself and needs no other driver under it"};
constinit const Option base_dsn{
    .name = "BASE_DSN",
    .type = OptionType::ignored,
    .help = "aurodbc has no driver under it; put the options of that data source into this one"};
constinit const Option base_conn{
    .name = "BASE_CONN",
    .type = OptionType::ignored,
    .help = "aurodbc has no driver under it; put the options of that string into this one"};

constexpr const Option* all[] = {&host,
                                 &port,
                                 &database,
                                 &user,
                                 &password,
                                 &engine,
                                 &wrapper_dialect,
                                 &plugins,
                                 &auto_sort_wrapper_plugin_order,
                                 &connect_timeout,
                                 &auxiliary_query_timeout_sec,
                                 &topology_refresh_ms,
                                 &cluster_topology_high_refresh_rate_ms,
                                 &cluster_id,
                                 &cluster_instance_host_pattern,
                                 &transfer_session_state_on_switch,
                                 &init_sql,
                                 &cancel_grace_ms,
                                 &dsn_only_output,
                                 &log_level,
                                 &log_file,
                                 &base_driver,
                                 &base_dsn,
                                 &base_conn};
constinit const OptionGroup general_group{"General", all};

}  // namespace

const OptionGroup& group() { return general_group; }

}  // namespace core::general
