// SPDX-License-Identifier: Apache-2.0
// The shape of the text and the question to the catalog.
#include "core/client/pg_rewrite.h"

#include "core/sql_text.h"

namespace core {
namespace {

// U&".." is read by rules of its own.
bool is_identifier(const Token& token) {
  if (token.kind == TokenKind::word) return true;
  return token.kind == TokenKind::name && token.closed && token.text.front() == '"';
}

/// name, name.name, ..; the token behind it is left in `token`.
std::optional<std::string_view> table_name(Tokenizer& tokens, Token& token, std::string_view sql) {
  token = tokens.next_significant();
  if (!is_identifier(token)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(token.text.data() - sql.data());
  std::size_t end = tokens.position();
  for (token = tokens.next_significant(); token.is('.'); token = tokens.next_significant()) {
    if (!is_identifier(tokens.next_significant())) return std::nullopt;
    end = tokens.position();
  }
  return sql.substr(begin, end - begin);
}

bool column_names(Tokenizer& tokens, std::vector<std::string_view>& names) {
  for (;;) {
    const Token name = tokens.next_significant();
    if (!is_identifier(name)) return false;
    names.push_back(name.text);
    const Token next = tokens.next_significant();
    if (next.is(')')) return true;
    if (!next.is(',')) return false;
  }
}

/// ($1, $2, ..) to the end of the text; the number of parameters, 0 for anything else.
std::size_t placeholders(Tokenizer& tokens) {
  if (!tokens.next_significant().is('(')) return 0;
  std::size_t count = 0;
  for (;;) {
    const Token parameter = tokens.next_significant();
    if (parameter.text != "$" + std::to_string(++count)) return 0;
    const Token next = tokens.next_significant();
    if (next.is(')')) break;
    if (!next.is(',')) return 0;
  }
  Token last = tokens.next_significant();
  if (last.is(';')) last = tokens.next_significant();
  return last.kind == TokenKind::end ? count : 0;
}

}  // namespace

std::optional<PlainInsert> plain_insert(std::string_view sql) {
  Tokenizer tokens(sql, postgres_lexis);
  if (!is_word(tokens.next_significant(), "INSERT")) return std::nullopt;
  if (!is_word(tokens.next_significant(), "INTO")) return std::nullopt;
  PlainInsert insert;
  Token token;
  const auto table = table_name(tokens, token, sql);
  if (!table) return std::nullopt;
  insert.table = *table;
  if (token.is('(')) {
    if (!column_names(tokens, insert.columns)) return std::nullopt;
    token = tokens.next_significant();
  }
  if (!is_word(token, "VALUES")) return std::nullopt;
  insert.head = sql.substr(0, static_cast<std::size_t>(token.text.data() - sql.data()));
  insert.parameters = placeholders(tokens);
  if (insert.parameters == 0) return std::nullopt;
  if (!insert.columns.empty() && insert.columns.size() != insert.parameters) return std::nullopt;
  return insert;
}

// ROWS FROM, because the short form with several arrays is found by its bare name only, and a name
// can be taken by somebody else's function.
std::string unnested(const PlainInsert& insert) {
  std::string text(insert.head);
  text.append("SELECT * FROM ROWS FROM (");
  for (std::size_t i = 1; i <= insert.parameters; ++i) {
    if (i > 1) text.append(", ");
    text.append("pg_catalog.unnest($").append(std::to_string(i)).append(")");
  }
  return text.append(") AS sets");
}

std::string column_array(const PlainInsert& insert) {
  std::string text = "{";
  for (const std::string_view column : insert.columns) {
    if (text.size() > 1) text.push_back(',');
    text.push_back('"');
    for (const char c : column) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  return text.append("}");
}

// What a set could see of the sets before it, or of being one statement with them: triggers, rules,
// row security, functions of users in checks, defaults, keys and indexes; a foreign key into the
// table itself (checked at the end of the statement); the time of the transaction in a default.
// Functions of the server itself leave no trace in pg_depend, and none of them reads the table.
const char* const rewrite_question = R"sql(
WITH target AS (
  SELECT c.oid, c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT c.relrowsecurity AS plain
  FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)),
tree AS (
  SELECT oid FROM target
  UNION SELECT p.relid::pg_catalog.oid FROM target, pg_catalog.pg_partition_tree(target.oid) p),
given AS (
  SELECT (pg_catalog.parse_ident(g.name))[1] AS name, g.place
  FROM pg_catalog.unnest($2::pg_catalog.text[]) WITH ORDINALITY g(name, place)),
attribute AS (
  SELECT a.attname, a.attnum, a.atttypid, a.atthasdef, a.attgenerated, a.attrelid,
    pg_catalog.row_number() OVER (ORDER BY a.attnum) AS place
  FROM target JOIN pg_catalog.pg_attribute a ON a.attrelid = target.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped),
filled AS (
  SELECT a.attnum, a.atttypid, coalesce(g.place, a.place) AS place
  FROM attribute a LEFT JOIN given g ON g.name = a.attname
  WHERE g.name IS NOT NULL
     OR (NOT EXISTS (SELECT FROM given) AND a.place <= $3::pg_catalog.int8)),
standing AS (
  SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression
  FROM attribute a
  JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attgenerated = '' AND a.attnum NOT IN (SELECT attnum FROM filled)),
parts AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS kind, oid FROM tree
  UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid
    FROM tree JOIN pg_catalog.pg_index i ON i.indrelid = tree.oid
  UNION ALL SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
    FROM tree JOIN pg_catalog.pg_constraint k ON k.conrelid = tree.oid
  UNION ALL SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
    FROM tree JOIN pg_catalog.pg_attrdef d ON d.adrelid = tree.oid),
proved AS (
  SELECT coalesce((SELECT plain FROM target), false)
    AND (SELECT count(*) FROM filled) = $3::pg_catalog.int8
    AND NOT EXISTS (SELECT FROM tree JOIN pg_catalog.pg_class c USING (oid)
                    WHERE c.relkind NOT IN ('r', 'p'))
    AND NOT EXISTS (SELECT FROM tree JOIN pg_catalog.pg_trigger t ON t.tgrelid = tree.oid
                    WHERE NOT t.tgisinternal)
    AND NOT EXISTS (SELECT FROM tree JOIN pg_catalog.pg_constraint k ON k.conrelid = tree.oid
                    WHERE k.contype = 'f' AND k.confrelid IN (SELECT oid FROM tree))
    AND NOT EXISTS (SELECT FROM parts p JOIN pg_catalog.pg_depend d
                      ON d.classid = p.kind AND d.objid = p.oid
                    WHERE d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                           'pg_catalog.pg_operator'::pg_catalog.regclass,
                                           'pg_catalog.pg_opclass'::pg_catalog.regclass)) AS ok)
SELECT
  ok AND NOT EXISTS (SELECT FROM standing WHERE expression !~
    $re$^(nextval\('([^']|'')+'::regclass\)|('([^']|'')*'|\(?-?[0-9.]+\)?|NULL|true|false)(::[a-z ]+(\([0-9, ]+\))?)?|gen_random_uuid\(\))$$re$),
  ok AND NOT EXISTS (SELECT FROM standing WHERE expression !~
    $re$^(nextval\('([^']|'')+'::regclass\)|('([^']|'')*'|\(?-?[0-9.]+\)?|NULL|true|false)(::[a-z ]+(\([0-9, ]+\))?)?|gen_random_uuid\(\)|now\(\)|CURRENT_(TIMESTAMP|DATE|TIME|USER)|SESSION_USER)$$re$),
  (SELECT pg_catalog.string_agg(atttypid::pg_catalog.text, ' ' ORDER BY place) FROM filled)
FROM proved
)sql";

}  // namespace core
