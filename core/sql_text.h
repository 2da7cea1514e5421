// SPDX-License-Identifier: Apache-2.0
// Where a literal, a comment or a name begins and ends in SQL text, and what kind of statement it
// is. Comes in: odbc/text/escapes to translate, the pipeline to learn whether a statement may be
// repeated, the clients to choose a protocol. It is a lexer, not a parser: everything below is
// decided by tokens alone, without a server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace core {

/// The lexical rules of a server, as data. The two constants below are the servers' defaults; a
/// session whose settings differ (standard_conforming_strings, sql_mode) copies one and changes a
/// field.
struct Lexis {
  bool backslash_in_strings = false;  ///< '..\'..' goes on; off with NO_BACKSLASH_ESCAPES
  bool prefixed_strings = false;  ///< E'..' with backslashes; B'..', X'..', U&'..', U&".." without
  bool double_quoted_strings = false;  ///< ".." is a string; off with ANSI_QUOTES
  bool backtick_names = false;         ///< `name`
  bool dollar_strings = false;         ///< $$..$$, $tag$..$tag$ and $1; else $ is a letter
  bool digits_begin_names = false;     ///< 2nd is a name
  bool nested_comments = false;        ///< /* /* */ */
  bool executable_comments = false;    ///< /*! .. */ and /*M! .. */ hold code that runs
  bool hash_comments = false;          ///< # to the end of the line
  bool dashes_need_blank = false;      ///< "--1" is two minus signs, "-- 1" a comment
  bool return_ends_line = false;       ///< a carriage return alone ends a line comment

  bool operator==(const Lexis&) const = default;
};

/// PostgreSQL with standard_conforming_strings on (documentation, "Lexical Structure").
inline constexpr Lexis postgres_lexis{.prefixed_strings = true,
                                      .dollar_strings = true,
                                      .nested_comments = true,
                                      .return_ends_line = true};
/// MySQL and MariaDB with neither NO_BACKSLASH_ESCAPES nor ANSI_QUOTES (reference manual, "Language
/// Structure").
inline constexpr Lexis mysql_lexis{.backslash_in_strings = true,
                                   .double_quoted_strings = true,
                                   .backtick_names = true,
                                   .digits_begin_names = true,
                                   .executable_comments = true,
                                   .hash_comments = true,
                                   .dashes_need_blank = true};

enum class TokenKind : std::uint8_t {
  end,           ///< nothing left; empty
  blank,         ///< white space
  comment,       ///< one whole comment
  code_comment,  ///< the opening of an executable comment; its content follows as tokens, its close
                 ///< as two symbols
  word,          ///< a keyword or a plain name
  name,          ///< a quoted name, quotes included
  number,        ///< also a numbered parameter such as $1
  string,        ///< a literal with its quotes and its prefix
  symbol,        ///< one character of anything else, such as ? { ( ;
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< a view into the statement, valid as long as it
  bool closed = true;     ///< false for a literal, a name or a comment that the text does not end

  bool is(char symbol) const noexcept {
    return kind == TokenKind::symbol && text.front() == symbol;
  }
};

/// Compares a token with a keyword given in upper case, without regard to ASCII case.
bool is_word(const Token& token, std::string_view upper_case) noexcept;

/// Cuts a statement into tokens that, joined, are the statement again. Never throws, never copies;
/// damaged text gives a last token with `closed == false` and the server is left to complain.
class Tokenizer {
 public:
  /// `from` must be a place between two tokens, at most the text's size.
  Tokenizer(std::string_view sql, const Lexis& lexis, std::size_t from = 0) noexcept
      : sql_(sql), lexis_(lexis), at_(from) {}

  Token next() noexcept;
  /// The next token that is neither blank nor comment.
  Token next_significant() noexcept;
  /// Bytes already given out.
  std::size_t position() const noexcept { return at_; }

 private:
  char peek(std::size_t ahead = 0) const noexcept {
    return ahead < sql_.size() - at_ ? sql_[at_ + ahead] : '\0';
  }
  Token take(TokenKind kind, std::size_t end, bool closed = true) noexcept;
  Token quoted(TokenKind kind, std::size_t open, bool backslashes) noexcept;
  Token extended_string() noexcept;
  Token dollar() noexcept;
  Token block_comment() noexcept;
  Token line_comment() noexcept;
  Token number() noexcept;
  Token word() noexcept;
  Token punctuation() noexcept;
  bool at_line_comment() const noexcept;
  std::size_t string_prefix() const noexcept;
  std::size_t continuation(std::size_t from) const noexcept;

  std::string_view sql_;
  Lexis lexis_;
  std::size_t at_;
};

/// By the first keyword, whatever brackets stand before it; WITH counts as the statement after its
/// queries. select: SELECT, VALUES, TABLE. insert: also REPLACE. update: also MERGE. begin: BEGIN,
/// START TRANSACTION. commit: COMMIT, END. rollback: ROLLBACK, ABORT, but not to a savepoint. ddl:
/// CREATE, ALTER, DROP, TRUNCATE, RENAME, COMMENT, GRANT, REVOKE. Everything else, SET, SHOW and
/// EXPLAIN among it, is other.
enum class StatementKind : std::uint8_t {
  select,
  insert,
  update,
  remove,
  call,
  begin,
  commit,
  rollback,
  ddl,
  other
};
StatementKind statement_kind(std::string_view sql, const Lexis& lexis) noexcept;

/// True only when the tokens prove that running the text twice does no more than running it once: a
/// single SELECT, VALUES, SHOW, or WITH around them, no function but well-known built-ins, no lock,
/// no INTO, no assignment, and no literal whose end a setting of the session decides (so the
/// servers' default Lexis serves every session). When in doubt false. What tokens cannot show stays
/// unseen: a view, an operator, a cast or PostgreSQL's table.function notation that calls a
/// function with effects, or a function of the user that overloads a built-in one for other types.
bool is_provably_read_only(std::string_view sql, const Lexis& lexis) noexcept;

/// The number of statements in the text; empty ones between semicolons do not count. The body of a
/// routine (CREATE .. BEGIN .. END) belongs to its statement.
int statement_count(std::string_view sql, const Lexis& lexis) noexcept;

}  // namespace core
