// SPDX-License-Identifier: Apache-2.0
// What the login plugins share. Comes in: mysql_auth.cpp, mysql_sha.cpp. They run on libmariadb's
// own small stack, and nothing may be thrown through it.
#pragma once

#include <mysql.h>

#include <string_view>

#include "core/client/mysql_auth.h"

extern "C" {
#include <mysql/client_plugin.h>
}

namespace core::mysql_login {

/// Null on links that are not ours: an application may use libmariadb itself, and the plugins are
/// the process's. It gets what the library would do, but for passwords in clear text without TLS.
LoginPolicy* policy_of(MYSQL* link) noexcept;
/// Leaves a sentence for the user; gives CR_ERROR.
int refuse(MYSQL* link, const char* sentence) noexcept;
/// The password and the NUL behind it.
int send_password(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept;
std::string_view password_of(const MYSQL* link) noexcept;

int caching_sha2(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept;
int sha256(MYSQL_PLUGIN_VIO* vio, MYSQL* link) noexcept;

}  // namespace core::mysql_login
