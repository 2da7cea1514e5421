// SPDX-License-Identifier: Apache-2.0
// Reading the texts. The session's sql_mode decides what "x" is and whether a backslash escapes: a
// literal with a backslash proves nothing, and a name in double quotes is taken for a literal.
#include "core/client/mysql_rewrite.h"

#include <algorithm>
#include <array>
#include <span>

namespace core {
namespace {

constexpr std::array<std::string_view, 14> before_brackets{
    "AND",  "OR",  "NOT", "XOR",    "IN",    "WHERE", "BETWEEN",
    "LIKE", "DIV", "IS",  "VALUES", "VALUE", "LIMIT", "ON"};
constexpr std::array<std::string_view, 6> never{"SELECT", "RETURNING", "FOR",
                                                "UNION",  "TABLE",     "PROCEDURE"};

bool is_one_of(const Token& token, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}

bool is_name(const Token& token) {
  return token.kind == TokenKind::word || (token.kind == TokenKind::name && token.closed);
}

/// Reads tokens and refuses what a plain change does not hold.
class Reader {
 public:
  explicit Reader(std::string_view sql) : sql_(sql), tokens_(sql, mysql_lexis) { next(); }

  const Token& token() const { return token_; }
  bool plain() const { return plain_; }
  bool at(std::string_view word) const { return is_word(token_, word); }
  bool at_end() const { return token_.kind == TokenKind::end; }
  std::size_t begin() const { return static_cast<std::size_t>(token_.text.data() - sql_.data()); }

  void next() {
    const Token before = token_;
    token_ = tokens_.next_significant();
    const bool literal_in_doubt =
        token_.kind == TokenKind::string && token_.text.find('\\') != std::string_view::npos;
    const bool called = token_.is('(') && before.kind == TokenKind::word &&
                        !is_one_of(before, before_brackets) && !brackets_of_names_;
    if (!token_.closed || literal_in_doubt || called || token_.is('@') || token_.is(':') ||
        token_.kind == TokenKind::code_comment || is_one_of(token_, never))
      plain_ = false;
    if (token_.is('?')) ++parameters_;
  }
  bool skip(std::string_view word) {
    if (!at(word)) return false;
    next();
    return true;
  }
  bool skip(char symbol) {
    if (!token_.is(symbol)) return false;
    next();
    return true;
  }
  /// name or name.name; empty when there is none.
  std::string_view table(bool list_may_follow) {
    brackets_of_names_ = list_may_follow;
    const std::size_t from = begin();
    std::size_t to = from;
    do {
      if (!is_name(token_)) return {};
      to = tokens_.position();
      next();
    } while (skip('.'));
    brackets_of_names_ = false;
    return sql_.substr(from, to - from);
  }
  /// From an opening bracket to behind its closing one; false when it does not close.
  bool brackets() {
    int depth = 0;
    do {
      if (at_end()) return false;
      depth += token_.is('(') ? 1 : token_.is(')') ? -1 : 0;
      closed_at_ = tokens_.position();
      next();
    } while (depth > 0);
    return true;
  }
  /// Behind the brackets that were read last; a comment may follow.
  std::size_t closed_at() const { return closed_at_; }
  /// To the end of the statement; false when another one follows.
  bool rest() {
    while (!at_end() && !token_.is(';')) next();
    (void)skip(';');
    return at_end();
  }
  std::size_t parameters() const { return parameters_; }

 private:
  std::string_view sql_;
  Tokenizer tokens_;
  Token token_;
  bool brackets_of_names_ = false;
  bool plain_ = true;
  std::size_t parameters_ = 0, closed_at_ = 0;
};

std::optional<PlainChange> plain_insert(Reader& reader, std::string_view sql) {
  PlainChange change;
  change.kind = StatementKind::insert;
  change.ignores_errors = reader.skip("IGNORE");
  (void)reader.skip("INTO");
  change.table = reader.table(true);
  if (change.table.empty()) return std::nullopt;
  if (reader.token().is('(') && !reader.brackets()) return std::nullopt;
  if (!reader.at("VALUES") && !reader.at("VALUE")) return std::nullopt;
  reader.next();
  const std::size_t row = reader.begin(), before = reader.parameters();
  if (!reader.token().is('(') || !reader.brackets()) return std::nullopt;
  if (reader.token().is(',')) return std::nullopt;
  change.head = sql.substr(0, row);
  change.row = sql.substr(row, reader.closed_at() - row);
  // The token behind the row has been read already.
  const std::size_t ahead = reader.token().is('?') ? 1 : 0, in_row = reader.parameters() - ahead;
  change.row_parameters = in_row - before;
  if (!reader.rest() || !reader.plain()) return std::nullopt;
  change.tail = sql.substr(row + change.row.size());
  change.tail_has_parameters = reader.parameters() > in_row;
  return change;
}

}  // namespace

std::optional<PlainChange> plain_change(std::string_view sql) {
  Reader reader(sql);
  if (reader.skip("INSERT") || reader.skip("REPLACE")) return plain_insert(reader, sql);
  PlainChange change;
  change.head = sql;
  if (reader.skip("UPDATE"))
    change.kind = StatementKind::update;
  else if (reader.skip("DELETE") && reader.skip("FROM"))
    change.kind = StatementKind::remove;
  else
    return std::nullopt;
  change.table = reader.table(false);
  const bool update = change.kind == StatementKind::update;
  const bool one_table =
      update ? reader.at("SET") : reader.at("WHERE") || reader.at_end() || reader.token().is(';');
  if (change.table.empty() || !one_table || !reader.rest() || !reader.plain()) return std::nullopt;
  return change;
}

std::string with_rows(const PlainChange& insert, std::size_t rows) {
  std::string text;
  text.reserve(insert.head.size() + insert.tail.size() + rows * (insert.row.size() + 1));
  text.append(insert.head);
  for (std::size_t i = 0; i < rows; ++i) {
    if (i > 0) text.push_back(',');
    text.append(insert.row);
  }
  return text.append(insert.tail);
}

bool is_transactional_table(std::string_view create_table) {
  Tokenizer tokens(create_table, mysql_lexis);
  Token token = tokens.next_significant();
  if (!is_word(token, "CREATE")) return false;
  token = tokens.next_significant();
  if (is_word(token, "TEMPORARY")) token = tokens.next_significant();
  if (!is_word(token, "TABLE")) return false;
  int depth = 0;
  for (; token.kind != TokenKind::end && token.closed; token = tokens.next_significant()) {
    depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
    if (depth > 0 || !is_word(token, "ENGINE")) continue;
    return tokens.next_significant().is('=') && is_word(tokens.next_significant(), "INNODB");
  }
  return false;
}

}  // namespace core
