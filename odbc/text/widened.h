// SPDX-License-Identifier: Apache-2.0
// UTF-8 that came through a W function byte by byte. unixODBC makes it when an application connects
// through a W function and then calls a narrow one with SQL. Comes in: exports/execute.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/options.h"

namespace odbc::text {

/// The bytes that someone has widened one by one: nothing unless every character of `utf8` lies
/// below U+0100 and together they are well-formed UTF-8 beyond ASCII.
std::optional<std::string> unwiden(std::string_view utf8);

/// Whether an application's SQL may be such (widened_utf8).
extern const core::Option widened_utf8;
const core::OptionGroup& option_group();

}  // namespace odbc::text
