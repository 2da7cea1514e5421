// SPDX-License-Identifier: Apache-2.0
// Hands core its plugins, dialects, clients and resolver; merges their options into one table.
#include "odbc/driver.h"

#include "core/client/link_options.h"
#include "core/client/mysql_client.h"
#include "core/client/pg_client.h"
#include "core/spool.h"
#include "dialects/registry.h"
#include "plugins/registry.h"

namespace odbc {
namespace {

constexpr const core::ClientDescriptor* clients[] = {&core::pg_client_descriptor,
                                                     &core::mysql_client_descriptor};

std::vector<core::OptionGroup> option_groups() {
  std::vector<core::OptionGroup> groups{core::general::group(), core::link_options::group(),
                                        core::spool_options::group()};
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

}  // namespace odbc
