// SPDX-License-Identifier: Apache-2.0
// Checks that a writer endpoint's name leads to the writer.
#pragma once

#include "core/plugin.h"
#include "core/session.h"

namespace plugins {

/// Descriptor of `stale_dns` (alias `auroraStaleDns`), for plugins/registry.cpp.
extern const core::PluginDescriptor stale_dns_descriptor;

/// One per session, under its wire mutex. Costs a question to the host per connect by such a name.
class StaleDns final : public core::Plugin {
 public:
  explicit StaleDns(core::Session& session) : session_(session) {}
  core::Subscriptions subscribes() const override { return {}; }
  bool needs_topology() const override { return true; }
  std::shared_ptr<core::Client> connect(core::ConnectRequest& request,
                                        const core::NextConnect& next) override;

 private:
  core::Session& session_;
};

}  // namespace plugins
