// SPDX-License-Identifier: Apache-2.0
// OpenSSL 3.0 guards its providers with locks that a fork copies as they are: a child of a thread
// that was inside a handshake would wait for it for ever. So nobody forks while a step of a
// handshake runs. Comes in: pg_connect. Blocking handshakes (libmariadb) cannot be guarded: a fork
// would wait for the network.
#pragma once

namespace core {

/// Held around one step that never waits for the network. Any thread, not recursive; costs an
/// uncontended rwlock. A fork meanwhile waits for the step, and later steps for the fork.
class ForkGate {
 public:
  ForkGate() noexcept;
  ~ForkGate();
  ForkGate(const ForkGate&) = delete;
  ForkGate& operator=(const ForkGate&) = delete;
};

}  // namespace core
