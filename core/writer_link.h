// SPDX-License-Identifier: Apache-2.0
// Stale DNS (spec core-behaviour 8.2): a writer endpoint's name may lead to the former writer for
// minutes after a failover. Used by plugins that connect; the application's thread.
#pragma once

#include <memory>

#include "core/plugin.h"
#include "core/session.h"

namespace core {

/// `client` was made for `request` by name. When the name is a writer endpoint and the host that
/// answers is not its cluster's writer, gives a link to the writer instead, opened by `next`, and
/// `request.host` says where. Else, and when no writer can be reached, gives `client`: never null.
/// Throws HY008, and what the link's own answers throw.
std::shared_ptr<Client> past_stale_dns(Session& session, std::shared_ptr<Client> client,
                                       ConnectRequest& request, const NextConnect& next);

}  // namespace core
