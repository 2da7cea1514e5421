// SPDX-License-Identifier: Apache-2.0
// How the background thread waits: exchanges of clients, name look-ups and blocking work as
// coroutines. For the monitors in core; everything here runs on the background thread and ends
// with boost::system::system_error(operation_aborted) when the coroutine is cancelled.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/client.h"
#include "core/resolver.h"

namespace core {

/// Runs `exchange` of `client` to its end. Throws what step() throws, and HYT00 "<what> timed out"
/// at the deadline. Both are shared because a step on a worker may outlast the caller's patience;
/// the client is aborted then. After any exception the link is in an unknown state: discard it.
boost::asio::awaitable<void> drive(std::shared_ptr<Client> client,
                                   std::shared_ptr<Exchange> exchange, Deadline deadline,
                                   const char* what);

/// Runs `work` on a worker. It must own what it uses: at the deadline (HYT00) it is left behind.
/// Throws what it throws.
boost::asio::awaitable<void> run_on_worker(std::function<void()> work, Deadline deadline,
                                           const char* what);

struct Resolved {
  Addresses addresses;
  std::string error;  ///< empty on success
};
boost::asio::awaitable<Resolved> resolve_name(Resolver& resolver, std::string host,
                                              Deadline deadline);

}  // namespace core
