// SPDX-License-Identifier: Apache-2.0
// The options of a physical link, declared once for both client libraries.
#include "core/client/link_options.h"

namespace core::link_options {
namespace {

// In the order of SslMode.
constexpr std::string_view ssl_modes[] = {"disable|disabled", "allow",
                                          "prefer|preferred", "require|required",
                                          "verify-ca",        "verify-full|verify-identity"};
// In the order of TlsVersion.
constexpr std::string_view tls_versions[] = {"TLSv1.2|1.2", "TLSv1.3|1.3"};

constexpr OptionAlias rootcert_aliases[] = {{"SSLCA"}, {"SSL_CA"}};
constexpr OptionAlias version_aliases[] = {{"ssl_min_protocol_version"}};

}  // namespace

constinit const Option sslmode{
    .name = "sslmode",
    .type = OptionType::choice,
    .default_value = "prefer",
    .help =
        "Encryption: disable; allow and prefer encrypt when the server does; require encrypts "
        "or fails; verify-ca also checks the certificate, verify-full also the host's name.",
    .choices = ssl_modes};

constinit const Option sslrootcert{
    .name = "sslrootcert",
    .help =
        "Whom to trust: a file of certificates (PEM), `system` for the machine's own store, or "
        "`rds` for the authorities of Amazon RDS.",
    .aliases = rootcert_aliases};

constinit const Option sslcert{.name = "sslcert",
                               .help = "File of the client's certificate (PEM)."};

constinit const Option sslkey{.name = "sslkey",
                              .help = "File of the client certificate's private key (PEM)."};

constinit const Option tls_version{
    .name = "tls_version",
    .type = OptionType::choice,
    .help =
        "The oldest version of TLS that will do; the client library's own limit when not given.",
    .aliases = version_aliases,
    .choices = tls_versions};

constinit const Option application_name{
    .name = "application_name", .help = "Name of the application as the server's lists show it."};

constinit const Option tcp_keepalive{.name = "tcp_keepalive",
                                     .type = OptionType::boolean,
                                     .default_value = "true",
                                     .help = "Lets the system probe a silent link."};

constinit const Option tcp_keepalive_time{
    .name = "tcp_keepalive_time",
    .type = OptionType::span_seconds,
    .help = "Seconds of silence before the first probe; the system's default when not given.",
    .minimum = 1,
    .maximum = 32767};

constinit const Option tcp_keepalive_interval{
    .name = "tcp_keepalive_interval",
    .type = OptionType::span_seconds,
    .help = "Seconds between two probes; the system's default when not given.",
    .minimum = 1,
    .maximum = 32767};

constinit const Option tcp_keepalive_probes{
    .name = "tcp_keepalive_probes",
    .type = OptionType::integer,
    .help = "Unanswered probes after which the link is lost; the system's default when not given.",
    .minimum = 1,
    .maximum = 127};

constinit const Option array_rewrite{
    .name = "array_rewrite",
    .type = OptionType::boolean,
    .default_value = "true",
    .help =
        "Sends the sets of a parameter array together, as one statement, where the server's "
        "catalog "
        "proves that nothing could tell the difference from single executions; false never does."};

namespace {

constexpr const Option* all[] = {&sslmode,
                                 &sslrootcert,
                                 &sslcert,
                                 &sslkey,
                                 &tls_version,
                                 &application_name,
                                 &tcp_keepalive,
                                 &tcp_keepalive_time,
                                 &tcp_keepalive_interval,
                                 &tcp_keepalive_probes,
                                 &array_rewrite};
constinit const OptionGroup connection_group{"Connection", all};

}  // namespace

const OptionGroup& group() { return connection_group; }

}  // namespace core::link_options
