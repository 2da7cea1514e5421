// SPDX-License-Identifier: Apache-2.0
// Any text as SQL: the tokens are the text, the classes agree with each other, translation ends
// with text or 42000. Comes in: libFuzzer, with the seeds of corpus/sql_text. The first byte
// chooses the server and its settings.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "core/sql_text.h"
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
  } catch (const core::Error& error) {
    if (error.state() != core::sqlstate::syntax_error) std::abort();
  }
  return 0;
}
