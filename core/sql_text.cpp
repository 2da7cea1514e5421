// SPDX-License-Identifier: Apache-2.0
// The lexer: one step per token, the Lexis decides every difference between servers.
// Comes in: sql_text.h. Goes next: statement_class.cpp, which reads the tokens.
#include "core/sql_text.h"

#include <algorithm>

namespace core {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }
// Bytes above 7F are letters to both servers, so UTF-8 names need no decoding.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '$'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

bool is_word(const Token& token, std::string_view upper_case) noexcept {
  return token.kind == TokenKind::word &&
         std::equal(token.text.begin(), token.text.end(), upper_case.begin(), upper_case.end(),
                    [](char a, char b) { return upper(a) == b; });
}

Token Tokenizer::take(TokenKind kind, std::size_t end, bool closed) noexcept {
  const Token token{kind, sql_.substr(at_, end - at_), closed};
  at_ = end;
  return token;
}

// `open` is where the opening quote stands; a prefix may stand between at_ and it.
Token Tokenizer::quoted(TokenKind kind, std::size_t open, bool backslashes) noexcept {
  const char quote = sql_[open];
  for (std::size_t i = open + 1; i < sql_.size(); ++i) {
    if (backslashes && sql_[i] == '\\') {
      ++i;
    } else if (sql_[i] == quote) {
      if (i + 1 == sql_.size() || sql_[i + 1] != quote) return take(kind, i + 1);
      ++i;
    }
  }
  return take(kind, sql_.size(), false);
}

// PostgreSQL joins literals that only a line end and blanks separate, and the second part of an
// E'..' keeps its rule for backslashes although it has no E.
std::size_t Tokenizer::continuation(std::size_t from) const noexcept {
  bool line_end = false;
  for (std::size_t i = from; i < sql_.size(); ++i) {
    if (sql_.substr(i, 2) == "--") {
      i = sql_.find_first_of("\r\n", i);
      if (i == npos) return npos;
    }
    if (sql_[i] == '\'') return line_end ? i : npos;
    if (!is_space(sql_[i])) return npos;
    line_end = line_end || sql_[i] == '\n' || sql_[i] == '\r';
  }
  return npos;
}

Token Tokenizer::extended_string() noexcept {
  const std::size_t begin = at_;
  Token part = quoted(TokenKind::string, at_ + 1, true);
  while (part.closed) {
    const std::size_t open = continuation(at_);
    if (open == npos) break;
    part = quoted(TokenKind::string, open, true);
  }
  return {TokenKind::string, sql_.substr(begin, at_ - begin), part.closed};
}

Token Tokenizer::dollar() noexcept {
  if (!lexis_.dollar_strings) return word();
  std::size_t end = at_ + 1;
  if (is_digit(peek(1))) {
    while (end < sql_.size() && is_digit(sql_[end])) ++end;
    return take(TokenKind::number, end);
  }
  if (begins_name(peek(1))) {
    while (end < sql_.size() && (begins_name(sql_[end]) || is_digit(sql_[end]))) ++end;
  }
  if (end == sql_.size() || sql_[end] != '$') return take(TokenKind::symbol, at_ + 1);
  const std::string_view tag = sql_.substr(at_, end + 1 - at_);
  const std::size_t close = sql_.find(tag, end + 1);
  if (close == npos) return take(TokenKind::string, sql_.size(), false);
  return take(TokenKind::string, close + tag.size());
}

Token Tokenizer::block_comment() noexcept {
  if (lexis_.executable_comments) {
    if (peek(2) == '!') return take(TokenKind::code_comment, at_ + 3);
    if (peek(2) == 'M' && peek(3) == '!') return take(TokenKind::code_comment, at_ + 4);
  }
  int depth = 1;
  for (std::size_t i = at_ + 2; i + 1 < sql_.size(); ++i) {
    const std::string_view pair = sql_.substr(i, 2);
    if (pair == "*/") {
      if (--depth == 0) return take(TokenKind::comment, i + 2);
      ++i;
    } else if (lexis_.nested_comments && pair == "/*") {
      ++depth;
      ++i;
    }
  }
  return take(TokenKind::comment, sql_.size(), false);
}

bool Tokenizer::at_line_comment() const noexcept {
  if (peek() == '#') return lexis_.hash_comments;
  if (peek() != '-' || peek(1) != '-') return false;
  return !lexis_.dashes_need_blank || is_space(peek(2)) || is_control(peek(2));
}

Token Tokenizer::line_comment() noexcept {
  const std::size_t end = sql_.find_first_of(lexis_.return_ends_line ? "\r\n" : "\n", at_);
  return take(TokenKind::comment, std::min(end, sql_.size()));
}

Token Tokenizer::number() noexcept {
  std::size_t end = at_;
  while (end < sql_.size() && (is_digit(sql_[end]) || sql_[end] == '.')) ++end;
  // An exponent only with digits: older PostgreSQL reads 1E'x' as the number 1 and an E string.
  std::size_t exponent = end;
  if (exponent < sql_.size() && upper(sql_[exponent]) == 'E') {
    ++exponent;
    if (exponent < sql_.size() && (sql_[exponent] == '+' || sql_[exponent] == '-')) ++exponent;
    if (exponent < sql_.size() && is_digit(sql_[exponent])) {
      end = exponent;
      while (end < sql_.size() && is_digit(sql_[end])) ++end;
    }
  }
  const bool is_name = lexis_.digits_begin_names && end < sql_.size() &&
                       continues_name(sql_[end]) && sql_.substr(at_, end - at_).find('.') == npos;
  return is_name ? word() : take(TokenKind::number, end);
}

// Length of a string prefix at this position, quote not included; 0 when there is none.
std::size_t Tokenizer::string_prefix() const noexcept {
  if (!lexis_.prefixed_strings) return 0;
  const char first = upper(peek());
  if ((first == 'E' || first == 'B' || first == 'X') && peek(1) == '\'') return 1;
  return first == 'U' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"') ? 2 : 0;
}

Token Tokenizer::word() noexcept {
  const std::size_t prefix = string_prefix();
  if (prefix == 1 && upper(peek()) == 'E') return extended_string();
  if (prefix > 0)
    return quoted(peek(prefix) == '"' ? TokenKind::name : TokenKind::string, at_ + prefix, false);
  std::size_t end = at_ + 1;
  while (end < sql_.size() && continues_name(sql_[end])) ++end;
  return take(TokenKind::word, end);
}

Token Tokenizer::punctuation() noexcept {
  switch (peek()) {
    case '\'': return quoted(TokenKind::string, at_, lexis_.backslash_in_strings);
    case '"':
      return lexis_.double_quoted_strings
                 ? quoted(TokenKind::string, at_, lexis_.backslash_in_strings)
                 : quoted(TokenKind::name, at_, false);
    case '`':
      return lexis_.backtick_names ? quoted(TokenKind::name, at_, false)
                                   : take(TokenKind::symbol, at_ + 1);
    case '$': return dollar();
    case '/': return peek(1) == '*' ? block_comment() : take(TokenKind::symbol, at_ + 1);
    default: return at_line_comment() ? line_comment() : take(TokenKind::symbol, at_ + 1);
  }
}

Token Tokenizer::next() noexcept {
  if (at_ == sql_.size()) return {TokenKind::end, sql_.substr(at_), true};
  const char c = sql_[at_];
  if (is_space(c)) {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_space(sql_[end])) ++end;
    return take(TokenKind::blank, end);
  }
  if (begins_name(c)) return word();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  return punctuation();
}

Token Tokenizer::next_significant() noexcept {
  Token token = next();
  // A comment that never ends hides the rest of the text: the caller has to see it.
  while (token.kind == TokenKind::blank || (token.kind == TokenKind::comment && token.closed))
    token = next();
  return token;
}

}  // namespace core
