// SPDX-License-Identifier: Apache-2.0
// A catalog statement of a dialect and its arguments, made ready to send: as parameters, or with
// the arguments written into the text where parameters would cost a round trip of their own. Comes
// in: odbc/catalog. Goes next: core/client.h.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/dialect.h"

namespace core {

/// How one argument limits the rows.
struct CatalogArgument {
  enum class Is : std::uint8_t {
    any,    ///< no limit
    equal,  ///< `text` is the name
    like,   ///< `text` is a LIKE pattern with the escape character backslash
    value,  ///< no condition: `text` is data for the statement
  } is = Is::any;
  std::string text = {};

  /// From a pattern: without wildcards it is the name itself, which servers find much faster.
  static CatalogArgument from_pattern(std::string_view pattern);
};

/// What Query needs.
struct CatalogStatement {
  std::string sql;
  std::vector<std::string> parameters;
};

/// `sql` is one of `queries`; $1 to $9 in it name the arguments. Inlined arguments are quoted so
/// that no sql_mode can read them as anything but data.
CatalogStatement catalog_statement(const CatalogQueries& queries, std::string_view sql,
                                   std::span<const CatalogArgument> arguments);

}  // namespace core
