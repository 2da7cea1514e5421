// SPDX-License-Identifier: Apache-2.0
// PostgreSQL without a cluster that could be asked for its hosts.
#pragma once

#include "dialects/postgres_catalog.h"

namespace dialects {

/// Shared by the whole family. SET SESSION CHARACTERISTICS holds for the next transactions, also
/// when one is open.
inline constexpr core::SessionQueries postgres_session{
    .read_only = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    .read_write = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    .isolation = {"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
                  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
                  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"}};

inline constexpr std::string_view postgres_aliases[] = {"postgres", "postgresql"};
inline constexpr std::string_view postgres_upgrades[] = {"aurora-pg", "multi-az-pg", "rds-pg"};

inline constexpr core::Dialect postgres{.name = "pg",
                                        .aliases = postgres_aliases,
                                        .engine = core::Engine::postgres,
                                        .default_port = 5432,
                                        .probe = {},
                                        .upgrades = postgres_upgrades,
                                        .session = postgres_session,
                                        .display_name = "PostgreSQL",
                                        .suggested_by = core::SuggestedBy::any_name,
                                        .catalog = &postgres_catalog};

}  // namespace dialects
