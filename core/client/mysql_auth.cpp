// SPDX-License-Identifier: Apache-2.0
// mysql_clear_password and dialog, guarded.
#include "core/client/mysql_auth.h"

#include <cstring>
#include <mutex>

extern "C" {
#include <mysql/client_plugin.h>
}

namespace core {
namespace {

constexpr char policy_key[] = "aurodbc_clear_text_policy";

ClearTextPolicy* policy_of(MYSQL* link) noexcept {
  void* found = nullptr;
  mysql_get_optionv(link, MARIADB_OPT_USERDATA, const_cast<char*>(policy_key), &found);
  return static_cast<ClearTextPolicy*>(found);
}

void refuse(ClearTextPolicy* policy, const char* sentence) noexcept {
  if (policy == nullptr) return;
  try {
    policy->refusal = sentence;
  } catch (...) {  // out of memory: the refusal itself still stands
  }
}

bool may_send(MYSQL* link) noexcept {
  ClearTextPolicy* const policy = policy_of(link);
  if (mysql_get_ssl_cipher(link) == nullptr) {
    refuse(policy,
           "the server asks for the password in clear text and the link is not encrypted: refused; "
           "use sslmode=require or stricter, or another login method for this user");
    return false;
  }
  if (policy == nullptr || !policy->allowed) {
    refuse(policy,
           "the server asks for the password in clear text: refused; set "
           "enable_cleartext_plugin=1 if this server is trusted");
    return false;
  }
  return true;
}

int send_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) {
  const auto* password = reinterpret_cast<const unsigned char*>(link->passwd);
  const auto length = static_cast<int>(std::strlen(link->passwd) + 1);
  return vio->write_packet(vio, password, length) != 0 ? CR_ERROR : CR_OK;
}

int clear_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  return may_send(link) ? send_password(vio, link) : CR_ERROR;
}

/// The server's dialog (PAM): every password question is answered with the password.
int dialog(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept {
  if (!may_send(link)) return CR_ERROR;
  for (int question = 0; question < 16; ++question) {
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

st_mysql_client_plugin_AUTHENTICATION make_plugin(const char* name,
                                                  int (*authenticate)(MYSQL_PLUGIN_VIO*, MYSQL*)) {
  return {MYSQL_CLIENT_AUTHENTICATION_PLUGIN,
          MYSQL_CLIENT_AUTHENTICATION_PLUGIN_INTERFACE_VERSION,
          name,
          "aurodbc",
          "sends the password over TLS only",
          {1, 0, 0},
          "Apache-2.0",
          nullptr,
          nullptr,
          nullptr,
          nullptr,
          authenticate};
}

}  // namespace

void guard_clear_text(MYSQL* link, ClearTextPolicy& policy) {
  static std::once_flag once;
  std::call_once(once, [link] {
    // libmariadb keeps these pointers for the life of the process.
    static auto* const clear = new auto(make_plugin("mysql_clear_password", clear_password));
    static auto* const ask = new auto(make_plugin("dialog", dialog));
    mysql_client_register_plugin(link, reinterpret_cast<st_mysql_client_plugin*>(clear));
    mysql_client_register_plugin(link, reinterpret_cast<st_mysql_client_plugin*>(ask));
  });
  mysql_optionsv(link, MARIADB_OPT_USERDATA, policy_key, &policy);
}

}  // namespace core
