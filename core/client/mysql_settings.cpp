// SPDX-License-Identifier: Apache-2.0
// Status flags, session tracking, and a look at USE and SET.
#include "core/client/mysql_settings.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"

namespace core {
namespace {

/// Texts that begin so change no setting, however long they are.
constexpr std::array<std::string_view, 7> harmless = {"SELECT", "INSERT",  "UPDATE", "DELETE",
                                                      "WITH",   "REPLACE", "SHOW"};

bool may_change_settings(const Token& first) noexcept {
  return std::none_of(harmless.begin(), harmless.end(),
                      [&](std::string_view word) { return is_word(first, word); });
}

/// `sql_mode` may be hidden in a routine or in a prepared text.
bool may_set_mode(std::string_view sql, const Token& first) noexcept {
  constexpr std::string_view name = "SQL_MODE";
  return is_word(first, "CALL") || is_word(first, "EXECUTE") ||
         std::search(sql.begin(), sql.end(), name.begin(), name.end(), [](char one, char other) {
           return one == other || one == lower(other);
         }) != sql.end();
}

std::string unquoted(const Token& token) {
  if (token.kind != TokenKind::name || token.text.size() < 2) return std::string(token.text);
  const char quote = token.text.front();
  std::string name;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    name += token.text[i];
    if (token.text[i] == quote) ++i;
  }
  return name;
}

/// Whether a list of modes, "ONLY_FULL_GROUP_BY,ANSI_QUOTES", holds one.
bool holds(std::string_view list, std::string_view mode) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == mode) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

void MysqlSettings::begin(const MYSQL& link, std::string database) {
  flags_tell_quotes_ = mariadb_connection(const_cast<MYSQL*>(&link)) != 0;
  database_is_tracked_ = (link.server_capabilities & CLIENT_SESSION_TRACKING) != 0;
  database_ = std::move(database);
  modes_ = flags_tell_quotes_ ? 0 : quotes_unknown;
  follow(link);
}

void MysqlSettings::set(Mode mode, bool on) noexcept {
  // One writer: the thread that holds the wire.
  const std::uint8_t now = modes_.load(std::memory_order_relaxed);
  modes_.store(static_cast<std::uint8_t>(on ? now | mode : now & ~mode), std::memory_order_release);
}

void MysqlSettings::follow(const MYSQL& link) noexcept {
  set(no_backslash, (link.server_status & SERVER_STATUS_NO_BACKSLASH_ESCAPES) != 0);
  if (flags_tell_quotes_) set(ansi_quotes, (link.server_status & SERVER_STATUS_ANSI_QUOTES) != 0);
}

void MysqlSettings::learn(std::string_view sql_mode) noexcept {
  set(ansi_quotes, holds(sql_mode, "ANSI_QUOTES"));
  set(quotes_unknown, false);
}

void MysqlSettings::executed(std::string_view sql) {
  if (flags_tell_quotes_ && database_is_tracked_) return;
  const Token first = Tokenizer(sql, mysql_lexis).next_significant();
  if (!may_change_settings(first) && sql.find(';') == std::string_view::npos) return;
  if (!flags_tell_quotes_ && may_set_mode(sql, first)) set(quotes_unknown, true);
  if (!database_is_tracked_) note_use(sql);
}

void MysqlSettings::note_use(std::string_view sql) {
  Tokenizer tokens(sql, *lexis({}));
  bool at_begin = true;
  for (Token token = tokens.next_significant(); token.kind != TokenKind::end;
       token = tokens.next_significant()) {
    if (at_begin && is_word(token, "USE")) database_ = unquoted(tokens.next_significant());
    at_begin = token.is(';');
  }
}

std::optional<Lexis> MysqlSettings::lexis(std::string_view sql) const noexcept {
  const std::uint8_t modes = modes_.load(std::memory_order_acquire);
  if ((modes & quotes_unknown) != 0 && sql.find('"') != std::string_view::npos) return std::nullopt;
  Lexis rules = mysql_lexis;
  rules.backslash_in_strings = (modes & no_backslash) == 0;
  rules.double_quoted_strings = (modes & ansi_quotes) == 0;
  return rules;
}

std::string MysqlSettings::database(const MYSQL& link) const {
  if (!database_is_tracked_) return database_;
  return link.db != nullptr ? link.db : "";
}

}  // namespace core
