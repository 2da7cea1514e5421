// SPDX-License-Identifier: Apache-2.0
// The time limits that servers have themselves. They count until the last row is read, so an
// application that reads a large result slowly would lose it: used for writes only.
#pragma once

#include <mysql.h>

#include <string>
#include <string_view>

#include "core/clock.h"

namespace core {

struct MysqlTimeLimit {
  std::string prefix;  ///< what goes before the text; empty: the server has no limit for it
  milliseconds span{0};
};

/// `remaining` is rounded up so that the same query timeout makes the same text.
MysqlTimeLimit mysql_time_limit(MYSQL& link, std::string_view sql, milliseconds remaining);

}  // namespace core
