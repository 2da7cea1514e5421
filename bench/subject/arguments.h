// SPDX-License-Identifier: Apache-2.0
// The command line of a measured program: pairs of `--name value`, nothing else.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Every getter and the constructor throw std::invalid_argument with a sentence for the user.
class Arguments {
 public:
  /// Accepts only the names listed in `known`, each with its leading dashes.
  Arguments(int argc, char** argv, std::initializer_list<std::string_view> known);

  /// The last value given, or `fallback`.
  std::string text(std::string_view name, std::string_view fallback = "") const;
  long number(std::string_view name, long fallback) const;
  /// All values given, in order.
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

}  // namespace bench
