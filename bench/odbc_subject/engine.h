// SPDX-License-Identifier: Apache-2.0
// What the ODBC application says differently to each engine: its SQL, as data.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include "subject/subject.h"
#include "subject/workload.h"

namespace bench {

struct Engine {
  std::string_view name;
  const char* narrow_count;  ///< rows of bench_narrow as a 32-bit number
  const char* sleep;         ///< a statement that takes a minute
  const char* sleepers;      ///< how many of those run, as a 32-bit number
  std::string (*stream)(long rows);
  bool schema_is_catalog;  ///< bench_catalog is a database, not a schema
};

inline constexpr std::array engines{
    Engine{"postgres", "SELECT count(*)::int FROM bench_narrow", "SELECT pg_sleep(60)",
           "SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
           postgres_stream_query, false},
    Engine{"mysql", "SELECT count(*) FROM bench_narrow", "SELECT sleep(60)",
           "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'",
           mysql_stream_query, true},
};

/// Throws std::invalid_argument for a name that is not in the table.
inline const Engine& engine_of(const Settings& settings) {
  for (const Engine& engine : engines) {
    if (engine.name == settings.engine) return engine;
  }
  throw std::invalid_argument("no engine " + settings.engine);
}

}  // namespace bench
