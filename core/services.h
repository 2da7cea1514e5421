// SPDX-License-Identifier: Apache-2.0
// What the composition root (odbc/driver.cpp, or a test) hands to core: which plugins, dialects and
// clients exist, and the resolver. Built once, never destroyed, read-only.
#pragma once

#include <span>

#include "core/client.h"
#include "core/dialect.h"
#include "core/options.h"
#include "core/plugin.h"
#include "core/resolver.h"

namespace core {

struct Services {
  PluginRegistry plugins;
  DialectRegistry dialects;
  std::span<const ClientDescriptor* const> clients;
  OptionTable options;
  Resolver* resolver;

  /// Null when the driver was built without a client for the engine.
  const ClientDescriptor* client_for(Engine engine) const {
    for (const ClientDescriptor* c : clients)
      if (c->engine == engine) return c;
    return nullptr;
  }
};

}  // namespace core
