// SPDX-License-Identifier: Apache-2.0
// What the pure text functions of this room throw: a SQLSTATE and one sentence for the application.
// They know no handles and no servers, so the caller turns it into the driver's own error class.
#pragma once

#include <stdexcept>
#include <string>

namespace odbc::text {

/// The application's text, or its length argument, breaks a rule of ODBC. `what()` says where and
/// what to do about it; it never repeats the text itself, which may hold a secret.
class Malformed : public std::runtime_error {
 public:
  Malformed(const char* state, const std::string& text)
      : std::runtime_error(text), sqlstate(state) {}

  const char* sqlstate;  ///< five characters, static storage
};

}  // namespace odbc::text
