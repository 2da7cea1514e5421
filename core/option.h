// SPDX-License-Identifier: Apache-2.0
// What an option of the connection string is. Each plugin, dialect and client declares its own as
// constexpr objects and lists them in a table; core/options.h merges the tables and reads values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace core {

enum class OptionType : std::uint8_t {
  text,
  integer,
  boolean,            ///< 1/0, true/false, yes/no, on/off
  choice,             ///< one of Option::choices; `_` and `-` are the same, case does not matter
  span_seconds,       ///< whole seconds, not negative; aliases may be in milliseconds
  span_milliseconds,  ///< not negative
  size,               ///< bytes, not negative; k, M, G behind the number multiply by 1024 each
  port,               ///< 1..65535
  list,               ///< comma-separated texts
  ignored,            ///< accepted for migrating strings; answers 01S00 with a sentence
};

/// A further spelling of an option. `milliseconds_alias` divides by 1000 (FAILOVER_TIMEOUT_MS).
struct OptionAlias {
  std::string_view name;
  bool in_milliseconds = false;
};

/// One option. All views refer to static storage; objects are constexpr and never copied: their
/// address is their identity.
struct Option {
  std::string_view name;  ///< canonical: snake_case as in the AWS Python wrapper
  OptionType type = OptionType::text;
  std::string_view default_value = {};  ///< as the user would write it; empty = not set
  std::string_view help = {};           ///< one sentence for docs/options.md
  std::span<const OptionAlias> aliases = {};
  /// Allowed values of a choice; one entry holds all spellings of a value, "pg|postgres|libpq", the
  /// canonical one first.
  std::span<const std::string_view> choices = {};
  bool secret = false;  ///< printed as ***, left out of out-strings unless given there
  std::int64_t minimum = 0;
  std::int64_t maximum = 2147483647;
};

/// The options one owner declares, for the merged table and the generated documentation.
struct OptionGroup {
  std::string_view
      owner;  ///< heading in docs/options.md: "General", "failover_v2", "PostgreSQL client"
  std::span<const Option* const> options;
};

}  // namespace core
