// SPDX-License-Identifier: Apache-2.0
// Choosing a dialect: by name, by endpoint, by what the server answers.
#include "core/dialect.h"

#include <algorithm>
#include <utility>

#include "core/ascii.h"
#include "core/options.h"

namespace core {
namespace {

using Cell = std::optional<std::string>;

const Cell& cell(const std::vector<Cell>& row, std::size_t index) {
  static const Cell null;
  return index < row.size() ? row[index] : null;
}

bool holds(const VariableTest& test, const TextRows& variables) {
  const auto row = std::find_if(variables.begin(), variables.end(), [&](const auto& candidate) {
    return lower(cell(candidate, 0).value_or("")) == test.variable;
  });
  if (row == variables.end()) return false;
  const std::string value = lower(cell(*row, 1).value_or(""));
  switch (test.is) {
    case VariableTest::Is::present: return true;
    case VariableTest::Is::empty: return value.empty();
    case VariableTest::Is::filled: return !value.empty();
    case VariableTest::Is::equal: return value == lower(test.value);
    case VariableTest::Is::containing: return value.find(lower(test.value)) != std::string::npos;
  }
  return false;
}

SuggestedBy suggestion(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case EndpointKind::global_writer: return SuggestedBy::global_cluster;
    case EndpointKind::writer_cluster:
    case EndpointKind::reader_cluster:
    case EndpointKind::custom_cluster:
    case EndpointKind::limitless: return SuggestedBy::aurora_cluster;
    case EndpointKind::instance:
    case EndpointKind::proxy: return SuggestedBy::rds_instance;
    case EndpointKind::ip:
    case EndpointKind::other: break;
  }
  return SuggestedBy::any_name;
}

}  // namespace

const Dialect* DialectRegistry::find(std::string_view name_or_alias) const {
  const std::string wanted = normalized(name_or_alias);
  const auto matches = [&](std::string_view name) { return normalized(name) == wanted; };
  for (const Dialect* dialect : dialects_)
    if (matches(dialect->name) ||
        std::any_of(dialect->aliases.begin(), dialect->aliases.end(), matches))
      return dialect;
  return nullptr;
}

std::string DialectRegistry::names() const {
  std::string text;
  for (const Dialect* dialect : dialects_)
    text += (text.empty() ? "" : ", ") + std::string(dialect->name);
  return text;
}

const Dialect* DialectRegistry::suggested(SuggestedBy kind, Engine engine) const {
  for (const Dialect* dialect : dialects_)
    if (dialect->engine == engine && dialect->suggested_by == kind) return dialect;
  return nullptr;
}

DialectRegistry::Guess DialectRegistry::initial(std::string_view explicit_name,
                                                const Endpoint& endpoint, Engine engine) const {
  if (!explicit_name.empty()) return {find(explicit_name), true};
  const SuggestedBy kind = suggestion(endpoint);
  if (const Dialect* dialect = suggested(kind, engine)) {
    // Only Aurora has such endpoints; there is nothing to ask.
    const bool certain = kind == SuggestedBy::global_cluster ||
                         (endpoint.kind == EndpointKind::limitless && engine == Engine::postgres);
    return {dialect, certain};
  }
  if (kind == SuggestedBy::global_cluster)
    if (const Dialect* aurora = suggested(SuggestedBy::aurora_cluster, engine))
      return {aurora, false};
  return {suggested(SuggestedBy::any_name, engine), false};
}

Dialects DialectRegistry::candidates(const Dialect& from) const {
  Dialects result;
  for (const std::string_view name : from.upgrades)
    if (const Dialect* dialect = find(name); dialect != nullptr && dialect->is_recognisable())
      result.push_back(dialect);
  return result;
}

const Dialect& DialectRegistry::fallback(const Dialect& from) const {
  const Dialect* plain =
      from.is_recognisable() ? suggested(SuggestedBy::any_name, from.engine) : nullptr;
  return plain != nullptr ? *plain : from;
}

const Dialect& DialectRegistry::by_version(const Dialect& from, const std::string& version) const {
  Dialects told_by_version = candidates(from);
  std::erase_if(told_by_version, [](const Dialect* dialect) {
    const auto elsewhere = [](const VariableTest& test) { return test.variable != "version"; };
    return !dialect->probe.empty() ||
           std::any_of(dialect->variables.begin(), dialect->variables.end(), elsewhere);
  });
  const Dialects found = holding(told_by_version, {{"version", version}});
  return found.empty() ? from : *found.front();
}

std::string variables_statement(const Dialects& candidates) {
  std::string names;
  for (const Dialect* dialect : candidates)
    for (const VariableTest& test : dialect->variables) {
      const std::string quoted = "'" + std::string(test.variable) + "'";
      if (names.find(quoted) == std::string::npos) names += (names.empty() ? "" : ", ") + quoted;
    }
  return names.empty() ? "" : "SHOW VARIABLES WHERE Variable_name IN (" + names + ")";
}

Dialects holding(const Dialects& candidates, const TextRows& variables) {
  Dialects result = candidates;
  std::erase_if(result, [&](const Dialect* dialect) {
    return !std::all_of(dialect->variables.begin(), dialect->variables.end(),
                        [&](const VariableTest& test) { return holds(test, variables); });
  });
  return result;
}

std::string probe_statement(const Dialects& candidates) {
  std::string sql;
  const auto ask = [&](std::string_view question) {
    if (question.empty()) return;
    sql += sql.empty() ? "SELECT (" : ", (";
    sql.append(question).append(")");
  };
  for (const Dialect* dialect : candidates) ask(dialect->probe);
  for (const Dialect* dialect : candidates) ask(dialect->lacks_grants);
  return sql;
}

const Dialect& first_true(const Dialects& candidates, const TextRows& answer,
                          const Dialect& otherwise) {
  std::size_t column = 0;
  for (const Dialect* dialect : candidates) {
    if (dialect->probe.empty()) return *dialect;
    if (!answer.empty() && truthy(cell(answer[0], column++))) return *dialect;
  }
  return otherwise;
}

const Dialect* first_without_grants(const Dialects& candidates, const TextRows& answer) {
  if (answer.empty()) return nullptr;
  const auto asked = [](std::string_view Dialect::*question) {
    return [question](const Dialect* dialect) { return !(dialect->*question).empty(); };
  };
  auto column = static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(), asked(&Dialect::probe)));
  const auto is_asked = asked(&Dialect::lacks_grants);
  for (const Dialect* dialect : candidates)
    if (is_asked(dialect) && truthy(cell(answer[0], column++))) return dialect;
  return nullptr;
}

}  // namespace core
