// SPDX-License-Identifier: Apache-2.0
// Words for a conversion that went wrong, with the place where. Comes in: cursor/.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "odbc/convert/outcome.h"

namespace odbc::convert {

inline constexpr std::string_view component = "Conversion";

/// "<what happened>: column 3, \"price\"". `what` is "column" or "parameter".
inline std::string message(Outcome outcome, std::string_view what, unsigned number,
                           std::string_view name) {
  std::string text(text_of(outcome));
  text.append(": ").append(what).append(" ").append(std::to_string(number));
  if (!name.empty()) text.append(", \"").append(name).append("\"");
  return text;
}

inline core::Error error(Outcome outcome, std::string_view what, unsigned number,
                         std::string_view name) {
  return {state_of(outcome), std::string(component), message(outcome, what, number, name),
          core::Reached::not_sent};
}

}  // namespace odbc::convert
