// SPDX-License-Identifier: Apache-2.0
// A {call} taken apart and written anew: as CALL where the server wants that of procedures, and
// without the arguments that SQL_DEFAULT_PARAM leaves to their defaults.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql_text.h"
#include "odbc/text/escapes.h"

namespace core {
class Prepared;
}

namespace odbc::text {

/// One argument of a {call} as it is written, without its comments.
struct CallArgument {
  std::string text;
  std::size_t first_marker = 0;  ///< its number in the whole text, from 0
  std::size_t markers = 0;
  bool is_marker() const { return text == "?"; }
};

/// A {call} in its text; the views lead into that.
struct CallText {
  std::string_view before, name, after;  ///< `before` and `after` the braces
  std::vector<CallArgument> arguments;
};

/// The first {call} of a text that translate() accepts.
CallText read_call(std::string_view sql, const core::Lexis& lexis, MarkerStyle style);

/// True when an argument stands behind one whose marker is in `left_out`: its name is needed.
bool needs_names(const CallText& call, std::span<const std::size_t> left_out);

/// How a call is written.
enum class CallForm : bool {
  escape,     ///< {call ...}: what translate() makes of it
  statement,  ///< CALL ...
};

/// ODBC's text without the arguments whose markers are in `left_out` (from 0, in order): those
/// behind one are named. `names` are those of all arguments; used where needs_names() says so.
/// Throws 07S01 where a marker is only part of an argument, HYC00 where a name is needed and not
/// known.
std::string write_call(const CallText& call, CallForm form, std::span<const std::size_t> left_out,
                       std::span<const std::string> names);

/// A call that leaves arguments out, ready for the server.
struct ShorterCall {
  std::vector<std::size_t> left_out;
  std::string sql;
  Translated translated;
  std::shared_ptr<core::Prepared> prepared;
};

}  // namespace odbc::text
