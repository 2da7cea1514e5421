// SPDX-License-Identifier: Apache-2.0
// ODBC's own SQL, escapes in braces and `?` markers, rewritten for a server (ODBC reference,
// "Escape Sequences in ODBC"). Comes in: SQLPrepare, SQLExecDirect, SQLNativeSql. Goes next:
// escape_tables for the words, core/sql_text for the lexer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/sql_text.h"

namespace odbc::text {

/// How a server writes parameters, and with that which server's words the escapes get.
enum class MarkerStyle : std::uint8_t {
  numbered,  ///< PostgreSQL: $1, $2; `??` is the operator ?
  question,  ///< MySQL: ? stays
};

/// A statement ready for the server.
struct Translated {
  std::string sql;          ///< the rewritten text; empty when `unchanged`
  bool unchanged = true;    ///< the original text goes to the server as it is
  int parameter_count = 0;  ///< ODBC's parameters, the result of {?=call} included
  /// {?=call}: parameter 1 is the result column of the answer's first row and is not sent, so
  /// ODBC's parameter 2 is the server's first.
  bool has_return_value = false;
  bool is_call = false;  ///< a {call} was in the text

  /// What to send; a view into this object or `original`.
  std::string_view text(std::string_view original) const noexcept {
    return unchanged ? original : sql;
  }
};

/// Translates markers and, unless SQL_ATTR_NOSCAN is set (`scan_escapes` false), escapes, nested
/// ones included; literals, quoted names and comments stay as they are. A text without `?` and `{`
/// costs one scan and no copy. Throws core::Error 42000 for a damaged or unknown escape; the
/// sentence names its position in bytes, from 1.
Translated translate(std::string_view sql, const core::Lexis& lexis, MarkerStyle style,
                     bool scan_escapes = true);

}  // namespace odbc::text
