// SPDX-License-Identifier: Apache-2.0
// How monitors open their links: exchanges of the client and the caller's credential source, no
// plugins. Background thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "core/client.h"
#include "core/credentials.h"
#include "core/services.h"

namespace core {

/// What the source knows, else what it fetches on a worker. HYT00 at the deadline.
boost::asio::awaitable<Credentials> monitor_credentials(std::shared_ptr<CredentialSource> source,
                                                        Deadline deadline);

/// Connects `link`, which is fresh, and logs in. Throws Error: 08001 unreachable, HYT00 at the
/// deadline, 28000 and 08004 by the server's own word. Cancelled or failed, it leaves the link shut
/// down and waits for nobody. `what` is for messages: "connecting ...".
boost::asio::awaitable<void> connect_monitor(std::shared_ptr<Client> link, LinkTarget target,
                                             const Options& options, Credentials credentials,
                                             Deadline deadline, const char* what);

}  // namespace core
