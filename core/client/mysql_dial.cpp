// SPDX-License-Identifier: Apache-2.0
// From options to libmariadb's own settings, and the second link that carries KILL QUERY.
#include "core/client/mysql_dial.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "core/client/mysql_client.h"
#include "core/client/mysql_options.h"
#include "core/client/tls_settings.h"

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

}  // namespace

MysqlDial MysqlDial::from(LinkTarget target, const Options& options, Credentials credentials) {
  MysqlDial dial;
  dial.tls = tls_plan(options, target.endpoint.host);
  dial.target = std::move(target);
  dial.clear_text_allowed =
      credentials.clear_text_allowed || options.boolean(mysql_options::enable_cleartext_plugin);
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

void MysqlDial::configure(MYSQL* link, ClearTextPolicy& policy, bool encrypt) const {
  const unsigned int tcp = MYSQL_PROTOCOL_TCP;
  const unsigned int no_files = 0;
  const my_bool enforce = encrypt ? 1 : 0;
  const my_bool verify = tls.verify_name ? 1 : 0;
  mysql_optionsv(link, MYSQL_OPT_NONBLOCK, nullptr);
  mysql_optionsv(link, MYSQL_OPT_PROTOCOL, &tcp);  // "localhost" would mean the unix socket
  // A server could ask for any file of this machine in answer to any statement.
  mysql_optionsv(link, MYSQL_OPT_LOCAL_INFILE, &no_files);
  mysql_optionsv(link, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (connect_timeout > 0) mysql_optionsv(link, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
  if (!application.empty())
    mysql_optionsv(link, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", application.c_str());
  if (encrypt) {
    set_text(link, MYSQL_OPT_SSL_CA, tls.ca);
    set_text(link, MYSQL_OPT_SSL_CERT, tls.cert);
    set_text(link, MYSQL_OPT_SSL_KEY, tls.key);
    mysql_optionsv(link, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  }
  mysql_optionsv(link, MYSQL_OPT_SSL_ENFORCE, &enforce);
  guard_clear_text(link, policy);
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
