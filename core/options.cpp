// SPDX-License-Identifier: Apache-2.0
// The merged option table: finding options by any spelling, checking what the user wrote, and the
// values of one connection. The page generated from it is made in core/options_documentation.cpp.
#include "core/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/option_values.h"

namespace core {
namespace {

constexpr std::array<std::string_view, 2> monitor_prefixes{"topology-monitoring-", "monitoring-"};

bool is_separator(char c) { return c == '_' || c == '-' || c == ' ' || c == '\t'; }

}  // namespace

std::string normalized(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  for (const char c : name)
    if (!is_separator(c)) result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

const Options::Value* Options::find(const Option& option, std::string_view prefix) const {
  for (const Value& value : values_)
    if (value.option == &option && value.prefix == prefix) return &value;
  return nullptr;
}

std::string_view Options::effective(const Option& option) const {
  const Value* value = find(option, {});
  return value != nullptr ? std::string_view(value->text.reveal()) : option.default_value;
}

bool Options::given(const Option& option) const { return find(option, {}) != nullptr; }

bool Options::given(const Option& option, std::string_view prefix) const {
  const std::string wanted = normalized(prefix);
  return std::any_of(values_.begin(), values_.end(), [&](const Value& value) {
    return value.option == &option && normalized(value.prefix) == wanted;
  });
}

std::string Options::text(const Option& option) const { return std::string(effective(option)); }

Secret Options::secret(const Option& option) const {
  return Secret(std::string(effective(option)));
}

std::int64_t Options::integer(const Option& option) const {
  const std::string_view text = effective(option);
  return (option.type == OptionType::size ? option_values::size_in_bytes(text)
                                          : option_values::whole_number(text))
      .value_or(0);
}

bool Options::boolean(const Option& option) const {
  return option_values::truth(effective(option)).value_or(false);
}

std::size_t Options::choice(const Option& option) const {
  return option_values::choice_index(option, effective(option)).value_or(0);
}

milliseconds Options::span(const Option& option) const {
  const std::int64_t count = integer(option);
  return milliseconds(option.type == OptionType::span_seconds ? count * 1000 : count);
}

std::vector<std::string> Options::list(const Option& option) const {
  std::vector<std::string> items;
  std::string_view rest = effective(option);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view item = option_values::trimmed(rest.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return items;
}

void Options::set(const Option& option, std::string value) {
  erase(option);
  values_.push_back({&option, {}, Secret(std::move(value))});
}

void Options::erase(const Option& option) {
  std::erase_if(values_, [&](const Value& v) { return v.option == &option && v.prefix.empty(); });
}

Options Options::with_prefix(std::string_view prefix) const {
  Options result = *this;
  const std::string wanted = normalized(prefix);
  for (const Value& value : values_)
    if (!value.prefix.empty() && normalized(value.prefix) == wanted)
      result.set(*value.option, value.text.reveal());
  return result;
}

std::vector<Options::Given> Options::given_values() const {
  std::vector<Given> result;
  result.reserve(values_.size());
  for (const Value& value : values_)
    result.push_back({value.option, &value.text.reveal(), value.prefix});
  return result;
}

OptionTable::OptionTable(std::vector<OptionGroup> groups) : groups_(std::move(groups)) {
  std::size_t order = 0;
  for (const OptionGroup& group : groups_)
    for (const Option* option : group.options) {
      declare(option->name, {option, false, order});
      for (const OptionAlias& alias : option->aliases)
        declare(alias.name, {option, alias.in_milliseconds, order});
      ++order;
    }
}

void OptionTable::declare(std::string_view name, Entry entry) {
  const auto [at, inserted] = by_name_.try_emplace(normalized(name), entry);
  // One object listed twice (two clients share it) is no clash, nor is an alias that differs from
  // its own option's name in capitals only.
  if (!inserted &&
      (at->second.option != entry.option || at->second.in_milliseconds != entry.in_milliseconds))
    clashes_.push_back(fmt::format("'{}' of {} is a spelling of {} already", name,
                                   entry.option->name, at->second.option->name));
}

std::optional<OptionTable::Entry> OptionTable::look_up(std::string_view keyword) const {
  const std::string key = normalized(keyword);
  if (const auto at = by_name_.find(key); at != by_name_.end()) return at->second;
  for (const std::string_view prefix : monitor_prefixes) {
    const std::string start = normalized(prefix);
    if (!key.starts_with(start)) continue;
    const auto at = by_name_.find(std::string_view(key).substr(start.size()));
    if (at == by_name_.end() || at->second.option->type == OptionType::ignored) continue;
    Entry entry = at->second;
    entry.prefix = prefix;
    return entry;
  }
  return std::nullopt;
}

const Option* OptionTable::find(std::string_view name) const {
  const auto at = by_name_.find(normalized(name));
  return at == by_name_.end() ? nullptr : at->second.option;
}

/// The option a keyword means; nullopt with a warning for what is unknown or ignored.
std::optional<OptionTable::Entry> OptionTable::wanted(const Keyword& keyword,
                                                      std::vector<OptionWarning>& warnings) const {
  std::optional<Entry> entry = look_up(keyword.name);
  if (entry && entry->option->type != OptionType::ignored) return entry;
  warnings.push_back({sqlstate::invalid_connection_attribute,
                      entry ? fmt::format("the keyword '{}' was ignored: {}", entry->option->name,
                                          entry->option->help)
                            : fmt::format("the keyword '{}' is not known and was ignored",
                                          option_values::shortened(keyword.name))});
  return std::nullopt;
}

// "plugins=" means none; of any other option an empty value means "not given".
bool OptionTable::is_list(std::string_view name) const {
  const Option* option = find(name);
  return option != nullptr && option->type == OptionType::list;
}

Options OptionTable::read(std::span<const Keyword> keywords,
                          std::vector<OptionWarning>& warnings) const {
  struct Read {
    std::size_t order;
    Options::Value value;
  };
  std::vector<Read> found;
  for (const Keyword& keyword : keywords) {
    if (keyword.value.empty() && !is_list(keyword.name)) continue;
    const std::optional<Entry> entry = wanted(keyword, warnings);
    if (!entry) continue;
    const auto is_same = [&](const Read& r) {
      return r.value.option == entry->option && r.value.prefix == entry->prefix;
    };
    if (std::any_of(found.begin(), found.end(), is_same)) continue;
    Secret kept(option_values::checked(*entry->option, keyword.name, keyword.value,
                                       entry->in_milliseconds));
    found.push_back({entry->order, {entry->option, entry->prefix, std::move(kept)}});
  }
  std::stable_sort(found.begin(), found.end(), [](const Read& a, const Read& b) {
    return std::pair(!a.value.prefix.empty(), a.order) <
           std::pair(!b.value.prefix.empty(), b.order);
  });
  Options options;
  options.values_.reserve(found.size());
  for (Read& read : found) options.values_.push_back(std::move(read.value));
  return options;
}

std::vector<std::string> OptionTable::clashes() const { return clashes_; }

std::span<const std::string_view> OptionTable::prefixes() { return monitor_prefixes; }

}  // namespace core
