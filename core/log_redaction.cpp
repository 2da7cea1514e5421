// SPDX-License-Identifier: Apache-2.0
// Masks secrets in texts the driver did not write (connection strings, SQL, URLs, JSON). When in
// doubt it masks too much: a log line may lose its end, never a password its cover.
#include <algorithm>
#include <span>
#include <string>

#include "core/ascii.h"
#include "core/log.h"
#include "core/secret.h"

namespace core::log {
namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

bool is_one_of(std::string_view word, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return std::equal(word.begin(), word.end(), name.begin(), name.end(),
                      [](char a, char b) { return lower(a) == b; });
  });
}

/// Values may hold blanks (connection strings), so they end at a separator only.
constexpr std::string_view secret_names[] = {
    "password",        "password1",    "pwd",           "pwd1",
    "passwd",          "passphrase",   "secret",        "token",
    "sslpassword",     "accesstoken",  "access_token",  "secret_access_key",
    "secretaccesskey", "sessiontoken", "session_token", "client_secret",
    "idp_password",    "idppassword"};
/// Values are URL-encoded: they end at a blank, too.
constexpr std::string_view url_names[] = {"x-amz-signature", "x-amz-security-token",
                                          "x-amz-credential"};
constexpr std::string_view identified_by[] = {"by"};

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')) ++at;
  return at;
}

/// Behind the closing mark of what `text[at]` opens; the end of the text when it is never closed.
std::size_t after_quoted(std::string_view text, std::size_t at, char close, bool backslashes) {
  for (++at; at < text.size(); ++at) {
    if (backslashes && text[at] == '\\') {
      ++at;
    } else if (text[at] == close) {
      if (at + 1 == text.size() || text[at + 1] != close) return at + 1;
      ++at;
    }
  }
  return text.size();
}

/// Behind $tag$...$tag$; `at` itself when no such quote begins there.
std::size_t after_dollar_quoted(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('$', at + 1);
  if (text[at] != '$' || end == std::string_view::npos) return at;
  const std::string_view mark = text.substr(at, end - at + 1);
  const std::size_t close = text.find(mark, end + 1);
  return close == std::string_view::npos ? text.size() : close + mark.size();
}

/// Behind a literal that starts at `at` ('..', "..", E'..', $$..$$); `at` when there is none.
std::size_t after_literal(std::string_view text, std::size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '$') return after_dollar_quoted(text, at);
  std::size_t quote = at;
  while (quote < text.size() && quote < at + 2 && text[quote] != '\'' && text[quote] != '"')
    ++quote;
  if (quote >= text.size() || (text[quote] != '\'' && text[quote] != '"')) return at;
  if (quote > at && lower(text[at]) != 'e' && lower(text[at]) != 'n' && lower(text[at]) != 'u')
    return at;
  return after_quoted(text, quote, text[quote], true);
}

std::size_t after_value(std::string_view text, std::size_t at, bool blanks_end_it) {
  if (at >= text.size()) return at;
  if (text[at] == '{') return after_quoted(text, at, '}', false);
  if (text[at] == '\'' || text[at] == '"') return after_quoted(text, at, text[at], true);
  return std::min(text.find_first_of(blanks_end_it ? "&; \t\n\"'" : "&;\n", at), text.size());
}

struct Span {
  std::size_t from, to;
};

/// Where the secret behind the word that ends at `at` stands; empty when none is there.
Span secret_behind(std::string_view text, std::string_view word, std::size_t at) {
  const bool is_url = is_one_of(word, url_names);
  if (is_url || is_one_of(word, secret_names)) {
    std::size_t next = skip_blanks(text, at < text.size() && text[at] == '"' ? at + 1 : at);
    if (next < text.size() && (text[next] == '=' || text[next] == ':')) {
      next = skip_blanks(text, next + 1);
      return {next, after_value(text, next, is_url)};
    }
  } else if (!is_one_of(word, identified_by)) {
    return {at, at};
  }
  const std::size_t literal = skip_blanks(text, at);
  return {literal, after_literal(text, literal)};
}

/// user:password@ behind "://".
Span password_of_uri(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_of("/ \t\n", at), text.size());
  const std::string_view authority = text.substr(at, end - at);
  const std::size_t sign = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (sign == std::string_view::npos || colon == std::string_view::npos || colon > sign)
    return {at, at};
  return {at + colon + 1, at + sign};
}

}  // namespace

std::string redacted(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at;
    Span found{at, at};
    if (text.substr(at).starts_with("://")) {
      next = at + 3;
      found = password_of_uri(text, next);
    } else if (is_word(text[at])) {
      while (next < text.size() && is_word(text[next])) ++next;
      found = secret_behind(text, text.substr(at, next - at), next);
    } else {
      ++next;
    }
    if (found.to > found.from) {
      result += text.substr(at, found.from - at);
      result += Secret::printed;
      at = found.to;
    } else {
      result += text.substr(at, next - at);
      at = next;
    }
  }
  return result;
}

}  // namespace core::log
