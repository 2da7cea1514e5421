// SPDX-License-Identifier: Apache-2.0
// Where a link's user and password come from. IAM, Secrets Manager, DSQL and federated login are
// further sources behind the same three calls.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/secret.h"

namespace core {

struct Credentials {
  std::string user;
  Secret password;
  bool clear_text_allowed =
      false;  ///< the source wants mysql_clear_password (IAM); TLS is required all the same
};

/// Thread-safe. Shared by a connection and the monitors it starts.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// May block until the deadline (network); only application threads and workers call it.
  virtual Credentials get(Deadline deadline) = 0;
  /// What is known now without blocking; nullopt: ask get() on a worker first. For monitors.
  virtual std::optional<Credentials> try_get() = 0;
  /// The server refused what was given: forget cached material.
  virtual void invalidate() = 0;
};

/// User and password as the connection string gave them.
std::shared_ptr<CredentialSource> fixed_credentials(std::string user, Secret password);

}  // namespace core
