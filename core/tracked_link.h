// SPDX-License-Identifier: Apache-2.0
// A link that its cluster knows, so that it can be shut down when its host is the writer no more:
// a connection that sits idle in a pool would stay on the former writer for ever.
#pragma once

#include <memory>
#include <string>

#include "core/client.h"

namespace core {

class Cluster;

/// From construction to destruction in the cluster's list; both take its mutex, briefly. Any
/// thread.
class TrackedLink {
 public:
  TrackedLink(std::shared_ptr<Cluster> cluster, const std::shared_ptr<Client>& client,
              std::string instance_id);
  ~TrackedLink();
  TrackedLink(const TrackedLink&) = delete;
  TrackedLink& operator=(const TrackedLink&) = delete;

 private:
  friend class Cluster;
  const std::shared_ptr<Cluster> cluster_;
  const std::weak_ptr<Client> client_;
  const std::string instance_id_;
  TrackedLink* next_ = nullptr;  // under the cluster's mutex
  TrackedLink* previous_ = nullptr;
};

}  // namespace core
