// SPDX-License-Identifier: Apache-2.0
// Lets any thread shut a link's socket down without ever hitting a descriptor that was closed and
// reused. libpq closes a broken socket by itself, inside any call, and the kernel gives its number
// to the next connection: so the guard holds a twin (dup) of its own and never touches the number
// the library uses. Every guard is listed process-wide, so that a forked child drops its parent's
// sockets before it can use them.
#pragma once

#include <cstdint>
#include <mutex>

namespace core {

/// Owner: expose() each new socket, withdraw() before closing it politely (the twin would keep the
/// connection open). Others: shutdown().
class LinkGuard {
 public:
  LinkGuard();
  ~LinkGuard();
  LinkGuard(const LinkGuard&) = delete;
  LinkGuard& operator=(const LinkGuard&) = delete;

  /// A guard that was shut down before shuts the new descriptor down at once.
  void expose(int fd) noexcept;
  void withdraw() noexcept;
  /// shutdown(2) of the exposed descriptor; remembered when none is exposed. Never blocks on the
  /// network.
  void shutdown() noexcept;
  bool was_shut_down() const noexcept;      ///< by shutdown(): the link died by our own hand
  bool belongs_to_parent() const noexcept;  ///< a forked child inherited it: unusable here
  /// Looks at the exposed descriptor without blocking: false when the peer has closed it or none
  /// is exposed. Any thread.
  bool peer_is_there() const noexcept;
  /// See core/client/silence.h. Any thread.
  std::uint64_t bytes_moved() const noexcept;
  /// In a forked child: puts /dev/null over the descriptor so that nothing is ever written to the
  /// parent's socket. Called by the fork handler, which holds the mutex: it is not taken here.
  void disconnect_in_child() noexcept;

 private:
  friend struct LinkGuardRegistry;
  mutable std::mutex mutex_;
  void drop_twin() noexcept;
  bool library_still_holds_it() const noexcept;
  int library_fd_ = -1;  ///< the number the library used when it was exposed
  int twin_ = -1;        ///< ours, the same socket
  bool shut_down_ = false;
  bool belongs_to_parent_ = false;
  LinkGuard* next_ = nullptr;  // the registry's list, under its mutex
  LinkGuard* previous_ = nullptr;
};

}  // namespace core
