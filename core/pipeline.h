// SPDX-License-Identifier: Apache-2.0
// The chain between a Session and its Client. Per operation kind the subscribers are known once per
// session; a call that nobody subscribes to goes straight to the client.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "core/plugin.h"

namespace core {

/// Owns the plugins of one session, outermost first. Used under the session's wire mutex.
class Pipeline {
 public:
  void add(std::unique_ptr<Plugin> plugin);
  bool needs_topology() const;

  /// Runs the connect chain; `innermost` makes the link.
  std::shared_ptr<Client> connect(ConnectRequest& request, const NextConnect& innermost) const;

  /// Runs `innermost` inside the plugins that subscribe to operation.kind.
  template <class F>
  void run(Operation& operation, F&& innermost) const {
    const auto& chain = subscribers_[static_cast<std::size_t>(operation.kind)];
    if (chain.empty()) {
      innermost(operation);
      return;
    }
    run_chain(chain, operation, NextOperation(innermost));
  }
  bool anyone_subscribes(OperationKind kind) const {
    return !subscribers_[static_cast<std::size_t>(kind)].empty();
  }

  void on_topology(const Topology& topology) const;
  void on_connection_changed(ConnectionChange change) const;

 private:
  static void run_chain(std::span<Plugin* const> chain, Operation& operation,
                        const NextOperation& innermost);
  std::vector<std::unique_ptr<Plugin>> plugins_;
  std::array<std::vector<Plugin*>, static_cast<std::size_t>(OperationKind::count_)> subscribers_;
};

}  // namespace core
