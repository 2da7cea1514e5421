// SPDX-License-Identifier: Apache-2.0
// Every server type through the driver manager: what its important C types receive, from text and
// binary results, bound and by SQLGetData; how it is described; what the type options change.
#include <vector>

#include "tests/support/fetched.h"

namespace {

using namespace odbc_test;

struct Case {
  const char* value;
  SQLSMALLINT c_type;
  const char* expected;  ///< what arrives, or a SQLSTATE; a warning with the length there was
  SQLLEN capacity = sizeof(Buffer);
};

void check(Connection& connection, const std::vector<Case>& cases) {
  for (const Case& c : cases)
    for (const Format format : {Format::text, Format::binary})
      for (const Way way : {Way::bound, Way::get_data})
        EXPECT_EQ(fetched(connection, c.value, c.c_type, c.capacity, format, way), c.expected)
            << c.value << " as " << c.c_type << (format == Format::text ? ", text" : ", binary")
            << (way == Way::bound ? ", bound" : ", SQLGetData");
}

TEST(Types, WholeNumbersArriveOrAreOutOfRange) {
  Connection connection;
  check(connection, {{"(-32768)::int2", SQL_C_SSHORT, "-32768"},
                     {"32767::int2", SQL_C_CHAR, "32767"},
                     {"300::int2", SQL_C_UTINYINT, "22003"},
                     {"(-2147483648)::int4", SQL_C_SLONG, "-2147483648"},
                     {"2147483647::int4", SQL_C_WCHAR, "2147483647"},
                     {"2147483647::int4", SQL_C_DOUBLE, "2147483647"},
                     {"-1::int4", SQL_C_ULONG, "22003"},
                     {"70000::int4", SQL_C_SSHORT, "22003"},
                     {"12345::int4", SQL_C_NUMERIC, "12345/0"},
                     {"12345::int4", SQL_C_CHAR, "22003", 4},
                     {"(-9223372036854775808)::int8", SQL_C_SBIGINT, "-9223372036854775808"},
                     {"9223372036854775807::int8", SQL_C_UBIGINT, "9223372036854775807"},
                     {"9223372036854775807::int8", SQL_C_SLONG, "22003"},
                     {"4294967295::oid", SQL_C_ULONG, "4294967295"},
                     {"4294967295::oid", SQL_C_SLONG, "22003"},
                     {"18446744073709551615::text::xid8", SQL_C_UBIGINT, "18446744073709551615"},
                     {"2::int4", SQL_C_BIT, "22003"},
                     {"true", SQL_C_BIT, "1"},
                     {"true", SQL_C_CHAR, "1"},
                     {"false", SQL_C_SLONG, "0"},
                     {"1::int4", SQL_C_TYPE_DATE, "07006"},
                     {"1::int4", SQL_C_GUID, "07006"},
                     {"NULL::int4", SQL_C_SLONG, "NULL"},
                     {"B'1'::bit(1)", SQL_C_BIT, "1"},
                     {"B'10110'::bit(5)", SQL_C_CHAR, "10110"},
                     {"B'101'::varbit", SQL_C_WCHAR, "101"}});
}

TEST(Types, NumericLosesNoDigit) {
  Connection connection;
  check(connection,
        {{"12345678901234567890123456789012345678901234567890.12345678901234567890::numeric",
          SQL_C_CHAR, "12345678901234567890123456789012345678901234567890.12345678901234567890"},
         {"0.0000000000000000000000000000000000000001::numeric", SQL_C_WCHAR,
          "0.0000000000000000000000000000000000000001"},
         {"-12.50::numeric(6,2)", SQL_C_CHAR, "-12.50"},
         {"-12.50::numeric(6,2)", SQL_C_NUMERIC, "-1250/2"},
         {"-12.50::numeric(6,2)", SQL_C_DOUBLE, "-12.5"},
         {"-12.50::numeric(6,2)", SQL_C_SLONG, "01S07 -12 of 4"},
         {"1200::numeric(4,-2)", SQL_C_CHAR, "1200"},
         {"1e40::numeric", SQL_C_NUMERIC, "22003"},
         {"1e40::numeric", SQL_C_SBIGINT, "22003"},
         {"1e400::numeric", SQL_C_DOUBLE, "22003"},
         {"'NaN'::numeric", SQL_C_CHAR, "NaN"},
         {"'NaN'::numeric", SQL_C_DOUBLE, "nan"},
         {"'NaN'::numeric", SQL_C_SLONG, "22003"},
         {"'Infinity'::numeric", SQL_C_CHAR, "Infinity"},
         {"'-Infinity'::numeric", SQL_C_DOUBLE, "-inf"},
         {"12345.678::numeric", SQL_C_CHAR, "22003", 5},
         {"12345.678::numeric", SQL_C_BINARY, "31323334352e363738"},
         {"5::numeric", SQL_C_INTERVAL_DAY, "5 00:00:00.000000"},
         {"5::numeric", SQL_C_TYPE_TIME, "07006"},
         {"NULL::numeric", SQL_C_CHAR, "NULL"},
         {"'-1234.5'::numeric::money", SQL_C_DOUBLE, "-1234.5"}});
}

TEST(Types, RealsAreShortAndTheSameInBothFormats) {
  Connection connection;
  check(connection, {{"0.1::float4", SQL_C_CHAR, "0.1"},
                     {"0.1::float4", SQL_C_FLOAT, "0.1"},
                     {"0.1::float8", SQL_C_DOUBLE, "0.1"},
                     {"100000::float8", SQL_C_CHAR, "100000"},
                     {"1e15::float8", SQL_C_CHAR, "1e+15"},
                     {"1e6::float4", SQL_C_CHAR, "1e+06"},
                     {"0.00001::float8", SQL_C_WCHAR, "1e-05"},
                     {"-1.5::float8", SQL_C_SLONG, "01S07 -1 of 4"},
                     {"1e300::float8", SQL_C_FLOAT, "22003"},
                     {"'NaN'::float8", SQL_C_CHAR, "NaN"},
                     {"'-Infinity'::float8", SQL_C_DOUBLE, "-inf"},
                     {"'NaN'::float4", SQL_C_NUMERIC, "22003"},
                     {"2.5::float8", SQL_C_NUMERIC, "25/1"},
                     {"NULL::float8", SQL_C_DOUBLE, "NULL"}});
}

TEST(Types, TextIsReadAsWhatItSays) {
  Connection connection;
  check(connection,
        {{"'abc'::text", SQL_C_CHAR, "abc"},
         {"'abc'::varchar(10)", SQL_C_WCHAR, "abc"},
         {"'abc'::char(5)", SQL_C_CHAR, "abc  "},
         {"'abc'::name", SQL_C_CHAR, "abc"},
         {"'r'::\"char\"", SQL_C_CHAR, "r"},
         {"'abcdef'::text", SQL_C_CHAR, "01004 abc of 6", 4},
         {"'abcdef'::text", SQL_C_WCHAR, "01004 abc of 12", 8},
         {"'abcdef'::text", SQL_C_BINARY, "01004 6162 of 6", 2},
         {"' 42 '::text", SQL_C_SLONG, "42"},
         {"'42.5'::text", SQL_C_SLONG, "01S07 42 of 4"},
         {"'forty'::text", SQL_C_SLONG, "22018"},
         {"'1e309'::text", SQL_C_DOUBLE, "22003"},
         {"'2024-02-30'::text", SQL_C_TYPE_DATE, "22018"},
         {"'2024-02-29 01:02:03'::text", SQL_C_TYPE_TIMESTAMP, "2024-02-29 01:02:03.000000000"},
         {"'1-2'::text", SQL_C_INTERVAL_YEAR_TO_MONTH, "1-2"},
         {"'00000001-0000-0000-0000-000000000000'::text", SQL_C_GUID, "1"},
         {"'none'::text", SQL_C_GUID, "22018"},
         {"NULL::text", SQL_C_CHAR, "NULL"}});
}

TEST(Types, BytesAndGuidsKeepTheirBytes) {
  Connection connection;
  check(connection, {{"'\\x00ff10'::bytea", SQL_C_BINARY, "00ff10"},
                     {"'\\x00ff10'::bytea", SQL_C_CHAR, "00FF10"},
                     {"'\\x00ff10'::bytea", SQL_C_WCHAR, "00FF10"},
                     {"'\\x00ff10'::bytea", SQL_C_BINARY, "01004 00ff of 3", 2},
                     {"'\\x00ff10'::bytea", SQL_C_CHAR, "01004 00FF of 6", 6},
                     {"''::bytea", SQL_C_BINARY, ""},
                     {"'\\x00'::bytea", SQL_C_SLONG, "07006"},
                     {"'0000002a-0000-0000-0000-0000000000ff'::uuid", SQL_C_GUID, "42"},
                     {"'0000002a-0000-0000-0000-0000000000ff'::uuid", SQL_C_CHAR,
                      "0000002a-0000-0000-0000-0000000000ff"},
                     {"'0000002a-0000-0000-0000-0000000000ff'::uuid", SQL_C_BINARY,
                      "0000002a0000000000000000000000ff"},
                     {"'0000002a-0000-0000-0000-0000000000ff'::uuid", SQL_C_SLONG, "07006"}});
}

TEST(Types, DatesAndTimesKnowTheirLimits) {
  Connection connection;
  connection.run("SET TIME ZONE 'UTC'");
  check(connection,
        {{"date '2024-02-29'", SQL_C_TYPE_DATE, "2024-02-29"},
         {"date '2024-02-29'", SQL_C_CHAR, "2024-02-29"},
         {"date '2024-02-29'", SQL_C_TYPE_TIMESTAMP, "2024-02-29 00:00:00.000000000"},
         {"date '2024-02-29'", SQL_C_TYPE_TIME, "07006"},
         {"date '2024-02-29'", SQL_C_CHAR, "22003", 10},
         {"date '0044-03-15 BC'", SQL_C_CHAR, "0044-03-15 BC"},
         {"date '0044-03-15 BC'", SQL_C_TYPE_TIMESTAMP, "-43-03-15 00:00:00.000000000"},
         {"date 'infinity'", SQL_C_WCHAR, "infinity"},
         {"date 'infinity'", SQL_C_TYPE_DATE, "22008"},
         {"date '5874897-12-31'", SQL_C_CHAR, "5874897-12-31"},
         {"date '5874897-12-31'", SQL_C_TYPE_DATE, "22008"},
         {"time '23:59:59.123456'", SQL_C_CHAR, "23:59:59.123456"},
         {"time '23:59:59.5'", SQL_C_TYPE_TIME, "01S07 23:59:59 of 6"},
         {"time '24:00:00'", SQL_C_CHAR, "24:00:00"},
         {"time '24:00:00'", SQL_C_TYPE_TIME, "22008"},
         {"time '01:02:03'", SQL_C_TYPE_DATE, "07006"},
         {"timetz '01:02:03.5-03:30'", SQL_C_CHAR, "01:02:03.5-03:30"},
         {"timetz '01:02:03+02'", SQL_C_TYPE_TIME, "01:02:03"},
         {"timestamp '2024-02-29 23:59:59.000001'", SQL_C_TYPE_TIMESTAMP,
          "2024-02-29 23:59:59.000001000"},
         {"timestamp '2024-02-29 23:59:59.000001'", SQL_C_WCHAR, "2024-02-29 23:59:59.000001"},
         {"timestamp '2024-02-29 23:59:59'", SQL_C_TYPE_DATE, "01S07 2024-02-29 of 6"},
         {"timestamp '2024-02-29 23:59:59'", SQL_C_TYPE_TIME, "23:59:59"},
         {"timestamp '-infinity'", SQL_C_CHAR, "-infinity"},
         {"timestamp '-infinity'", SQL_C_TYPE_TIMESTAMP, "22008"},
         {"timestamp '4713-01-01 00:00:00 BC'", SQL_C_CHAR, "4713-01-01 00:00:00 BC"},
         {"timestamp '294276-12-31 23:59:59'", SQL_C_CHAR, "294276-12-31 23:59:59"},
         {"timestamp '2024-01-01 00:00:00'", SQL_C_SLONG, "07006"},
         {"timestamptz '2024-06-01 12:00:00+02'", SQL_C_CHAR, "2024-06-01 10:00:00+00"},
         {"timestamptz '2024-06-01 12:00:00+02'", SQL_C_TYPE_TIMESTAMP,
          "2024-06-01 10:00:00.000000000"},
         {"timestamptz 'infinity'", SQL_C_CHAR, "infinity"},
         {"NULL::timestamp", SQL_C_TYPE_TIMESTAMP, "NULL"}});
}

TEST(Types, TimestampsWithTimeZoneAreTheSessions) {
  Connection connection;
  connection.run("SET TIME ZONE 'Asia/Kolkata'");
  check(connection,
        {{"timestamptz '2024-06-01 12:00:00+00'", SQL_C_CHAR, "2024-06-01 17:30:00+05:30"},
         {"timestamptz '2024-06-01 12:00:00+00'", SQL_C_TYPE_TIMESTAMP,
          "2024-06-01 17:30:00.000000000"}});
}

TEST(Types, IntervalsFillStructsAndCharacters) {
  Connection connection;
  check(connection,
        {{"interval '1 year 2 mons -3 days 04:05:06.7'", SQL_C_CHAR,
          "1 year 2 mons -3 days +04:05:06.7"},
         {"interval '-1 year +2 days'", SQL_C_WCHAR, "-1 years +2 days"},
         {"interval '0'", SQL_C_CHAR, "00:00:00"},
         {"interval '1 year 2 mons'", SQL_C_INTERVAL_YEAR_TO_MONTH, "1-2"},
         {"interval '-3 days -04:05:06.7'", SQL_C_INTERVAL_DAY_TO_SECOND, "-3 04:05:06.700000"},
         {"interval '3 days 04:05:06.7'", SQL_C_INTERVAL_DAY_TO_HOUR,
          "01S07 3 04:00:00.000000 of 28"},
         {"interval '1 mon'", SQL_C_INTERVAL_DAY, "22015"},
         {"interval '100 days'", SQL_C_INTERVAL_DAY, "22015"},
         {"interval '5' day", SQL_C_SLONG, "5"},
         {"interval '5 days'", SQL_C_SLONG, "07006"},
         {"NULL::interval", SQL_C_INTERVAL_DAY, "NULL"}});
}

TEST(Types, EverythingElseIsText) {
  Connection connection;
  connection.run("CREATE EXTENSION IF NOT EXISTS hstore");
  connection.run("DROP TYPE IF EXISTS types_mood, types_pair CASCADE");
  connection.run("DROP DOMAIN IF EXISTS types_price");
  connection.run("CREATE TYPE types_mood AS ENUM ('sad', 'happy')");
  connection.run("CREATE TYPE types_pair AS (a int, b text)");
  connection.run("CREATE DOMAIN types_price AS numeric(6,2) CHECK (VALUE > 0)");
  check(connection,
        {{"'{\"a\": 1}'::json", SQL_C_CHAR, "{\"a\": 1}"},
         {"'{\"a\":1}'::jsonb", SQL_C_WCHAR, "{\"a\": 1}"},
         {"'<a/>'::xml", SQL_C_CHAR, "<a/>"},
         {"ARRAY[1,NULL,3]", SQL_C_CHAR, "{1,NULL,3}"},
         {"ARRAY['a b','c']", SQL_C_CHAR, "{\"a b\",c}"},
         {"int4range(1,5)", SQL_C_CHAR, "[1,5)"},
         {"'{[2024-01-01,2024-01-03)}'::datemultirange", SQL_C_CHAR, "{[2024-01-01,2024-01-03)}"},
         {"'happy'::types_mood", SQL_C_CHAR, "happy"},
         {"'happy'::types_mood", SQL_C_SLONG, "22018"},
         {"(1,'x y')::types_pair", SQL_C_CHAR, "(1,\"x y\")"},
         {"12.5::types_price", SQL_C_CHAR, "12.50"},
         {"12.5::types_price", SQL_C_NUMERIC, "1250/2"},
         {"'a=>1'::hstore", SQL_C_CHAR, "\"a\"=>\"1\""},
         {"'10.0.0.1/8'::inet", SQL_C_CHAR, "10.0.0.1/8"},
         {"'10.0.0.0/8'::cidr", SQL_C_WCHAR, "10.0.0.0/8"},
         {"'08:00:2b:01:02:03'::macaddr", SQL_C_CHAR, "08:00:2b:01:02:03"},
         {"'08:00:2b:01:02:03:04:05'::macaddr8", SQL_C_CHAR, "08:00:2b:01:02:03:04:05"},
         {"'(1,2)'::point", SQL_C_CHAR, "(1,2)"},
         {"'(1,2),(0,0)'::box", SQL_C_CHAR, "(1,2),(0,0)"},
         {"'16/B374D848'::pg_lsn", SQL_C_CHAR, "16/B374D848"},
         {"to_tsvector('simple', 'a b')", SQL_C_CHAR, "'a':1 'b':2"},
         {"'pg_class'::regclass", SQL_C_CHAR, "pg_class"},
         {"'1 2'::int2vector", SQL_C_CHAR, "01004 1  of 3", 3}});
  connection.run("DROP TYPE types_mood, types_pair CASCADE");
  connection.run("DROP DOMAIN types_price");
}

TEST(Types, NullWithoutAnIndicatorIs22002) {
  Connection connection;
  for (const Format format : {Format::text, Format::binary}) {
    Statement statement(connection);
    SQLINTEGER value = 0;
    ASSERT_EQ(execute(statement, "SELECT NULL::int4", format), SQL_SUCCESS);
    ASSERT_EQ(SQLBindCol(statement.handle(), 1, SQL_C_SLONG, &value, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(statement.fetch(), SQL_ERROR);
    EXPECT_EQ(statement.state(), "22002");
  }
}

TEST(Types, ALongNumericComesInPieces) {
  Connection connection;
  for (const Format format : {Format::text, Format::binary})
    for (const SQLSMALLINT c_type : {SQL_C_CHAR, SQL_C_WCHAR}) {
      Statement statement(connection);
      const std::string digits = std::string(300, '7') + "." + std::string(50, '3');
      ASSERT_EQ(execute(statement, "SELECT " + digits + "::numeric", format), SQL_SUCCESS);
      ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
      const SQLLEN unit = c_type == SQL_C_WCHAR ? 2 : 1;
      std::string whole;
      auto left = static_cast<SQLLEN>(digits.size());
      for (SQLRETURN code = SQL_SUCCESS_WITH_INFO; code == SQL_SUCCESS_WITH_INFO;) {
        Buffer buffer{};
        SQLLEN length = 0;
        const SQLLEN room = (whole.empty() ? 320 : 21) * unit;  // whole digits come at once
        code = SQLGetData(statement.handle(), 1, c_type, buffer.data(), room, &length);
        EXPECT_EQ(length, left * unit);
        const std::string part = shown(buffer, c_type, length, room);
        whole += part;
        left -= static_cast<SQLLEN>(part.size());
      }
      EXPECT_EQ(whole, digits);
    }
}

// -- Descriptions --------------------------------------------------------------------------------
struct Described {
  const char* value;
  SQLSMALLINT type;
  SQLULEN size;
  SQLSMALLINT digits;
  SQLLEN display;
  const char* name;
};

SQLLEN attribute(Statement& statement, SQLUSMALLINT field) {
  SQLLEN value = -99;
  EXPECT_EQ(SQLColAttribute(statement.handle(), 1, field, nullptr, 0, nullptr, &value),
            SQL_SUCCESS);
  return value;
}

void check(Connection& connection, const Described& d) {
  for (const Format format : {Format::text, Format::binary}) {
    Statement statement(connection);
    ASSERT_EQ(execute(statement, std::string("SELECT ") + d.value, format), SQL_SUCCESS)
        << d.value << statement.state();
    SQLSMALLINT type = 0, digits = 0;
    SQLULEN size = 0;
    ASSERT_EQ(
        SQLDescribeCol(statement.handle(), 1, nullptr, 0, nullptr, &type, &size, &digits, nullptr),
        SQL_SUCCESS);
    std::array<char, 64> name{};
    SQLColAttribute(statement.handle(), 1, SQL_DESC_TYPE_NAME, name.data(), name.size(), nullptr,
                    nullptr);
    EXPECT_EQ(type, d.type) << d.value;
    EXPECT_EQ(size, d.size) << d.value;
    EXPECT_EQ(digits, d.digits) << d.value;
    EXPECT_EQ(attribute(statement, SQL_DESC_DISPLAY_SIZE), d.display) << d.value;
    EXPECT_STREQ(name.data(), d.name) << d.value;
  }
}

TEST(Types, AreDescribedAsTheyArrive) {
  Connection connection;
  const Described all[] = {
      {"true", SQL_BIT, 1, 0, 1, "bool"},
      {"1::int2", SQL_SMALLINT, 5, 0, 6, "int2"},
      {"1::int4", SQL_INTEGER, 10, 0, 11, "int4"},
      {"1::int8", SQL_BIGINT, 19, 0, 20, "int8"},
      {"1::oid", SQL_INTEGER, 10, 0, 11, "oid"},
      {"1::float4", SQL_REAL, 7, 0, 14, "float4"},
      {"1::float8", SQL_DOUBLE, 15, 0, 24, "float8"},
      {"1::numeric(10,2)", SQL_DECIMAL, 10, 2, 12, "numeric"},
      {"1::numeric", SQL_DECIMAL, 38, 15, 40, "numeric"},
      {"'1'::money", SQL_DECIMAL, 19, 2, 21, "money"},
      {"'a'::char(7)", SQL_WCHAR, 7, 0, 7, "bpchar"},
      {"'a'::varchar(7)", SQL_WVARCHAR, 7, 0, 7, "varchar"},
      {"'a'::varchar", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "varchar"},
      {"'a'::text", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "text"},
      {"'a'::name", SQL_WVARCHAR, 63, 0, 63, "name"},
      {"'1'::json", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "json"},
      {"'1'::jsonb", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "jsonb"},
      {"'<a/>'::xml", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "xml"},
      {"''::bytea", SQL_LONGVARBINARY, 0, 0, SQL_NO_TOTAL, "bytea"},
      {"date 'today'", SQL_TYPE_DATE, 10, 0, 10, "date"},
      {"time(3) '01:02:03'", SQL_TYPE_TIME, 12, 3, 12, "time"},
      {"timetz(0) '01:02:03'", SQL_TYPE_TIME, 8, 0, 14, "timetz"},
      {"timestamp(0) 'now'", SQL_TYPE_TIMESTAMP, 19, 0, 19, "timestamp"},
      {"timestamp 'now'", SQL_TYPE_TIMESTAMP, 26, 6, 26, "timestamp"},
      {"timestamptz 'now'", SQL_TYPE_TIMESTAMP, 26, 6, 32, "timestamptz"},
      {"interval '1 day'", SQL_WVARCHAR, 64, 0, 64, "interval"},
      {"'00000000-0000-0000-0000-000000000000'::uuid", SQL_GUID, 36, 0, 36, "uuid"},
      {"B'1'::bit(1)", SQL_BIT, 1, 0, 1, "bit"},
      {"B'101'::bit(3)", SQL_WCHAR, 3, 0, 3, "bit"},
      {"B'101'::varbit(8)", SQL_WVARCHAR, 8, 0, 8, "varbit"},
      {"'::1'::inet", SQL_WVARCHAR, 43, 0, 43, "inet"},
      {"'08:00:2b:01:02:03'::macaddr", SQL_WVARCHAR, 17, 0, 17, "macaddr"},
      {"ARRAY[1]", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "_int4"},
      {"int8range(1,2)", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "int8range"},
  };
  for (const Described& d : all) check(connection, d);
}

// -- Options -------------------------------------------------------------------------------------
TEST(TypeOptions, ShowTypesAsOlderApplicationsWantThem) {
  struct Option {
    const char* keyword;
    Described described;
  };
  const Option options[] = {
      {"BoolsAsChar=1", {"true", SQL_WVARCHAR, 5, 0, 5, "bool"}},
      {"Int8As=numeric", {"1::int8", SQL_DECIMAL, 19, 0, 21, "int8"}},
      {"Int8As=8", {"1::int8", SQL_DOUBLE, 15, 0, 24, "int8"}},
      {"Int8As=int4", {"1::int8", SQL_INTEGER, 10, 0, 11, "int8"}},
      {"Int8As=char", {"1::int8", SQL_WVARCHAR, 20, 0, 20, "int8"}},
      {"NumericAs=double", {"1::numeric", SQL_DOUBLE, 15, 0, 24, "numeric"}},
      {"NumericAs=double", {"1::numeric(5,1)", SQL_DECIMAL, 5, 1, 7, "numeric"}},
      {"NumericAs=varchar", {"1::numeric", SQL_WVARCHAR, 40, 0, 40, "numeric"}},
      {"NumericAs=memo", {"1::numeric", SQL_WLONGVARCHAR, 0, 0, SQL_NO_TOTAL, "numeric"}},
      {"NumericScale=6", {"1::numeric", SQL_DECIMAL, 38, 6, 40, "numeric"}},
      {"TimestampTzAs=char", {"timestamptz 'now'", SQL_WVARCHAR, 32, 0, 32, "timestamptz"}},
      {"GuidAs=char",
       {"'00000000-0000-0000-0000-000000000000'::uuid", SQL_WCHAR, 36, 0, 36, "uuid"}},
      {"IntervalAs=interval",
       {"interval '1 day'", SQL_INTERVAL_DAY_TO_SECOND, 25, 6, 64, "interval"}},
      {"IntervalAs=interval", {"interval '1' year", SQL_INTERVAL_YEAR, 9, 0, 64, "interval"}},
      {"MaxLongVarcharSize=8190", {"'a'::text", SQL_WLONGVARCHAR, 8190, 0, 8190, "text"}},
  };
  for (const Option& option : options) {
    Connection connection(option.keyword);
    SCOPED_TRACE(option.keyword);
    check(connection, option.described);
  }
}

TEST(TypeOptions, TimestampsInUtcDoNotDependOnTheSession) {
  Connection connection("TimestampTzAs=utc");
  connection.run("SET TIME ZONE 'America/St_Johns'");
  check(connection,
        {{"timestamptz '2024-03-01 01:00:00+05:30'", SQL_C_CHAR, "2024-02-29 19:30:00+00"},
         {"timestamptz '2024-03-01 01:00:00+05:30'", SQL_C_TYPE_TIMESTAMP,
          "2024-02-29 19:30:00.000000000"},
         {"timestamptz '-infinity'", SQL_C_CHAR, "-infinity"}});
}

TEST(TypeOptions, DefaultCTypesFollowWhatIsShown) {
  Connection connection("IntervalAs=interval;GuidAs=char");
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT interval '3 days 01:00', "
                              "'00000000-0000-0000-0000-000000000001'::uuid"),
            SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  Buffer buffer{};
  SQLLEN length = 0;
  ASSERT_EQ(SQLGetData(statement.handle(), 1, SQL_C_DEFAULT, buffer.data(), sizeof buffer, &length),
            SQL_SUCCESS)
      << statement.state();
  EXPECT_EQ(interval_of(buffer), "3 01:00:00.000000");
  ASSERT_EQ(SQLGetData(statement.handle(), 2, SQL_C_DEFAULT, buffer.data(), sizeof buffer, &length),
            SQL_SUCCESS);
  EXPECT_EQ(wide_of(buffer), "00000000-0000-0000-0000-000000000001");
}

}  // namespace
