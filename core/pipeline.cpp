// SPDX-License-Identifier: Apache-2.0
// Pipeline: building the chains and walking them, outermost plugin first.
#include "core/pipeline.h"

#include <utility>

namespace core {

void Pipeline::add(std::unique_ptr<Plugin> plugin) {
  const Subscriptions wanted = plugin->subscribes();
  for (std::size_t kind = 0; kind < subscribers_.size(); ++kind)
    if (wanted.has(static_cast<OperationKind>(kind))) subscribers_[kind].push_back(plugin.get());
  plugins_.push_back(std::move(plugin));
}

bool Pipeline::needs_topology() const {
  for (const auto& plugin : plugins_)
    if (plugin->needs_topology()) return true;
  return false;
}

std::shared_ptr<Client> Pipeline::connect(ConnectRequest& request,
                                          const NextConnect& innermost) const {
  // The chain is built from the inside: connects are rare, so a closure per plugin is fine here.
  NextConnect chain = innermost;
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
    Plugin* const current = plugin->get();
    if (current == request.skip) continue;
    chain = [current, next = std::move(chain)](ConnectRequest& r) {
      return current->connect(r, next);
    };
  }
  return chain(request);
}

void Pipeline::run_chain(std::span<Plugin* const> chain, Operation& operation,
                         const NextOperation& innermost) {
  if (chain.empty()) {
    innermost(operation);
    return;
  }
  auto rest = [&](Operation& o) { run_chain(chain.subspan(1), o, innermost); };
  chain.front()->around(operation, NextOperation(rest));
}

void Pipeline::on_topology(const Topology& topology) const {
  for (const auto& plugin : plugins_) plugin->on_topology(topology);
}

void Pipeline::on_connection_changed(ConnectionChange change) const {
  for (const auto& plugin : plugins_) plugin->on_connection_changed(change);
}

}  // namespace core
