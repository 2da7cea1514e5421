// SPDX-License-Identifier: Apache-2.0
// Our own client-side login plugins. libmariadb's built-in mysql_clear_password and dialog send the
// password to any server that asks, without TLS too, and its caching_sha2_password and
// sha256_password encrypt it for whatever key the server sends (measured with 3.3.20): a man in the
// middle would read it. Ours send a password over TLS only, or for a key the user has or asks for;
// and they need no plugin directory.
#pragma once

#include <mysql.h>

#include <string>

namespace core {

/// What the login plugins may do on one link, and what they refused. Must outlive the connect.
struct LoginPolicy {
  bool clear_text_allowed = false;  ///< by option or by the credential source; TLS all the same
  bool may_ask_for_key = false;     ///< get_server_public_key
  std::string public_key;           ///< PEM, for passwords without TLS; empty without one
  std::string refusal;              ///< set by the plugin: a sentence for the user
};

/// Registers the plugins (once per process; they stay for its lifetime, as -z nodelete does) and
/// attaches `policy` to `link`. Call before connecting.
void install_login_plugins(MYSQL* link, LoginPolicy& policy);

/// The file's text; throws HY024 naming `keyword` when it is no public key in PEM form.
std::string read_public_key(const std::string& path, std::string_view keyword);

}  // namespace core
