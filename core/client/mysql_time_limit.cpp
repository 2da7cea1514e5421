// SPDX-License-Identifier: Apache-2.0
// MariaDB's SET STATEMENT. MySQL's max_execution_time knows SELECT only.
#include "core/client/mysql_time_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/sql_text.h"

namespace core {
namespace {

constexpr unsigned long first_with_set_statement = 100'102;  // MariaDB 10.1.2
constexpr std::string_view writes[] = {"INSERT", "UPDATE", "DELETE", "REPLACE"};

/// A write that returns rows is read like a SELECT.
bool is_plain_write(std::string_view sql) {
  Tokenizer tokens(sql, mysql_lexis);
  Token token = tokens.next_significant();
  if (std::none_of(std::begin(writes), std::end(writes),
                   [&](std::string_view word) { return is_word(token, word); }))
    return false;
  constexpr std::size_t longest = 65'536;  // looking for a word in a bulk INSERT is not worth it
  if (sql.size() > longest) return false;
  while (token.kind != TokenKind::end && !is_word(token, "RETURNING") && !token.is(';'))
    token = tokens.next_significant();
  return token.kind == TokenKind::end;
}

}  // namespace

MysqlTimeLimit mysql_time_limit(MYSQL& link, std::string_view sql, milliseconds remaining) {
  constexpr milliseconds step{50};
  if (mariadb_connection(&link) == 0 ||
      mysql_get_server_version(&link) < first_with_set_statement || !is_plain_write(sql))
    return {};
  const milliseconds span = (std::max(remaining, step) + step - milliseconds(1)) / step * step;
  return {fmt::format("SET STATEMENT max_statement_time={}.{:03} FOR ", span.count() / 1000,
                      span.count() % 1000),
          span};
}

}  // namespace core
