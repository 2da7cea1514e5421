// SPDX-License-Identifier: Apache-2.0
// The connection string of SQLDriverConnect and SQLBrowseConnect: text to attributes and back.
// Comes in: the connect entry points, with the text already in UTF-8 (wide.h). Goes next:
// data_source.h for a DSN's keys, then the option table, which alone knows what a keyword means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odbc::text {

/// One `keyword=value` as the application meant it: blanks trimmed, braces removed, `}}` made one.
struct Attribute {
  std::string keyword;
  std::string value;

  bool operator==(const Attribute&) const = default;
};

/// Splits `text` by the grammar of the ODBC reference (SQLDriverConnect, "Comments"): attributes
/// end at `;`, a value that begins with `{` ends at the first `}` which is not doubled. Nothing
/// else is special: no percent decoding, no backslash, and values may hold `=`. Every attribute is
/// kept, in order, doubled keywords included (see `effective`). Empty attributes (`;;`) are
/// skipped; there is no length limit. Throws core::Error HY000 for an unclosed brace, text after a
/// closing brace, an attribute without `=` or without a keyword; the sentence names the position in
/// characters, from 1, and never the value.
std::vector<Attribute> parse(std::string_view text);

/// The attributes that count, in order: of doubled keywords the first, of DSN and DRIVER whichever
/// comes first, and of DSN and FILEDSN whichever comes first (ODBC reference, SQLDriverConnect).
std::vector<Attribute> effective(const std::vector<Attribute>& attributes);

/// The first attribute with this keyword, compared without regard to ASCII case; nullptr when there
/// is none. The pointer lives as long as `attributes` is not changed.
const Attribute* find(const std::vector<Attribute>& attributes, std::string_view keyword) noexcept;

/// True when two keywords are the same to ODBC: equal but for ASCII case.
bool same_keyword(std::string_view left, std::string_view right) noexcept;

/// `value` as it must be written after `keyword=`: in braces when it holds one of []{}(),;?*=!@ or
/// begins or ends with a blank, else unchanged.
std::string quote_value(std::string_view value);

/// `KEY=value;KEY=value;`, such that parse(format(a)) == a for every `a` that came from parse.
std::string format(const std::vector<Attribute>& attributes);

}  // namespace odbc::text
