// SPDX-License-Identifier: Apache-2.0
// Cutting a {call} into its arguments and putting it together again.
#include "odbc/text/call_arguments.h"

#include <algorithm>

#include "core/error.h"

namespace odbc::text {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// One pass over the tokens of a text; counts its markers.
class CallReader {
 public:
  CallReader(std::string_view sql, const core::Lexis& lexis, MarkerStyle style)
      : sql_(sql), doubled_is_operator_(style == MarkerStyle::numbered), tokens_(sql, lexis) {}

  CallText run() {
    CallText out;
    if (!find_call(out)) return out;
    core::Token token = read_name(out);
    if (token.is('(')) {
      read_arguments(out);
      token = tokens_.next_significant();
    }
    out.after = sql_.substr(tokens_.position());
    return out;
  }

 private:
  core::Token next() {
    core::Token token = tokens_.next();
    if (!token.is('?')) return token;
    const std::size_t at = tokens_.position();
    if (doubled_is_operator_ && at < sql_.size() && sql_[at] == '?') {
      tokens_.next();
      token.text = sql_.substr(at - 1, 2);
    } else {
      ++markers_;
    }
    return token;
  }

  bool find_call(CallText& out) {
    for (core::Token token = next(); token.kind != core::TokenKind::end; token = next()) {
      if (!token.is('{')) continue;
      out.before = sql_.substr(0, tokens_.position() - 1);
      const core::Tokenizer behind = tokens_;
      if (core::is_word(tokens_.next_significant(), "CALL")) return true;
      tokens_ = behind;
    }
    return false;
  }

  /// Gives the token behind the name.
  core::Token read_name(CallText& out) {
    std::size_t end = tokens_.position();
    const std::size_t begin = end;
    for (;;) {
      const core::Token token = tokens_.next_significant();
      const bool part = token.kind == core::TokenKind::word ||
                        token.kind == core::TokenKind::name || token.is('.');
      if (part) {
        end = tokens_.position();
        continue;
      }
      out.name = trimmed(sql_.substr(begin, end - begin));
      return token;
    }
  }

  /// No arguments when their brackets do not match: nothing can be left out of them.
  void read_arguments(CallText& out) {
    std::string text, open;  // `open`: the brackets that will close those which are open
    std::size_t first_marker = markers_;
    for (;;) {
      const core::Token token = next();
      const bool ends = token.is(')') || token.is('}') || token.is(']');
      const bool mismatch = ends && !open.empty() && !token.is(open.back());
      if (token.kind == core::TokenKind::end || mismatch) return out.arguments.clear();
      if (open.empty() && (token.is(')') || token.is(','))) {
        out.arguments.push_back(
            {std::string(trimmed(text)), first_marker, markers_ - first_marker});
        first_marker = markers_;
        text.clear();
        if (token.is(')')) return;
        continue;
      }
      if (token.is('(')) open += ')';
      if (token.is('{')) open += '}';
      if (token.is('[')) open += ']';
      if (ends && !open.empty()) open.pop_back();
      // A line comment would swallow what is written behind it.
      text += token.kind == core::TokenKind::comment ? std::string_view(" ") : token.text;
    }
  }

  std::string_view sql_;
  bool doubled_is_operator_;
  core::Tokenizer tokens_;
  std::size_t markers_ = 0;
};

bool is_left_out(const CallArgument& argument, std::span<const std::size_t> left_out) {
  return argument.is_marker() &&
         std::find(left_out.begin(), left_out.end(), argument.first_marker) != left_out.end();
}

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

[[noreturn]] void refuse(core::Sqlstate state, std::size_t parameter, const char* why) {
  throw core::Error(state, "Parameters",
                    "SQL_DEFAULT_PARAM for parameter " + std::to_string(parameter + 1) + why,
                    core::Reached::not_sent);
}

void require_whole_arguments(const CallText& call, std::span<const std::size_t> left_out) {
  for (const std::size_t marker : left_out) {
    const bool whole = std::any_of(
        call.arguments.begin(), call.arguments.end(),
        [&](const CallArgument& each) { return each.is_marker() && each.first_marker == marker; });
    if (!whole)
      refuse(core::Sqlstate("07S01"), marker,
             ": only a marker that is a whole argument of the call can be left out");
  }
}

}  // namespace

CallText read_call(std::string_view sql, const core::Lexis& lexis, MarkerStyle style) {
  return CallReader(sql, lexis, style).run();
}

bool needs_names(const CallText& call, std::span<const std::size_t> left_out) {
  bool gap = false;
  for (const CallArgument& argument : call.arguments) {
    const bool out = is_left_out(argument, left_out);
    if (gap && !out) return true;
    gap |= out;
  }
  return false;
}

std::string write_call(const CallText& call, CallForm form, std::span<const std::size_t> left_out,
                       std::span<const std::string> names) {
  require_whole_arguments(call, left_out);
  std::string given;
  bool gap = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const CallArgument& argument = call.arguments[i];
    if (is_left_out(argument, left_out)) {
      gap = true;
      continue;
    }
    if (gap && (i >= names.size() || names[i].empty()))
      refuse(core::sqlstate::not_implemented, left_out.front(),
             ": an argument behind it is given, and the server does not tell its name (the routine "
             "is overloaded, unknown, or its arguments have no names); give the value instead");
    if (!given.empty()) given += ", ";
    if (gap) given.append(quoted(names[i])).append(" => ");
    given += argument.text;
  }
  const bool escape = form == CallForm::escape;
  std::string out(call.before);
  out.append(escape ? "{call " : "CALL ").append(call.name).append("(").append(given).append(")");
  return out.append(escape ? "}" : "").append(call.after);
}

}  // namespace odbc::text
