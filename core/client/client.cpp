// SPDX-License-Identifier: Apache-2.0
// What all clients share: a number that tells one link of the process from every other.
#include "core/client.h"

#include <openssl/crypto.h>

namespace core {

namespace {
std::atomic<std::uint64_t> last_generation{0};

/// OpenSSL frees its locks in an exit handler; a thread that is still in a handshake then crashes
/// the exiting process. Without effect when the application has initialized OpenSSL before.
void keep_openssl_until_the_end() noexcept {
  static const int done = OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  static_cast<void>(done);
}
}  // namespace

Client::Client() : generation_(last_generation.fetch_add(1, std::memory_order_relaxed) + 1) {
  keep_openssl_until_the_end();
}

}  // namespace core
