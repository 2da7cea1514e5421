// SPDX-License-Identifier: Apache-2.0
// Reading and checking option values; locale-free.
#include "core/option_values.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/error.h"
#include "core/options.h"

namespace core::option_values {
namespace {

constexpr std::size_t longest_echo = 64;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

[[noreturn]] void refuse(const Option& option, std::string_view keyword, std::string_view value,
                         std::string_view rule) {
  const std::string shown =
      option.secret ? std::string("the given value") : "'" + shortened(value) + "'";
  const std::string canonical = normalized(keyword) == normalized(option.name)
                                    ? std::string()
                                    : fmt::format(" ({})", option.name);
  throw Error(sqlstate::invalid_attribute_value, "Options",
              fmt::format("{}{}: {} is not allowed; allowed: {}", shortened(keyword), canonical,
                          shown, rule),
              Reached::not_sent);
}

std::string checked_number(const Option& option, std::string_view keyword, std::string_view value,
                           bool in_milliseconds) {
  const auto number = whole_number(value);
  const std::int64_t scale = in_milliseconds ? 1000 : 1;
  if (!number || *number < option.minimum * scale || *number > option.maximum * scale)
    refuse(option, keyword, value, allowed(option, in_milliseconds));
  return std::to_string((*number + scale - 1) / scale);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string shortened(std::string_view text) {
  std::size_t length = std::min(text.size(), longest_echo);
  // Not in the middle of a UTF-8 sequence.
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    --length;
  std::string result(text.substr(0, length));
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  if (length < text.size()) result += "...";
  return result;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> size_in_bytes(std::string_view text) {
  text = trimmed(text);
  const std::size_t digits = std::min(text.size(), text.find_first_not_of("0123456789+-"));
  const auto number = whole_number(text.substr(0, digits));
  std::string unit = normalized(trimmed(text.substr(digits)));
  if (unit.ends_with('b')) unit.pop_back();
  if (unit.size() == 2 && unit.ends_with('i')) unit.pop_back();
  constexpr std::string_view units = "kmgt";
  const std::size_t power = unit.empty() ? 0 : units.find(unit.front()) + 1;
  // Nothing found counts as 0.
  if (!number || unit.size() > 1 || (power == 0 && !unit.empty())) return std::nullopt;
  const unsigned shift = 10 * static_cast<unsigned>(power);
  if (*number < 0 || *number > (std::numeric_limits<std::int64_t>::max() >> shift))
    return std::nullopt;
  return *number << shift;
}

std::optional<bool> truth(std::string_view text) {
  const std::string word = normalized(trimmed(text));
  for (const std::string_view yes : {"1", "true", "yes", "on"})
    if (word == yes) return true;
  for (const std::string_view no : {"0", "false", "no", "off"})
    if (word == no) return false;
  return std::nullopt;
}

std::string_view first_spelling(std::string_view choice) {
  return choice.substr(0, choice.find('|'));
}

std::optional<std::size_t> choice_index(const Option& option, std::string_view text) {
  const std::string wanted = normalized(trimmed(text));
  if (wanted.empty()) return std::nullopt;
  for (std::size_t i = 0; i < option.choices.size(); ++i) {
    std::string_view rest = option.choices[i];
    while (!rest.empty()) {
      const std::string_view spelling = first_spelling(rest);
      if (normalized(spelling) == wanted) return i;
      rest.remove_prefix(std::min(spelling.size() + 1, rest.size()));
    }
  }
  return std::nullopt;
}

std::string allowed(const Option& option, bool in_milliseconds) {
  const auto range = [&](std::string_view unit) {
    const std::int64_t scale = in_milliseconds ? 1000 : 1;
    return fmt::format("{} from {} to {}", unit, option.minimum * scale, option.maximum * scale);
  };
  switch (option.type) {
    case OptionType::integer: return range("a whole number");
    case OptionType::span_seconds:
      return range(in_milliseconds ? "whole milliseconds" : "whole seconds");
    case OptionType::span_milliseconds: return range("whole milliseconds");
    case OptionType::size:
      return fmt::format("bytes from {} to {}, k, M, G or T may follow the number", option.minimum,
                         option.maximum);
    case OptionType::boolean: return "true or false (1/0, yes/no, on/off)";
    case OptionType::port: return "a port from 1 to 65535";
    case OptionType::list: return "texts separated by commas";
    case OptionType::choice: {
      std::string names;
      for (const std::string_view choice : option.choices)
        names += (names.empty() ? "" : ", ") + std::string(first_spelling(choice));
      return names;
    }
    case OptionType::text:
    case OptionType::ignored: break;
  }
  return "text without NUL characters";
}

std::string checked(const Option& option, std::string_view keyword, std::string_view value,
                    bool in_milliseconds) {
  switch (option.type) {
    case OptionType::integer:
    case OptionType::span_seconds:
    case OptionType::span_milliseconds:
      return checked_number(option, keyword, value, in_milliseconds);
    case OptionType::size: {
      const auto bytes = size_in_bytes(value);
      if (!bytes || *bytes < option.minimum || *bytes > option.maximum)
        refuse(option, keyword, value, allowed(option, false));
      return std::to_string(*bytes);
    }
    case OptionType::boolean:
      if (const auto truth_value = truth(value)) return *truth_value ? "true" : "false";
      refuse(option, keyword, value, allowed(option, false));
    case OptionType::port: {
      const auto number = whole_number(value);
      if (!number || *number < 1 || *number > 65535)
        refuse(option, keyword, value, allowed(option, false));
      return std::to_string(*number);
    }
    case OptionType::choice:
      if (const auto index = choice_index(option, value))
        return std::string(first_spelling(option.choices[*index]));
      refuse(option, keyword, value, allowed(option, false));
    case OptionType::text:
    case OptionType::list:
    case OptionType::ignored: break;
  }
  // The libraries take C strings: a NUL would silently cut the value.
  if (value.find('\0') != std::string_view::npos)
    refuse(option, keyword, value, allowed(option, false));
  return std::string(value);
}

}  // namespace core::option_values
