// SPDX-License-Identifier: Apache-2.0
// What kind of statement a text holds, how many there are, and whether it only reads: the functions
// of sql_text.h that look at tokens from above. Comes in: failover and read/write splitting (may
// this be repeated?), transaction tracking. Every answer here is on the safe side: an unknown shape
// is "other" and "not read-only".
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "core/sql_text.h"

namespace core {
namespace {

struct KindRow {
  std::string_view word;
  StatementKind kind;
};
constexpr std::array kind_rows{
    KindRow{"SELECT", StatementKind::select},  KindRow{"VALUES", StatementKind::select},
    KindRow{"TABLE", StatementKind::select},   KindRow{"INSERT", StatementKind::insert},
    KindRow{"REPLACE", StatementKind::insert}, KindRow{"UPDATE", StatementKind::update},
    KindRow{"MERGE", StatementKind::update},   KindRow{"DELETE", StatementKind::remove},
    KindRow{"CALL", StatementKind::call},      KindRow{"BEGIN", StatementKind::begin},
    KindRow{"START", StatementKind::begin},    KindRow{"COMMIT", StatementKind::commit},
    KindRow{"END", StatementKind::commit},     KindRow{"ROLLBACK", StatementKind::rollback},
    KindRow{"ABORT", StatementKind::rollback}, KindRow{"CREATE", StatementKind::ddl},
    KindRow{"ALTER", StatementKind::ddl},      KindRow{"DROP", StatementKind::ddl},
    KindRow{"TRUNCATE", StatementKind::ddl},   KindRow{"RENAME", StatementKind::ddl},
    KindRow{"COMMENT", StatementKind::ddl},    KindRow{"GRANT", StatementKind::ddl},
    KindRow{"REVOKE", StatementKind::ddl},
};

// Built into both server families, without effects, and called with the bracket right behind the
// name. A name that only one of them has is left out: on the other it would be a function of the
// user.
constexpr std::array<std::string_view, 66> harmless_functions{
    "ABS",         "ACOS",       "ASCII",        "ASIN",         "ATAN",
    "AVG",         "CAST",       "CEIL",         "CEILING",      "CHARACTER_LENGTH",
    "CHAR_LENGTH", "COALESCE",   "CONCAT",       "CONCAT_WS",    "COS",
    "COT",         "COUNT",      "CUME_DIST",    "DEGREES",      "DENSE_RANK",
    "EXP",         "EXTRACT",    "FIRST_VALUE",  "FLOOR",        "GREATEST",
    "LAG",         "LAST_VALUE", "LEAD",         "LEAST",        "LEFT",
    "LENGTH",      "LN",         "LOG",          "LOWER",        "LPAD",
    "LTRIM",       "MAX",        "MD5",          "MIN",          "MOD",
    "NTILE",       "NULLIF",     "OCTET_LENGTH", "PERCENT_RANK", "PI",
    "POSITION",    "POWER",      "RADIANS",      "RANK",         "REPEAT",
    "REPLACE",     "REVERSE",    "RIGHT",        "ROUND",        "ROW_NUMBER",
    "RPAD",        "RTRIM",      "SIGN",         "SIN",          "SQRT",
    "SUBSTR",      "SUBSTRING",  "SUM",          "TAN",          "TRIM",
    "UPPER"};

// A bracket after these belongs to the grammar, not to a function; blanks may stand between.
constexpr std::array<std::string_view, 38> bracket_keywords{
    "ALL",     "AND",       "ANY",    "AS",      "BETWEEN", "BY",     "CASE",         "CHAR",
    "DECIMAL", "DISTINCT",  "ELSE",   "EXCEPT",  "EXISTS",  "FILTER", "FROM",         "HAVING",
    "IN",      "INTERSECT", "IS",     "JOIN",    "LIKE",    "LIMIT",  "MATERIALIZED", "NOT",
    "NUMERIC", "OFFSET",    "ON",     "OR",      "OVER",    "SELECT", "SOME",         "THEN",
    "UNION",   "USING",     "VALUES", "VARCHAR", "WHEN",    "WHERE"};

// Words that make a text suspicious wherever they stand unquoted.
constexpr std::array<std::string_view, 12> effect_words{"CALL",   "CURRVAL", "DELETE",    "FOR",
                                                        "INSERT", "INTO",    "LASTVAL",   "LOCK",
                                                        "MERGE",  "NEXTVAL", "PROCEDURE", "UPDATE"};

// A word in upper case, once, so that a list of keywords costs one comparison of memory each.
class Keyword {
 public:
  explicit Keyword(const Token& token) noexcept {
    if (token.kind != TokenKind::word || token.text.size() > letters_.size()) return;
    size_ = token.text.size();
    std::transform(token.text.begin(), token.text.end(), letters_.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
  }

  std::string_view view() const noexcept { return {letters_.data(), size_}; }

 private:
  std::array<char, 24> letters_;  // longer than every word in the lists above
  std::size_t size_ = 0;          // 0: no word of any list
};

template <std::size_t N>
bool is_one_of(const Token& token, const std::array<std::string_view, N>& words) noexcept {
  const Keyword keyword(token);
  return std::find(words.begin(), words.end(), keyword.view()) != words.end();
}

const KindRow* kind_row(const Token& token) noexcept {
  const Keyword keyword(token);
  const auto* const row =
      std::find_if(kind_rows.begin(), kind_rows.end(),
                   [&](const KindRow& candidate) { return candidate.word == keyword.view(); });
  return row == kind_rows.end() ? nullptr : row;
}

Token first_word(Tokenizer& tokens) noexcept {
  Token token = tokens.next_significant();
  while (token.kind != TokenKind::word && token.kind != TokenKind::end && token.closed)
    token = tokens.next_significant();
  return token;
}

// The statement that follows the queries of a WITH: the first verb outside of brackets.
StatementKind kind_after_with(Tokenizer& tokens) noexcept {
  int depth = 0;
  for (Token token = tokens.next_significant(); token.kind != TokenKind::end;
       token = tokens.next_significant()) {
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    const KindRow* const row = depth == 0 ? kind_row(token) : nullptr;
    if (row != nullptr && row->kind <= StatementKind::remove) return row->kind;
  }
  return StatementKind::other;
}

// BEGIN, START, COMMIT and ROLLBACK mean a transaction's end or begin only with the right words
// after them.
bool is_whole_transaction(StatementKind kind, const Token& first, Tokenizer& tokens) noexcept {
  Token token = tokens.next_significant();
  if (is_word(first, "START")) return is_word(token, "TRANSACTION");
  if (is_word(token, "PREPARED") || is_word(token, "NOT") || is_word(token, "ATOMIC")) return false;
  if (is_word(token, "WORK") || is_word(token, "TRANSACTION")) token = tokens.next_significant();
  return kind != StatementKind::rollback || !is_word(token, "TO");
}

class ReadOnlyProof {
 public:
  ReadOnlyProof(std::string_view sql, const Lexis& lexis) noexcept : tokens_(sql, lexis) {}

  bool holds() noexcept {
    previous_ = tokens_.next_significant();
    const bool may_read = is_word(previous_, "SELECT") || is_word(previous_, "VALUES") ||
                          is_word(previous_, "SHOW") || is_word(previous_, "WITH");
    if (!may_read) return false;
    for (;;) {
      const std::size_t before = tokens_.position();
      const Token token = tokens_.next_significant();
      if (token.kind == TokenKind::end) return true;
      if (!is_harmless(token, token.text.size() == tokens_.position() - before)) return false;
      after_dot_ = previous_.is('.');
      previous_ = token;
    }
  }

 private:
  // standard_conforming_strings and sql_mode decide what a backslash means. A session can change
  // them behind our back, and a literal that ends elsewhere would turn its content into statements.
  static bool depends_on_settings(const Token& token) noexcept {
    const bool quoted = token.text.front() == '\'' || token.text.front() == '"';
    return quoted && token.text.find('\\') != std::string_view::npos;
  }

  bool is_harmless(const Token& token, bool adjacent) noexcept {
    if (!token.closed || token.kind == TokenKind::code_comment || ended_ ||
        is_one_of(token, effect_words))
      return false;
    if (token.kind != TokenKind::symbol) return !depends_on_settings(token);
    if (token.is(';')) ended_ = true;
    if (token.is('=')) return !previous_.is(':');
    if (token.is('(')) return may_open(adjacent);
    return !token.is('{') && !token.is('}');
  }

  // MySQL takes `count (x)`, with a blank, for a function of the user.
  bool may_open(bool adjacent) const noexcept {
    if (previous_.kind == TokenKind::name || after_dot_) return false;
    if (previous_.kind != TokenKind::word) return previous_.kind == TokenKind::symbol;
    return is_one_of(previous_, bracket_keywords) ||
           (adjacent && is_one_of(previous_, harmless_functions));
  }

  Tokenizer tokens_;
  Token previous_;
  bool after_dot_ = false;  // the token before previous_ was a dot
  bool ended_ = false;      // a semicolon has passed: only blanks and comments may follow
};

class Counter {
 public:
  Counter(std::string_view sql, const Lexis& lexis) noexcept : tokens_(sql, lexis) {}

  int count(std::string_view sql) noexcept {
    if (sql.find(';') == std::string_view::npos) {
      return tokens_.next_significant().kind == TokenKind::end ? 0 : 1;
    }
    for (Token token = tokens_.next_significant(); token.kind != TokenKind::end;
         token = tokens_.next_significant()) {
      step(token);
      previous_ = token;
    }
    return count_;
  }

 private:
  void step(const Token& token) noexcept {
    const bool closing = close_block(token);
    if (token.is(';') && blocks_ == 0 && brackets_ <= 0) {
      *this = Counter(*this, count_);
      return;
    }
    if (empty_) {
      ++count_;
      empty_ = false;
      creates_ = is_word(token, "CREATE") || is_word(token, "ALTER");
      first_begin_ = is_word(token, "BEGIN");
    }
    if (token.is('(')) ++brackets_;
    if (token.is(')')) --brackets_;
    if (token.kind == TokenKind::word && !closing) open_block(token);
  }

  Counter(const Counter& from, int count) noexcept : tokens_(from.tokens_), count_(count) {}

  // True when `token` is the word of an END IF or END CASE. IF, LOOP, WHILE, REPEAT and FOR close
  // with END and their own name, so only BEGIN and CASE open a level.
  bool close_block(const Token& token) noexcept {
    constexpr std::array inner{std::string_view("IF"), std::string_view("LOOP"),
                               std::string_view("WHILE"), std::string_view("REPEAT"),
                               std::string_view("FOR")};
    if (blocks_ == 0 || !is_word(previous_, "END")) return false;
    if (is_one_of(token, inner)) return true;
    --blocks_;
    return is_word(token, "CASE");
  }

  void open_block(const Token& token) noexcept {
    constexpr std::array routines{std::string_view("PROCEDURE"), std::string_view("FUNCTION"),
                                  std::string_view("TRIGGER"), std::string_view("EVENT"),
                                  std::string_view("PACKAGE")};
    if (creates_ && blocks_ == 0 && is_one_of(token, routines)) routine_ = true;
    // MariaDB's anonymous block, BEGIN NOT ATOMIC.
    if (first_begin_ && is_word(previous_, "BEGIN") && is_word(token, "NOT")) blocks_ = 1;
    const bool inside = routine_ || blocks_ > 0;
    if (inside && is_word(token, "BEGIN")) ++blocks_;
    if (blocks_ > 0 && is_word(token, "CASE")) ++blocks_;
  }

  Tokenizer tokens_;
  Token previous_;
  int count_ = 0;
  int brackets_ = 0;
  int blocks_ = 0;
  bool empty_ = true;
  bool creates_ = false;      // the statement begins with CREATE or ALTER
  bool first_begin_ = false;  // ... with BEGIN
  bool routine_ = false;      // ... and makes something with a body
};

}  // namespace

StatementKind statement_kind(std::string_view sql, const Lexis& lexis) noexcept {
  Tokenizer tokens(sql, lexis);
  const Token first = first_word(tokens);
  if (is_word(first, "WITH")) return kind_after_with(tokens);
  const KindRow* const row = kind_row(first);
  if (row == nullptr) return StatementKind::other;
  const bool transaction =
      row->kind >= StatementKind::begin && row->kind <= StatementKind::rollback;
  return !transaction || is_whole_transaction(row->kind, first, tokens) ? row->kind
                                                                        : StatementKind::other;
}

bool is_provably_read_only(std::string_view sql, const Lexis& lexis) noexcept {
  return ReadOnlyProof(sql, lexis).holds();
}

int statement_count(std::string_view sql, const Lexis& lexis) noexcept {
  return Counter(sql, lexis).count(sql);
}

}  // namespace core
