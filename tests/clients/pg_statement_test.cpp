// SPDX-License-Identifier: Apache-2.0
// Statements, results, types and transactions of the PostgreSQL client against a real server.
#include <sys/resource.h>

#include <fstream>

#include "tests/clients/pg_link.h"

namespace {

using namespace pg_test;

Value decoded(const Result& result, std::size_t column) {
  Value value;
  EXPECT_TRUE(result.columns()[column].decode(result.row()[column].view(), value));
  return value;
}

/// Runs `SELECT <expression>` through the prepared path and hands the row of every execution to
/// `check`: the first comes as text, the third in binary where the types allow it.
template <class Check>
void in_both_formats(Client& client, const std::string& expression, Check&& check) {
  const std::string sql = "SELECT " + expression;
  std::shared_ptr<Prepared> prepared;
  for (int i = 0; i < 3; ++i) {
    Query query;
    query.sql = sql;
    query.prepared = &prepared;
    const auto result = client.execute(query, {});
    ASSERT_EQ(result->next_row(), RowState::ready) << sql;
    check(*result, decoded(*result, 0));
    rows_of(*result);
  }
}

TEST(PgStatement, EveryTypeReadsTheSameAsTextAndInBinary) {
  const auto client = connect();
  in_both_formats(*client, "true", [](const Result& r, const Value& v) {
    EXPECT_EQ(v.kind, ValueKind::boolean);
    EXPECT_EQ(v.integer, 1);
    EXPECT_EQ(r.columns()[0].type, SqlType::boolean);
  });
  for (const char* type : {"int2", "int4", "int8"})
    in_both_formats(*client, std::string("-123::") + type, [&](const Result& r, const Value& v) {
      EXPECT_EQ(v.integer, -123);
      EXPECT_EQ(r.columns()[0].type_name, type);
    });
  in_both_formats(*client, "0.1::float4",
                  [](const Result&, const Value& v) { EXPECT_EQ(v.real, 0.1); });
  in_both_formats(*client, "'-Infinity'::float8", [](const Result&, const Value& v) {
    EXPECT_EQ(v.real, -std::numeric_limits<double>::infinity());
  });
  in_both_formats(*client, "12345678901234567890.125::numeric(30,3)",
                  [](const Result& r, const Value& v) {
                    std::string digits;
                    append_text(v, digits);
                    EXPECT_EQ(digits, "12345678901234567890.125");
                    EXPECT_EQ(r.columns()[0].size, 30);
                    EXPECT_EQ(r.columns()[0].scale, 3);
                  });
  in_both_formats(*client, "'gr\u00fc\u00df \U0001F600'::varchar(20)",
                  [](const Result& r, const Value& v) {
                    EXPECT_EQ(v.text, "gr\u00fc\u00df \U0001F600");
                    EXPECT_EQ(r.columns()[0].size, 20);
                  });
  in_both_formats(*client, "'\\x00ff41'::bytea", [](const Result&, const Value& v) {
    EXPECT_EQ(v.kind, ValueKind::bytes);
    EXPECT_EQ(v.text, std::string_view("\0\xff"
                                       "A",
                                       3));
  });
  in_both_formats(*client, "'00112233-4455-6677-8899-aabbccddeeff'::uuid",
                  [](const Result&, const Value& v) {
                    EXPECT_EQ(v.kind, ValueKind::guid);
                    EXPECT_EQ(v.text.size(), 16U);
                    EXPECT_EQ(static_cast<unsigned char>(v.text[15]), 0xff);
                  });
  in_both_formats(*client, "date '0044-03-15 BC'", [](const Result&, const Value& v) {
    EXPECT_EQ(v.time.year, -43);
    EXPECT_EQ(v.time.day, 15);
  });
  in_both_formats(*client, "time '23:59:59.25'", [](const Result&, const Value& v) {
    EXPECT_EQ(v.time.hour, 23);
    EXPECT_EQ(v.time.nanosecond, 250'000'000U);
  });
  in_both_formats(*client, "timestamp(3) '1969-12-31 23:59:59.999'",
                  [](const Result& r, const Value& v) {
                    EXPECT_EQ(v.time.year, 1969);
                    EXPECT_EQ(v.time.second, 59);
                    EXPECT_EQ(v.time.nanosecond, 999'000'000U);
                    EXPECT_EQ(r.columns()[0].size, 23);
                  });
  in_both_formats(*client, "timestamptz '2024-06-01 12:00:00+02'",
                  [](const Result&, const Value& v) {
                    EXPECT_TRUE(v.time.has_offset);
                    EXPECT_EQ(v.time.hour, 10);
                  });
  in_both_formats(*client, "interval '-1 year 2 mons -3 days 04:05:06.7'",
                  [](const Result&, const Value& v) {
                    EXPECT_EQ(v.interval.months, -10);
                    EXPECT_EQ(v.interval.days, -3);
                    EXPECT_EQ(v.interval.microseconds, 14'706'700'000);
                  });
  in_both_formats(*client, "'{\"a\": 1}'::jsonb", [](const Result& r, const Value& v) {
    EXPECT_EQ(v.text, "{\"a\": 1}");
    EXPECT_EQ(r.columns()[0].type, SqlType::longvarchar);
  });
  in_both_formats(*client, "ARRAY[1,2]", [](const Result& r, const Value& v) {
    EXPECT_EQ(v.text, "{1,2}");
    EXPECT_EQ(r.columns()[0].type_name, "_int4");
  });
}

TEST(PgStatement, NullIsNeitherEmptyNorZero) {
  const auto client = connect();
  const auto result = execute(*client, "SELECT NULL, '', 0");
  ASSERT_EQ(result->next_row(), RowState::ready);
  EXPECT_TRUE(result->row()[0].is_null());
  EXPECT_EQ(result->row()[1].length, 0);
  EXPECT_EQ(result->row()[2].view(), "0");
}

TEST(PgStatement, ParametersArriveAsTheyWereGiven) {
  const auto client = connect();
  Parameter bytes;
  bytes.value.kind = ValueKind::bytes;
  bytes.value.text = std::string_view("\0\1", 2);
  bytes.declared = SqlType::varbinary;
  Parameter null;
  null.declared = SqlType::varchar;
  Parameter real;
  real.value.kind = ValueKind::real;
  real.value.real = 1.5;
  real.declared = SqlType::double_;
  Parameter when;
  when.value.kind = ValueKind::timestamp;
  when.value.time = {.year = 2024, .month = 2, .day = 29, .hour = 1, .nanosecond = 500'000'000};
  when.declared = SqlType::timestamp;
  const Parameter parameters[] = {integer(41), text("a'b"),           bytes, null, real,
                                  when,        integer(5'000'000'000)};
  Query query;
  query.sql =
      "SELECT $1 + 1, $2 || '!', encode($3, 'hex'), $4::text IS NULL, $5 * 2, $6::text, "
      "pg_typeof($7)::text";
  query.parameters = parameters;
  query.parameter_count = 7;
  std::shared_ptr<Prepared> prepared;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) query.prepared = &prepared;
    const auto result = client->execute(query, {});
    ASSERT_EQ(result->next_row(), RowState::ready);
    EXPECT_EQ(decoded(*result, 0).integer, 42);
    EXPECT_EQ(decoded(*result, 1).text, "a'b!");
    EXPECT_EQ(decoded(*result, 2).text, "0001");
    EXPECT_EQ(decoded(*result, 3).integer, 1);
    EXPECT_EQ(decoded(*result, 4).real, 3.0);
    EXPECT_EQ(decoded(*result, 5).text, "2024-02-29 01:00:00.5");
    EXPECT_EQ(decoded(*result, 6).text, "bigint");
  }
}

TEST(PgStatement, AZeroByteInTextIsRefusedBeforeSending) {
  const auto client = connect();
  const Parameter parameter = text(std::string_view("a\0b", 3));
  Query query;
  query.sql = "SELECT $1";
  query.parameters = {&parameter, 1};
  const Error error = failure([&] { client->execute(query, {}); });
  EXPECT_EQ(error.state(), Sqlstate("22021"));
  EXPECT_EQ(error.reached(), Reached::not_sent);
}

TEST(PgStatement, PrepareDescribesWithoutExecuting) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE described(id int, name varchar(10), price numeric(8,2))");
  const std::string_view sql = "SELECT name, price FROM described WHERE id = $1 AND price > $2";
  auto prepared = client->prepare(sql, 2, nullptr, {});
  ASSERT_TRUE(prepared->described());
  ASSERT_EQ(prepared->columns().size(), 2U);
  EXPECT_EQ(prepared->columns()[0].size, 10);
  EXPECT_EQ(prepared->columns()[1].scale, 2);
  ASSERT_EQ(prepared->parameters().size(), 2U);
  EXPECT_EQ(prepared->parameters()[0].type, SqlType::integer);
  EXPECT_EQ(prepared->parameters()[1].type, SqlType::decimal);
  execute(*client, "INSERT INTO described VALUES (1, 'one', 9.5)");
  const Parameter parameters[] = {text("1"), text("9.25")};
  Query query;
  query.sql = sql;
  query.parameters = parameters;
  query.prepared = &prepared;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(decoded_rows_of(*client->execute(query, {})),
              (std::vector<std::vector<std::string>>{{"one", "9.50"}}));
}

TEST(PgStatement, ParametersMayChangeTheirTypeBetweenExecutions) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE changing(n int)");
  std::shared_ptr<Prepared> prepared;
  Parameter real;
  real.value.kind = ValueKind::real;
  real.value.real = 2.5;
  real.declared = SqlType::double_;
  Parameter null;
  null.declared = SqlType::varchar;
  for (const Parameter& parameter : {null, integer(1), integer(2), real, text("7"), null}) {
    Query query;
    query.sql = "INSERT INTO changing VALUES ($1)";
    query.parameters = {&parameter, 1};
    query.prepared = &prepared;
    EXPECT_EQ(client->execute(query, {})->affected(), 1);
  }
  EXPECT_EQ(cell(*client, "SELECT string_agg(coalesce(n::text, '-'), ' ') FROM changing"),
            "- 1 2 2 7 -");
}

TEST(PgStatement, APlanThatWentStaleIsMadeAgain) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE altered(n int)");
  std::shared_ptr<Prepared> prepared;
  Query query;
  query.sql = "SELECT * FROM altered";
  query.prepared = &prepared;
  for (int i = 0; i < 3; ++i) rows_of(*client->execute(query, {}));
  execute(*client, "ALTER TABLE altered ADD m text");
  EXPECT_EQ(client->execute(query, {})->columns().size(), 2U);
  for (int i = 0; i < 3; ++i) rows_of(*client->execute(query, {}));
  execute(*client, "DISCARD ALL");
  EXPECT_EQ(failure([&] { client->execute(query, {}); }).state(), Sqlstate("42S02"));
}

TEST(PgStatement, APreparedStatementMovesToAnotherLink) {
  std::shared_ptr<Prepared> prepared;
  Query query;
  query.sql = "SELECT 1";
  query.prepared = &prepared;
  for (int link = 0; link < 3; ++link) {
    const auto client = connect();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(rows_of(*client->execute(query, {})).size(), 1U);
  }
}

TEST(PgStatement, NamesOfForgottenStatementsAreGivenBack) {
  const auto client = connect();
  for (int i = 0; i < 200; ++i) {
    std::shared_ptr<Prepared> prepared;
    Query query;
    query.sql = "SELECT 1";
    query.prepared = &prepared;
    rows_of(*client->execute(query, {}));
    rows_of(*client->execute(query, {}));
  }
  EXPECT_LT(std::stoi(cell(*client, "SELECT count(*) FROM pg_prepared_statements")), 70);
}

TEST(PgStatement, SeveralStatementsGiveSeveralResults) {
  const auto client = connect();
  Query query;
  query.sql =
      "CREATE TEMP TABLE several(n int); INSERT INTO several VALUES (1), (2); "
      "SELECT n FROM several; SELECT 1/0; SELECT 3";
  query.several_statements = true;
  const auto result = client->execute(query, {});
  EXPECT_TRUE(result->columns().empty());
  ASSERT_TRUE(result->next_result({}));
  EXPECT_EQ(result->affected(), 2);
  ASSERT_TRUE(result->next_result({}));
  EXPECT_EQ(rows_of(*result).size(), 2U);
  EXPECT_EQ(failure([&] { result->next_result({}); }).state(), Sqlstate("22012"));
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgStatement, AnEmptyTextIsNoError) {
  const auto client = connect();
  const auto result = execute(*client, "");
  EXPECT_TRUE(result->columns().empty());
  EXPECT_FALSE(result->next_result({}));
}

TEST(PgStatement, RowCountsAreExact) {
  const auto client = connect();
  EXPECT_EQ(execute(*client, "CREATE TEMP TABLE counted(n int)")->affected(), -1);
  EXPECT_EQ(execute(*client, "INSERT INTO counted SELECT generate_series(1, 7)")->affected(), 7);
  EXPECT_EQ(execute(*client, "UPDATE counted SET n = 0 WHERE n > 5")->affected(), 2);
  const auto result = execute(*client, "SELECT n FROM counted");
  EXPECT_EQ(result->affected(), -1);
  rows_of(*result);
  EXPECT_EQ(result->affected(), 7);
}

TEST(PgStatement, ErrorsCarryOdbcStatesAndTheServersOwn) {
  const auto client = connect();
  const auto state_of = [&](const char* sql) {
    return std::string(failure([&] { rows_of(*execute(*client, sql)); }).state().view());
  };
  execute(*client, "CREATE TEMP TABLE failing(n int PRIMARY KEY)");
  execute(*client, "INSERT INTO failing VALUES (1)");
  EXPECT_EQ(state_of("SELECT * FROM no_such_table"), "42S02");
  EXPECT_EQ(state_of("SELECT nope FROM failing"), "42S22");
  EXPECT_EQ(state_of("CREATE TEMP TABLE failing(n int)"), "42S01");
  EXPECT_EQ(state_of("ALTER TABLE failing ADD n int"), "42S21");
  EXPECT_EQ(state_of("INSERT INTO failing VALUES (1)"), "23000");
  EXPECT_EQ(state_of("SELECT 1/0"), "22012");
  const Error error = failure([&] { execute(*client, "INSERT INTO failing VALUES (1)"); });
  EXPECT_EQ(error.reached(), Reached::answered);
  EXPECT_FALSE(error.link_lost());
  EXPECT_NE(std::string(error.what()).find("DETAIL: Key (n)=(1) already exists."),
            std::string::npos)
      << error.what();
  EXPECT_NE(std::string(error.what()).find("[23505]"), std::string::npos);
}

TEST(PgStatement, AnErrorInTheMiddleOfTheRowsComesAfterThem) {
  const auto client = connect();
  const auto result = execute(*client, "SELECT 1 / (5 - n) FROM generate_series(1, 9) n");
  int rows = 0;
  const Error error = failure([&] {
    for (RowState at = result->next_row(); at != RowState::end; at = result->next_row()) {
      if (at == RowState::need_network) result->read_network({});
      if (at == RowState::ready) ++rows;
    }
  });
  EXPECT_EQ(error.state(), Sqlstate("22012"));
  EXPECT_EQ(rows, 4);
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgStatement, ADeferredConstraintFailsTheStatementThatCommits) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE deferred(n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  const Parameter parameters[] = {integer(1), integer(1)};
  Query query;
  query.sql = "INSERT INTO deferred VALUES ($1), ($2)";
  query.parameters = parameters;
  EXPECT_EQ(failure([&] { client->execute(query, {}); }).state(), Sqlstate("23000"));
  EXPECT_FALSE(client->in_transaction());
}

TEST(PgStatement, CopyIsRefusedAndTheLinkStays) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE copied AS SELECT generate_series(1, 50000) n");
  for (const bool open : {false, true}) {
    for (const char* sql : {"COPY copied TO STDOUT", "COPY copied FROM STDIN"}) {
      Query query;
      query.sql = sql;
      query.open_transaction = open;
      EXPECT_EQ(failure([&] { client->execute(query, {}); }).state(), sqlstate::not_implemented)
          << sql;
      client->end_transaction(Client::Completion::rollback, {});
    }
  }
  EXPECT_EQ(cell(*client, "SELECT count(*) FROM copied"), "50000");
}

TEST(PgTransaction, BeginTravelsWithTheFirstStatement) {
  const auto client = connect();
  for (const bool with_parameters : {false, true}) {
    const Parameter parameter = integer(7);
    Query query;
    query.sql = with_parameters ? "SELECT $1, txid_current()" : "SELECT 7, txid_current()";
    if (with_parameters) query.parameters = {&parameter, 1};
    query.open_transaction = true;
    const auto first = rows_of(*client->execute(query, {}));
    EXPECT_EQ(first[0][0], "7");
    EXPECT_TRUE(client->in_transaction());
    EXPECT_EQ(cell(*client, "SELECT txid_current()"), first[0][1]);
    client->end_transaction(Client::Completion::commit, {});
    EXPECT_FALSE(client->in_transaction());
  }
}

TEST(PgTransaction, SeveralStatementsAndCommandsOpenOneToo) {
  const auto client = connect();
  Query query;
  query.sql = "CREATE TEMP TABLE opened(n int); INSERT INTO opened VALUES (1)";
  query.several_statements = true;
  query.open_transaction = true;
  client->execute(query, {});
  EXPECT_TRUE(client->in_transaction());
  client->end_transaction(Client::Completion::rollback, {});
  EXPECT_EQ(failure([&] { execute(*client, "SELECT * FROM opened"); }).state(), Sqlstate("42S02"));
}

TEST(PgTransaction, AFailureInTheFirstFlightLeavesAFailedTransaction) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT 1/0";
  query.open_transaction = true;
  EXPECT_EQ(failure([&] { rows_of(*client->execute(query, {})); }).state(), Sqlstate("22012"));
  EXPECT_TRUE(client->in_transaction());
  EXPECT_EQ(failure([&] { execute(*client, "SELECT 1"); }).state(), Sqlstate("25P02"));
  client->end_transaction(Client::Completion::rollback, {});
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgTransaction, AStreamInAutocommitIsNoTransaction) {
  const auto client = connect();
  const auto result = execute(*client, "SELECT generate_series(1, 100000)");
  EXPECT_FALSE(client->in_transaction());
  rows_of(*result);
  EXPECT_FALSE(client->in_transaction());
}

TEST(PgResult, ASecondStatementSpoolsTheFirstResult) {
  const auto client = connect();
  const auto first = execute(*client, "SELECT n, 'row ' || n FROM generate_series(1, 20000) n");
  ASSERT_EQ(first->next_row(), RowState::ready);
  EXPECT_EQ(cell(*client, "SELECT 'in between'"), "in between");
  const auto rest = rows_of(*first);
  ASSERT_EQ(rest.size(), 19999U);
  EXPECT_EQ(rest.back()[1], "row 20000");
  EXPECT_EQ(first->affected(), 20000);
}

TEST(PgResult, ByteaSurvivesSpooling) {
  const auto client = connect();
  const auto first = execute(*client, "SELECT '\\x616263'::bytea FROM generate_series(1, 3)");
  cell(*client, "SELECT 1");
  for (const auto& row : rows_of(*first)) EXPECT_EQ(row[0], "abc");
}

TEST(PgResult, ClosingEarlyGivesTheWireBackSoon) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE many AS SELECT generate_series(1, 10000) n");
  const auto result = execute(*client, "SELECT a.n FROM many a, many b");
  ASSERT_EQ(result->next_row(), RowState::ready);
  const auto begin = Clock::now();
  result->close({});
  EXPECT_LT(elapsed_ms(begin), 2000);
  EXPECT_TRUE(client->usable());
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgResult, ClosingEarlyInATransactionKeepsTheTransaction) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT n FROM generate_series(1, 300000) n";
  query.open_transaction = true;
  const auto result = client->execute(query, {});
  ASSERT_EQ(result->next_row(), RowState::ready);
  result->close({});
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
  EXPECT_TRUE(client->in_transaction());
}

TEST(PgResult, ClosingAnInsertThatReturnsRowsKeepsTheInsert) {
  const auto client = connect();
  execute(*client, "CREATE TEMP TABLE returned(n int)");
  const auto result = execute(
      *client,
      "INSERT INTO returned SELECT generate_series(1, 200000) RETURNING n, repeat('x', 20)");
  ASSERT_EQ(result->next_row(), RowState::ready);
  result->close({});
  EXPECT_EQ(cell(*client, "SELECT count(*) FROM returned"), "200000");
}

long resident_kilobytes() {
  std::ifstream status("/proc/self/statm");
  long size = 0;
  long resident = 0;
  status >> size >> resident;
  return resident * 4;
}

TEST(PgResult, AMillionRowsStreamInFlatMemory) {
  const auto client = connect();
  const auto result = execute(
      *client, "SELECT n, n / 3.0::float8, 'value ' || n FROM generate_series(1, 1000000) n");
  long rows = 0;
  long at_tenth = 0;
  for (RowState at = result->next_row(); at != RowState::end; at = result->next_row()) {
    if (at == RowState::need_network) {
      result->read_network({});
      continue;
    }
    if (++rows == 100000) at_tenth = resident_kilobytes();
  }
  EXPECT_EQ(rows, 1000000);
  EXPECT_LT(resident_kilobytes() - at_tenth, 8 * 1024);
}

TEST(PgTextQuery, GivesRowsAsText) {
  const auto client = connect();
  const auto query = client->start_text_query("SELECT 'a', NULL, 3 UNION ALL SELECT 'b', '', 4");
  run(*query, Deadline::after(seconds(5)), nullptr, "query");
  const TextRows rows = query->take_rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0], "a");
  EXPECT_EQ(rows[0][1], std::nullopt);
  EXPECT_EQ(rows[1][1], "");
  const auto failing = client->start_text_query("SELECT 1/0");
  EXPECT_EQ(failure([&] { run(*failing, Deadline::never(), nullptr, "query"); }).state(),
            Sqlstate("22012"));
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

}  // namespace
