// SPDX-License-Identifier: Apache-2.0
// A result far longer than memory should hold, row by row. A second statement in its middle is
// beyond libmariadb without a second connection.
#include <array>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/received.h"

namespace bench {
namespace {

Sample stream(const Settings& settings) {
  const std::string query = mysql_stream_query(settings.rows);
  return read_all(settings, query, [](const Link&, const Prepared& statement) {
    execute(statement);
    return read_bound<BoundNarrow>(statement);
  });
}

constexpr std::array cases{
    Case{"stream_100m", "stmt_use", stream},
};

}  // namespace

std::span<const Case> stream_cases() { return cases; }

}  // namespace bench
