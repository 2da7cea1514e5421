// SPDX-License-Identifier: Apache-2.0
// What the TLS options mean together, for both clients: the mode in force and where the files are.
#pragma once

#include <string>

#include "core/client/link_options.h"
#include "core/options.h"

namespace core {

/// The TLS demands of one link. Paths are existing, readable files or empty.
struct TlsSettings {
  link_options::SslMode mode = link_options::SslMode::prefer;
  std::string root_certificate;  ///< PEM bundle to verify against; empty when nothing is verified
  std::string certificate;       ///< client certificate
  std::string key;
  std::string
      versions;  ///< the allowed ones, "TLSv1.2,TLSv1.3", oldest first; empty: the library's

  bool verifies() const { return mode >= link_options::SslMode::verify_ca; }
};

/// Reads the options for a link to `host`. sslmode not given: `require` for RDS host names, else
/// `prefer`; verify-full as soon as sslrootcert is given. sslrootcert=system is the operating
/// system's bundle, =rds the first documented place that holds the RDS bundle. Throws HY024 when a
/// named file is missing, saying how to get it.
TlsSettings tls_settings(const Options& options, const std::string& host);

}  // namespace core
