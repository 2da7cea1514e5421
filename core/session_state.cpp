// SPDX-License-Identifier: Apache-2.0
// From the state to the statements that a fresh link needs.
#include "core/session_state.h"

namespace core {

std::vector<std::string> SessionState::statements(const Dialect& dialect) const {
  std::vector<std::string> result;
  if (isolation)
    result.emplace_back(dialect.session.isolation[static_cast<std::size_t>(*isolation)]);
  if (read_only)
    result.emplace_back(*read_only ? dialect.session.read_only : dialect.session.read_write);
  return result;
}

}  // namespace core
