// SPDX-License-Identifier: Apache-2.0
// Options that both client libraries understand: encryption, keepalive, the name the server shows.
// pg_client and mysql_client read these same objects.
#pragma once

#include <cstdint>

#include "core/option.h"

namespace core::link_options {

/// Index of sslmode's choices.
enum class SslMode : std::uint8_t { disable, allow, prefer, require, verify_ca, verify_full };

/// Index of tls_version's choices.
enum class TlsVersion : std::uint8_t { tls_1_2, tls_1_3 };

extern const Option sslmode, sslrootcert, sslcert, sslkey, tls_version, application_name,
    tcp_keepalive, tcp_keepalive_time, tcp_keepalive_interval, tcp_keepalive_probes, array_rewrite;
const OptionGroup& group();

}  // namespace core::link_options
