// SPDX-License-Identifier: Apache-2.0
// Our own client-side login plugins for clear-text passwords. libmariadb's built-in ones send the
// password to any server that asks, without TLS too (measured with 3.3.20); these refuse unless the
// link is encrypted and the user or the credential source allowed it.
#pragma once

#include <mysql.h>

#include <string>

namespace core {

/// What the login plugins may do on one link, and what they refused. Must outlive the connect.
struct ClearTextPolicy {
  bool allowed = false;  ///< by option or by the credential source; TLS is required all the same
  std::string refusal;   ///< set by the plugin: a sentence for the user
};

/// Registers the plugins (once per process; they stay for its lifetime, as -z nodelete does) and
/// attaches `policy` to `link`. Call before connecting.
void guard_clear_text(MYSQL* link, ClearTextPolicy& policy);

}  // namespace core
