// SPDX-License-Identifier: Apache-2.0
// What all clients share: a number that tells one link of the process from every other, and batches
// set by set.
#include "core/client.h"

#include <openssl/crypto.h>

namespace core {

namespace {
std::atomic<std::uint64_t> last_generation{0};

/// OpenSSL frees its locks in an exit handler; a thread that is still in a handshake then crashes
/// the exiting process. Without effect when the application has initialized OpenSSL before. At
/// load, so that no fork can come in between.
[[maybe_unused]] const int kept_until_the_end =
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}  // namespace

Client::Client() : generation_(last_generation.fetch_add(1, std::memory_order_relaxed) + 1) {}

std::size_t Client::execute_sets(const Query& query, Batch& batch, const Limits& limits,
                                 std::size_t first, Until until, std::unique_ptr<Result>& last) {
  constexpr milliseconds closing_time{5000};
  Query one = query;
  for (std::size_t set = first; set < batch.size(); ++set) {
    try {
      if (!batch.read(set, one.parameters)) return batch.size();
      if (last != nullptr)
        last->close(
            {.deadline = Deadline::after(closing_time), .cancel_grace = limits.cancel_grace});
      last = execute(one, limits);
    } catch (const Error& error) {
      if (error.link_lost()) throw;
      if (!batch.failed(set, error)) return batch.size();
      continue;
    }
    one.continues = true;
    batch.executed(set, last->affected());
    if (until == Until::first_success) return set + 1;
  }
  return batch.size();
}

std::unique_ptr<Result> Client::execute_batch(const Query& query, Batch& batch,
                                              const Limits& limits) {
  std::unique_ptr<Result> last;
  execute_sets(query, batch, limits, 0, Until::end, last);
  return last;
}

}  // namespace core
