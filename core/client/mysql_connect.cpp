// SPDX-License-Identifier: Apache-2.0
// Connecting with libmariadb: TCP and greeting suspend, TLS handshake and login block (worker
// step).
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cstring>

#include "core/client/mysql_client.h"
#include "core/client/mysql_options.h"
#include "core/client/tls_settings.h"
#include "core/log.h"

namespace core {
namespace {

enum class Tls : std::uint8_t { off, on };

/// The certificate demands of sslmode in libmariadb's terms.
struct TlsPlan {
  bool try_tls = true;
  bool may_fall_back = false;  ///< prefer, allow: a server without TLS will do
  bool verify_name = false;    ///< needs the host name, so libmariadb resolves it again by itself
  std::string ca, cert, key;
};

TlsPlan tls_plan(const Options& options, const std::string& host) {
  using link_options::SslMode;
  const TlsSettings tls = tls_settings(options, host);
  TlsPlan plan;
  plan.try_tls = tls.mode != SslMode::disable;
  plan.may_fall_back = tls.mode == SslMode::prefer || tls.mode == SslMode::allow;
  plan.verify_name = tls.mode == SslMode::verify_full;
  // Naming a CA turns libmariadb's chain verification on: only the verifying modes may name one.
  if (tls.mode == SslMode::verify_ca || plan.verify_name) plan.ca = tls.root_certificate;
  plan.cert = tls.certificate;
  plan.key = tls.key;
  return plan;
}

void set_text(MYSQL* link, mysql_option option, const std::string& value) {
  if (!value.empty()) mysql_optionsv(link, option, value.c_str());
}

void set_tls(MYSQL* link, const TlsPlan& plan, Tls tls) {
  const my_bool enforce = tls == Tls::on ? 1 : 0;
  const my_bool verify = plan.verify_name ? 1 : 0;
  if (tls == Tls::on) {
    set_text(link, MYSQL_OPT_SSL_CA, plan.ca);
    set_text(link, MYSQL_OPT_SSL_CERT, plan.cert);
    set_text(link, MYSQL_OPT_SSL_KEY, plan.key);
    mysql_optionsv(link, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  }
  mysql_optionsv(link, MYSQL_OPT_SSL_ENFORCE, &enforce);
}

std::string peer_text(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char host[64] = "";
  char port[16] = "";
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), length, host, sizeof host, port,
                  sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "";
  return HostPort{host, static_cast<std::uint16_t>(std::strtoul(port, nullptr, 10))}.text();
}

}  // namespace

/// Everything needed to dial once more: the KILL QUERY link uses it too.
struct MysqlDial {
  LinkTarget target;
  TlsPlan plan;
  Credentials credentials;
  std::string database, application;
  unsigned int connect_timeout = 0;

  void configure(MYSQL* link, ClearTextPolicy& policy, Tls tls) const {
    const unsigned int tcp = MYSQL_PROTOCOL_TCP;
    mysql_optionsv(link, MYSQL_OPT_PROTOCOL, &tcp);  // "localhost" would mean the unix socket
    mysql_optionsv(link, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (connect_timeout > 0) mysql_optionsv(link, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_optionsv(link, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", application.c_str());
    set_tls(link, plan, tls);
    guard_clear_text(link, policy);
  }
  std::string host_for(std::size_t address) const {
    return plan.verify_name || target.addresses.empty() ? target.endpoint.host
                                                        : target.addresses[address];
  }
  std::size_t attempts() const {
    return plan.verify_name || target.addresses.empty() ? 1 : target.addresses.size();
  }
  static constexpr unsigned long flags = CLIENT_FOUND_ROWS | CLIENT_MULTI_RESULTS;
};

/// The connect exchange: addresses in turn, TLS first, plain where sslmode allows it.
class MysqlConnect final : public Exchange {
 public:
  MysqlConnect(std::shared_ptr<MysqlClient> client, MysqlDial dial)
      : client_(std::move(client)),
        dial_(std::move(dial)),
        tls_(dial_.plan.try_tls ? Tls::on : Tls::off) {
    client_->clear_text_.allowed |= dial_.credentials.clear_text_allowed;
  }

  Want step() override {
    if (client_->link_ == nullptr) {
      // With a name to verify libmariadb resolves by itself: that may block.
      if (dial_.plan.verify_name && !on_worker_) return to_worker();
      on_worker_ = false;
      return begin();
    }
    if (greeting_is_there_ && tls_ == Tls::on && !on_worker_) return to_worker();
    on_worker_ = false;
    return after(mysql_real_connect_cont(&connected_, client_->link_, wait_flag_));
  }

  int descriptor() const override { return static_cast<int>(mysql_get_socket(client_->link_)); }
  LinkGuard* guard() override { return &client_->guard_; }

 private:
  Want to_worker() {
    on_worker_ = true;
    return Want::worker;
  }

  Want begin() {
    MYSQL* const link = mysql_init(nullptr);
    if (link == nullptr) throw std::bad_alloc();
    client_->link_ = link;
    mysql_optionsv(link, MYSQL_OPT_NONBLOCK, nullptr);
    dial_.configure(link, client_->clear_text_, tls_);
    const std::string host = dial_.host_for(address_);
    return after(mysql_real_connect_start(&connected_, link, host.c_str(),
                                          dial_.credentials.user.c_str(),
                                          dial_.credentials.password.reveal().c_str(),
                                          dial_.database.empty() ? nullptr : dial_.database.c_str(),
                                          dial_.target.endpoint.port, nullptr, MysqlDial::flags));
  }

  Want after(int status) {
    if (status == 0) return connected_ != nullptr ? finish() : failed();
    client_->guard_.expose(descriptor());
    greeting_is_there_ |= (status & MYSQL_WAIT_READ) != 0;
    wait_flag_ = status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
    return (status & MYSQL_WAIT_WRITE) != 0 ? Want::write : Want::read;
  }

  Want finish() {
    const int fd = descriptor();
    client_->guard_.expose(fd);
    client_->peer_ = peer_text(fd);
    client_->connected_ = true;
    client_->dial_again_ = [dial = dial_, tls = tls_](MYSQL* link) {
      ClearTextPolicy policy{dial.credentials.clear_text_allowed, {}};
      dial.configure(link, policy, tls);
      const std::string host = dial.host_for(0);
      return mysql_real_connect(link, host.c_str(), dial.credentials.user.c_str(),
                                dial.credentials.password.reveal().c_str(), nullptr,
                                dial.target.endpoint.port, nullptr, MysqlDial::flags) != nullptr;
    };
    return Want::done;
  }

  Want failed() {
    const MysqlFailure failure{mysql_errno(client_->link_), mysql_sqlstate(client_->link_),
                               mysql_error(client_->link_)};
    client_->guard_.withdraw();
    mysql_close(std::exchange(client_->link_, nullptr));
    greeting_is_there_ = false;
    if (tls_ == Tls::on && dial_.plan.may_fall_back && server_lacks_tls(failure)) {
      tls_ = Tls::off;
      return step();
    }
    if (is_link_failure(failure.code) && ++address_ < dial_.attempts()) return step();
    const std::string where = dial_.target.endpoint.text();
    if (!client_->clear_text_.refusal.empty())
      throw Error(sqlstate::login_failed, "MariaDB client",
                  fmt::format("cannot connect to {}: {}", where, client_->clear_text_.refusal),
                  Reached::not_sent, static_cast<int>(failure.code))
          .with_link_lost();
    throw mysql_connect_error(failure, where);
  }

  /// libmariadb's own sentence (CR_SSL_CONNECTION_ERROR covers every TLS failure).
  static bool server_lacks_tls(const MysqlFailure& failure) {
    return failure.code == 2026 && failure.text.find("does not support") != std::string::npos;
  }

  std::shared_ptr<MysqlClient> client_;
  MysqlDial dial_;
  MYSQL* connected_ = nullptr;
  std::size_t address_ = 0;
  int wait_flag_ = 0;
  Tls tls_;
  bool greeting_is_there_ = false;
  bool on_worker_ = false;
};

std::unique_ptr<Exchange> MysqlClient::start_connect(LinkTarget target, const Options& options,
                                                     Credentials credentials) {
  MysqlDial dial;
  dial.plan = tls_plan(options, target.endpoint.host);
  dial.target = std::move(target);
  dial.credentials = std::move(credentials);
  dial.database = options.text(general::database);
  dial.application = options.text(link_options::application_name);
  if (options.given(general::connect_timeout))
    dial.connect_timeout =
        static_cast<unsigned int>(options.span(general::connect_timeout).count() / 1000);
  clear_text_.allowed = options.boolean(mysql_options::enable_cleartext_plugin);
  return std::make_unique<MysqlConnect>(std::static_pointer_cast<MysqlClient>(shared_from_this()),
                                        std::move(dial));
}

}  // namespace core
