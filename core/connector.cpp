// SPDX-License-Identifier: Apache-2.0
// Connector: one link, from a name to a logged-in Client.
#include "core/connector.h"

#include <fmt/format.h>

#include "core/log.h"

namespace core {
namespace {

/// Our own native code where the engine has none: applications and the SQLAlchemy dialect decide by
/// it.
Error with_connect_code(const Error& error) {
  if (error.main().native != 0) return error;
  const bool timed_out = error.state() == sqlstate::timeout;
  return Error(error.state(), error.main().component, error.main().text, Reached::not_sent,
               timed_out ? native_code::timed_out : native_code::connect_failed)
      .with_link_lost(error.link_lost());
}

bool is_unix_socket(const std::string& host) { return !host.empty() && host.front() == '/'; }

}  // namespace

std::shared_ptr<Client> Connector::connect(const ConnectRequest& request) const {
  const auto started = Clock::now();
  const std::string what = fmt::format("connecting to {}", request.host.text());
  try {
    LinkTarget target{request.host, {}};
    if (!is_unix_socket(request.host.host))
      target.addresses =
          services_.resolver->resolve(request.host.host, request.deadline, request.interrupt)
              .numeric;
    auto client = client_.make(Workers::instance());
    const auto exchange = client->start_connect(std::move(target), *request.options,
                                                credentials_->get(request.deadline));
    run(*exchange, request.deadline, request.interrupt, what.c_str());
    log::line(log::Level::debug, "Connect", "{} took {:.1f} ms, peer {}{}", what,
              elapsed_ms(started), client->peer_address(), client->encrypted() ? ", TLS" : "");
    return client;
  } catch (const Error& error) {
    if (error.login_failed()) credentials_->invalidate();
    log::line(log::Level::debug, "Connect", "{} failed after {:.1f} ms: [{}] {}", what,
              elapsed_ms(started), error.state().view(), error.what());
    throw with_connect_code(error);
  }
}

}  // namespace core
