// SPDX-License-Identifier: Apache-2.0
// From sslmode, sslrootcert, sslcert and sslkey to files that exist.
#include "core/client/tls_settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "core/endpoint.h"
#include "core/error.h"

namespace core {
namespace {

/// Debian, Ubuntu, Arch; Red Hat and Amazon Linux; SUSE; Alpine.
constexpr std::array system_bundles = {"/etc/ssl/certs/ca-certificates.crt",
                                       "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                       "/etc/ssl/cert.pem"};
constexpr std::array rds_bundles = {"/etc/ssl/certs/rds-global-bundle.pem",
                                    "/etc/ssl/certs/aws-rds-global-bundle.pem",
                                    "/usr/local/share/ca-certificates/rds-global-bundle.pem",
                                    "/usr/share/aurodbc/rds-global-bundle.pem"};
constexpr auto rds_in_home = "/.postgresql/rds-global-bundle.pem";

bool readable(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

template <std::size_t N>
std::string first_readable(const std::array<const char*, N>& paths) {
  for (const char* path : paths)
    if (readable(path)) return path;
  return {};
}

Error missing(const std::string& text) {
  return Error(sqlstate::invalid_attribute_value, "TLS", text, Reached::not_sent);
}

std::string system_bundle() {
  std::string path = first_readable(system_bundles);
  if (path.empty())
    throw missing(
        "sslrootcert=system: no bundle of certificate authorities was found; install the "
        "package ca-certificates or name a file");
  return path;
}

std::string rds_bundle() {
  std::string path = first_readable(rds_bundles);
  const char* home = std::getenv("HOME");
  if (path.empty() && home != nullptr && readable(std::string(home) + rds_in_home))
    path = std::string(home) + rds_in_home;
  if (path.empty())
    throw missing(
        fmt::format("sslrootcert=rds: the certificate bundle of Amazon RDS is not on this "
                    "machine; download global-bundle.pem from the RDS trust store and save "
                    "it as {}",
                    rds_bundles[0]));
  return path;
}

std::string named_file(const Options& options, const Option& option) {
  std::string path = options.text(option);
  if (!path.empty() && !readable(path))
    throw missing(
        fmt::format("{}: the file '{}' does not exist or cannot be read", option.name, path));
  return path;
}

std::string root_certificate(const Options& options) {
  const std::string given = options.text(link_options::sslrootcert);
  if (normalized(given) == "system") return system_bundle();
  if (normalized(given) == "rds") return rds_bundle();
  return named_file(options, link_options::sslrootcert);
}

}  // namespace

TlsSettings tls_settings(const Options& options, const std::string& host) {
  using link_options::SslMode;
  TlsSettings tls;
  if (options.given(link_options::sslmode))
    tls.mode = static_cast<SslMode>(options.choice(link_options::sslmode));
  else if (options.given(link_options::sslrootcert))
    tls.mode = SslMode::verify_full;
  else
    tls.mode = parse_endpoint(host).is_rds() ? SslMode::require : SslMode::prefer;
  if (tls.mode == SslMode::disable) return tls;
  tls.root_certificate = root_certificate(options);
  if (tls.root_certificate.empty() && tls.verifies()) tls.root_certificate = system_bundle();
  tls.certificate = named_file(options, link_options::sslcert);
  tls.key = named_file(options, link_options::sslkey);
  if (options.given(link_options::tls_version))
    tls.versions = options.choice(link_options::tls_version) ==
                           static_cast<std::size_t>(link_options::TlsVersion::tls_1_3)
                       ? "TLSv1.3"
                       : "TLSv1.2,TLSv1.3";
  return tls;
}

}  // namespace core
