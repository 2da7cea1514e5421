// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL and libpq say when something fails, turned into core::Error: states ODBC knows,
// one readable text, never a secret. Native code: native_of() packs the server's SQLSTATE.
#pragma once

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/host.h"

namespace core {

inline constexpr const char* pg_component = "PostgreSQL";

/// The five characters of an SQLSTATE read as one number in base 36 (0-9, A-Z), most significant
/// first: "42P01" is 4*36^4 + 2*36^3 + 25*36^2 + 0*36 + 1. Independent of libpq; 0 when empty.
constexpr int native_of(std::string_view state) {
  int number = 0;
  for (const char c : state) number = number * 36 + (c <= '9' ? c - '0' : c - 'A' + 10);
  return number;
}

/// The state under which ODBC applications look for a server's state: 42P01 is 42S02, all of class
/// 23 is 23000 (ODBC reference, appendix A). Others pass unchanged.
Sqlstate odbc_state(std::string_view server_state);

/// The server's ERROR or FATAL as an Error with Reached::answered. Without an SQLSTATE (libpq's
/// own words) it is HY000. `prefix` characters stood before the application's text: positions are
/// told without them.
Error statement_error(const PGresult& result, int prefix = 0);

/// True when the server ended the session with this message (FATAL, PANIC).
bool ends_session(const PGresult& result);

/// What PQerrorMessage tells about a connect, attempt by attempt.
struct ConnectFailure {
  std::string server_state;  ///< SQLSTATE of the last server that answered; empty when none did
  std::string text;          ///< all attempts as one sentence, doubles left out
};

/// Reads libpq's message of a failed connect made with PQERRORS_VERBOSE (spec native-layer 2).
ConnectFailure parse_connect_error(std::string_view message);

/// 28000, 08004 or 08001 with what happened, where, and what to do about it.
Error connect_error(const HostPort& target, std::string_view libpq_message);

/// libpq's message without its trailing line break, on one line.
std::string one_line(std::string_view message);

}  // namespace core
