// SPDX-License-Identifier: Apache-2.0
// A parameter counts as a column's when it stands alone behind `column =` and the like, in a list
// behind IN, around BETWEEN's AND, or as a whole value of an INSERT.
#include "core/client/mysql_targets.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace core {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 9> begin_a_condition{
    "SET", "WHERE", "AND", "OR", "NOT", "XOR", "ON", "HAVING", "BETWEEN"};
constexpr std::array<std::string_view, 11> end_a_value{
    "AND", "OR", "XOR", "ORDER", "GROUP", "LIMIT", "WHERE", "HAVING", "FOR", "ON", "RETURNING"};
constexpr std::array<std::string_view, 9> behind_a_table{
    "SET", "WHERE", "ORDER", "GROUP", "HAVING", "LIMIT", "FOR", "LOCK", "RETURNING"};
constexpr std::array<std::string_view, 4> several_tables{"JOIN", "STRAIGHT_JOIN", "UNION", "USING"};
constexpr std::array<std::string_view, 5> modifiers{"IGNORE", "INTO", "LOW_PRIORITY", "DELAYED",
                                                    "HIGH_PRIORITY"};

bool is_one_of(const Token& token, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}
bool is_name(const Token& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::name;
}

class Finder {
 public:
  Finder(std::string_view sql, const Lexis& lexis) : sql_(sql) {
    Tokenizer tokens(sql, lexis);
    for (;;) {
      const Token token = tokens.next_significant();
      readable_ = readable_ && token.closed && token.kind != TokenKind::code_comment;
      if (token.kind == TokenKind::end) break;
      tokens_.push_back(token);
    }
  }

  ParameterTargets find() {
    if (!readable_ || tokens_.empty()) return {};
    const bool insert = word(0, "INSERT") || word(0, "REPLACE");
    if (insert ? !inserts() : !changes_or_reads_one_table()) return {};
    for (std::size_t at = 0; at < tokens_.size(); ++at)
      if (tokens_[at].is('?')) note(at < from_ || !insert ? compared(at) : inserted(at));
    ParameterTargets targets;
    if (std::all_of(places_.begin(), places_.end(),
                    [](std::size_t place) { return place == ParameterTargets::unknown; }))
      return {};
    targets.question = "SELECT " + (by_position_ ? "*" : list_) + " FROM " + table_ + " LIMIT 0";
    targets.places = std::move(places_);
    return targets;
  }

 private:
  const Token& token(std::size_t at) const {
    static constexpr Token none{};
    return at < tokens_.size() ? tokens_[at] : none;
  }
  bool word(std::size_t at, std::string_view text) const { return is_word(token(at), text); }
  bool symbol(std::size_t at, char text) const { return token(at).is(text); }

  /// name or name.name from `at` on, which is moved behind it.
  bool take_table(std::size_t& at) {
    if (!is_name(token(at))) return false;
    const std::size_t first = at;
    for (++at; symbol(at, '.') && is_name(token(at + 1));) at += 2;
    const std::string_view last = token(at - 1).text;
    const auto begin = static_cast<std::size_t>(token(first).text.data() - sql_.data());
    const auto end = static_cast<std::size_t>(last.data() + last.size() - sql_.data());
    table_ = sql_.substr(begin, end - begin);
    return true;
  }

  bool inserts() {
    std::size_t at = 1;
    while (is_one_of(token(at), modifiers)) ++at;
    if (!take_table(at)) return false;
    by_position_ = !symbol(at, '(');
    if (!by_position_) {
      for (++at; is_name(token(at)); at += symbol(at + 1, ',') ? 2 : 1)
        names_.push_back(token(at).text);
      if (!symbol(at, ')')) return false;
      ++at;
      for (const std::string_view name : names_)
        list_.append(list_.empty() ? "" : ", ").append(name);
    }
    from_ = at + 1;
    return word(at, "VALUES") || word(at, "VALUE");
  }

  bool changes_or_reads_one_table() {
    std::size_t at = 1;
    if (word(0, "SELECT") || (word(0, "DELETE") && word(1, "FROM"))) {
      int depth = 0;
      for (at = 0; at < tokens_.size() && (depth > 0 || !word(at, "FROM")); ++at)
        depth += symbol(at, '(') ? 1 : symbol(at, ')') ? -1 : 0;
      ++at;
    } else if (!word(0, "UPDATE")) {
      return false;
    }
    const bool one = std::none_of(tokens_.begin() + 1, tokens_.end(), [](const Token& token) {
      return is_word(token, "SELECT") || is_one_of(token, several_tables);
    });
    if (!one || !take_table(at)) return false;
    if (word(at, "AS")) ++at;
    if (is_name(token(at)) && !is_one_of(token(at), behind_a_table)) ++at;
    return at >= tokens_.size() || symbol(at, ';') || is_one_of(token(at), behind_a_table);
  }

  void note(std::size_t place) { places_.push_back(place); }

  /// The place of the column that stands at `at` and before.
  std::size_t column(std::size_t at) {
    if (at >= tokens_.size() || !is_name(tokens_[at]) || by_position_)
      return ParameterTargets::unknown;
    std::size_t first = at;
    while (first >= 2 && symbol(first - 1, '.')) first -= 2;
    const Token& before = token(first - 1);
    if (!is_one_of(before, begin_a_condition) && !before.is(',') && !before.is('('))
      return ParameterTargets::unknown;
    const std::string_view name = tokens_[at].text;
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known != names_.end()) return static_cast<std::size_t>(known - names_.begin());
    list_.append(list_.empty() ? "" : ", ").append(name);
    names_.push_back(name);
    return names_.size() - 1;
  }

  bool stands_alone(std::size_t at) const {
    const Token& next = token(at + 1);
    return next.kind == TokenKind::end || next.is(',') || next.is(')') || next.is(';') ||
           is_one_of(next, end_a_value);
  }

  std::size_t compared(std::size_t at) {
    if (!stands_alone(at) || at < 2) return ParameterTargets::unknown;
    std::size_t before = at - 1;
    if (word(before, "AND") && before >= 2 && word(before - 2, "BETWEEN")) before -= 2;
    while (before > 0 && (symbol(before, '?') || symbol(before, ','))) --before;
    if (symbol(before, '(') && word(before - 1, "IN")) return not_skipped(before - 2);
    if (before < at - 1 && !word(before, "BETWEEN")) return ParameterTargets::unknown;
    if (word(before, "BETWEEN") || word(before, "LIKE")) return not_skipped(before - 1);
    const auto compares = [&](std::size_t place) {
      return symbol(place, '=') || symbol(place, '<') || symbol(place, '>') || symbol(place, '!');
    };
    if (!compares(before)) return ParameterTargets::unknown;
    while (before > 0 && compares(before)) --before;
    return column(before);
  }
  std::size_t not_skipped(std::size_t at) { return column(word(at, "NOT") ? at - 1 : at); }

  /// As a whole value of a row; what comes behind the rows is not looked at.
  std::size_t inserted(std::size_t at) const {
    int depth = 0;
    std::size_t place = 0;
    for (std::size_t i = from_; i < at; ++i) {
      if (symbol(i, '(') && depth++ == 0) place = 0;
      if (symbol(i, ')')) --depth;
      if (symbol(i, ',') && depth == 1) ++place;
      if (depth == 0 && !symbol(i, ')') && !symbol(i, ',')) return ParameterTargets::unknown;
    }
    const bool whole = (symbol(at - 1, '(') || symbol(at - 1, ',')) &&
                       (symbol(at + 1, ')') || symbol(at + 1, ','));
    const bool listed = by_position_ || place < names_.size();
    return depth == 1 && whole && listed ? place : ParameterTargets::unknown;
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  bool readable_ = true;
  std::string table_, list_;
  std::vector<std::string_view> names_;
  bool by_position_ = false;  ///< an INSERT without a list of columns
  std::size_t from_ = 0;      ///< INSERT: the first token behind VALUES
  std::vector<std::size_t> places_;
};

}  // namespace

ParameterTargets parameter_targets(std::string_view sql, const Lexis& lexis) {
  return Finder(sql, lexis).find();
}

}  // namespace core
