// SPDX-License-Identifier: Apache-2.0
// Lets any thread shut a link's socket down without ever hitting a descriptor that was closed and
// reused: the owner withdraws the descriptor under the same mutex before it closes it.
#pragma once

#include <mutex>

namespace core {

/// Owner: expose() after connecting, withdraw() before closing. Others: shutdown().
class LinkGuard {
 public:
  void expose(int fd) noexcept;
  void withdraw() noexcept;
  /// shutdown(2) of the exposed descriptor; nothing when none is exposed. Never blocks on the
  /// network.
  void shutdown() noexcept;
  bool was_shut_down() const noexcept;  ///< by shutdown(): the link died by our own hand
  /// In a forked child: puts /dev/null over the descriptor so that nothing is ever written to the
  /// parent's socket. Async-signal-safe but for the mutex, which the child owns alone.
  void disconnect_in_child() noexcept;

 private:
  mutable std::mutex mutex_;
  int fd_ = -1;
  bool shut_down_ = false;
};

}  // namespace core
