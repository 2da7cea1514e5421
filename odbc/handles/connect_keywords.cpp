// SPDX-License-Identifier: Apache-2.0
// Merging connection strings, odbc.ini and odbcinst.ini.
#include "odbc/handles/connect_keywords.h"

#include <algorithm>
#include <array>
#include <span>

#include "odbc/text/data_source.h"

namespace odbc {
namespace {

/// Keywords of ODBC and the driver manager: not the driver's to judge.
constexpr std::array<std::string_view, 4> manager_keywords = {"DSN", "DRIVER", "FILEDSN",
                                                              "SAVEFILE"};

bool is_managers(std::string_view keyword) {
  return std::any_of(manager_keywords.begin(), manager_keywords.end(),
                     [&](std::string_view own) { return text::same_keyword(own, keyword); });
}

bool tells_engine(const core::Option* option) {
  return option == &core::general::engine || option == &core::general::wrapper_dialect;
}

std::string value_of(const std::vector<text::Attribute>& attributes, std::string_view keyword) {
  const text::Attribute* found = text::find(attributes, keyword);
  return found == nullptr ? std::string() : found->value;
}

/// What ODBC applications look for when they complete or hide parts of a connection string.
std::string_view canonical_keyword(const core::Option& option) {
  if (&option == &core::general::user) return "UID";
  if (&option == &core::general::password) return "PWD";
  return option.name;
}

}  // namespace

ConnectKeywords ConnectKeywords::from_string(std::string_view connection_string) {
  ConnectKeywords keywords;
  keywords.explicitly = text::effective(text::parse(connection_string));
  keywords.data_source = value_of(keywords.explicitly, "DSN");
  keywords.driver = value_of(keywords.explicitly, "DRIVER");
  keywords.add_files();
  return keywords;
}

ConnectKeywords ConnectKeywords::from_data_source(std::string name, std::string user,
                                                  std::string password) {
  ConnectKeywords keywords;
  keywords.data_source = name.empty() ? "default" : std::move(name);
  if (!user.empty()) keywords.explicitly.push_back({"UID", std::move(user)});
  if (!password.empty()) keywords.explicitly.push_back({"PWD", std::move(password)});
  keywords.add_files();
  return keywords;
}

void ConnectKeywords::add_files() {
  std::string entry = driver;
  if (!data_source.empty()) {
    inherited = text::data_source(data_source);
    if (entry.empty()) entry = value_of(inherited, "DRIVER");
    of_data_source = inherited.size();
  }
  if (entry.empty() || entry.find('/') != std::string::npos) return;  // a path has no entry
  for (text::Attribute& attribute : text::driver_entry(entry))
    inherited.push_back(std::move(attribute));
}

core::Options ConnectKeywords::options(const core::OptionTable& table,
                                       std::vector<core::OptionWarning>& warnings) const {
  std::vector<core::Keyword> keywords;
  for (const text::Attribute& attribute : explicitly)
    if (!is_managers(attribute.keyword)) keywords.push_back({attribute.keyword, attribute.value});
  const std::span<const text::Attribute> all = inherited;
  for (const auto source : {all.first(of_data_source), all.subspan(of_data_source)}) {
    const bool engine_is_told =
        std::any_of(keywords.begin(), keywords.end(), [&](const core::Keyword& nearer) {
          return !nearer.value.empty() && tells_engine(table.find(nearer.name));
        });
    for (const text::Attribute& attribute : source) {
      const core::Option* const option = table.find(attribute.keyword);
      if (option == nullptr || is_managers(attribute.keyword) || attribute.value.empty()) continue;
      if (engine_is_told && tells_engine(option)) continue;
      keywords.push_back({attribute.keyword, attribute.value});
    }
  }
  return table.read(keywords, warnings);
}

std::string ConnectKeywords::completed(const core::OptionTable& table,
                                       const core::Options& options) const {
  std::vector<text::Attribute> out;
  if (!data_source.empty()) out.push_back({"DSN", data_source});
  if (options.boolean(core::general::dsn_only_output) && !data_source.empty())
    return text::format(out);
  if (data_source.empty() && !driver.empty()) out.push_back({"DRIVER", driver});
  const auto given_by_application = [&](const core::Option& option) {
    return std::any_of(explicitly.begin(), explicitly.end(),
                       [&](const text::Attribute& a) { return table.find(a.keyword) == &option; });
  };
  for (const core::Options::Given& given : options.given_values())
    if (!given.option->secret || given_by_application(*given.option))
      out.push_back({std::string(canonical_keyword(*given.option)), *given.value});
  return text::format(out);
}

}  // namespace odbc
