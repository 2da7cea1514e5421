// SPDX-License-Identifier: Apache-2.0
// Every C type into columns of every kind of server type, read back as the server's own text; each
// value is sent by SQLExecDirect (the server has described nothing yet) and prepared and described.
#include <cstring>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

/// A value of one C type as an application binds it.
struct Sample {
  const char* name;
  SQLSMALLINT c_type, sql_type;
  std::string bytes;
};

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

SQL_NUMERIC_STRUCT numeric() {
  SQL_NUMERIC_STRUCT value{};
  value.precision = 5;
  value.scale = 2;
  value.val[0] = 0x39;  // -123.45
  value.val[1] = 0x30;
  return value;
}

SQL_INTERVAL_STRUCT interval(SQLINTERVAL type, SQLUINTEGER number) {
  SQL_INTERVAL_STRUCT value{};
  value.interval_type = type;
  (type == SQL_IS_YEAR ? value.intval.year_month.year : value.intval.day_second.day) = number;
  return value;
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"bit", SQL_C_BIT, SQL_BIT, bytes_of(SQLCHAR{1})},
      {"slong", SQL_C_SLONG, SQL_INTEGER, bytes_of(SQLINTEGER{1})},
      {"ubigint", SQL_C_UBIGINT, SQL_BIGINT, bytes_of(~SQLUBIGINT{0})},
      {"double", SQL_C_DOUBLE, SQL_DOUBLE, bytes_of(SQLDOUBLE{1.5})},
      {"numeric", SQL_C_NUMERIC, SQL_DECIMAL, bytes_of(numeric())},
      {"date", SQL_C_TYPE_DATE, SQL_TYPE_DATE, bytes_of(SQL_DATE_STRUCT{2024, 2, 29})},
      {"time", SQL_C_TYPE_TIME, SQL_TYPE_TIME, bytes_of(SQL_TIME_STRUCT{1, 2, 3})},
      {"timestamp", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP,
       bytes_of(SQL_TIMESTAMP_STRUCT{2024, 2, 29, 1, 2, 3, 4'000})},
      {"guid", SQL_C_GUID, SQL_GUID, bytes_of(SQLGUID{1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}})},
      {"day", SQL_C_INTERVAL_DAY, SQL_INTERVAL_DAY, bytes_of(interval(SQL_IS_DAY, 3))},
      {"year", SQL_C_INTERVAL_YEAR, SQL_INTERVAL_YEAR, bytes_of(interval(SQL_IS_YEAR, 2))},
      {"binary", SQL_C_BINARY, SQL_VARBINARY, "abc"},
  };
  return all;
}

/// A column, a text that it takes and how the server writes it, and by sample the server's text or
/// the SQLSTATE of the refusal.
struct Row {
  const char* type;
  const char* literal;
  const char* written;
  std::vector<const char*> results;
};

class ParameterTypes : public testing::Test {
 protected:
  ParameterTypes() {
    connection_.run("CREATE TEMP TABLE given (id int)");
    connection_.run("SET TIME ZONE 'UTC'");
    connection_.run("SET lc_monetary = 'C'");
    connection_.run("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'happy')");
    connection_.run("CREATE DOMAIN pg_temp.small AS int4 CHECK (VALUE < 1000)");
  }
  void column(const std::string& type) {
    connection_.run("DROP TABLE given");
    connection_.run("CREATE TEMP TABLE given (v " + type + ")");
  }
  enum class Way { direct, prepared };
  // The server's text, NULL, or the SQLSTATE.
  std::string sent(const Sample& sample, Way way) {
    connection_.run("TRUNCATE given");
    Statement statement(connection_);
    std::string data = sample.bytes;
    auto length = static_cast<SQLLEN>(data.size());
    EXPECT_EQ(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, sample.c_type,
                               sample.sql_type, 0, 0, data.data(), length, &length),
              SQL_SUCCESS);
    const std::string insert = "INSERT INTO given VALUES (?)";
    SQLRETURN code = SQL_ERROR;
    if (way == Way::direct) {
      code = statement.execute(insert);
    } else {
      SQLSMALLINT type = 0;
      EXPECT_EQ(statement.prepare(insert), SQL_SUCCESS);
      EXPECT_EQ(SQLDescribeParam(statement.handle(), 1, &type, nullptr, nullptr, nullptr),
                SQL_SUCCESS);
      code = SQLExecute(statement.handle());
    }
    if (code != SQL_SUCCESS) return statement.state();
    return connection_.value("SELECT coalesce(v::text, 'NULL') FROM given");
  }
  void check(const Sample& sample, const std::string& expected, const std::string& where) {
    EXPECT_EQ(sent(sample, Way::direct), expected) << where << ", direct";
    EXPECT_EQ(sent(sample, Way::prepared), expected) << where << ", prepared";
  }
  Connection connection_;
};

const std::vector<Row>& rows();

TEST_F(ParameterTypes, EveryCTypeIntoEveryServerType) {
  for (const Row& row : rows()) {
    column(row.type);
    ASSERT_EQ(row.results.size(), samples().size()) << row.type;
    for (std::size_t i = 0; i < samples().size(); ++i)
      check(samples()[i], row.results[i], std::string(samples()[i].name) + " into " + row.type);
  }
}

TEST_F(ParameterTypes, TextIntoEveryServerTypeIsReadByTheServer) {
  for (const Row& row : rows()) {
    column(row.type);
    check({"char", SQL_C_CHAR, SQL_VARCHAR, row.literal}, row.written, row.type);
    std::u16string wide = odbc_test::wide(row.literal);
    check({"wchar",
           SQL_C_WCHAR,
           SQL_WVARCHAR,
           {reinterpret_cast<const char*>(wide.data()), wide.size() * 2}},
          row.written, row.type);
  }
}

TEST_F(ParameterTypes, NullOfEveryCTypeIntoEveryServerType) {
  for (const Row& row : rows()) {
    column(row.type);
    for (const Sample& sample : samples()) {
      Statement statement(connection_);
      SQLLEN null = SQL_NULL_DATA;
      ASSERT_EQ(SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, sample.c_type,
                                 sample.sql_type, 0, 0, nullptr, 0, &null),
                SQL_SUCCESS);
      EXPECT_EQ(statement.execute("INSERT INTO given VALUES (?)"), SQL_SUCCESS)
          << row.type << sample.name << statement.state();
    }
    EXPECT_EQ(connection_.value("SELECT count(*) FROM given WHERE v IS NULL"),
              std::to_string(samples().size()));
  }
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"int2",
       "-7",
       "-7",
       {"1", "1", "22003", "2", "-123", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804"}},
      {"int4",
       "-7",
       "-7",
       {"1", "1", "22003", "2", "-123", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804"}},
      {"int8",
       "-7",
       "-7",
       {"1", "1", "22003", "2", "-123", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804"}},
      {"float4",
       "1.5",
       "1.5",
       {"1", "1", "1.8446744e+19", "1.5", "-123.45", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"float8",
       "1.5",
       "1.5",
       {"1", "1", "1.8446744073709552e+19", "1.5", "-123.45", "42804", "42804", "42804", "42804",
        "42804", "42804", "42804"}},
      {"numeric",
       "1.500",
       "1.500",
       {"1", "1", "18446744073709551615", "1.5", "-123.45", "42804", "42804", "42804", "42804",
        "42804", "42804", "42804"}},
      {"numeric(10,1)",
       "1.55",
       "1.6",
       {"1.0", "1.0", "22003", "1.5", "-123.5", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"bool",
       "yes",
       "true",
       {"true", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"text",
       "gr\"u$",
       "gr\"u$",
       {"1", "1", "18446744073709551615", "1.5", "-123.45", "2024-02-29", "01:02:03",
        "2024-02-29 01:02:03.000004", "00000001-0002-0003-0405-060708090a0b", "3 days", "2 years",
        "\\x616263"}},
      {"varchar(40)",
       "text",
       "text",
       {"1", "1", "18446744073709551615", "1.5", "-123.45", "2024-02-29", "01:02:03",
        "2024-02-29 01:02:03.000004", "00000001-0002-0003-0405-060708090a0b", "3 days", "2 years",
        "\\x616263"}},
      {"varchar(2)",
       "ab",
       "ab",
       {"1", "1", "22001", "22001", "22001", "22001", "22001", "22001", "22001", "22001", "22001",
        "22001"}},
      {"bpchar(40)",
       "text",
       "text",
       {"1", "1", "18446744073709551615", "1.5", "-123.45", "2024-02-29", "01:02:03",
        "2024-02-29 01:02:03.000004", "00000001-0002-0003-0405-060708090a0b", "3 days", "2 years",
        "\\x616263"}},
      {"name",
       "text",
       "text",
       {"1", "1", "18446744073709551615", "1.5", "-123.45", "2024-02-29", "01:02:03",
        "2024-02-29 01:02:03.000004", "00000001-0002-0003-0405-060708090a0b", "3 days", "2 years",
        "\\x616263"}},
      {"bytea",
       "\\x00ff",
       "\\x00ff",
       {"\\x31", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "\\x616263"}},
      {"date",
       "2024-02-29",
       "2024-02-29",
       {"22007", "42804", "42804", "42804", "42804", "2024-02-29", "42804", "2024-02-29", "42804",
        "42804", "42804", "42804"}},
      {"time",
       "01:02:03.5",
       "01:02:03.5",
       {"22007", "42804", "42804", "42804", "42804", "42804", "01:02:03", "01:02:03.000004",
        "42804", "00:00:00", "00:00:00", "42804"}},
      {"timetz",
       "01:02:03+05",
       "01:02:03+05",
       {"22007", "42804", "42804", "42804", "42804", "42804", "01:02:03+00", "42804", "42804",
        "42804", "42804", "42804"}},
      {"timestamp",
       "2024-02-29 01:02:03",
       "2024-02-29 01:02:03",
       {"22007", "42804", "42804", "42804", "42804", "2024-02-29 00:00:00", "42804",
        "2024-02-29 01:02:03.000004", "42804", "42804", "42804", "42804"}},
      {"timestamptz",
       "2024-02-29 01:02:03+05",
       "2024-02-28 20:02:03+00",
       {"22007", "42804", "42804", "42804", "42804", "2024-02-29 00:00:00+00", "42804",
        "2024-02-29 01:02:03.000004+00", "42804", "42804", "42804", "42804"}},
      {"interval",
       "1 day",
       "1 day",
       {"00:00:01", "42804", "42804", "42804", "42804", "42804", "01:02:03", "42804", "42804",
        "3 days", "2 years", "42804"}},
      {"uuid",
       "00000001-0002-0003-0405-060708090a0b",
       "00000001-0002-0003-0405-060708090a0b",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "00000001-0002-0003-0405-060708090a0b", "42804", "42804", "42804"}},
      {"json",
       "{\"a\": 1}",
       "{\"a\": 1}",
       {"1", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"jsonb",
       "{\"a\":1}",
       "{\"a\": 1}",
       {"1", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"xml",
       "<a/>",
       "<a/>",
       {"1", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"int4[]",
       "{1,2}",
       "{1,2}",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"pg_temp.mood",
       "sad",
       "sad",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"pg_temp.small",
       "7",
       "7",
       {"1", "1", "22003", "2", "-123", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804"}},
      {"inet",
       "10.0.0.1",
       "10.0.0.1/32",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"money",
       "1.50",
       "$1.50",
       {"$1.00", "$1.00", "22003", "42804", "-$123.45", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"bit(3)",
       "101",
       "101",
       {"22026", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"varbit",
       "101",
       "101",
       {"1", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"oid",
       "7",
       "7",
       {"1", "1", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804"}},
      {"point",
       "(1,2)",
       "(1,2)",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
      {"int4range",
       "[1,3)",
       "[1,3)",
       {"22P02", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804", "42804",
        "42804", "42804"}},
  };
  return all;
}

}  // namespace
