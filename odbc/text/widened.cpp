// SPDX-License-Identifier: Apache-2.0
#include "odbc/text/widened.h"

#include "odbc/text/wide.h"

namespace odbc::text {

std::optional<std::string> unwiden(std::string_view utf8) {
  constexpr unsigned char ascii_end = 0x80, last_lead_below_u0100 = 0xC3;
  std::string bytes;
  bytes.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < ascii_end) {
      bytes += utf8[i];
      continue;
    }
    if (byte > last_lead_below_u0100 || i + 1 == utf8.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(utf8[++i]);
    bytes += static_cast<char>((byte & 0x03U) << 6U | (next & 0x3FU));
  }
  if (bytes.size() == utf8.size() || valid_prefix(bytes) != bytes.size()) return std::nullopt;
  return bytes;
}

constinit const core::Option widened_utf8{
    .name = "widened_utf8",
    .type = core::OptionType::boolean,
    .default_value = "false",
    .help =
        "SQL text of a W call that is UTF-8 widened byte by byte is taken as that UTF-8. unixODBC "
        "widens so when an application connects through a W function and sends SQL through a "
        "narrow one, as SQLAlchemy's mysql+pyodbc does."};

namespace {
constexpr const core::Option* all[] = {&widened_utf8};
constinit const core::OptionGroup group{"Text", all};
}  // namespace

const core::OptionGroup& option_group() { return group; }

}  // namespace odbc::text
