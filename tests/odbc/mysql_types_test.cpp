// SPDX-License-Identifier: Apache-2.0
// Every type of MySQL and MariaDB through the driver manager: what the important C types receive,
// by both protocols, bound and by SQLGetData; how it is described; what the options change.
#include <vector>

#include "tests/support/fetched.h"

namespace {

using namespace odbc_test;

struct Case {
  const char* declaration;
  const char* value;
  SQLSMALLINT c_type;
  const char* expected;  ///< what arrives, or a SQLSTATE; a warning with the length there was
  SQLLEN capacity = sizeof(Buffer);
};

void check(Connection& connection, const std::vector<Case>& cases) {
  connection.run("SET sql_mode = ''");
  for (const Case& c : cases) {
    connection.run("DROP TEMPORARY TABLE IF EXISTS type_now");
    connection.run(std::string("CREATE TEMPORARY TABLE type_now (c ") + c.declaration + ")");
    connection.run(std::string("INSERT INTO type_now VALUES (") + c.value + ")");
    for (const Format format : {Format::text, Format::binary})
      for (const Way way : {Way::bound, Way::get_data})
        EXPECT_EQ(fetched(connection, "c FROM type_now", c.c_type, c.capacity, format, way),
                  c.expected)
            << c.declaration << " " << c.value << " as " << c.c_type
            << (format == Format::text ? ", text" : ", binary")
            << (way == Way::bound ? ", bound" : ", SQLGetData");
  }
}

TEST(MysqlTypes, WholeNumbersArriveOrAreOutOfRange) {
  Connection connection;
  check(connection,
        {{"tinyint", "-128", SQL_C_STINYINT, "-128"},
         {"tinyint", "-128", SQL_C_CHAR, "-128"},
         {"tinyint unsigned", "255", SQL_C_UTINYINT, "255"},
         {"tinyint unsigned", "255", SQL_C_STINYINT, "22003"},
         {"tinyint(1)", "2", SQL_C_SLONG, "2"},
         {"tinyint(1)", "2", SQL_C_BIT, "22003"},
         {"smallint", "-32768", SQL_C_SSHORT, "-32768"},
         {"smallint unsigned", "65535", SQL_C_WCHAR, "65535"},
         {"smallint unsigned", "65535", SQL_C_SSHORT, "22003"},
         {"mediumint", "-8388608", SQL_C_SLONG, "-8388608"},
         {"mediumint unsigned", "16777215", SQL_C_CHAR, "16777215"},
         {"int", "-2147483648", SQL_C_SLONG, "-2147483648"},
         {"int", "-2147483648", SQL_C_CHAR, "-2147483648"},
         {"int", "-1", SQL_C_ULONG, "22003"},
         {"int", "70000", SQL_C_SSHORT, "22003"},
         {"int", "12345", SQL_C_CHAR, "22003", 4},
         {"int", "12345", SQL_C_NUMERIC, "12345/0"},
         {"int", "7", SQL_C_DOUBLE, "7"},
         {"int", "1", SQL_C_TYPE_DATE, "07006"},
         {"int(7) zerofill", "42", SQL_C_CHAR, "42"},
         {"int(7) zerofill", "42", SQL_C_SLONG, "42"},
         {"int unsigned", "4294967295", SQL_C_ULONG, "4294967295"},
         {"int unsigned", "4294967295", SQL_C_SLONG, "22003"},
         {"int unsigned", "4294967295", SQL_C_SBIGINT, "4294967295"},
         {"bigint", "-9223372036854775808", SQL_C_SBIGINT, "-9223372036854775808"},
         {"bigint", "-9223372036854775808", SQL_C_WCHAR, "-9223372036854775808"},
         {"bigint", "-1", SQL_C_UBIGINT, "22003"},
         {"bigint unsigned", "18446744073709551615", SQL_C_UBIGINT, "18446744073709551615"},
         {"bigint unsigned", "18446744073709551615", SQL_C_CHAR, "18446744073709551615"},
         {"bigint unsigned", "18446744073709551615", SQL_C_SBIGINT, "22003"},
         {"bigint unsigned", "18446744073709551615", SQL_C_DOUBLE, "18446744073709551616"},
         {"int", "NULL", SQL_C_SLONG, "NULL"},
         {"bigint unsigned", "NULL", SQL_C_CHAR, "NULL"},
         {"year", "2155", SQL_C_SSHORT, "2155"},
         {"year", "0", SQL_C_CHAR, "0"}});
}

TEST(MysqlTypes, DecimalsLoseNoDigitAndRealsAreShort) {
  Connection connection;
  check(connection,
        {{"decimal(65,30)", "-12345678901234567890123456789012345.123456789012345678901234567890",
          SQL_C_CHAR, "-12345678901234567890123456789012345.123456789012345678901234567890"},
         {"decimal(6,2)", "-12.5", SQL_C_CHAR, "-12.50"},
         {"decimal(6,2)", "-12.5", SQL_C_NUMERIC, "-1250/2"},
         {"decimal(6,2)", "-12.5", SQL_C_SLONG, "01S07 -12 of 4"},
         {"decimal(6,2)", "-12.5", SQL_C_DOUBLE, "-12.5"},
         {"decimal(9,3)", "12345.678", SQL_C_CHAR, "22003", 5},
         {"decimal(9,3) unsigned", "12345.678", SQL_C_WCHAR, "12345.678"},
         {"decimal(65,0)", "1e40", SQL_C_NUMERIC, "22003"},
         {"decimal(5,0)", "NULL", SQL_C_CHAR, "NULL"},
         {"double", "0.1", SQL_C_DOUBLE, "0.1"},
         {"double", "1e300", SQL_C_DOUBLE, "1e+300"},
         {"double", "1e300", SQL_C_FLOAT, "22003"},
         {"double", "-1.5", SQL_C_SLONG, "01S07 -1 of 4"},
         {"double", "2.5", SQL_C_NUMERIC, "25/1"},
         {"double", "123456.75", SQL_C_CHAR, "123456.75"},
         {"float", "0.25", SQL_C_FLOAT, "0.25"},
         {"float", "0.1", SQL_C_FLOAT, "0.1"},
         {"float", "0.1", SQL_C_CHAR, "0.1"},
         {"float", "0.1", SQL_C_DOUBLE, "0.10000000149011612"},
         {"float", "NULL", SQL_C_FLOAT, "NULL"}});
}

TEST(MysqlTypes, TextsAndBytesArriveWholeOrCut) {
  Connection connection;
  check(connection, {{"char(5)", "'abc'", SQL_C_CHAR, "abc"},
                     {"varchar(10)", "'abc'", SQL_C_WCHAR, "abc"},
                     {"varchar(10)", "'abcdef'", SQL_C_CHAR, "01004 abc of 6", 4},
                     {"text", "'abcdef'", SQL_C_WCHAR, "01004 abc of 12", 8},
                     {"varchar(10)", "'abcdef'", SQL_C_BINARY, "01004 6162 of 6", 2},
                     {"varchar(10)", "' 42 '", SQL_C_SLONG, "42"},
                     {"varchar(10)", "'forty'", SQL_C_SLONG, "22018"},
                     {"varchar(30)", "'2024-02-29 01:02:03'", SQL_C_TYPE_TIMESTAMP,
                      "2024-02-29 01:02:03.000000000"},
                     {"varchar(9) CHARACTER SET latin1", "x'e9'", SQL_C_BINARY, "c3a9"},
                     {"varchar(9)", "''", SQL_C_CHAR, ""},
                     {"longtext", "NULL", SQL_C_CHAR, "NULL"},
                     {"enum('x','long')", "'long'", SQL_C_CHAR, "long"},
                     {"set('p','q')", "'p,q'", SQL_C_WCHAR, "p,q"},
                     {"binary(4)", "'ab'", SQL_C_BINARY, "61620000"},
                     {"varbinary(9)", "x'00ff10'", SQL_C_BINARY, "00ff10"},
                     {"varbinary(9)", "x'00ff10'", SQL_C_CHAR, "00FF10"},
                     {"varbinary(9)", "x'00ff10'", SQL_C_WCHAR, "00FF10"},
                     {"longblob", "x'00ff10'", SQL_C_BINARY, "01004 00ff of 3", 2},
                     {"blob", "''", SQL_C_BINARY, ""},
                     {"blob", "NULL", SQL_C_BINARY, "NULL"},
                     {"bit(1)", "b'1'", SQL_C_BIT, "1"},
                     {"bit(1)", "b'0'", SQL_C_CHAR, "0"},
                     {"bit(12)", "b'101010101010'", SQL_C_BINARY, "0aaa"},
                     {"geometry", "PointFromText('POINT(1 2)')", SQL_C_BINARY,
                      "000000000101000000000000000000f03f0000000000000040"}});
}

TEST(MysqlTypes, DatesAndTimesByTheirRules) {
  Connection connection;
  check(
      connection,
      {{"date", "'2024-02-29'", SQL_C_TYPE_DATE, "2024-02-29"},
       {"date", "'9999-12-31'", SQL_C_CHAR, "9999-12-31"},
       {"date", "'2024-02-29'", SQL_C_CHAR, "22003", 8},
       {"date", "'2024-02-29'", SQL_C_TYPE_TIMESTAMP, "2024-02-29 00:00:00.000000000"},
       {"date", "'0000-00-00'", SQL_C_CHAR, "0000-00-00"},
       {"date", "'0000-00-00'", SQL_C_TYPE_DATE, "22007"},
       {"date", "'2024-00-00'", SQL_C_WCHAR, "2024-00-00"},
       {"date", "NULL", SQL_C_TYPE_DATE, "NULL"},
       {"datetime", "'2024-02-29 01:02:03'", SQL_C_TYPE_TIMESTAMP, "2024-02-29 01:02:03.000000000"},
       {"datetime", "'2024-02-29 01:02:03'", SQL_C_CHAR, "2024-02-29 01:02:03"},
       {"datetime(6)", "'2024-02-29 01:02:03.000004'", SQL_C_TYPE_TIMESTAMP,
        "2024-02-29 01:02:03.000004000"},
       {"datetime(6)", "'2024-02-29 01:02:03.5'", SQL_C_WCHAR, "2024-02-29 01:02:03.5"},
       {"datetime", "'2024-02-29 01:02:03'", SQL_C_TYPE_DATE, "01S07 2024-02-29 of 6"},
       {"datetime", "'0000-00-00 00:00:00'", SQL_C_TYPE_TIMESTAMP, "22007"},
       {"timestamp(3) NULL", "'2024-02-29 01:02:03.125'", SQL_C_TYPE_TIMESTAMP,
        "2024-02-29 01:02:03.125000000"},
       {"time", "'23:59:59'", SQL_C_TYPE_TIME, "23:59:59"},
       {"time(6)", "'23:59:59.000001'", SQL_C_CHAR, "23:59:59.000001"},
       {"time(6)", "'23:59:59.000001'", SQL_C_TYPE_TIME, "01S07 23:59:59 of 6"},
       {"time", "'838:59:59'", SQL_C_CHAR, "838:59:59"},
       {"time", "'838:59:59'", SQL_C_TYPE_TIME, "22008"},
       {"time", "'838:59:59'", SQL_C_INTERVAL_HOUR_TO_SECOND, "22015"},
       {"time", "'-25:00:01'", SQL_C_INTERVAL_HOUR_TO_SECOND, "-0 25:00:01.000000"},
       {"time", "'-01:02:03'", SQL_C_CHAR, "-01:02:03"},
       {"time", "'-01:02:03'", SQL_C_TYPE_TIME, "22008"},
       {"time", "NULL", SQL_C_TYPE_TIME, "NULL"}});
}

TEST(MysqlTypes, ZeroDatesFollowTheirOption) {
  Connection null("zero_dates=null");
  check(null, {{"date", "'0000-00-00'", SQL_C_TYPE_DATE, "NULL"},
               {"date", "'0000-00-00'", SQL_C_CHAR, "NULL"},
               {"datetime", "'2024-00-01 01:02:03'", SQL_C_TYPE_TIMESTAMP, "NULL"},
               {"date", "'2024-02-29'", SQL_C_TYPE_DATE, "2024-02-29"}});
  Connection first("zero_dates=first");
  check(first, {{"date", "'2024-00-00'", SQL_C_TYPE_DATE, "2024-01-01"},
                {"date", "'2024-05-00'", SQL_C_CHAR, "2024-05-01"},
                {"datetime", "'2024-00-10 01:02:03'", SQL_C_CHAR, "2024-01-10 01:02:03"},
                {"datetime", "'2024-02-29 01:02:03'", SQL_C_TYPE_TIMESTAMP,
                 "2024-02-29 01:02:03.000000000"}});
}

TEST(MysqlTypes, TinyintOfOneDigitMayBeABit) {
  Connection connection("tinyint1_is_bit=true");
  check(connection, {{"tinyint(1)", "1", SQL_C_BIT, "1"},
                     {"tinyint(1)", "2", SQL_C_BIT, "1"},
                     {"tinyint(1)", "0", SQL_C_CHAR, "0"},
                     {"tinyint(4)", "2", SQL_C_SLONG, "2"}});
}

std::string described(Connection& connection, const std::string& declaration) {
  connection.run("DROP TEMPORARY TABLE IF EXISTS type_now");
  connection.run("CREATE TEMPORARY TABLE type_now (c " + declaration + ")");
  Statement statement(connection);
  EXPECT_EQ(statement.execute("SELECT c FROM type_now"), SQL_SUCCESS);
  SQLCHAR name[32];
  SQLSMALLINT length = 0, type = 0, scale = 0, nullable = 0;
  SQLULEN size = 0;
  SQLDescribeCol(statement.handle(), 1, name, sizeof name, &length, &type, &size, &scale,
                 &nullable);
  SQLLEN is_unsigned = 0;  // what is no number counts as unsigned
  SQLColAttribute(statement.handle(), 1, SQL_DESC_UNSIGNED, nullptr, 0, nullptr, &is_unsigned);
  return std::to_string(type) + " " + std::to_string(size) + " " + std::to_string(scale) +
         (is_unsigned != 0 ? " unsigned" : "");
}

TEST(MysqlTypes, ColumnsAreDescribedAsTheyAre) {
  Connection connection;
  const auto is = [](SQLSMALLINT type, const char* rest) {
    return std::to_string(type) + " " + rest;
  };
  EXPECT_EQ(described(connection, "bigint unsigned"), is(SQL_BIGINT, "20 0 unsigned"));
  EXPECT_EQ(described(connection, "bigint"), is(SQL_BIGINT, "19 0"));
  EXPECT_EQ(described(connection, "tinyint unsigned"), is(SQL_TINYINT, "3 0 unsigned"));
  EXPECT_EQ(described(connection, "decimal(10,2)"), is(SQL_DECIMAL, "10 2"));
  EXPECT_EQ(described(connection, "bit(1)"), is(SQL_BIT, "1 0 unsigned"));
  EXPECT_EQ(described(connection, "bit(12)"), is(SQL_VARBINARY, "2 0 unsigned"));
  EXPECT_EQ(described(connection, "datetime(3)"), is(SQL_TYPE_TIMESTAMP, "23 3 unsigned"));
  EXPECT_EQ(described(connection, "time(2)"), is(SQL_TYPE_TIME, "11 2 unsigned"));
  EXPECT_EQ(described(connection, "date"), is(SQL_TYPE_DATE, "10 0 unsigned"));
  EXPECT_EQ(described(connection, "varbinary(6)"), is(SQL_VARBINARY, "6 0 unsigned"));
  EXPECT_EQ(described(connection, "binary(5)"), is(SQL_BINARY, "5 0 unsigned"));
  if (profile().name != "mariadb") return;
  EXPECT_EQ(described(connection, "uuid"), is(SQL_GUID, "36 0 unsigned"));
  EXPECT_EQ(described(connection, "inet6").substr(3), "39 0 unsigned");
}

TEST(MysqlTypes, UuidsKeepTheirBytesBothWays) {
  if (profile().name != "mariadb") GTEST_SKIP() << "uuid is MariaDB's";
  Connection connection;
  const char* const value = "'00112233-4455-6677-8899-aabbccddeeff'";
  check(connection, {{"uuid", value, SQL_C_CHAR, "00112233-4455-6677-8899-aabbccddeeff"},
                     {"uuid", value, SQL_C_BINARY, "00112233445566778899aabbccddeeff"},
                     {"uuid", value, SQL_C_GUID, "1122867"},
                     {"uuid", "NULL", SQL_C_GUID, "NULL"},
                     {"inet6", "'2001:db8::1'", SQL_C_CHAR, "2001:db8::1"},
                     {"inet4", "'10.0.0.1'", SQL_C_WCHAR, "10.0.0.1"}});
  SQLGUID guid{0x00112233, 0x4455, 0x6677, {0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}};
  connection.run("CREATE OR REPLACE TEMPORARY TABLE guids (c uuid)");
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("INSERT INTO guids VALUES (?)"), SQL_SUCCESS);
  SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_GUID, SQL_GUID, 0, 0, &guid, 0,
                   nullptr);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.records().front().message;
  EXPECT_EQ(connection.value("SELECT c FROM guids"), "00112233-4455-6677-8899-aabbccddeeff");
  Statement reader(connection);
  ASSERT_EQ(reader.execute("SELECT c FROM guids"), SQL_SUCCESS);
  ASSERT_EQ(reader.fetch(), SQL_SUCCESS);
  SQLGUID got{};
  SQLLEN length = 0;
  ASSERT_EQ(SQLGetData(reader.handle(), 1, SQL_C_GUID, &got, sizeof got, &length), SQL_SUCCESS);
  EXPECT_EQ(std::memcmp(&got, &guid, sizeof guid), 0);
}

std::string parameter(Statement& statement, SQLUSMALLINT number) {
  SQLSMALLINT type = 0, scale = 0, nullable = 0;
  SQLULEN size = 0;
  if (!SQL_SUCCEEDED(SQLDescribeParam(statement.handle(), number, &type, &size, &scale, &nullable)))
    return statement.state();
  return std::to_string(type) + " " + std::to_string(size) + " " + std::to_string(scale);
}

TEST(MysqlTypes, ParametersAreDescribedByTheirColumns) {
  Connection connection;
  connection.run("DROP TABLE IF EXISTS described_parameters");
  connection.run(
      "CREATE TABLE described_parameters (a int, b decimal(10,3), c datetime(2), d bigint "
      "unsigned)");
  const auto is = [](SQLSMALLINT type, const char* rest) {
    return std::to_string(type) + " " + rest;
  };
  Statement insert(connection);
  ASSERT_EQ(insert.prepare("INSERT INTO described_parameters (c, b) VALUES (?, ?)"), SQL_SUCCESS);
  EXPECT_EQ(parameter(insert, 1), is(SQL_TYPE_TIMESTAMP, "22 2"));
  EXPECT_EQ(parameter(insert, 2), is(SQL_DECIMAL, "10 3"));
  Statement whole(connection);
  ASSERT_EQ(whole.prepare("INSERT INTO described_parameters VALUES (?, ?, ?, ?)"), SQL_SUCCESS);
  EXPECT_EQ(parameter(whole, 1), is(SQL_INTEGER, "10 0"));
  EXPECT_EQ(parameter(whole, 4), is(SQL_BIGINT, "20 0"));
  Statement update(connection);
  ASSERT_EQ(update.prepare("UPDATE described_parameters SET a = ?, b = b + ? WHERE d = ?"),
            SQL_SUCCESS);
  EXPECT_EQ(parameter(update, 1), is(SQL_INTEGER, "10 0"));
  EXPECT_EQ(parameter(update, 2).substr(parameter(update, 2).find(' ')), " 65535 0");
  EXPECT_EQ(parameter(update, 3), is(SQL_BIGINT, "20 0"));
  Statement join(connection);
  ASSERT_EQ(join.prepare("SELECT ? FROM described_parameters x JOIN described_parameters y USING "
                         "(a) WHERE x.b = ?"),
            SQL_SUCCESS);
  EXPECT_EQ(parameter(join, 2).substr(parameter(join, 2).find(' ')), " 65535 0");
  EXPECT_EQ(parameter(join, 3), "07009");
  connection.run("DROP TABLE described_parameters");
}

TEST(MysqlTypes, LongValuesTravelInPiecesUpToTheServersLimit) {
  Connection connection;
  const auto most =
      static_cast<std::size_t>(std::stoul(connection.value("SELECT @@max_allowed_packet")));
  connection.run("CREATE TEMPORARY TABLE long_values (n int, v longblob, w longtext)");
  std::string blob(most / 2, '\0');
  for (std::size_t i = 0; i < blob.size(); ++i) blob[i] = static_cast<char>(i * 7);
  std::string text(70'000, 'x');
  const auto insert = [&](std::string& value) {
    Statement statement(connection);
    SQLINTEGER number = 1;
    SQLLEN length = static_cast<SQLLEN>(value.size());
    SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                     &number, 0, nullptr);
    SQLBindParameter(statement.handle(), 2, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_LONGVARBINARY,
                     value.size(), 0, value.data(), length, &length);
    SQLLEN text_length = SQL_NTS;
    SQLBindParameter(statement.handle(), 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR,
                     text.size(), 0, text.data(), 0, &text_length);
    const SQLRETURN code = statement.execute("INSERT INTO long_values VALUES (?, ?, ?)");
    return code == SQL_ERROR ? statement.records().front().message : std::string();
  };
  EXPECT_EQ(insert(blob), "");
  EXPECT_EQ(connection.value("SELECT concat(length(v), ' ', length(w)) FROM long_values"),
            std::to_string(blob.size()) + " 70000");
  EXPECT_EQ(connection.value("SELECT md5(v) = md5(concat(v, '')) AND ord(substr(v, 10001, 1)) = "
                             "10000 * 7 % 256 FROM long_values"),
            "1");
  std::string too_large(most + 1, 'y');
  const std::string message = insert(too_large);
  EXPECT_NE(message.find("max_allowed_packet"), std::string::npos) << message;
  EXPECT_NE(message.find(std::to_string(most + 1)), std::string::npos) << message;
  EXPECT_NE(message.find(std::to_string(most)), std::string::npos) << message;
  const std::string statement_text = "SELECT length('" + too_large + "')";
  Statement direct(connection);
  EXPECT_EQ(direct.execute(statement_text), SQL_ERROR);
  EXPECT_EQ(direct.state(), "HY000");
  EXPECT_EQ(connection.value("SELECT count(*) FROM long_values"), "1");
}

/// A text that comes again and again stays prepared; it means what its session means.
TEST(MysqlTypes, ATextThatRepeatsFollowsTheSession) {
  Connection connection;
  const auto ask = [&](const std::string& sql) {
    Statement statement(connection);
    SQLINTEGER one = 1;
    EXPECT_EQ(statement.prepare(sql), SQL_SUCCESS);
    EXPECT_EQ(statement.bind(1, one), SQL_SUCCESS);
    EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.records().front().message;
    EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
    return statement.text_of(1).value_or("NULL");
  };
  connection.run("CREATE TEMPORARY TABLE repeated (a int, b int)");
  connection.run("INSERT INTO repeated VALUES (1, 2)");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("SELECT \"b\" FROM repeated WHERE a = ?"), "b");
  connection.run("SET sql_mode = 'ANSI_QUOTES'");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("SELECT \"b\" FROM repeated WHERE a = ?"), "2");
  connection.run("ALTER TABLE repeated MODIFY b varchar(9)");
  EXPECT_EQ(ask("SELECT \"b\" FROM repeated WHERE a = ?"), "2");
  connection.run("DROP TEMPORARY TABLE repeated");
  connection.run("CREATE TEMPORARY TABLE repeated (b date, c int, a int)");
  connection.run("INSERT INTO repeated VALUES ('2024-02-29', 7, 1)");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask("SELECT \"b\" FROM repeated WHERE a = ?"), "2024-02-29");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("SELECT * FROM repeated WHERE a = ?"), "2024-02-29");
  connection.run("ALTER TABLE repeated DROP b");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("SELECT * FROM repeated WHERE a = ?"), "7");
}

}  // namespace
