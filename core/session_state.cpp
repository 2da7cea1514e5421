// SPDX-License-Identifier: Apache-2.0
// From the state to the statements that a fresh link needs.
#include "core/session_state.h"

namespace core {
namespace {

std::string quoted(std::string_view name, char quote) {
  std::string out(1, quote);
  for (const char c : name) out.append(c == quote ? 2 : 1, c);
  return out += quote;
}

}  // namespace

std::vector<std::string> SessionState::statements(const Dialect& dialect) const {
  std::vector<std::string> result;
  if (database)
    result.push_back(std::string(dialect.session.use_database) +
                     quoted(*database, dialect.session.name_quote));
  if (isolation)
    result.emplace_back(dialect.session.isolation[static_cast<std::size_t>(*isolation)]);
  if (read_only)
    result.emplace_back(*read_only ? dialect.session.read_only : dialect.session.read_write);
  return result;
}

}  // namespace core
