// SPDX-License-Identifier: Apache-2.0
// One pass over the tokens; an escape is read by the function named after it and returns the text
// that replaces it. Comes in: escapes.h. The words of each server are rows in escape_tables.cpp.
#include "odbc/text/escapes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/error.h"
#include "odbc/text/escape_tables.h"

namespace odbc::text {
namespace {

using core::Token;
using core::TokenKind;

constexpr int deepest_nesting =
    64;  // escapes recurse; a statement must not be able to exhaust the stack
constexpr std::size_t largest_growth = std::size_t{1} << 20U;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string::npos ? std::string()
                                    : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += ", ";
    out += part;
  }
  return out;
}

// Puts arguments[0] where the form says %1, and so on.
std::string fill(std::string_view form, const std::vector<std::string>& arguments) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '%') {
      out += arguments[static_cast<std::size_t>(form[++i] - '1')];
    } else {
      out += form[i];
    }
  }
  return out;
}

class Translator {
 public:
  Translator(std::string_view sql, const core::Lexis& lexis, MarkerStyle style, bool scan_escapes)
      : sql_(sql),
        lexis_(lexis),
        style_(style),
        tables_(style == MarkerStyle::numbered ? postgres_escapes : mysql_escapes),
        scan_escapes_(scan_escapes),
        tokens_(sql, lexis) {}

  Translated run() {
    std::string out;
    out.reserve(sql_.size() + sql_.size() / 4);
    for (Token token = tokens_.next(); token.kind != TokenKind::end; token = tokens_.next())
      append(token, out);
    result_.unchanged = out == sql_;
    if (!result_.unchanged) result_.sql = std::move(out);
    return std::move(result_);
  }

 private:
  struct Field {
    std::string word;
    std::vector<std::string> precisions;
  };

  [[noreturn]] void fail(const char* problem) const {
    throw core::Error(
        core::sqlstate::syntax_error, "Escape",
        "Malformed ODBC escape at position " + std::to_string(open_ + 1) + ": " + problem,
        core::Reached::not_sent);
  }

  void append(const Token& token, std::string& out) {
    if (token.is('?')) {
      append_marker(out);
    } else if (token.is('{') && scan_escapes_) {
      append_escape(out);
    } else {
      out += token.text;
    }
  }

  void append_marker(std::string& out) {
    if (style_ == MarkerStyle::numbered && tokens_.position() < sql_.size() &&
        sql_[tokens_.position()] == '?') {
      tokens_.next();
      out += '?';
      return;
    }
    ++result_.parameter_count;
    ++sent_parameters_;
    if (style_ == MarkerStyle::question) {
      out += '?';
    } else {
      out.append(1, '$').append(std::to_string(sent_parameters_));
    }
  }

  void append_escape(std::string& out) {
    const std::size_t outer = open_;
    open_ = tokens_.position() - 1;
    if (++depth_ > deepest_nesting) fail("escapes are nested too deeply.");
    const std::string text = escape(tokens_.next_significant());
    // Some forms repeat their arguments; nested, they would grow without end.
    if (text.size() > 8 * sql_.size() + largest_growth)
      fail("the nested functions expand too far.");
    out += text;
    --depth_;
    open_ = outer;
  }

  std::string escape(const Token& first) {
    if (core::is_word(first, "D")) return literal(tables_.date);
    if (core::is_word(first, "T")) return literal(tables_.time);
    if (core::is_word(first, "TS")) return literal(tables_.timestamp);
    if (core::is_word(first, "GUID")) return literal(tables_.guid);
    if (core::is_word(first, "ESCAPE")) return like_escape();
    if (core::is_word(first, "OJ")) return outer_join();
    if (core::is_word(first, "FN")) return function();
    if (core::is_word(first, "INTERVAL")) return interval();
    if (core::is_word(first, "CALL")) return call(tables_.call);
    if (first.is('?')) return call_with_result();
    fail(
        "the word after the brace must be d, t, ts, guid, interval, fn, oj, escape, call or "
        "?=call.");
  }

  void expect_close() {
    if (!tokens_.next_significant().is('}')) fail("'}' is missing.");
  }

  Token closed_string() {
    const Token token = tokens_.next_significant();
    if (token.kind != TokenKind::string || !token.closed) fail("a literal in quotes must follow.");
    return token;
  }

  std::string literal(std::string_view form) {
    const Token value = closed_string();
    expect_close();
    return fill(form, {std::string(value.text)});
  }

  // ODBC knows no backslashes, so applications write {escape '\'} for every server.
  std::string like_escape() {
    const std::size_t quote =
        std::min(sql_.find_first_not_of(" \t\r\n", tokens_.position()), sql_.size());
    if (lexis_.backslash_in_strings && sql_.substr(quote, 3) == "'\\'") {
      core::Tokenizer behind(sql_, lexis_, quote + 3);
      if (behind.next_significant().is('}')) {
        tokens_ = behind;
        return "ESCAPE '\\\\'";
      }
    }
    return literal("ESCAPE %1");
  }

  std::string outer_join() {
    std::string out;
    for (;;) {
      const Token token = tokens_.next();
      if (token.is('}')) return trimmed(out);
      if (token.kind == TokenKind::end) fail("'}' is missing.");
      append(token, out);
    }
  }

  // What stands between brackets, cut at its commas; the opening bracket is already read.
  std::vector<std::string> arguments() {
    std::vector<std::string> out(1);
    for (int depth = 0;;) {
      const Token token = tokens_.next();
      if (token.kind == TokenKind::end || token.is('}')) fail("')' is missing.");
      if (depth == 0 && token.is(')')) break;
      if (depth == 0 && token.is(',')) {
        out.emplace_back();
        continue;
      }
      if (token.is('(')) ++depth;
      if (token.is(')')) --depth;
      // A line comment would swallow what the form puts behind the argument.
      if (token.kind == TokenKind::comment) {
        out.back() += ' ';
      } else {
        append(token, out.back());
      }
    }
    for (std::string& argument : out) argument = trimmed(argument);
    if (out.size() == 1 && out.front().empty()) out.clear();
    return out;
  }

  std::string function() {
    const Token name = tokens_.next_significant();
    if (name.kind != TokenKind::word && name.kind != TokenKind::name)
      fail("the name of a function must follow fn.");
    const Token open = tokens_.next_significant();
    if (open.is('}')) {
      const FunctionRow* const row = function_row(upper(name.text), 0);
      return std::string(row != nullptr ? row->form : name.text);
    }
    if (!open.is('(')) fail("a bracket must follow the name of the function.");
    const std::vector<std::string> given = arguments();
    expect_close();
    return mapped_function(name.text, given);
  }

  std::string mapped_function(std::string_view name, const std::vector<std::string>& given) const {
    const std::string key = upper(name);
    if (key == "CONVERT" && given.size() == 2) return conversion(name, given);
    if (key == "TIMESTAMPADD" && given.size() == 3)
      return fill(unit(given[0]).add, {given[1], given[2]});
    if (key == "TIMESTAMPDIFF" && given.size() == 3)
      return fill(unit(given[0]).difference, {given[1], given[2]});
    const FunctionRow* const row = function_row(key, given.size());
    return row != nullptr ? fill(row->form, given) : std::string(name) + "(" + joined(given) + ")";
  }

  const FunctionRow* function_row(std::string_view key, std::size_t arity) const {
    const auto row = std::find_if(
        tables_.functions.begin(), tables_.functions.end(),
        [&](const FunctionRow& each) { return each.name == key && each.arity == arity; });
    return row == tables_.functions.end() ? nullptr : &*row;
  }

  // A type without SQL_ is the server's own CONVERT.
  std::string conversion(std::string_view name, const std::vector<std::string>& given) const {
    const std::string type = upper(given[1]);
    if (!type.starts_with("SQL_")) return std::string(name) + "(" + joined(given) + ")";
    for (const ConvertRow& row : tables_.conversions) {
      if (type.substr(4) == row.type) return fill(row.form, {given[0]});
    }
    fail("CONVERT to this type is not supported.");
  }

  const UnitRow& unit(const std::string& given) const {
    const std::string name = upper(given);
    for (const UnitRow& row : tables_.units) {
      if (name == row.unit || (name.starts_with("SQL_TSI_") && name.substr(8) == row.unit))
        return row;
    }
    fail(
        "the first argument must be SQL_TSI_FRAC_SECOND, _SECOND, _MINUTE, _HOUR, _DAY, _WEEK, "
        "_MONTH, _QUARTER or _YEAR.");
  }

  std::string call(std::string_view form) {
    std::string name;
    Token token = tokens_.next_significant();
    for (; token.kind == TokenKind::word || token.kind == TokenKind::name || token.is('.');
         token = tokens_.next_significant()) {
      name += token.text;
    }
    if (name.empty()) fail("the name of a procedure must follow call.");
    std::vector<std::string> given;
    if (token.is('(')) {
      given = arguments();
      expect_close();
    } else if (!token.is('}')) {
      fail("'}' is missing.");
    }
    result_.is_call = true;
    return fill(form, {name, joined(given)});
  }

  std::string call_with_result() {
    ++result_.parameter_count;
    const bool regular =
        tokens_.next_significant().is('=') && core::is_word(tokens_.next_significant(), "CALL");
    if (!regular || result_.parameter_count != 1)
      fail("only ?=call, once and before all other markers, may follow.");
    result_.has_return_value = true;
    return call(tables_.call_with_result);
  }

  // field [(n[,m])]; `token` is the field's name and becomes the token behind it.
  Field field(Token& token) {
    if (token.kind != TokenKind::word) fail("a field such as DAY or SECOND must follow.");
    Field out{upper(token.text), {}};
    token = tokens_.next_significant();
    if (token.is('(')) {
      out.precisions = arguments();
      token = tokens_.next_significant();
    }
    return out;
  }

  std::string interval() {
    const core::Tokenizer before = tokens_;
    const Token sign = tokens_.next_significant();
    const bool negative = sign.is('-');
    if (!negative && !sign.is('+')) tokens_ = before;
    std::string value(closed_string().text);
    Token token = tokens_.next_significant();
    std::vector<Field> fields{field(token)};
    if (core::is_word(token, "TO")) {
      token = tokens_.next_significant();
      fields.push_back(field(token));
    }
    if (!token.is('}')) fail("'}' is missing.");
    return style_ == MarkerStyle::numbered ? postgres_interval(value, fields, negative)
                                           : mysql_interval(value, fields, negative);
  }

  // PostgreSQL takes neither a sign before the literal nor the precision of the leading field.
  static std::string postgres_interval(const std::string& value, const std::vector<Field>& fields,
                                       bool negative) {
    std::string out = "INTERVAL " + value + " " + fields.front().word;
    if (fields.size() == 2) out += " TO " + fields.back().word;
    const std::vector<std::string>& precisions = fields.back().precisions;
    const std::size_t of_seconds =
        fields.size() == 2 ? 0 : 1;  // SECOND(leading, fraction) but TO SECOND(fraction)
    if (fields.back().word == "SECOND" && precisions.size() > of_seconds)
      out += "(" + precisions[of_seconds] + ")";
    return negative ? "(- " + out + ")" : out;
  }

  static std::string mysql_interval(std::string value, const std::vector<Field>& fields,
                                    bool negative) {
    if (negative) value.insert(value.begin() + 1, '-');
    std::string out = "INTERVAL " + value + " " + fields.front().word;
    return fields.size() == 2 ? out + "_" + fields.back().word : out;
  }

  std::string_view sql_;
  core::Lexis lexis_;
  MarkerStyle style_;
  const EscapeTables& tables_;
  bool scan_escapes_;
  core::Tokenizer tokens_;
  Translated result_;
  int sent_parameters_ = 0;
  int depth_ = 0;
  std::size_t open_ = 0;  // the brace of the escape being read, for messages
};

}  // namespace

Translated translate(std::string_view sql, const core::Lexis& lexis, MarkerStyle style,
                     bool scan_escapes) {
  const bool plain = sql.find('?') == std::string_view::npos &&
                     (!scan_escapes || sql.find('{') == std::string_view::npos);
  return plain ? Translated{} : Translator(sql, lexis, style, scan_escapes).run();
}

}  // namespace odbc::text
