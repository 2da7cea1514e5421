// SPDX-License-Identifier: Apache-2.0
// What SQLGetTypeInfo and SQLGetInfo claim is executed: a column of every type, every scalar
// function, conversion, isolation level and piece of grammar whose bit is set, and every limit from
// both sides.
#include <array>
#include <map>
#include <set>

#include "tests/odbc/claimed_pieces.h"
#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;
using claims::functions;
using claims::grammar;
using claims::Piece;

struct TypeRow {
  std::string name, prefix, suffix, parameters;
  SQLSMALLINT type = 0;
  long size = 0, maximum_scale = 0;
  bool is_auto = false, is_unsigned = false;
};

/// Wide and narrow texts, and the two names of DECIMAL and of DOUBLE, are one.
SQLSMALLINT family(SQLSMALLINT type) {
  static const std::map<SQLSMALLINT, SQLSMALLINT> same = {
      {SQL_CHAR, SQL_WCHAR},      {SQL_VARCHAR, SQL_WVARCHAR}, {SQL_LONGVARCHAR, SQL_WLONGVARCHAR},
      {SQL_NUMERIC, SQL_DECIMAL}, {SQL_FLOAT, SQL_DOUBLE},
  };
  const auto found = same.find(type);
  return found == same.end() ? type : found->second;
}

class Claims : public testing::Test {
 protected:
  ~Claims() override { connection.run("DROP TABLE IF EXISTS claims"); }

  std::vector<TypeRow> types() {
    std::vector<TypeRow> rows;
    Statement statement(connection);
    EXPECT_EQ(SQLGetTypeInfo(statement.handle(), SQL_ALL_TYPES), SQL_SUCCESS);
    while (statement.fetch() == SQL_SUCCESS) {
      const auto cell = [&](SQLUSMALLINT number) { return statement.text_of(number).value_or(""); };
      const auto number = [&](SQLUSMALLINT column) {
        const std::string text = cell(column);
        return text.empty() ? 0L : std::stol(text);
      };
      rows.push_back({.name = cell(1),
                      .prefix = cell(4),
                      .suffix = cell(5),
                      .parameters = cell(6),
                      .type = static_cast<SQLSMALLINT>(number(2)),
                      .size = number(3),
                      .maximum_scale = number(15),
                      .is_auto = number(12) != 0,
                      .is_unsigned = number(10) != 0});
    }
    return rows;
  }
  /// "varchar(7)": the words of CREATE_PARAMS filled in.
  static std::string declaration(const TypeRow& row, long size, long scale) {
    std::string parameters;
    if (row.parameters == "precision,scale")
      parameters = "(" + std::to_string(size) + "," + std::to_string(scale) + ")";
    else if (row.parameters == "precision")
      parameters = "(" + std::to_string(scale) + ")";
    else if (!row.parameters.empty())
      parameters = "(" + std::to_string(size) + ")";
    return row.name + parameters + (row.is_auto ? " PRIMARY KEY" : "");
  }
  void create(const std::string& declared) {
    connection.run("DROP TABLE IF EXISTS claims");
    connection.run("CREATE TABLE claims (c " + declared + ")");
  }
  SQLUINTEGER mask(SQLUSMALLINT type) {
    SQLUINTEGER value = 0;
    EXPECT_EQ(SQLGetInfo(connection.handle(), type, &value, sizeof value, nullptr), SQL_SUCCESS);
    return value;
  }
  SQLUSMALLINT limit(SQLUSMALLINT type) {
    SQLUSMALLINT value = 0;
    EXPECT_EQ(SQLGetInfo(connection.handle(), type, &value, sizeof value, nullptr), SQL_SUCCESS);
    return value;
  }
  std::string letters(SQLUSMALLINT type) {
    std::array<SQLCHAR, 512> out{};
    EXPECT_EQ(SQLGetInfo(connection.handle(), type, out.data(), out.size(), nullptr), SQL_SUCCESS);
    return reinterpret_cast<const char*>(out.data());
  }
  /// Empty, or what the server says against it. Rows are read to their end.
  std::string complaint(const std::string& sql) {
    Statement statement(connection);
    SQLRETURN code = statement.execute(sql);
    SQLSMALLINT columns = 0;
    if (SQL_SUCCEEDED(code)) SQLNumResultCols(statement.handle(), &columns);
    while (SQL_SUCCEEDED(code) && columns > 0) code = statement.fetch();
    return code == SQL_ERROR ? sql + ": " + statement.records().front().message : "";
  }
  void expect_accepted(const std::string& sql) { EXPECT_EQ(complaint(sql), ""); }
  bool is_claimed(const Piece& piece) { return (mask(piece.info) & piece.bit) != 0; }
  Connection connection;
};

/// A value as it stands between prefix and suffix.
std::string sample(const TypeRow& row) {
  if (row.name == "json") return "{}";
  switch (family(row.type)) {
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR: return "abc";
    case SQL_TYPE_DATE: return "2024-02-29";
    case SQL_TYPE_TIME: return "12:34:56";
    case SQL_TYPE_TIMESTAMP: return "2024-02-29 12:34:56";
    case SQL_GUID: return "123e4567-e89b-12d3-a456-426614174000";
    default: return "1";
  }
}

TEST_F(Claims, EveryTypeMakesAColumnOfThatTypeThatTakesItsLiteral) {
  const auto rows = types();
  std::map<std::string, std::set<SQLSMALLINT>> named;
  for (const TypeRow& row : rows) named[row.name].insert(family(row.type));
  for (const TypeRow& row : rows) {
    SCOPED_TRACE(row.name);
    const long size = row.parameters == "precision,scale" ? 9 : 40;
    create(declaration(row, size, row.parameters == "precision" ? 3 : 2));
    const bool is_bytes = row.type == SQL_BINARY || row.type == SQL_VARBINARY ||
                          row.type == SQL_LONGVARBINARY || row.type == SQL_BIT;
    // Bytes and bits have no literal in common.
    if (!is_bytes)
      expect_accepted("INSERT INTO claims VALUES (" + row.prefix + sample(row) + row.suffix + ")");
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT c FROM claims"), SQL_SUCCESS);
    SQLSMALLINT type = 0, digits = 0;
    SQLULEN described = 0;
    SQLLEN is_unsigned = 0;
    ASSERT_EQ(SQLDescribeCol(statement.handle(), 1, nullptr, 0, nullptr, &type, &described, &digits,
                             nullptr),
              SQL_SUCCESS);
    EXPECT_TRUE(named[row.name].contains(family(type))) << type;
    if (!row.parameters.empty() && row.parameters != "precision") {
      EXPECT_EQ(described, static_cast<SQLULEN>(size));
    }
    SQLColAttribute(statement.handle(), 1, SQL_DESC_UNSIGNED, nullptr, 0, nullptr, &is_unsigned);
    if (type == SQL_INTEGER || type == SQL_BIGINT || type == SQL_SMALLINT) {
      EXPECT_EQ(is_unsigned, row.is_unsigned ? SQL_TRUE : SQL_FALSE);
    }
  }
}

TEST_F(Claims, TheLargestSizeAndScaleOfEveryTypeCanBeDeclared) {
  for (const TypeRow& row : types()) {
    if (row.parameters.empty()) continue;
    connection.run("DROP TABLE IF EXISTS claims");
    const std::string declared = declaration(row, row.size, row.maximum_scale);
    expect_accepted("CREATE TABLE claims (c " + declared + ")");
  }
}

TEST_F(Claims, EveryScalarFunctionRuns) {
  std::map<SQLUSMALLINT, SQLUINTEGER> tried = {
      {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPADD | SQL_FN_TD_TIMESTAMPDIFF}};
  for (const Piece& function : functions) {
    tried[function.info] |= function.bit;
    if (is_claimed(function)) expect_accepted("SELECT {fn " + std::string(function.sql) + "}");
  }
  for (const auto& [info, bits] : tried) EXPECT_EQ(mask(info) & ~bits, 0U) << "untried: " << info;
}

TEST_F(Claims, EveryUnitOfTimeCanBeAddedAndCounted) {
  constexpr const char* units[] = {"FRAC_SECOND", "SECOND", "MINUTE",  "HOUR", "DAY",
                                   "WEEK",        "MONTH",  "QUARTER", "YEAR"};
  for (std::size_t bit = 0; bit < std::size(units); ++bit) {
    const std::string unit = std::string("SQL_TSI_") + units[bit];
    if ((mask(SQL_TIMEDATE_ADD_INTERVALS) >> bit & 1U) != 0)
      expect_accepted("SELECT {fn TIMESTAMPADD(" + unit + ", 1, {ts '2024-02-29 12:34:56'})}");
    if ((mask(SQL_TIMEDATE_DIFF_INTERVALS) >> bit & 1U) != 0)
      expect_accepted("SELECT {fn TIMESTAMPDIFF(" + unit +
                      ", {ts '2024-02-29 12:34:56'}, {ts '2024-02-29 12:34:57'})}");
  }
}

struct Source {
  SQLUSMALLINT info;
  const char* value;  ///< of the type in question; what is written as a text is cast by the server
};
struct Target {
  SQLUINTEGER bit;
  const char* name;
  const char* text;  ///< what a text must look like for it
};

TEST_F(Claims, EveryConversionRuns) {
  constexpr Target targets[] = {
      {SQL_CVT_BIGINT, "SQL_BIGINT", "'1'"},
      {SQL_CVT_BINARY, "SQL_BINARY", "'1'"},
      {SQL_CVT_BIT, "SQL_BIT", "'1'"},
      {SQL_CVT_CHAR, "SQL_CHAR", "'1'"},
      {SQL_CVT_DATE, "SQL_DATE", "'2024-02-29'"},
      {SQL_CVT_DECIMAL, "SQL_DECIMAL", "'1'"},
      {SQL_CVT_DOUBLE, "SQL_DOUBLE", "'1'"},
      {SQL_CVT_FLOAT, "SQL_FLOAT", "'1'"},
      {SQL_CVT_GUID, "SQL_GUID", "'123e4567-e89b-12d3-a456-426614174000'"},
      {SQL_CVT_INTEGER, "SQL_INTEGER", "'1'"},
      {SQL_CVT_INTERVAL_DAY_TIME, "SQL_INTERVAL_DAY_TO_SECOND", "'1 12:00:00'"},
      {SQL_CVT_INTERVAL_YEAR_MONTH, "SQL_INTERVAL_YEAR_TO_MONTH", "'1-2'"},
      {SQL_CVT_LONGVARBINARY, "SQL_LONGVARBINARY", "'1'"},
      {SQL_CVT_LONGVARCHAR, "SQL_LONGVARCHAR", "'1'"},
      {SQL_CVT_NUMERIC, "SQL_NUMERIC", "'1'"},
      {SQL_CVT_REAL, "SQL_REAL", "'1'"},
      {SQL_CVT_SMALLINT, "SQL_SMALLINT", "'1'"},
      {SQL_CVT_TIME, "SQL_TIME", "'12:34:56'"},
      {SQL_CVT_TIMESTAMP, "SQL_TIMESTAMP", "'2024-02-29 12:34:56'"},
      {SQL_CVT_TINYINT, "SQL_TINYINT", "'1'"},
      {SQL_CVT_VARBINARY, "SQL_VARBINARY", "'1'"},
      {SQL_CVT_VARCHAR, "SQL_VARCHAR", "'1'"},
      {SQL_CVT_WCHAR, "SQL_WCHAR", "'1'"},
      {SQL_CVT_WLONGVARCHAR, "SQL_WLONGVARCHAR", "'1'"},
      {SQL_CVT_WVARCHAR, "SQL_WVARCHAR", "'1'"},
  };
  constexpr Source sources[] = {
      {SQL_CONVERT_CHAR, nullptr},
      {SQL_CONVERT_VARCHAR, nullptr},
      {SQL_CONVERT_LONGVARCHAR, nullptr},
      {SQL_CONVERT_WCHAR, nullptr},
      {SQL_CONVERT_WVARCHAR, nullptr},
      {SQL_CONVERT_WLONGVARCHAR, nullptr},
      {SQL_CONVERT_BIGINT, "{fn CONVERT(1, SQL_BIGINT)}"},
      {SQL_CONVERT_BINARY, "{fn CONVERT('1', SQL_BINARY)}"},
      {SQL_CONVERT_VARBINARY, "{fn CONVERT('1', SQL_VARBINARY)}"},
      {SQL_CONVERT_LONGVARBINARY, "{fn CONVERT('1', SQL_LONGVARBINARY)}"},
      {SQL_CONVERT_BIT, "{fn CONVERT('1', SQL_BIT)}"},
      {SQL_CONVERT_DATE, "{d '2024-02-29'}"},
      {SQL_CONVERT_DECIMAL, "{fn CONVERT(1, SQL_DECIMAL)}"},
      {SQL_CONVERT_DOUBLE, "{fn CONVERT(1, SQL_DOUBLE)}"},
      {SQL_CONVERT_FLOAT, "{fn CONVERT(1, SQL_FLOAT)}"},
      {SQL_CONVERT_GUID, "{fn CONVERT('123e4567-e89b-12d3-a456-426614174000', SQL_GUID)}"},
      {SQL_CONVERT_INTEGER, "{fn CONVERT(1, SQL_INTEGER)}"},
      {SQL_CONVERT_INTERVAL_DAY_TIME, "INTERVAL '1 12:00:00' day to second"},
      {SQL_CONVERT_INTERVAL_YEAR_MONTH, "INTERVAL '1-2' year to month"},
      {SQL_CONVERT_NUMERIC, "{fn CONVERT(1, SQL_NUMERIC)}"},
      {SQL_CONVERT_REAL, "{fn CONVERT(1, SQL_REAL)}"},
      {SQL_CONVERT_SMALLINT, "{fn CONVERT(1, SQL_SMALLINT)}"},
      {SQL_CONVERT_TIME, "{t '12:34:56'}"},
      {SQL_CONVERT_TIMESTAMP, "{ts '2024-02-29 12:34:56'}"},
      {SQL_CONVERT_TINYINT, "{fn CONVERT(1, SQL_TINYINT)}"},
  };
  int ran = 0;
  for (const Source& source : sources) {
    const SQLUINTEGER claimed = mask(source.info);
    for (const Target& target : targets) {
      if ((claimed & target.bit) == 0) continue;
      const std::string value = source.value == nullptr ? target.text : source.value;
      expect_accepted("SELECT {fn CONVERT(" + value + ", " + target.name + ")}");
      ++ran;
    }
  }
  EXPECT_GT(ran, 200);
}

TEST_F(Claims, EveryPieceOfGrammarIsAccepted) {
  create("int");
  connection.run("INSERT INTO claims VALUES (1)");
  for (const Piece& piece : grammar)
    if (is_claimed(piece)) expect_accepted(piece.sql);
}

TEST_F(Claims, EveryIsolationLevelReachesTheServer) {
  constexpr SQLUINTEGER levels[] = {SQL_TXN_READ_UNCOMMITTED, SQL_TXN_READ_COMMITTED,
                                    SQL_TXN_REPEATABLE_READ, SQL_TXN_SERIALIZABLE};
  std::set<std::string> told;
  std::size_t claimed = 0;
  for (const SQLUINTEGER level : levels) {
    if ((mask(SQL_TXN_ISOLATION_OPTION) & level) == 0) continue;
    ++claimed;
    EXPECT_EQ(connection.set(SQL_ATTR_TXN_ISOLATION, level), SQL_SUCCESS) << level;
    told.insert(connection.value(select_setting(engine_sql().isolation)));
  }
  EXPECT_EQ(told.size(), claimed);
}

TEST_F(Claims, NullsSortAndJoinAsTold) {
  create("int");
  connection.run("INSERT INTO claims VALUES (1), (NULL)");
  const bool high = limit(SQL_NULL_COLLATION) == SQL_NC_HIGH;
  EXPECT_EQ(connection.value("SELECT c FROM claims ORDER BY c"), high ? "1" : "");
  EXPECT_EQ(limit(SQL_CONCAT_NULL_BEHAVIOR), SQL_CB_NULL);
  EXPECT_EQ(connection.value("SELECT {fn CONCAT('a', NULL)} IS NULL"), "1");
}

TEST_F(Claims, NamesMayBeAsLongAsToldAndNotLonger) {
  const auto name = [](SQLUSMALLINT length) { return std::string(length, 'n'); };
  const SQLUSMALLINT column = limit(SQL_MAX_COLUMN_NAME_LEN), table = limit(SQL_MAX_TABLE_NAME_LEN);
  create("int, " + name(column) + " int");
  EXPECT_EQ(connection.value("SELECT count(" + name(column) + ") FROM claims"), "0");
  connection.run("CREATE TABLE " + name(table) + " (a int)");
  expect_accepted("DROP TABLE " + name(table));
  Statement statement(connection);
  const auto tables_called = [&](const std::string& wanted) {
    EXPECT_EQ(SQLTables(statement.handle(), nullptr, 0, nullptr, 0, text(wanted.c_str()), SQL_NTS,
                        nullptr, 0),
              SQL_SUCCESS);
    const bool found = statement.fetch() == SQL_SUCCESS;
    SQLFreeStmt(statement.handle(), SQL_CLOSE);
    return found;
  };
  const std::string longer = name(static_cast<SQLUSMALLINT>(table + 1));
  statement.execute("CREATE TABLE " + longer + " (a int)");  // PostgreSQL cuts it, MySQL refuses it
  EXPECT_FALSE(tables_called(longer));
  connection.run("DROP TABLE IF EXISTS " + name(table));
}

TEST_F(Claims, TablesMayHaveAsManyColumnsAsToldAndNotOneMore) {
  const int most = limit(SQL_MAX_COLUMNS_IN_TABLE);
  std::string columns = "int";
  for (int i = 2; i <= most; ++i) columns += ", c" + std::to_string(i) + " int";
  create(columns);
  EXPECT_EQ(connection.value("SELECT count(*) FROM claims"), "0");
  connection.run("DROP TABLE claims");
  EXPECT_NE(complaint("CREATE TABLE claims (c " + columns + ", one_more int)"), "");
}

TEST_F(Claims, AnswersInLettersAreTrue) {
  create("int NOT NULL");
  EXPECT_EQ(letters(SQL_EXPRESSIONS_IN_ORDERBY), "Y");
  expect_accepted("SELECT c FROM claims ORDER BY c + 1");
  EXPECT_EQ(letters(SQL_ORDER_BY_COLUMNS_IN_SELECT), "N");
  expect_accepted("SELECT 1 FROM claims ORDER BY c");
  EXPECT_EQ(letters(SQL_COLUMN_ALIAS), "Y");
  expect_accepted("SELECT c AS other FROM claims AS alias");
  EXPECT_EQ(letters(SQL_LIKE_ESCAPE_CLAUSE), "Y");
  EXPECT_EQ(connection.value("SELECT 'a_b' LIKE 'a!_b' {escape '!'}"), "1");
  EXPECT_EQ(limit(SQL_NON_NULLABLE_COLUMNS), SQL_NNC_NON_NULL);
  EXPECT_NE(complaint("INSERT INTO claims VALUES (NULL)"), "");
  const std::string quote = letters(SQL_IDENTIFIER_QUOTE_CHAR);
  expect_accepted("SELECT " + quote + "c" + quote + " FROM claims");
  for (const char c : letters(SQL_SPECIAL_CHARACTERS))
    EXPECT_EQ(complaint("SELECT 1 AS a" + std::string(1, c) + "b"), "") << c;
}

}  // namespace
