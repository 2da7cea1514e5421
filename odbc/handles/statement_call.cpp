// SPDX-License-Identifier: Apache-2.0
// A {call}: whether it is one of a procedure, and arguments that are left to their defaults
// (SQL_DEFAULT_PARAM).
#include <array>
#include <utility>

#include "odbc/handles/statement_wire.h"

namespace odbc {

bool Statement::names_procedure(const std::string& routine) {
  if (const auto known = connection_->procedures().find(routine)) return *known;
  const std::array arguments = {routine};
  const auto rows = ask(connection_->session().dialect().catalog->is_procedure, arguments);
  connection_->procedures().add(routine, !rows.empty());
  return !rows.empty();
}

/// Where the server calls procedures and functions differently its catalog knows which this is.
void Statement::resolve_call() {
  const core::Session& session = connection_->session();
  const core::CatalogQueries* catalog = session.dialect().catalog;
  if (call_resolved_ || catalog == nullptr || catalog->is_procedure.empty()) return;
  const text::MarkerStyle markers = markers_of(session.engine());
  const text::CallText call = text::read_call(sql_, lexis_, markers);
  const bool procedure = names_procedure(std::string(call.name));
  call_resolved_ = true;
  const auto form = procedure ? text::CallForm::statement : text::CallForm::escape;
  if (std::exchange(call_form_, form) == form) return;
  std::string sql = text::write_call(call, form, {}, {});
  text::Translated translated = text::translate(sql, lexis_, markers);
  if (std::exchange(translated.unchanged, false)) translated.sql = std::move(sql);
  translated.is_call = true;
  translated_ = std::move(translated);
  shorter_call_.reset();
  prepared_.reset();
}

/// The name means something else by now: the next execution asks again.
void Statement::doubt_call(const core::Error& error) noexcept {
  if (!translated_.is_call || error.state() != core::Sqlstate("42809")) return;
  connection_->procedures().forget();
  call_resolved_ = false;
}

/// What is left out differs from set to set rarely: the last text is kept.
const text::ShorterCall& Statement::shorter_call(const std::vector<std::size_t>& left_out) {
  if (shorter_call_ != nullptr && shorter_call_->left_out == left_out) return *shorter_call_;
  const core::Session& session = connection_->session();
  const text::MarkerStyle markers = markers_of(session.engine());
  const text::CallText call = text::read_call(sql_, lexis_, markers);
  const core::CatalogQueries* catalog = session.dialect().catalog;
  const bool can_ask = catalog != nullptr && !catalog->argument_names.empty();
  if (!argument_names_ && can_ask && text::needs_names(call, left_out)) {
    const std::array arguments = {std::string(call.name)};
    argument_names_ = ask(catalog->argument_names, arguments);
  }
  std::vector<std::string> names;
  if (argument_names_)
    for (const auto& row : *argument_names_) names.push_back(row.front().value_or(""));
  auto shorter = std::make_unique<text::ShorterCall>();
  shorter->left_out = left_out;
  shorter->sql = text::write_call(call, call_form_, left_out, names);
  shorter->translated = text::translate(shorter->sql, lexis_, markers);
  shorter_call_ = std::move(shorter);
  return *shorter_call_;
}

void Statement::execute_leaving_out(std::span<const core::Parameter> parameters) {
  const std::vector<std::size_t>& left_out = parameter_sets_.left_out();
  shorter_call(left_out);
  std::vector<core::Parameter> given;
  for (std::size_t i = 0, out = 0; i < parameters.size(); ++i) {
    const bool skipped = out < left_out.size() && left_out[out] == i;
    if (skipped)
      ++out;
    else
      given.push_back(parameters[i]);
  }
  core::Query shorter = query(given);
  shorter.sql = shorter_call_->translated.text(shorter_call_->sql);
  shorter.parameter_count = static_cast<int>(given.size());
  shorter.prepared = &shorter_call_->prepared;
  on_wire([&](core::Session& session, const core::Limits& limits) {
    result_ = session.execute(shorter, limits);
  });
}

}  // namespace odbc
