// SPDX-License-Identifier: Apache-2.0
// Options to libpq keywords.
#include "core/client/link_options.h"
#include "core/client/pg_connect.h"
#include "core/client/tls_settings.h"

namespace core {

namespace {

// libpq pairs the n-th host with the n-th address.
std::string repeated(const std::string& text, std::size_t times) {
  std::string list = text;
  for (std::size_t i = 1; i < times; ++i) list.append(",").append(text);
  return list;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    if (!list.empty()) list.push_back(',');
    list.append(text);
  }
  return list;
}

const char* libpq_name(link_options::SslMode mode) {
  static constexpr const char* names[] = {"disable", "allow",     "prefer",
                                          "require", "verify-ca", "verify-full"};
  return names[static_cast<std::size_t>(mode)];
}

}  // namespace

PgKeywords::PgKeywords(const LinkTarget& target, const Options& options,
                       const Credentials& credentials) {
  const std::size_t places = std::max<std::size_t>(target.addresses.size(), 1);
  add("host", repeated(target.endpoint.host, places));
  if (!target.addresses.empty()) add("hostaddr", joined(target.addresses));
  add("port", std::to_string(target.endpoint.port));
  add("user", credentials.user);
  if (options.given(general::database)) add("dbname", options.text(general::database));
  add("client_encoding", "UTF8");
  add("application_name", options.text(link_options::application_name));
  add("fallback_application_name", "aurodbc");
  add("gssencmode", "disable");
  add("target_session_attrs", "any");
  add_tls(options, target.endpoint.host);
  add_keepalive(options);
  finish(credentials);
}

void PgKeywords::add(const char* name, std::string value) {
  if (value.empty()) return;
  names_.push_back(name);
  texts_.push_back(std::move(value));
}

void PgKeywords::add_tls(const Options& options, const std::string& host) {
  const TlsSettings tls = tls_settings(options, host);
  add("sslmode", libpq_name(tls.mode));
  add("sslrootcert", tls.root_certificate);
  add("ssl_min_protocol_version", tls.versions.substr(0, tls.versions.find(',')));
  add("sslcert", tls.certificate);
  add("sslkey", tls.key);
}

void PgKeywords::add_keepalive(const Options& options) {
  const bool on = options.boolean(link_options::tcp_keepalive);
  add("keepalives", on ? "1" : "0");
  const auto add_count = [&](const char* name, std::int64_t number) {
    if (on) add(name, std::to_string(number));
  };
  const auto seconds = [&](const Option& option) { return options.span(option).count() / 1000; };
  if (options.given(link_options::tcp_keepalive_time))
    add_count("keepalives_idle", seconds(link_options::tcp_keepalive_time));
  if (options.given(link_options::tcp_keepalive_interval))
    add_count("keepalives_interval", seconds(link_options::tcp_keepalive_interval));
  if (options.given(link_options::tcp_keepalive_probes))
    add_count("keepalives_count", options.integer(link_options::tcp_keepalive_probes));
}

void PgKeywords::finish(const Credentials& credentials) {
  for (const std::string& text : texts_) values_.push_back(text.c_str());
  if (!credentials.password.empty()) {
    names_.push_back("password");
    values_.push_back(credentials.password.reveal().c_str());
  }
  names_.push_back(nullptr);
  values_.push_back(nullptr);
}

}  // namespace core
