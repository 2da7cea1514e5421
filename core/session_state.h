// SPDX-License-Identifier: Apache-2.0
// What the application set on its session and a new link must be told again (spec 1.5). Free-form
// SET statements are the application's own and are not transferred.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/dialect.h"

namespace core {

/// The fields the application set; unset fields keep the server's default.
struct SessionState {
  bool autocommit = true;  ///< PostgreSQL: kept on the client side
  std::optional<bool> read_only;
  std::optional<Isolation> isolation;
  std::optional<std::string> database;  ///< moved to after connecting

  /// Statements that bring a fresh link of `dialect` into this state; empty when nothing was set.
  std::vector<std::string> statements(const Dialect& dialect) const;
};

}  // namespace core
