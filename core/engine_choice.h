// SPDX-License-Identifier: Apache-2.0
// Which engine a connection speaks, before anything was asked. Comes in: Session.
#pragma once

#include "core/dialect.h"
#include "core/options.h"

namespace core {

/// The first that tells: engine=; the dialect that wrapper_dialect= names; the kind of endpoint
/// (shard groups are PostgreSQL's); the port (3306 is MySQL's). Else PostgreSQL.
Engine choose_engine(const Options& options, const Dialect* named);

}  // namespace core
