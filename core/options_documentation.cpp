// SPDX-License-Identifier: Apache-2.0
// docs/options.md, made from the option table so that the page cannot differ from the code (a test
// compares them).
#include <fmt/format.h>

#include "core/option_values.h"
#include "core/options.h"

namespace core {
namespace {

/// A '|' would end a table cell.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result.empty() ? "-" : result;
}

std::string code(std::string_view text) { return fmt::format("`{}`", text); }

std::string aliases_text(const Option& option) {
  std::string text;
  for (const OptionAlias& alias : option.aliases)
    text += (text.empty() ? "" : ", ") + code(alias.name) +
            (alias.in_milliseconds ? " (milliseconds, rounded up to whole seconds)" : "");
  return text;
}

std::string choices_text(const Option& option) {
  std::string text;
  for (std::string_view choice : option.choices) {
    const std::string_view first = option_values::first_spelling(choice);
    text += (text.empty() ? "" : ", ") + code(first);
    std::string others;
    for (choice.remove_prefix(first.size()); !choice.empty();) {
      choice.remove_prefix(1);
      const std::string_view next = option_values::first_spelling(choice);
      others += (others.empty() ? "" : ", ") + code(next);
      choice.remove_prefix(next.size());
    }
    if (!others.empty()) text += fmt::format(" (also {})", others);
  }
  return text;
}

std::string values_text(const Option& option) {
  switch (option.type) {
    case OptionType::choice: return choices_text(option);
    case OptionType::text: return "text";
    case OptionType::ignored: return "ignored";
    default: return option_values::allowed(option, false);
  }
}

constexpr std::string_view introduction = R"(# Options

<!-- Generated from the code. `AURODBC_WRITE_DOCS=1` on the unit tests rewrites it; do not edit. -->

Options are the keywords of the connection string (`SQLDriverConnect`) or of a data source section in
`odbc.ini`. In names and in named values case does not matter, nor do `_` and `-`: `cluster_id`,
`clusterId` and `CLUSTER-ID` are one. The first occurrence of an option wins; a keyword without a value
counts as not given; an unknown keyword is ignored with a warning (01S00); a value that is not allowed
fails the connect (HY024). Secrets are printed as `***`.

The keywords `DSN`, `DRIVER`, `FILEDSN` and `SAVEFILE` belong to the driver manager.
)";

std::string_view whose_links(std::string_view prefix) {
  return prefix == "monitoring-" ? "host monitoring" : "the topology monitor";
}

}  // namespace

std::string OptionTable::documented_row(const Option& option) {
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(option.name),
                     cell(aliases_text(option)), cell(values_text(option)),
                     option.default_value.empty() ? "-" : code(option.default_value),
                     option.secret ? "yes" : "", cell(option.help));
}

std::string OptionTable::documentation() const {
  std::string page(introduction);
  for (const std::string_view prefix : prefixes())
    page += fmt::format(
        "\nWith the prefix `{0}` (`{0}connect_timeout=3`) an option holds for the links of {1} "
        "only.\n",
        prefix, whose_links(prefix));
  for (const OptionGroup& group : groups_) {
    page += fmt::format("\n## {}\n\n", group.owner);
    page +=
        "| Option | Other spellings | Values | Default | Secret | Meaning |\n"
        "|---|---|---|---|---|---|\n";
    for (const Option* option : group.options) page += documented_row(*option);
  }
  return page;
}

}  // namespace core
