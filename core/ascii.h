// SPDX-License-Identifier: Apache-2.0
// Letters without a locale: keywords, host names and identifiers fold the same way everywhere.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Bytes beyond ASCII stay as they are.
constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

}  // namespace core
