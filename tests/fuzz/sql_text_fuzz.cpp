// SPDX-License-Identifier: Apache-2.0
// Any text as SQL: the tokens are the text, the classes agree with each other, translation ends
// with text or 42000. Comes in: libFuzzer, with the seeds of corpus/sql_text. The first byte
// chooses the server and its settings.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/sql_text.h"
#include "odbc/text/call_arguments.h"
#include "odbc/text/escapes.h"

namespace {

void check_tokens(std::string_view sql, const core::Lexis& lexis) {
  core::Tokenizer tokens(sql, lexis);
  std::size_t seen = 0;
  for (core::Token token = tokens.next(); token.kind != core::TokenKind::end;
       token = tokens.next()) {
    if (token.text.empty() || token.text.data() != sql.data() + seen) std::abort();
    seen += token.text.size();
  }
  if (seen != sql.size()) std::abort();
}

/// The call without any one of its arguments is a call with one parameter less.
void check_call(std::string_view sql, const core::Lexis& lexis, odbc::text::MarkerStyle style,
                int parameters) {
  const odbc::text::CallText call = odbc::text::read_call(sql, lexis, style);
  const std::vector<std::string> names(call.arguments.size(), "na\"me");
  for (const odbc::text::CallArgument& argument : call.arguments) {
    if (!argument.is_marker()) continue;
    const std::size_t left_out[] = {argument.first_marker};
    const std::string shorter =
        odbc::text::write_call(call, odbc::text::CallForm::escape, left_out, names);
    if (odbc::text::translate(shorter, lexis, style).parameter_count != parameters - 1)
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool postgres = (data[0] & 1U) != 0;
  core::Lexis lexis = postgres ? core::postgres_lexis : core::mysql_lexis;
  if ((data[0] & 2U) != 0) lexis.backslash_in_strings = !lexis.backslash_in_strings;
  const std::string_view sql(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_tokens(sql, lexis);
  core::statement_kind(sql, lexis);
  if (core::is_provably_read_only(sql, lexis) && core::statement_count(sql, lexis) != 1)
    std::abort();
  const auto style =
      postgres ? odbc::text::MarkerStyle::numbered : odbc::text::MarkerStyle::question;
  try {
    const odbc::text::Translated translated =
        odbc::text::translate(sql, lexis, style, (data[0] & 4U) == 0);
    if (translated.parameter_count < 0) std::abort();
    if (!translated.unchanged && translated.sql == sql) std::abort();
    if (translated.is_call && !translated.has_return_value)
      check_call(sql, lexis, style, translated.parameter_count);
  } catch (const core::Error& error) {
    if (error.state() != core::sqlstate::syntax_error) std::abort();
  }
  return 0;
}
