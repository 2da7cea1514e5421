// SPDX-License-Identifier: Apache-2.0
// Statements over libmariadb: both protocols, every type, parameters, streams, spooling, several
// results, transactions.
#include <cmath>
#include <fstream>

#include "mysql_link.h"

namespace mysql_test {
namespace {

/// Every cell of the first row as a decoded Value, with the column it came from.
struct Decoded {
  std::vector<Column> columns;
  std::vector<Value> values;
  std::vector<std::string> texts;  ///< keeps what the values point at
};

Decoded decode_row(std::unique_ptr<Result> result) {
  Decoded all;
  all.columns.assign(result->columns().begin(), result->columns().end());
  while (result->next_row() == RowState::need_network) result->read_network({});
  for (const RawCell& cell : result->row())
    all.texts.push_back(cell.is_null() ? "" : std::string(cell.view()));
  for (std::size_t i = 0; i < all.texts.size(); ++i) {
    Value& value = all.values.emplace_back();
    if (result->row()[i].is_null()) continue;
    EXPECT_TRUE(all.columns[i].decode(all.texts[i], value)) << all.columns[i].name;
  }
  return all;
}

class MysqlTypes : public testing::TestWithParam<bool> {
 protected:
  Decoded row(std::string_view sql) {
    return decode_row(GetParam() ? execute_prepared(*client_, sql) : execute(*client_, sql));
  }
  std::shared_ptr<Client> client_ = connect();
};
INSTANTIATE_TEST_SUITE_P(Both, MysqlTypes, testing::Bool(), [](const auto& tried) {
  return std::string(tried.param ? "binary" : "text");
});

TEST_P(MysqlTypes, Integers) {
  execute(*client_,
          "CREATE TEMPORARY TABLE t (a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT "
          "UNSIGNED, e MEDIUMINT, f MEDIUMINT UNSIGNED, g INT, h INT UNSIGNED, i BIGINT, j BIGINT "
          "UNSIGNED, k YEAR, l INT(5) ZEROFILL)");
  execute(*client_,
          "INSERT INTO t VALUES (-128, 255, -32768, 65535, -8388608, 16777215, -2147483648, "
          "4294967295, -9223372036854775808, 18446744073709551615, 2155, 42)");
  const Decoded got = row("SELECT * FROM t");
  const std::int64_t expected[] = {-128,     255,         -32768,     65535,    -8388608,
                                   16777215, -2147483648, 4294967295, INT64_MIN};
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(got.values[i].kind, ValueKind::integer) << i;
    EXPECT_EQ(got.values[i].integer, expected[i]) << i;
    EXPECT_EQ(got.columns[i].is_unsigned, i % 2 == 1) << i;
  }
  EXPECT_EQ(got.values[9].kind, ValueKind::unsigned_);
  EXPECT_EQ(got.values[9].unsigned_integer, UINT64_MAX);
  EXPECT_EQ(got.values[10].integer, 2155);
  EXPECT_EQ(got.values[11].integer, 42);
  EXPECT_EQ(got.columns[0].size, 3);
  EXPECT_EQ(got.columns[6].size, 10);
  EXPECT_EQ(got.columns[9].type_name, "bigint unsigned");
}

TEST_P(MysqlTypes, NumbersWithFractions) {
  execute(*client_,
          "CREATE TEMPORARY TABLE t (a DECIMAL(65,30) NOT NULL, b DECIMAL(5,0) UNSIGNED, c FLOAT, "
          "d DOUBLE)");
  execute(
      *client_,
      "INSERT INTO t VALUES (-12345678901234567890123456789012345.123456789012345678901234567890"
      ", 99999, 1.5, 2.2250738585072014e-308)");
  const Decoded got = row("SELECT * FROM t");
  EXPECT_EQ(got.values[0].kind, ValueKind::decimal);
  EXPECT_EQ(got.values[0].text,
            "-12345678901234567890123456789012345.123456789012345678901234567890");
  EXPECT_EQ(got.columns[0].size, 65);
  EXPECT_EQ(got.columns[0].scale, 30);
  EXPECT_EQ(got.columns[0].nullable, Nullability::no);
  EXPECT_EQ(got.values[1].text, "99999");
  EXPECT_EQ(got.columns[1].size, 5);
  EXPECT_EQ(got.values[2].real, 1.5);
  EXPECT_EQ(got.values[3].real, 2.2250738585072014e-308);
}

TEST_P(MysqlTypes, TextsAndBytes) {
  execute(
      *client_,
      "CREATE TEMPORARY TABLE t (a CHAR(5), b VARCHAR(20), c TEXT, d BINARY(4), e VARBINARY(9), "
      "f BLOB, g ENUM('x','y'), h SET('p','q'), i JSON, j BIT(1), k BIT(12), l LONGTEXT, "
      "m GEOMETRY)");
  execute(*client_,
          "INSERT INTO t VALUES ('ab', 'gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80', '', 'ab', "
          "x'00ff00', x'', 'y', 'p,q', '{\"a\": 1}', b'1', b'101010101010', REPEAT('z', 70000), "
          "ST_GeomFromText('POINT(1 2)'))");
  const Decoded got = row("SELECT * FROM t");
  EXPECT_EQ(got.values[0].text, "ab");
  EXPECT_EQ(got.columns[0].size, 5);
  EXPECT_EQ(got.values[1].text, "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80");
  EXPECT_EQ(got.columns[1].size, 20);
  EXPECT_EQ(got.values[2].kind, ValueKind::text);
  EXPECT_EQ(got.values[2].text, "");
  EXPECT_EQ(got.columns[2].size, 0);
  EXPECT_EQ(got.columns[3].type, SqlType::binary);
  EXPECT_EQ(got.values[3].text, std::string_view("ab\0\0", 4));
  EXPECT_EQ(got.columns[4].type, SqlType::varbinary);
  EXPECT_EQ(got.columns[4].size, 9);
  EXPECT_EQ(got.values[4].text, std::string_view("\0\xff\0", 3));
  EXPECT_EQ(got.columns[5].type, SqlType::longvarbinary);
  EXPECT_EQ(got.values[5].kind, ValueKind::bytes);
  EXPECT_EQ(got.values[6].text, "y");
  EXPECT_EQ(got.values[7].text, "p,q");
  EXPECT_EQ(got.values[8].kind, ValueKind::text);
  EXPECT_EQ(got.values[8].text, "{\"a\": 1}");
  EXPECT_EQ(got.columns[9].type, SqlType::boolean);
  EXPECT_EQ(got.values[9].kind, ValueKind::boolean);
  EXPECT_EQ(got.values[9].integer, 1);
  EXPECT_EQ(got.columns[10].size, 2);
  EXPECT_EQ(got.values[10].text, "\x0a\xaa");
  EXPECT_EQ(got.values[11].text.size(), 70'000U);
  EXPECT_EQ(got.values[12].kind, ValueKind::bytes);
  EXPECT_EQ(got.values[12].text.size(), 25U);
}

TEST_P(MysqlTypes, DatesAndTimes) {
  execute(*client_, "SET time_zone = '+00:00', sql_mode = ''");
  execute(*client_,
          "CREATE TEMPORARY TABLE t (a DATE, b DATETIME, c DATETIME(6), d TIMESTAMP(3) NULL, "
          "e TIME, f TIME(6), g TIME, h TIME(6), i DATE, j DATETIME, k TIME)");
  execute(
      *client_,
      "INSERT INTO t VALUES ('2024-02-29', '9999-12-31 23:59:59', '2024-02-29 01:02:03.000004', "
      "'2024-02-29 01:02:03.500', '23:59:59', '00:00:00.000001', '838:59:59', "
      "'-25:00:00.5', '0000-00-00', '0000-00-00 00:00:00', '00:00:00')");
  const Decoded got = row("SELECT * FROM t");
  EXPECT_EQ(got.values[0].kind, ValueKind::date);
  EXPECT_EQ(got.values[0].time.year, 2024);
  EXPECT_EQ(got.values[0].time.day, 29);
  EXPECT_EQ(got.values[1].kind, ValueKind::timestamp);
  EXPECT_EQ(got.values[1].time.year, 9999);
  EXPECT_EQ(got.values[1].time.second, 59);
  EXPECT_EQ(got.values[2].time.nanosecond, 4000U);
  EXPECT_EQ(got.columns[2].scale, 6);
  EXPECT_EQ(got.columns[2].size, 26);
  EXPECT_EQ(got.values[3].time.nanosecond, 500'000'000U);
  EXPECT_EQ(got.values[4].kind, ValueKind::time);
  EXPECT_EQ(got.values[4].time.hour, 23);
  EXPECT_EQ(got.values[5].time.nanosecond, 1000U);
  EXPECT_EQ(got.values[6].kind, ValueKind::interval);
  EXPECT_EQ(got.values[6].interval.microseconds, ((838LL * 60 + 59) * 60 + 59) * 1'000'000);
  EXPECT_EQ(got.values[7].kind, ValueKind::interval);
  EXPECT_EQ(got.values[7].interval.microseconds, -(25LL * 3600 * 1'000'000 + 500'000));
  EXPECT_EQ(got.values[8].kind, ValueKind::date);
  EXPECT_EQ(got.values[8].time.year, 0);
  EXPECT_EQ(got.values[8].time.month, 0);
  EXPECT_EQ(got.values[9].kind, ValueKind::timestamp);
  EXPECT_EQ(got.values[9].time.day, 0);
  EXPECT_EQ(got.values[10].kind, ValueKind::time);
  EXPECT_EQ(got.columns[4].size, 8);
  EXPECT_EQ(got.columns[5].size, 15);
}

TEST_P(MysqlTypes, Nulls) {
  const Decoded got = row("SELECT NULL, CAST(NULL AS SIGNED), 1, CAST(NULL AS DATE)");
  EXPECT_EQ(got.values[0].kind, ValueKind::null);
  EXPECT_EQ(got.values[1].kind, ValueKind::null);
  EXPECT_EQ(got.values[2].integer, 1);
  EXPECT_EQ(got.values[3].kind, ValueKind::null);
  EXPECT_EQ(got.columns[0].type, SqlType::varchar);
}

TEST(MysqlParameters, EveryKindArrivesAsItWas) {
  const auto client = connect();
  std::vector<Parameter> all;
  all.push_back(parameter(ValueKind::null));
  all.push_back(parameter(ValueKind::boolean));
  all.back().value.integer = 1;
  all.push_back(integer(INT64_MIN));
  all.push_back(parameter(ValueKind::unsigned_));
  all.back().value.unsigned_integer = UINT64_MAX;
  all.push_back(parameter(ValueKind::real));
  all.back().value.real = 0.1;
  all.push_back(parameter(ValueKind::decimal, "12345678901234567890.0123456789"));
  all.push_back(parameter(ValueKind::text, "gr\xC3\xBC\xC3\x9F ' \\ \xF0\x9F\x98\x80"));
  all.push_back(parameter(ValueKind::bytes, std::string_view("\0\xff\x80'", 4)));
  all.push_back(parameter(ValueKind::date));
  all.back().value.time = {.year = 2024, .month = 2, .day = 29};
  all.push_back(parameter(ValueKind::time));
  all.back().value.time = {.hour = 23, .minute = 59, .second = 1, .nanosecond = 5000};
  all.push_back(parameter(ValueKind::timestamp));
  all.back().value.time = {.year = 1, .month = 1, .day = 1, .hour = 2, .nanosecond = 999'999'000};
  all.push_back(parameter(ValueKind::interval));
  all.back().value.interval = {0, -2, -3'000'000};
  const char guid[] = "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef";
  all.push_back(parameter(ValueKind::guid, std::string_view(guid, 16)));
  all.push_back(parameter(ValueKind::text, ""));
  const auto result = execute_prepared(
      *client,
      "SELECT ? IS NULL, ?+0, CAST(? AS CHAR), CAST(? AS CHAR), CAST(? AS CHAR), CAST(? AS CHAR), "
      "?, HEX(?), CAST(? AS CHAR), CAST(CAST(? AS TIME(6)) AS CHAR), CAST(CAST(? AS DATETIME(6)) "
      "AS "
      "CHAR), CAST(CAST(? AS TIME(6)) AS CHAR), ?, LENGTH(?)",
      all);
  Rows rows;
  while (result->next_row() == RowState::need_network) result->read_network({});
  std::vector<std::string> got;
  for (std::size_t i = 2; i < 13; ++i) got.emplace_back(result->row()[i].view());
  EXPECT_EQ(got, (std::vector<std::string>{
                     "-9223372036854775808", "18446744073709551615", "0.1",
                     "12345678901234567890.0123456789", "gr\xC3\xBC\xC3\x9F ' \\ \xF0\x9F\x98\x80",
                     "00FF8027", "2024-02-29", "23:59:01.000005", "0001-01-01 02:00:00.999999",
                     "-48:00:03.000000", "01234567-89ab-cdef-0123-456789abcdef"}));
  EXPECT_FALSE(result->row()[13].is_null());
}

TEST(MysqlParameters, WhatDoesNotFitIsRefusedBeforeAnythingIsSent) {
  const auto client = connect();
  std::vector<Parameter> few = {integer(1)};
  const Error count = failure([&] { execute_prepared(*client, "SELECT ?, ?", few); });
  EXPECT_EQ(state_of(count), "07002");
  EXPECT_EQ(count.reached(), Reached::not_sent);
  EXPECT_EQ(state_of(failure([&] { execute_prepared(*client, "SELECT ?", {}); })), "07002");
  std::vector<Parameter> months = {parameter(ValueKind::interval)};
  months[0].value.interval = {14, 0, 0};
  EXPECT_EQ(state_of(failure([&] { execute_prepared(*client, "SELECT ?", months); })), "07006");
  std::vector<Parameter> ancient = {parameter(ValueKind::date)};
  ancient[0].value.time.year = -5;
  EXPECT_EQ(state_of(failure([&] { execute_prepared(*client, "SELECT ?", ancient); })), "22008");
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST(MysqlStatement, APreparedStatementIsReused) {
  const auto client = connect();
  std::shared_ptr<Prepared> prepared;
  for (int i = 0; i < 5; ++i) {
    std::vector<Parameter> one = {integer(i)};
    const auto result = execute_prepared(*client, "SELECT ? + 1, 'x'", one, {}, &prepared);
    ASSERT_EQ(count_rows(*result), 1U);
  }
  EXPECT_EQ(prepared->parameters().size(), 1U);
  EXPECT_EQ(prepared->columns().size(), 2U);
  EXPECT_EQ(cell(*client,
                 "SELECT variable_value FROM information_schema.session_status WHERE "
                 "variable_name = 'Com_stmt_prepare'"),
            "1");
}

TEST(MysqlStatement, APreparedStatementOfALostLinkIsPreparedAgain) {
  std::shared_ptr<Prepared> prepared;
  std::vector<Parameter> one = {integer(1)};
  {
    const auto first = connect();
    execute_prepared(*first, "SELECT ?", one, {}, &prepared);
    first->abort();
  }
  const auto second = connect();
  EXPECT_EQ(count_rows(*execute_prepared(*second, "SELECT ?", one, {}, &prepared)), 1U);
}

TEST(MysqlStatement, WhatCannotBePreparedTravelsAsText) {
  const auto client = connect();
  EXPECT_EQ(execute_prepared(*client, "PREPARE p FROM 'SELECT 5'")->affected(), 0);
  EXPECT_EQ(cell(*client, "EXECUTE p"), "5");
}

TEST(MysqlStatement, ServerErrorsKeepStateAndCode) {
  const auto client = connect();
  const Error table = failure([&] { execute(*client, "SELECT * FROM no_such_table"); });
  EXPECT_EQ(state_of(table), "42S02");
  EXPECT_EQ(table.main().native, 1146);
  EXPECT_EQ(table.reached(), Reached::answered);
  EXPECT_FALSE(table.link_lost());
  EXPECT_EQ(state_of(failure([&] { execute_prepared(*client, "SELEKT ?"); })), "42000");
  EXPECT_EQ(state_of(failure([&] {
              rows_of(*execute(*client,
                               "SET STATEMENT max_statement_time=0.1 FOR SELECT COUNT(*) FROM "
                               "seq_1_to_1000000000 WHERE seq % 7 = 1"));
            })),
            "HYT00");
  EXPECT_TRUE(client->usable());
}

long resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      long kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  return 0;
}

TEST(MysqlStream, AMillionRowsNeedNoMemory) {
  for (const char* mode : {"disable", "require"}) {
    const auto client = connect(Target().tls(mode));
    for (const bool prepared : {false, true}) {
      constexpr auto sql = "SELECT seq, seq / 7e0, REPEAT('x', 20) FROM seq_1_to_1000000";
      const long before = resident_kilobytes();
      const auto started = Clock::now();
      const auto result = prepared ? execute_prepared(*client, sql) : execute(*client, sql);
      EXPECT_EQ(count_rows(*result, within(seconds(120))), 1'000'000U);
      RecordProperty(std::string(mode) + (prepared ? "_binary_ms" : "_text_ms"),
                     static_cast<int>(elapsed_ms(started)));
      EXPECT_LT(resident_kilobytes() - before, 4096);
      EXPECT_EQ(result->affected(), 1'000'000);
    }
  }
}

TEST(MysqlStream, ASecondStatementSpoolsTheFirst) {
  const auto client = connect();
  for (const bool prepared : {false, true}) {
    constexpr auto sql = "SELECT seq, IF(seq % 2, NULL, CONCAT('v', seq)) FROM seq_1_to_5000";
    const auto first = prepared ? execute_prepared(*client, sql) : execute(*client, sql);
    while (first->next_row() == RowState::need_network) first->read_network({});
    const std::string held(first->row()[0].view());
    const auto second = prepared ? execute_prepared(*client, sql) : execute(*client, sql);
    EXPECT_EQ(first->row()[0].view(), held);  // the current row stays readable
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
    EXPECT_EQ(count_rows(*first), 4999U);
    const auto rows = rows_of(*second);
    ASSERT_EQ(rows.size(), 5000U);
    if (!prepared) {
      EXPECT_EQ(rows[4997], (std::vector<std::string>{"4998", "v4998"}));
      EXPECT_EQ(rows[4998], (std::vector<std::string>{"4999", "NULL"}));
    }
    EXPECT_FALSE(first->next_result({}));
  }
}

TEST(MysqlStream, AStatementMayBeExecutedAgainWhileItsOwnRowsStream) {
  const auto client = connect();
  std::shared_ptr<Prepared> prepared;
  constexpr auto sql = "SELECT seq FROM seq_1_to_3000";
  auto first = execute_prepared(*client, sql, {}, {}, &prepared);
  auto second = execute_prepared(*client, sql, {}, {}, &prepared);
  EXPECT_EQ(count_rows(*first), 3000U);
  first.reset();
  EXPECT_EQ(count_rows(*second), 3000U);
}

class MysqlResults : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Both, MysqlResults, testing::Bool(), [](const auto& tried) {
  return std::string(tried.param ? "binary" : "text");
});

TEST_P(MysqlResults, OfACallComeInOrder) {
  const auto client = connect();
  execute(*client, "DROP PROCEDURE IF EXISTS several");
  execute(*client,
          "CREATE PROCEDURE several() BEGIN SELECT seq FROM seq_1_to_3; SELECT 'a', 'b'; "
          "SELECT 1 FROM seq_1_to_3 WHERE seq > 9; END");
  for (const bool spool : {false, true}) {
    const auto result = GetParam() ? execute_prepared(*client, "CALL several()")
                                   : execute(*client, "CALL several()");
    if (spool) { EXPECT_EQ(cell(*client, "SELECT 42"), "42"); }
    EXPECT_EQ(count_rows(*result), 3U);
    EXPECT_EQ(result->affected(), 3);
    ASSERT_TRUE(result->next_result({}));
    EXPECT_EQ(result->columns().size(), 2U);
    EXPECT_EQ(rows_of(*result), (Rows{{"a", "b"}}));
    ASSERT_TRUE(result->next_result({}));
    EXPECT_EQ(result->columns().size(), 1U);
    EXPECT_EQ(count_rows(*result), 0U);
    ASSERT_TRUE(result->next_result({}));  // the CALL's own end
    EXPECT_EQ(result->columns().size(), 0U);
    EXPECT_EQ(result->affected(), 0);
    EXPECT_FALSE(result->next_result({}));
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
}

TEST_P(MysqlResults, AnErrorInTheMiddleComesInItsPlace) {
  const auto client = connect();
  execute(*client, "DROP PROCEDURE IF EXISTS failing");
  execute(
      *client,
      "CREATE PROCEDURE failing() BEGIN SELECT seq FROM seq_1_to_3; SIGNAL SQLSTATE '45000' SET "
      "MESSAGE_TEXT = 'enough'; END");
  for (const bool spool : {false, true}) {
    const auto result = GetParam() ? execute_prepared(*client, "CALL failing()")
                                   : execute(*client, "CALL failing()");
    if (spool) { EXPECT_EQ(cell(*client, "SELECT 42"), "42"); }
    EXPECT_EQ(count_rows(*result), 3U);
    const Error error = failure([&] { (void)result->next_result({}); });
    EXPECT_EQ(state_of(error), "45000") << error.what();
    EXPECT_FALSE(result->next_result({}));
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
}

TEST_P(MysqlResults, ThatFindNoRoomAsideGoOnWhereTheyWere) {
  const auto maker = connect();
  execute(*maker, "DROP PROCEDURE IF EXISTS large");
  execute(*maker,
          "CREATE PROCEDURE large() BEGIN SELECT seq, repeat('x', seq % 90) FROM seq_1_to_500; "
          "SELECT seq FROM seq_1_to_400; END");
  for (const char* limit : {"0", "1", "500", "4000", "24000", "25000", "26000"}) {
    Target target;
    target.options.set(spool_options::spool_limit, limit);
    target.options.set(spool_options::spool_memory, "4096");
    const auto client = connect(target);
    const auto result =
        GetParam() ? execute_prepared(*client, "CALL large()") : execute(*client, "CALL large()");
    for (RowState at = result->next_row(); at != RowState::ready; at = result->next_row())
      result->read_network({});
    for (int attempt = 0; attempt < 2; ++attempt) {
      const Error error = failure([&] { cell(*client, "SELECT 42"); });
      if (error.state() == sqlstate::general) break;  // all of it found room
      EXPECT_EQ(state_of(error), "HY013") << limit;
      EXPECT_EQ(error.reached(), Reached::not_sent);
    }
    EXPECT_EQ(count_rows(*result), 499U) << limit;
    ASSERT_TRUE(result->next_result({})) << limit;
    EXPECT_EQ(count_rows(*result), 400U) << limit;
    ASSERT_TRUE(result->next_result({})) << limit;
    EXPECT_FALSE(result->next_result({})) << limit;
    EXPECT_EQ(cell(*client, "SELECT 42"), "42");
  }
}

TEST_P(MysqlResults, OfSkippedRowsAreReadAway) {
  const auto client = connect();
  execute(*client, "DROP PROCEDURE IF EXISTS two");
  execute(*client, "CREATE PROCEDURE two() BEGIN SELECT seq FROM seq_1_to_500; SELECT 7; END");
  {
    const auto result =
        GetParam() ? execute_prepared(*client, "CALL two()") : execute(*client, "CALL two()");
    ASSERT_TRUE(result->next_result({}));
    EXPECT_EQ(count_rows(*result), 1U);
  }
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST(MysqlStatement, SeveralStatementsInOneTextOnlyWhenTold) {
  Target target;
  target.options.set(mysql_options::multi_statements, "true");
  const auto client = connect(target);
  EXPECT_EQ(state_of(failure([&] { execute(*client, "SELECT 1; SELECT 2"); })), "42000");
  Query query;
  query.sql = "SELECT 1; DO 0; SELECT 2";
  query.several_statements = true;
  const auto result = client->execute(query, {});
  EXPECT_EQ(rows_of(*result), (Rows{{"1"}}));
  ASSERT_TRUE(result->next_result({}));
  EXPECT_EQ(result->affected(), 0);
  ASSERT_TRUE(result->next_result({}));
  EXPECT_EQ(rows_of(*result), (Rows{{"2"}}));
  EXPECT_FALSE(result->next_result({}));
  EXPECT_EQ(state_of(failure([&] { execute(*client, "SELECT 1; SELECT 2"); })), "42000");
}

TEST(MysqlTransaction, BeginsWithTheFirstStatementAndEndsAsTold) {
  const auto client = connect();
  execute(*client, "CREATE TEMPORARY TABLE tt (a INT) ENGINE=InnoDB");
  client->end_transaction(Client::Completion::commit, {});
  for (const auto completion : {Client::Completion::rollback, Client::Completion::commit}) {
    Query query;
    query.sql = "INSERT INTO tt VALUES (1), (2)";
    query.open_transaction = true;
    EXPECT_FALSE(client->in_transaction());
    EXPECT_EQ(client->execute(query, {})->affected(), 2);
    EXPECT_TRUE(client->in_transaction());
    client->end_transaction(completion, {});
    EXPECT_FALSE(client->in_transaction());
    EXPECT_EQ(cell(*client, "SELECT COUNT(*) FROM tt"),
              completion == Client::Completion::commit ? "2" : "0");
  }
}

TEST(MysqlTransaction, EndsThoughAResultStreams) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT seq FROM seq_1_to_5000";
  query.open_transaction = true;
  const auto result = client->execute(query, {});
  client->end_transaction(Client::Completion::commit, {});
  EXPECT_EQ(count_rows(*result), 5000U);
}

TEST(MysqlTextQuery, GivesRowsAsText) {
  const auto client = connect();
  const auto query = client->start_text_query("SELECT 1, NULL, 'x' UNION ALL SELECT 2, '', 'y'");
  run(*query, Deadline::after(seconds(5)), nullptr, "asking");
  const TextRows rows = query->take_rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0], "1");
  EXPECT_EQ(rows[0][1], std::nullopt);
  EXPECT_EQ(rows[1][1], "");
  const auto wrong = client->start_text_query("SELECT * FROM no_such_table");
  EXPECT_EQ(state_of(failure([&] { run(*wrong, Deadline::after(seconds(5)), nullptr, "asking"); })),
            "42S02");
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

}  // namespace
}  // namespace mysql_test
