// SPDX-License-Identifier: Apache-2.0
// The plain source: what the connection string gave.
#include "core/credentials.h"

#include <utility>

namespace core {
namespace {

/// Immutable, hence thread-safe.
class FixedCredentials : public CredentialSource {
 public:
  FixedCredentials(std::string user, Secret password)
      : credentials_{std::move(user), std::move(password)} {}
  Credentials get(Deadline) override { return credentials_; }
  std::optional<Credentials> try_get() override { return credentials_; }
  // There is nothing newer to fetch.
  void invalidate() override {}

 private:
  const Credentials credentials_;
};

}  // namespace

std::shared_ptr<CredentialSource> fixed_credentials(std::string user, Secret password) {
  return std::make_shared<FixedCredentials>(std::move(user), std::move(password));
}

}  // namespace core
