// SPDX-License-Identifier: Apache-2.0
// PluginRegistry: from the user's list of codes to descriptors in pipeline order.
#include "core/plugin.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

bool names(const PluginDescriptor& plugin, const std::string& wanted) {
  const auto same = [&](std::string_view name) { return normalized(name) == wanted; };
  return same(plugin.code) || std::any_of(plugin.aliases.begin(), plugin.aliases.end(), same);
}

std::string known_codes(std::span<const PluginDescriptor* const> plugins) {
  std::string text;
  for (const PluginDescriptor* p : plugins)
    text += (text.empty() ? "" : ", ") + std::string(p->code);
  return text;
}

void refuse_conflicts(const std::vector<const PluginDescriptor*>& chosen) {
  for (const PluginDescriptor* one : chosen)
    for (const PluginDescriptor* other : chosen)
      if (one != other && std::find(one->conflicts.begin(), one->conflicts.end(), other->code) !=
                              one->conflicts.end())
        throw Error(sqlstate::invalid_attribute_value, "Options",
                    fmt::format("plugins: '{}' and '{}' exclude each other; keep one of them",
                                one->code, other->code),
                    Reached::not_sent);
}

}  // namespace

const PluginDescriptor* PluginRegistry::find(std::string_view code_or_alias) const {
  const std::string wanted = normalized(code_or_alias);
  for (const PluginDescriptor* p : plugins_)
    if (names(*p, wanted)) return p;
  return nullptr;
}

std::vector<const PluginDescriptor*> PluginRegistry::chosen(const Options& options) const {
  std::vector<const PluginDescriptor*> result;
  if (!options.given(general::plugins)) {
    std::copy_if(plugins_.begin(), plugins_.end(), std::back_inserter(result),
                 [](const PluginDescriptor* p) { return p->on_by_default; });
  }
  for (const std::string& code : options.list(general::plugins)) {
    if (normalized(code) == "none") continue;
    const PluginDescriptor* plugin = find(code);
    if (plugin == nullptr)
      throw Error(
          sqlstate::invalid_attribute_value, "Options",
          fmt::format(
              "plugins: there is no plugin '{}'; known plugins: {}; 'none' switches all off", code,
              known_codes(plugins_)),
          Reached::not_sent);
    if (std::find(result.begin(), result.end(), plugin) == result.end()) result.push_back(plugin);
  }
  refuse_conflicts(result);
  if (options.boolean(general::auto_sort_wrapper_plugin_order))
    std::stable_sort(
        result.begin(), result.end(),
        [](const PluginDescriptor* a, const PluginDescriptor* b) { return a->weight < b->weight; });
  return result;
}

}  // namespace core
