// SPDX-License-Identifier: Apache-2.0
// The command line of a measured program.
#include "subject/arguments.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace bench {

Arguments::Arguments(int argc, char** argv, std::initializer_list<std::string_view> known) {
  for (int at = 1; at < argc; at += 2) {
    const std::string_view name = argv[at];
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw std::invalid_argument("unknown option " + std::string(name));
    }
    if (at + 1 == argc) throw std::invalid_argument(std::string(name) + " needs a value");
    pairs_.emplace_back(name, argv[at + 1]);
  }
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : pairs_) {
    if (given == name) values.emplace_back(value);
  }
  return values;
}

std::string Arguments::text(std::string_view name, std::string_view fallback) const {
  const auto values = all(name);
  return values.empty() ? std::string(fallback) : values.back();
}

long Arguments::number(std::string_view name, long fallback) const {
  const std::string given = text(name);
  if (given.empty()) return fallback;
  long number = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (error != std::errc{} || end != given.data() + given.size()) {
    throw std::invalid_argument(std::string(name) + " needs a whole number");
  }
  return number;
}

}  // namespace bench
