// SPDX-License-Identifier: Apache-2.0
// A thin loop over SQLGetPrivateProfileString, which returns either one value or, without a key,
// all keys of a section. Comes in: data_source.h.
#include "odbc/text/data_source.h"

#include <odbcinst.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace odbc::text {
namespace {

constexpr std::size_t first_guess = 4096;
// A key that does not fit is left out whole, without a word; no line of the file is longer than
// this.
constexpr std::size_t longest_line = 1024;
constexpr std::size_t largest = std::size_t{16} << 20U;

// One value, or for a null `key` all keys, each ended by a NUL. The library does not say how much
// it left out, so the buffer grows until some of it stays free.
std::string profile(const std::string& section, const char* key, const char* file) {
  std::string buffer;
  for (std::size_t size = first_guess;; size *= 2) {
    buffer.assign(size, '\0');
    const int length = SQLGetPrivateProfileString(section.c_str(), key, "", buffer.data(),
                                                  static_cast<int>(size), file);
    const std::size_t used = length > 0 ? static_cast<std::size_t>(length) : 0;
    if (used + longest_line < size || size >= largest) {
      buffer.resize(std::min(used, size));
      return buffer;
    }
  }
}

std::vector<Attribute> section_of(const std::string& name, const char* file) {
  std::vector<Attribute> attributes;
  if (name.empty()) return attributes;
  const std::string keys = profile(name, nullptr, file);
  std::string_view rest = keys;
  while (!rest.empty()) {
    const std::string key(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(key.size() + 1, rest.size()));
    if (key.empty()) continue;
    std::string value = profile(name, key.c_str(), file);
    value.resize(std::min(value.find('\0'), value.size()));
    attributes.push_back({key, std::move(value)});
  }
  return attributes;
}

}  // namespace

std::vector<Attribute> data_source(const std::string& name) { return section_of(name, "odbc.ini"); }

std::vector<Attribute> driver_entry(const std::string& name) {
  return section_of(name, "odbcinst.ini");
}

}  // namespace odbc::text
