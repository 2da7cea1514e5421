// SPDX-License-Identifier: Apache-2.0
// The door to the PostgreSQL client for those who must not see libpq: the composition root and
// tests. The client itself is in pg_wire.h.
#pragma once

#include "core/client.h"

namespace core {

extern const ClientDescriptor pg_client_descriptor;

}  // namespace core
