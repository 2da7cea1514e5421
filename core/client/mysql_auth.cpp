// SPDX-License-Identifier: Apache-2.0
// mysql_clear_password and dialog, guarded, and the registration of all plugins.
#include "core/client/mysql_auth.h"

#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/client/mysql_login_plugins.h"

namespace core {
namespace mysql_login {
namespace {

constexpr char policy_key[] = "aurodbc_login_policy";
constexpr int most_questions = 16;

/// A plugin that the greeting itself names runs before the login packet, and that begins TLS: the
/// library sends nothing in clear once both sides want TLS, and nothing has been sent yet.
bool will_be_encrypted(const MYSQL* link) noexcept {
  return link->net.pkt_nr <= 1 && link->options.use_ssl != 0 &&
         (link->server_capabilities & CLIENT_SSL) != 0;
}

bool may_send(MYSQL* link) noexcept {
  const LoginPolicy* const policy = policy_of(link);
  if (mysql_get_ssl_cipher(link) == nullptr && !will_be_encrypted(link)) {
    refuse(link,
           "the server asks for the password in clear text and the link is not encrypted: refused; "
           "use sslmode=require or stricter, or another login method for this user");
    return false;
  }
  if (policy != nullptr && !policy->clear_text_allowed) {
    refuse(link,
           "the server asks for the password in clear text: refused; set "
           "enable_cleartext_plugin=1 if this server is trusted");
    return false;
  }
  return true;
}

int clear_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  return may_send(link) ? send_password(vio, link) : CR_ERROR;
}

/// The server's dialog (PAM): every password question is answered with the password.
int dialog(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  if (!may_send(link)) return CR_ERROR;
  for (int question = 0; question < most_questions; ++question) {
    unsigned char* packet = nullptr;
    const int length = vio->read_packet(vio, &packet);
    if (length < 0) return CR_ERROR;
    if (question > 0 && (length == 0 || packet[0] == 0 || packet[0] == 254))
      return CR_OK_HANDSHAKE_COMPLETE;
    if (send_password(vio, link) != CR_OK) return CR_ERROR;
    // The lowest bit of the type byte marks the last question.
    if (length > 0 && (packet[0] & 1U) != 0) return CR_OK;
  }
  return CR_ERROR;
}

/// libmariadb's own, for links that are not ours.
int (*library_old_password)(MYSQL_PLUGIN_VIO*, MYSQL*) = nullptr;

/// MySQL 4.0's: whoever sees the answer has the password soon.
int old_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  if (policy_of(link) == nullptr) return library_old_password(vio, link);
  return refuse(link,
                "the server asks for the login method mysql_old_password, which is not safe: "
                "refused; give this user another one");
}

using Plugin = st_mysql_client_plugin_AUTHENTICATION;

Plugin plugin(const char* name, int (*log_in)(MYSQL_PLUGIN_VIO*, MYSQL*)) {
  return {MYSQL_CLIENT_AUTHENTICATION_PLUGIN,
          MYSQL_CLIENT_AUTHENTICATION_PLUGIN_INTERFACE_VERSION,
          name,
          "aurodbc",
          "sends no password that others could read",
          {1, 0, 0},
          "Apache-2.0",
          nullptr,
          nullptr,
          nullptr,
          nullptr,
          log_in};
}

/// It is built in: another of that name cannot be registered, so its function is replaced.
void replace_old_password(MYSQL* link) noexcept {
  auto* const found = reinterpret_cast<Plugin*>(
      mysql_client_find_plugin(link, "mysql_old_password", MYSQL_CLIENT_AUTHENTICATION_PLUGIN));
  if (found != nullptr)
    library_old_password = std::exchange(found->authenticate_user, &old_password);
}

}  // namespace

LoginPolicy* policy_of(MYSQL* link) noexcept {
  void* found = nullptr;
  mysql_get_optionv(link, MARIADB_OPT_USERDATA, const_cast<char*>(policy_key), &found);
  return static_cast<LoginPolicy*>(found);
}

int refuse(MYSQL* link, const char* sentence) noexcept {
  LoginPolicy* const policy = policy_of(link);
  if (policy == nullptr) return CR_ERROR;
  try {
    policy->refusal = sentence;
  } catch (...) {  // out of memory: the refusal itself still stands
  }
  return CR_ERROR;
}

std::string_view password_of(const MYSQL* link) noexcept {
  return link->passwd != nullptr ? link->passwd : "";
}

int send_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  const std::string_view password = password_of(link);
  const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
  return vio->write_packet(vio, bytes, static_cast<int>(password.size() + 1)) != 0 ? CR_ERROR
                                                                                   : CR_OK;
}

}  // namespace mysql_login

void install_login_plugins(MYSQL* link, LoginPolicy& policy) {
  static std::once_flag once;
  std::call_once(once, [link] {
    // libmariadb keeps these pointers for the life of the process.
    static auto* const plugins =
        new std::array{mysql_login::plugin("mysql_clear_password", mysql_login::clear_password),
                       mysql_login::plugin("dialog", mysql_login::dialog),
                       mysql_login::plugin("caching_sha2_password", mysql_login::caching_sha2),
                       mysql_login::plugin("sha256_password", mysql_login::sha256)};
    for (mysql_login::Plugin& own : *plugins)
      mysql_client_register_plugin(link, reinterpret_cast<st_mysql_client_plugin*>(&own));
    mysql_login::replace_old_password(link);
  });
  mysql_optionsv(link, MARIADB_OPT_USERDATA, mysql_login::policy_key, &policy);
}

}  // namespace core
