// SPDX-License-Identifier: Apache-2.0
// From options to libmariadb's own settings, and the second link that carries KILL QUERY.
#include "core/client/mysql_dial.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/client/mysql_client.h"
#include "core/client/mysql_options.h"
#include "core/client/tls_settings.h"
#include "core/version.h"

namespace core {
namespace {

MysqlTlsPlan tls_plan(const Options& options, const std::string& host) {
  using link_options::SslMode;
  const TlsSettings tls = tls_settings(options, host);
  MysqlTlsPlan plan;
  plan.try_tls = tls.mode != SslMode::disable;
  plan.may_fall_back = tls.mode == SslMode::prefer || tls.mode == SslMode::allow;
  plan.verify_name = tls.mode == SslMode::verify_full;
  // Naming a CA turns libmariadb's chain verification on: only the verifying modes may name one.
  if (tls.verifies()) plan.ca = tls.root_certificate;
  plan.versions = tls.versions;
  plan.cert = tls.certificate;
  plan.key = tls.key;
  return plan;
}

int seconds(const Options& options, const Option& option) {
  return options.given(option) ? static_cast<int>(options.span(option).count() / 1000) : 0;
}

void set_text(MYSQL* link, mysql_option option, const std::string& value) {
  if (!value.empty()) mysql_optionsv(link, option, value.c_str());
}

void set_number(int fd, int option, int value) noexcept {
  if (value > 0) ::setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value);
}

LoginPolicy login_policy(const Options& options, bool clear_text_allowed) {
  LoginPolicy policy;
  policy.clear_text_allowed =
      clear_text_allowed || options.boolean(mysql_options::enable_cleartext_plugin);
  policy.may_ask_for_key = options.boolean(mysql_options::get_server_public_key);
  const std::string key = options.text(mysql_options::server_public_key_path);
  if (!key.empty())
    policy.public_key = read_public_key(key, mysql_options::server_public_key_path.name);
  return policy;
}

std::string directory(const Options& options, const Option& option) {
  const std::string path = options.text(option);
  return path.empty() ? path : canonical_directory(path, option.name);
}

}  // namespace

void MysqlDial::read_switches(const Options& options) {
  plugin_dir = directory(options, mysql_options::plugin_dir);
  local_files = directory(options, mysql_options::local_infile_dir);
  compression = options.boolean(mysql_options::compression);
  found_rows = options.boolean(mysql_options::found_rows);
  multi_statements = options.boolean(mysql_options::multi_statements);
  server_side_timeout = options.boolean(mysql_options::server_side_timeout);
}

MysqlDial MysqlDial::from(LinkTarget target, const Options& options, Credentials credentials) {
  MysqlDial dial;
  dial.tls = tls_plan(options, target.endpoint.host);
  dial.target = std::move(target);
  dial.socket = options.text(mysql_options::unix_socket);
  // Nobody listens in on a local socket.
  if (!dial.socket.empty() && dial.tls.may_fall_back) dial.tls.try_tls = false;
  dial.login = login_policy(options, credentials.clear_text_allowed);
  dial.read_switches(options);
  dial.credentials = std::move(credentials);
  dial.database = options.text(general::database);
  dial.application = options.text(link_options::application_name);
  dial.connect_timeout = static_cast<unsigned int>(seconds(options, general::connect_timeout));
  dial.keepalive = options.boolean(link_options::tcp_keepalive);
  dial.keepalive_time = seconds(options, link_options::tcp_keepalive_time);
  dial.keepalive_interval = seconds(options, link_options::tcp_keepalive_interval);
  if (options.given(link_options::tcp_keepalive_probes))
    dial.keepalive_probes = static_cast<int>(options.integer(link_options::tcp_keepalive_probes));
  return dial;
}

void MysqlDial::configure(MYSQL* link, LoginPolicy& policy, MysqlLocalFiles& files,
                          bool encrypt) const {
  // By TCP "localhost" is an address; without a word it would mean the unix socket.
  const unsigned int protocol = socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  const my_bool enforce = encrypt ? 1 : 0;
  const my_bool verify = tls.verify_name ? 1 : 0;
  mysql_optionsv(link, MYSQL_OPT_NONBLOCK, nullptr);
  mysql_optionsv(link, MYSQL_OPT_PROTOCOL, &protocol);
  files.attach(link, local_files);
  set_text(link, MYSQL_PLUGIN_DIR, plugin_dir);
  if (compression) mysql_optionsv(link, MYSQL_OPT_COMPRESS, nullptr);
  mysql_optionsv(link, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (connect_timeout > 0) mysql_optionsv(link, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
  if (encrypt) {
    set_text(link, MYSQL_OPT_SSL_CA, tls.ca);
    set_text(link, MYSQL_OPT_SSL_CERT, tls.cert);
    set_text(link, MYSQL_OPT_SSL_KEY, tls.key);
    set_text(link, MARIADB_OPT_TLS_VERSION, tls.versions);
    mysql_optionsv(link, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  }
  mysql_optionsv(link, MYSQL_OPT_SSL_ENFORCE, &enforce);
  install_login_plugins(link, policy);
}

void MysqlDial::introduce(MYSQL* link) const {
  const std::pair<const char*, std::string> words[] = {
      {"_client_name", "aurodbc"},
      {"_client_version", version_text},
      {"program_name", application.empty() ? program_invocation_short_name : application}};
  for (const auto& [name, value] : words) {
    mysql_optionsv(link, MYSQL_OPT_CONNECT_ATTR_DELETE, name);
    mysql_optionsv(link, MYSQL_OPT_CONNECT_ATTR_ADD, name, value.c_str());
  }
}

void MysqlDial::apply_keepalive(int fd) const noexcept {
  const int on = keepalive ? 1 : 0;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  set_number(fd, TCP_KEEPIDLE, keepalive_time);
  set_number(fd, TCP_KEEPINTVL, keepalive_interval);
  set_number(fd, TCP_KEEPCNT, keepalive_probes);
}

void mysql_kill_query(Workers& workers, const MysqlDial& dial, const std::string& address,
                      unsigned long id, Deadline deadline) {
  // Never by name: the name may lead to another server by now, where `id` is somebody else.
  auto same_server = std::make_shared<MysqlDial>(dial);
  same_server->target.addresses = {address};
  same_server->database.clear();
  const auto second = std::make_shared<MysqlClient>(workers);
  const auto connect = mysql_connect(second, std::move(same_server));
  run(*connect, deadline, nullptr, "connecting to cancel a statement");
  const auto kill = second->start_text_query(fmt::format("KILL QUERY {}", id));
  run(*kill, deadline, nullptr, "cancelling a statement");
}

}  // namespace core
