// SPDX-License-Identifier: Apache-2.0
// First words, compared without a parser (documentation, "SQL Commands").
#include "core/client/pg_text.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/sql_text.h"

namespace core {
namespace {

bool is_one_of(const Token& token, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return is_word(token, word); });
}

// transaction_isolation and its like may be set before the first savepoint only.
bool names_transaction(const Token& token) {
  constexpr std::string_view prefix = "TRANSACTION";
  return token.text.size() >= prefix.size() && token.kind == TokenKind::word &&
         is_word({TokenKind::word, token.text.substr(0, prefix.size())}, prefix);
}

PgControl rollback_control(Tokenizer& tokens) {
  Token token = tokens.next_significant();
  if (is_word(token, "WORK") || is_word(token, "TRANSACTION")) token = tokens.next_significant();
  return is_word(token, "TO") ? PgControl::to_savepoint : PgControl::other;
}

PgControl set_control(Tokenizer& tokens) {
  Token token = tokens.next_significant();
  if (is_word(token, "LOCAL") || is_word(token, "SESSION")) token = tokens.next_significant();
  return names_transaction(token) ? PgControl::other : PgControl::none;
}

PgControl control_at(Tokenizer& tokens) {
  constexpr std::array<std::string_view, 5> plain = {"BEGIN", "START", "COMMIT", "END",
                                                     "SAVEPOINT"};
  const Token first = tokens.next_significant();
  if (first.kind != TokenKind::word) return PgControl::none;
  if (is_one_of(first, plain)) return PgControl::other;
  if (is_word(first, "RELEASE")) return PgControl::to_savepoint;
  if (is_word(first, "ROLLBACK") || is_word(first, "ABORT")) return rollback_control(tokens);
  if (is_word(first, "SET")) return set_control(tokens);
  if (is_word(first, "PREPARE") && is_word(tokens.next_significant(), "TRANSACTION"))
    return PgControl::other;
  return PgControl::none;
}

bool drops_at(Tokenizer& tokens) {
  const Token first = tokens.next_significant();
  const bool deallocates = is_word(first, "DEALLOCATE");
  if (!deallocates && !is_word(first, "DISCARD")) return false;
  Token what = tokens.next_significant();
  if (deallocates && is_word(what, "PREPARE")) what = tokens.next_significant();
  return is_word(what, "ALL");
}

/// Goes behind the next semicolon; false at the end.
bool skip_statement(Tokenizer& tokens) {
  for (;;) {
    const Token token = tokens.next();
    if (token.kind == TokenKind::end) return false;
    if (token.is(';')) return true;
  }
}

}  // namespace

bool is_copy(std::string_view sql) {
  Tokenizer tokens(sql, postgres_lexis);
  return is_word(tokens.next_significant(), "COPY");
}

bool may_commit_midway(std::string_view sql) {
  switch (statement_kind(sql, postgres_lexis)) {
    case StatementKind::select:
    case StatementKind::insert:
    case StatementKind::update:
    case StatementKind::remove: return false;
    default: return true;
  }
}

bool changes_rows(std::string_view sql) {
  switch (statement_kind(sql, postgres_lexis)) {
    case StatementKind::insert:
    case StatementKind::update:
    case StatementKind::remove: return true;
    case StatementKind::select:
      return is_word(Tokenizer(sql, postgres_lexis).next_significant(), "WITH") &&
             !is_provably_read_only(sql, postgres_lexis);
    default: return false;
  }
}

PgControl transaction_control(std::string_view sql) {
  Tokenizer tokens(sql, postgres_lexis);
  return control_at(tokens);
}

bool controls_transaction(std::string_view sql) {
  Tokenizer tokens(sql, postgres_lexis);
  do {
    Tokenizer ahead = tokens;
    if (control_at(ahead) != PgControl::none) return true;
  } while (skip_statement(tokens));
  return false;
}

bool drops_prepared(std::string_view sql, bool several) {
  Tokenizer tokens(sql, postgres_lexis);
  do {
    Tokenizer ahead = tokens;
    if (drops_at(ahead)) return true;
  } while (several && skip_statement(tokens));
  return false;
}

bool changes_tables(std::string_view sql) {
  const StatementKind kind = statement_kind(sql, postgres_lexis);
  if (kind == StatementKind::ddl || kind == StatementKind::call) return true;
  if (kind != StatementKind::other) return false;
  Tokenizer tokens(sql, postgres_lexis);
  return is_word(tokens.next_significant(), "DO");
}

bool reads_tables(std::string_view sql) {
  return statement_kind(sql, postgres_lexis) == StatementKind::select && gains_from_a_name(sql) &&
         !changes_rows(sql);
}
PgText::PgText(std::string_view text)
    : sql(text),
      copies(is_copy(text)),
      writes_rows(changes_rows(text)),
      alters_tables(changes_tables(text)),
      drops_names(drops_prepared(text, false)) {}

bool gains_from_a_name(std::string_view sql) {
  if (may_commit_midway(sql)) return false;
  if (statement_kind(sql, postgres_lexis) != StatementKind::select) return true;
  Tokenizer tokens(sql, postgres_lexis);
  for (;;) {
    const Token token = tokens.next_significant();
    if (token.kind == TokenKind::end) return false;
    if (is_word(token, "FROM")) return true;
  }
}

}  // namespace core
