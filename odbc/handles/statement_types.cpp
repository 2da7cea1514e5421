// SPDX-License-Identifier: Apache-2.0
// Types that only the server's catalog knows: asked for when somebody wants to know, shown in the
// IRD from then on.
#include <algorithm>
#include <array>
#include <charconv>

#include "odbc/driver.h"
#include "odbc/handles/statement.h"

namespace odbc {
namespace {

template <class T>
T number(const std::optional<std::string>& cell) {
  T value{};
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

}  // namespace

/// The IRD of these columns, completed by what has been learned.
void Statement::describe(std::span<const core::Column> columns, std::uint64_t number) {
  const bool plain =
      std::none_of(columns.begin(), columns.end(), [](const auto& c) { return c.foreign; });
  if (plain) {
    ird_->describe(columns, number);
    return;
  }
  std::vector<core::Column> completed(columns.begin(), columns.end());
  for (core::Column& column : completed) complete(column);
  ird_->describe(completed);
}

void Statement::complete(core::Column& column) const {
  const auto facts = connection_->foreign_types().find(column.server_type);
  if (!facts) return;
  const core::Session& session = connection_->session();
  const core::ClientDescriptor* client = services().client_for(session.engine());
  if (client == nullptr || client->describe == nullptr) return;
  client->describe(column, facts->described_as, facts->modifier, session.options());
  column.type_name = facts->name;
}

void Statement::learn_type(SQLUSMALLINT number) {
  const std::span<const core::Column> known = columns();
  if (number < 1 || number > known.size() || !known[number - 1U].foreign) return;
  if (learn(known[number - 1U].server_type)) describe(known);
}

/// True when the facts of this type are known.
bool Statement::learn(std::uint32_t server_type) {
  if (connection_->foreign_types().find(server_type)) return true;
  const core::CatalogQueries* catalog = connection_->session().dialect().catalog;
  if (catalog == nullptr || catalog->type_facts.empty()) return false;
  const std::array arguments = {std::to_string(server_type)};
  core::TextRows rows;
  try {
    rows = ask(catalog->type_facts, arguments);
  } catch (const core::Error& error) {
    // A failed transaction takes no questions, nor does a link without room for the rest of an
    // open result: the number has to do.
    const bool refused = error.reached() == core::Reached::answered && !error.link_lost();
    if (!refused && error.state() != core::sqlstate::no_room) throw;
  }
  if (rows.empty() || rows.front().size() != 3) return false;
  connection_->foreign_types().add(
      server_type, {rows.front()[0].value_or(""), number<std::uint32_t>(rows.front()[1]),
                    number<int>(rows.front()[2])});
  return true;
}

}  // namespace odbc
