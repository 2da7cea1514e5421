// SPDX-License-Identifier: Apache-2.0
// Ends the connect chain: resolves, fetches credentials, makes the link. A pool fits here later.
#pragma once

#include <memory>

#include "core/plugin.h"
#include "core/services.h"

namespace core {

/// Thread-safe; holds no lock while resolving or connecting.
class Connector {
 public:
  Connector(const Services& services, const ClientDescriptor& client,
            std::shared_ptr<CredentialSource> credentials)
      : services_(services), client_(client), credentials_(std::move(credentials)) {}

  /// A connected link to request.host. Throws 08001, 08004, 28000, HYT00 (deadline), HY008, and
  /// HY024 for options the client refuses (a certificate file that is missing).
  std::shared_ptr<Client> connect(const ConnectRequest& request) const;

 private:
  const Services& services_;
  const ClientDescriptor& client_;
  std::shared_ptr<CredentialSource> credentials_;
};

}  // namespace core
