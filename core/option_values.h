// SPDX-License-Identifier: Apache-2.0
// How the text of one option value is read and checked, by its OptionType. Used by core/options.cpp
// for values and by core/options_documentation.cpp for the sentence about what is allowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/option.h"

namespace core::option_values {

std::string_view trimmed(std::string_view text);
/// At most 64 bytes of what a user wrote, for messages; control characters become '?'.
std::string shortened(std::string_view text);

/// Decimal digits with an optional sign; nullopt for anything else or beyond 64 bits.
std::optional<std::int64_t> whole_number(std::string_view text);
/// Bytes: digits, then nothing, k, M, G or T in any case, with B or iB behind it or not.
std::optional<std::int64_t> size_in_bytes(std::string_view text);
/// 1/0, true/false, yes/no, on/off, in any case.
std::optional<bool> truth(std::string_view text);
std::optional<std::size_t> choice_index(const Option& option, std::string_view text);
/// The canonical spelling of one entry of Option::choices: what stands before the first '|'.
std::string_view first_spelling(std::string_view choice);

/// "off, error, warn", "whole seconds from 0 to 600", "true or false".
std::string allowed(const Option& option, bool in_milliseconds);

/// The form in which Options keeps a value: seconds instead of an alias's milliseconds (rounded
/// up), the first spelling of a choice, true or false. Throws HY024 that names `keyword`, what was
/// given (never for a secret) and what is allowed.
std::string checked(const Option& option, std::string_view keyword, std::string_view value,
                    bool in_milliseconds);

}  // namespace core::option_values
