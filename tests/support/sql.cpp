// SPDX-License-Identifier: Apache-2.0
// The texts.
#include "tests/support/sql.h"

#include <fmt/format.h>

#include "tests/support/profile.h"

namespace odbc_test {

const Sql postgres_sql = {.series = "generate_series({}, {}) AS series (g)",
                          .sleep = "pg_sleep({})",
                          .fails_at = "1 / ({} - g)",
                          .fails_state = "22012",
                          .syntax_state = "42601",
                          .text = "text",
                          .integer = "int",
                          .real = "double precision",
                          .bytes = "bytea",
                          .hex = "decode('{}', 'hex')",
                          .prepared = "SELECT count(*) FROM pg_prepared_statements",
                          .session = "pg_backend_pid()",
                          .end_session = "SELECT pg_terminate_backend({}, 5000)",
                          .count_session = "SELECT count(*) FROM pg_stat_activity WHERE pid = {}",
                          .setting = "SHOW {}",
                          .isolation = "transaction_isolation",
                          .read_only = "transaction_read_only",
                          .serializable = "serializable",
                          .repeatable_read = "repeatable read",
                          .on = "on"};

const Sql mariadb_sql = {
    .series = "(SELECT seq AS g FROM seq_{}_to_{}) AS series",
    .sleep = "sleep({})",
    .fails_at = "exp(if(g = {}, 1000, 0))",
    .fails_state = "22003",
    .syntax_state = "42000",
    .text = "char",
    .integer = "signed",
    .real = "double",
    .bytes = "binary",
    .hex = "x'{}'",
    .prepared =
        "SELECT variable_value FROM information_schema.session_status WHERE variable_name = "
        "'Prepared_stmt_count'",
    .session = "connection_id()",
    .end_session = "KILL {}",
    .count_session = "SELECT count(*) FROM information_schema.processlist WHERE id = {}",
    .setting = "SELECT @@{}",
    .isolation = "tx_isolation",
    .read_only = "tx_read_only",
    .serializable = "SERIALIZABLE",
    .repeatable_read = "REPEATABLE-READ",
    .on = "1"};

namespace {

// No sequence engine, and before 8.0 no recursion: numbers of up to six digits.
constexpr std::string_view digits_series =
    "(SELECT g FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * h.d "
    "AS g FROM (SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION "
    "SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) a, (SELECT 0 d UNION "
    "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION "
    "SELECT 7 UNION SELECT 8 UNION SELECT 9) b, (SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION "
    "SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION "
    "SELECT 9) c, (SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION "
    "SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) e, (SELECT 0 d UNION "
    "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION "
    "SELECT 7 UNION SELECT 8 UNION SELECT 9) f, (SELECT 0 d UNION SELECT 1) h) AS digits "
    "WHERE g BETWEEN {} AND {} ORDER BY g) AS series";

Sql without_sequences() {
  Sql texts = mariadb_sql;
  texts.series = digits_series;
  texts.real = "decimal(20, 4)";  // CAST knows no floating point before 8.0.17
  return texts;
}

std::string filled(std::string_view text, std::string_view value) {
  return fmt::format(fmt::runtime(text), value);
}

}  // namespace

const Sql mysql_sql = without_sequences();

const Sql& engine_sql() { return *profile().sql; }

std::string series(long first, long last) {
  return fmt::format(fmt::runtime(engine_sql().series), first, last);
}
std::string sleep_for(std::string_view seconds) { return filled(engine_sql().sleep, seconds); }
std::string select_sleep(std::string_view seconds) { return "SELECT " + sleep_for(seconds); }
std::string fails_at(long row) { return filled(engine_sql().fails_at, std::to_string(row)); }
std::string hex(std::string_view digits) { return filled(engine_sql().hex, digits); }
std::string cast_parameter(std::string_view type) { return "CAST(? AS " + std::string(type) + ")"; }
std::string end_session(std::string_view session) {
  return filled(engine_sql().end_session, session);
}
std::string count_session(std::string_view session) {
  return filled(engine_sql().count_session, session);
}
std::string select_setting(std::string_view name) { return filled(engine_sql().setting, name); }

}  // namespace odbc_test
