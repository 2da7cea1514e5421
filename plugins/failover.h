// SPDX-License-Identifier: Apache-2.0
// Failover: when the link breaks, moves the session to the cluster's new writer and tells the
// application the truth about its statement. It never replays the application's SQL.
#pragma once

#include "core/plugin.h"
#include "core/session.h"

namespace plugins {

/// Descriptor of `failover_v2` (alias `failover`), for plugins/registry.cpp.
extern const core::PluginDescriptor failover_descriptor;

/// One per session, under its wire mutex. Mode strict_writer.
class Failover final : public core::Plugin {
 public:
  Failover(core::Session& session, const core::Options& options);

  core::Subscriptions subscribes() const override { return core::Subscriptions::all(); }
  bool needs_topology() const override { return enabled_; }
  /// A writer endpoint's name that leads elsewhere is found out here already.
  std::shared_ptr<core::Client> connect(core::ConnectRequest& request,
                                        const core::NextConnect& next) override;
  void around(core::Operation& operation, const core::NextOperation& next) override;

 private:
  bool can_switch(const core::Error& lost) const;
  /// The host is the writer as before and has only closed a link that was idle (wait_timeout,
  /// idle_session_timeout, an administrator): a new link to it is the session's.
  bool came_back(const core::Operation& operation, const core::Error& lost);
  core::Error reconnected(const core::Operation& operation, const core::Error& lost) const;
  [[noreturn]] void switch_over(const core::Operation& operation, const core::Error& lost);
  /// A verified writer became the session's link; false when the deadline passed first.
  bool move_to_writer(core::Clock::time_point since, const core::Limits& limits,
                      core::SwitchTimes& times);
  bool try_writer(const core::Host& writer, const core::Limits& limits, core::SwitchTimes& times);
  core::Error outcome(const core::Operation& operation, const core::Error& lost) const;
  /// `why`: what ended the search; null when time did.
  core::Error failed(const core::Error& lost, const core::Error* why) const;

  core::Session& session_;
  const bool enabled_;
  const core::milliseconds timeout_;
  const core::milliseconds attempt_limit_;  ///< of one connect to the new writer; 0 = none
  const bool in_doubt_is_success_;
  const bool success_is_link_lost_;
};

}  // namespace plugins
