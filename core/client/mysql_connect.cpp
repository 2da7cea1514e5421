// SPDX-License-Identifier: Apache-2.0
// Connecting with libmariadb: TCP and greeting suspend, TLS handshake and login block (worker
// step).
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "core/client/link_options.h"
#include "core/client/mysql_client.h"
#include "core/client/mysql_dial.h"
#include "core/client/mysql_options.h"

namespace core {
namespace {

/// Address and port of the other end; empty when the socket is not connected.
HostPort peer_of(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char host[64] = "";
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), length, host, sizeof host, nullptr, 0,
                  NI_NUMERICHOST) != 0)
    return {};
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
  return {host, ntohs(v4->sin_port)};  // IPv6 has its port at the same place
}

enum class Greeting : std::uint8_t { incomplete, offers_tls, lacks_tls, no_greeting };

/// Looks at the server's greeting without taking it from the socket. libmariadb logs in without
/// encryption when the server does not offer it, whatever MYSQL_OPT_SSL_ENFORCE says (3.3.20): so
/// the offer is read before the library is let on. `needed`: bytes to wait for.
Greeting peek_greeting(int fd, int& needed) {
  constexpr std::size_t longest = 1024;
  constexpr unsigned int client_ssl = 0x0800;
  unsigned char data[longest];
  const ssize_t got = ::recv(fd, data, sizeof data, MSG_PEEK | MSG_DONTWAIT);
  if (got <= 0) return Greeting::no_greeting;
  needed = 4;
  if (got < 4) return Greeting::incomplete;
  const std::size_t length = data[0] | data[1] << 8 | data[2] << 16;
  if (length + 4 > longest) return Greeting::no_greeting;
  needed = static_cast<int>(length) + 4;
  if (got < needed) return Greeting::incomplete;
  if (length < 1 || data[4] != 10) return Greeting::no_greeting;  // an error packet, or no MySQL
  const unsigned char* const end = data + needed;
  const unsigned char* const version_end = std::find<const unsigned char*>(data + 5, end, 0);
  constexpr int to_capabilities = 1 + 4 + 8 + 1;  // end of version, thread, scramble, filler
  if (end - version_end < to_capabilities + 2) return Greeting::no_greeting;
  const unsigned int low = version_end[to_capabilities] | version_end[to_capabilities + 1] << 8;
  return (low & client_ssl) != 0 ? Greeting::offers_tls : Greeting::lacks_tls;
}

constexpr unsigned int plugin_missing = 2059;

/// libmariadb goes on with a dummy in the place of a plugin that it cannot load, and the error code
/// becomes what the server says to that; its text stays.
bool is_missing_plugin(const std::string& text) {
  return text.starts_with("Plugin ") && text.find("could not be loaded") != std::string::npos;
}

}  // namespace

/// Addresses in turn, TLS first, plain where sslmode allows it.
class MysqlConnect final : public Exchange {
 public:
  MysqlConnect(std::shared_ptr<MysqlClient> client, std::shared_ptr<const MysqlDial> dial)
      : client_(std::move(client)), dial_(std::move(dial)), encrypt_(dial_->tls.try_tls) {}

  Want step() override {
    const bool on_worker = std::exchange(on_worker_, false);
    if (client_->link_ == nullptr) {
      if (by_name() && !on_worker) return to_worker();  // libmariadb resolves: that may block
      return begin();
    }
    switch (at_) {
      case At::dialling:
        // The library may find the greeting at once and go on to the login: wait for it here.
        at_ = At::greeting;
        return Want::read;
      case At::greeting:
        if (must_encrypt() && !offer_is_complete()) return Want::read;
        at_ = At::login;
        if (encrypt_) return to_worker();
        break;
      case At::login:
        if (encrypt_ && !on_worker) return to_worker();
        break;
    }
    return after(mysql_real_connect_cont(&connected_, client_->link_, wait_flag_));
  }

  int descriptor() const override {
    return client_->link_ == nullptr ? -1 : static_cast<int>(mysql_get_socket(client_->link_));
  }
  LinkGuard* guard() override { return &client_->guard_; }

 private:
  enum class At : std::uint8_t { dialling, greeting, login };

  bool must_encrypt() const { return encrypt_ && !dial_->tls.may_fall_back; }

  /// Throws 08001 when the server offers no TLS. What is no greeting at all never gets a login:
  /// the library finds that out by itself.
  bool offer_is_complete() {
    const int fd = descriptor();
    int needed = 1;
    const Greeting greeting = peek_greeting(fd, needed);
    const bool complete = greeting != Greeting::incomplete;
    if (complete) needed = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &needed, sizeof needed);
    if (greeting == Greeting::lacks_tls) throw without_tls();
    return complete;
  }

  Error without_tls() const {
    return mysql_connect_error({2026, "HY000", "the server offers no TLS"}, dial_->where());
  }

  bool by_name() const { return dial_->socket.empty() && dial_->target.addresses.empty(); }
  std::size_t attempts() const {
    return by_name() || !dial_->socket.empty() ? 1 : dial_->target.addresses.size();
  }

  Want to_worker() {
    on_worker_ = true;
    return Want::worker;
  }

  /// libmariadb takes one host both to dial and to verify. It reads our buffer when it dials and
  /// again after the greeting, for the certificate (3.3): between the two the numeric address is
  /// replaced by the name. Were it to read once only, the certificate would not match: refused.
  void write_host(const std::string& host) {
    std::memcpy(host_.data(), host.c_str(), host.size() + 1);
  }

  Want begin() {
    const LinkTarget& target = dial_->target;
    const std::string& dialled =
        by_name() || !dial_->socket.empty() ? target.endpoint.host : target.addresses[address_];
    host_.resize(std::max(host_.size(), std::max(dialled.size(), target.endpoint.host.size()) + 1));
    write_host(dialled);
    MYSQL* const link = mysql_init(nullptr);
    if (link == nullptr) throw std::bad_alloc();
    client_->link_ = link;
    client_->login_ = dial_->login;
    introduced_ = false;
    at_ = At::dialling;
    dial_->configure(link, client_->login_, client_->local_files_, encrypt_);
    const Credentials& who = dial_->credentials;
    return after(mysql_real_connect_start(
        // Any host but "localhost" and none would mean TCP.
        &connected_, link, dial_->socket.empty() ? host_.data() : nullptr, who.user.c_str(),
        who.password.reveal().c_str(), dial_->database.empty() ? nullptr : dial_->database.c_str(),
        target.endpoint.port, dial_->socket.empty() ? nullptr : dial_->socket.c_str(),
        CLIENT_MULTI_RESULTS | (dial_->found_rows ? CLIENT_FOUND_ROWS : 0UL)));
  }

  Want after(int status) {
    if (status == 0) return connected_ != nullptr ? finish() : failed();
    write_host(dial_->target.endpoint.host);
    if (!std::exchange(introduced_, true)) dial_->introduce(client_->link_);
    client_->guard_.expose(descriptor());
    if (at_ == At::dialling && (status & MYSQL_WAIT_READ) != 0) at_ = At::greeting;
    wait_flag_ = status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
    return (status & MYSQL_WAIT_WRITE) != 0 ? Want::write : Want::read;
  }

  Want finish() {
    if (must_encrypt() && mysql_get_ssl_cipher(client_->link_) == nullptr) throw without_tls();
    const int fd = descriptor();
    client_->guard_.expose(fd);
    dial_->apply_keepalive(fd);
    client_->peer_ = dial_->socket.empty() ? peer_of(fd) : HostPort{dial_->socket, 0};
    client_->dial_ = dial_;
    client_->settings_.begin(*client_->link_, dial_->database);
    client_->connected_ = true;
    return Want::done;
  }

  Want failed() {
    const MysqlFailure failure{mysql_errno(client_->link_), mysql_sqlstate(client_->link_),
                               mysql_error(client_->link_)};
    client_->guard_.withdraw();
    mysql_close(std::exchange(client_->link_, nullptr));
    if (!client_->guard_.was_shut_down()) {
      if (encrypt_ && dial_->tls.may_fall_back && server_lacks_tls(failure)) {
        encrypt_ = false;
        return step();
      }
      if (is_link_failure(failure.code) && ++address_ < attempts()) {
        encrypt_ = dial_->tls.try_tls;
        return step();
      }
    }
    throw error_for(failure);
  }

  Error error_for(const MysqlFailure& failure) const {
    const std::string where = dial_->where();
    if (is_missing_plugin(failure.text))
      return mysql_connect_error({plugin_missing, failure.state, failure.text}, where);
    const std::string& refusal = client_->login_.refusal;
    if (refusal.empty()) return mysql_connect_error(failure, where);
    return Error(sqlstate::login_failed, mysql_component,
                 fmt::format("cannot log in to {}: {}", where, refusal), Reached::not_sent,
                 static_cast<int>(failure.code))
        .with_link_lost();
  }

  /// libmariadb's own sentence (CR_SSL_CONNECTION_ERROR covers every TLS failure).
  static bool server_lacks_tls(const MysqlFailure& failure) {
    return failure.code == 2026 && failure.text.find("does not support") != std::string::npos;
  }

  std::shared_ptr<MysqlClient> client_;
  std::shared_ptr<const MysqlDial> dial_;
  std::vector<char> host_;
  MYSQL* connected_ = nullptr;
  std::size_t address_ = 0;
  int wait_flag_ = 0;
  bool encrypt_;
  At at_ = At::dialling;
  bool on_worker_ = false;
  bool introduced_ = false;
};

std::unique_ptr<Exchange> mysql_connect(std::shared_ptr<MysqlClient> client,
                                        std::shared_ptr<const MysqlDial> dial) {
  return std::make_unique<MysqlConnect>(std::move(client), std::move(dial));
}

std::unique_ptr<Exchange> MysqlClient::start_connect(LinkTarget target, const Options& options,
                                                     Credentials credentials) {
  spool_settings_ = SpoolSettings::from(options);
  type_rules_ = MysqlTypeRules::from(options);
  rewrites_arrays_ = options.boolean(link_options::array_rewrite);
  uses_bulk_protocol_ = options.boolean(mysql_options::bulk);
  return mysql_connect(std::static_pointer_cast<MysqlClient>(shared_from_this()),
                       std::make_shared<MysqlDial>(
                           MysqlDial::from(std::move(target), options, std::move(credentials))));
}

}  // namespace core
