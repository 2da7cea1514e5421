// SPDX-License-Identifier: Apache-2.0
// Which columns a statement's parameters are compared with or written to, as far as its tokens
// prove it: the server does not describe parameters. Comes in: MysqlClient::prepare.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sql_text.h"

namespace core {

/// The target of each parameter of a statement on one table.
struct ParameterTargets {
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  /// Gives the columns without a row; empty when nothing is known.
  std::string question;
  std::vector<std::size_t> places;  ///< per parameter: the column of the question, or unknown
};
ParameterTargets parameter_targets(std::string_view sql, const Lexis& lexis);

}  // namespace core
