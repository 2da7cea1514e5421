// SPDX-License-Identifier: Apache-2.0
// Hands core its plugins, dialects, clients and resolver; merges their options into one table.
#include "odbc/driver.h"

#include "core/background.h"
#include "core/client/fork_gate.h"
#include "core/client/link_guard.h"
#include "core/client/link_options.h"
#include "core/client/mysql_client.h"
#include "core/client/pg_client.h"
#include "core/cluster.h"
#include "core/host_monitor.h"
#include "core/resolver.h"
#include "core/spool.h"
#include "dialects/registry.h"
#include "odbc/handles/handle_table.h"
#include "odbc/text/widened.h"
#include "plugins/registry.h"

namespace odbc {
namespace {

constexpr const core::ClientDescriptor* clients[] = {&core::pg_client_descriptor,
                                                     &core::mysql_client_descriptor};

std::vector<core::OptionGroup> option_groups() {
  std::vector<core::OptionGroup> groups{core::general::group(), core::link_options::group(),
                                        core::spool_options::group(), text::option_group()};
  for (const core::ClientDescriptor* client : clients)
    if (client->options != nullptr) groups.push_back(*client->options);
  for (const core::PluginDescriptor* plugin : plugins::built_in())
    if (plugin->options != nullptr) groups.push_back(*plugin->options);
  return groups;
}

}  // namespace

const core::Services& services() {
  static const core::Services& all = *new core::Services{
      .plugins = core::PluginRegistry(plugins::built_in()),
      .dialects = core::DialectRegistry(dialects::all()),
      .clients = clients,
      .options = core::OptionTable(option_groups()),
      .resolver = &core::system_resolver(),
  };
  return all;
}

namespace {

/// What every connection shares is made when the library is loaded, before a thread is inside: a
/// child that was forked in the middle of a first use would wait for a thread it does not have.
bool make_what_is_shared() noexcept {
  try {
    HandleTable::instance();
    services();
    core::Background::instance();
    core::Workers::instance();
    core::ClusterDirectory::instance();
    core::prepare_host_monitors();
    const core::LinkGuard link_registry;
    const core::ForkGate last;  // handlers before a fork run last in, first out
  } catch (...) {               // no memory: then at first use
  }
  return true;
}

[[maybe_unused]] const bool shared_is_made = make_what_is_shared();

}  // namespace

}  // namespace odbc
