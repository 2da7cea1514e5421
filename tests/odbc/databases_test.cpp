// SPDX-License-Identifier: Apache-2.0
// Servers whose catalogs are databases (MySQL, MariaDB): which database a call means, arguments
// under every sql_mode, defaults, comments, and information that follows the server's settings.
#include <array>
#include <map>
#include <set>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

SQLCHAR* argument(const char* value) { return value == nullptr ? nullptr : text(value); }

struct Listed {
  std::vector<std::vector<std::string>> rows;
  std::set<std::string> column(std::size_t number) const {
    std::set<std::string> cells;
    for (const auto& row : rows) cells.insert(row.at(number - 1));
    return cells;
  }
};

Listed all_rows(Statement& statement) {
  Listed listed;
  SQLSMALLINT count = 0;
  EXPECT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS);
  while (statement.fetch() == SQL_SUCCESS) {
    auto& row = listed.rows.emplace_back();
    for (SQLSMALLINT i = 1; i <= count; ++i)
      row.push_back(statement.text_of(static_cast<SQLUSMALLINT>(i)).value_or("NULL"));
  }
  SQLCloseCursor(statement.handle());
  return listed;
}

class Databases : public testing::Test {
 protected:
  Databases() { drop(); }
  ~Databases() override { drop(); }

  Listed tables(const char* catalog, const char* schema, const char* table, const char* types) {
    Statement statement(connection);
    EXPECT_EQ(SQLTables(statement.handle(), argument(catalog), SQL_NTS, argument(schema), SQL_NTS,
                        argument(table), SQL_NTS, argument(types), SQL_NTS),
              SQL_SUCCESS)
        << statement.state();
    return all_rows(statement);
  }
  Listed columns(const char* catalog, const char* table, const char* column) {
    Statement statement(connection);
    EXPECT_EQ(SQLColumns(statement.handle(), argument(catalog), SQL_NTS, nullptr, 0,
                         argument(table), SQL_NTS, argument(column), SQL_NTS),
              SQL_SUCCESS)
        << statement.state();
    return all_rows(statement);
  }
  std::string info(SQLUSMALLINT type) {
    std::array<SQLCHAR, 8192> out{};
    EXPECT_EQ(SQLGetInfo(connection.handle(), type, out.data(), out.size(), nullptr), SQL_SUCCESS);
    return reinterpret_cast<char*>(out.data());
  }
  SQLUINTEGER number(Connection& of, SQLUSMALLINT type) {
    SQLUINTEGER value = 0;
    EXPECT_EQ(SQLGetInfo(of.handle(), type, &value, sizeof value, nullptr), SQL_SUCCESS);
    return value;
  }
  void drop() {
    for (const char* name : {"databases_here", "test_other.databases_there"})
      connection.run("DROP TABLE IF EXISTS " + std::string(name));
  }
  Connection connection;
  const std::string here = connection.value("SELECT database()");
};

TEST_F(Databases, NoCatalogMeansTheCurrentOneAndAPatternAllOfThem) {
  connection.run("CREATE TABLE databases_here (a int)");
  connection.run("CREATE TABLE test_other.databases_there (a int)");
  EXPECT_EQ(tables(nullptr, nullptr, "databases\\_%", nullptr).column(1),
            (std::set<std::string>{here}));
  EXPECT_EQ(tables("%", nullptr, "databases\\_%", nullptr).column(1),
            (std::set<std::string>{here, "test_other"}));
  EXPECT_EQ(tables("test\\_other", nullptr, nullptr, nullptr).column(3),
            (std::set<std::string>{"databases_there"}));
  EXPECT_EQ(columns("test_other", "databases_there", nullptr).column(4),
            (std::set<std::string>{"a"}));
  connection.run("USE test_other");
  EXPECT_EQ(tables(nullptr, nullptr, "databases%", nullptr).column(3),
            (std::set<std::string>{"databases_there"}));
}

TEST_F(Databases, ThereAreNoSchemas) {
  connection.run("CREATE TABLE databases_here (a int)");
  EXPECT_EQ(tables(nullptr, "%", "databases_here", nullptr).column(2),
            (std::set<std::string>{"NULL"}));
  EXPECT_TRUE(tables(nullptr, "public", "databases_here", nullptr).rows.empty());
  EXPECT_TRUE(tables("", SQL_ALL_SCHEMAS, "", nullptr).rows.empty());
  EXPECT_EQ(info(SQL_SCHEMA_TERM), "");
  EXPECT_EQ(number(connection, SQL_SCHEMA_USAGE), 0U);
}

TEST_F(Databases, ConnectionWithoutADatabaseSeesAllAndCanMoveToOne) {
  connection.run("CREATE TABLE databases_here (a int)");
  Connection nowhere(Connection::Closed{});
  ASSERT_EQ(nowhere.open(driver() + "database=;" + server()), SQL_SUCCESS);
  EXPECT_EQ(nowhere.value("SELECT coalesce(database(), 'none')"), "none");
  Statement statement(nowhere);
  ASSERT_EQ(SQLTables(statement.handle(), nullptr, 0, nullptr, 0, text("databases_here"), SQL_NTS,
                      nullptr, 0),
            SQL_SUCCESS);
  EXPECT_EQ(all_rows(statement).column(1), (std::set<std::string>{here}));
  ASSERT_EQ(
      SQLSetConnectAttr(nowhere.handle(), SQL_ATTR_CURRENT_CATALOG, text(here.c_str()), SQL_NTS),
      SQL_SUCCESS);
  EXPECT_EQ(nowhere.value("SELECT database()"), here);
}

TEST_F(Databases, CatalogAskedForBeforeConnectingIsTheDatabase) {
  Connection later(Connection::Closed{});
  ASSERT_EQ(
      SQLSetConnectAttr(later.handle(), SQL_ATTR_CURRENT_CATALOG, text("test_other"), SQL_NTS),
      SQL_SUCCESS);
  std::string without = server();
  without.erase(without.find(";database="), std::string(";database=" + here).size());
  ASSERT_EQ(later.open(driver() + without), SQL_SUCCESS);
  EXPECT_EQ(later.value("SELECT database()"), "test_other");
}

TEST_F(Databases, NamesWithEveryKindOfQuoteAreFoundUnderEverySqlMode) {
  const std::string name = R"(data'bases"%_`|\)";
  for (const char* mode : {"", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES",
                           "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,ONLY_FULL_GROUP_BY"}) {
    connection.run("SET SESSION sql_mode = '" + std::string(mode) + "'");
    connection.run("DROP TABLE IF EXISTS `data'bases\"%_``|\\`");
    connection.run("CREATE TABLE `data'bases\"%_``|\\` (a int)");
    EXPECT_EQ(tables(nullptr, nullptr, R"(data'bases"\%\_`|\\)", nullptr).column(3),
              (std::set<std::string>{name}))
        << mode;
    EXPECT_EQ(columns(nullptr, R"(data'bases"\%\_`|\\)", "a").rows.size(), 1U) << mode;
    EXPECT_EQ(tables(nullptr, nullptr, R"(data'bases"\%\_`|\\%)", nullptr).rows.size(), 1U) << mode;
    EXPECT_TRUE(tables(nullptr, nullptr, R"(data'bases"\%\_\_%)", nullptr).rows.empty()) << mode;
    EXPECT_TRUE(tables(nullptr, nullptr, R"(\' OR 1=1 -- )", nullptr).rows.empty()) << mode;
    connection.run("DROP TABLE `data'bases\"%_``|\\`");
  }
}

TEST_F(Databases, QuotedIdentifiersAreTakenOffTheirQuotes) {
  connection.run("CREATE TABLE databases_here (`a``b` int)");
  Statement statement(connection);
  ASSERT_EQ(SQLSetStmtAttr(statement.handle(), SQL_ATTR_METADATA_ID,
                           reinterpret_cast<SQLPOINTER>(SQL_TRUE), 0),
            SQL_SUCCESS);
  ASSERT_EQ(SQLColumns(statement.handle(), text(("`" + here + "`").c_str()), SQL_NTS, text(""), 0,
                       text("`databases_here` "), SQL_NTS, text("`a``b`"), SQL_NTS),
            SQL_SUCCESS);
  EXPECT_EQ(all_rows(statement).column(4), (std::set<std::string>{"a`b"}));
}

TEST_F(Databases, ColumnsTellDefaultsCommentsAndTypeNames) {
  connection.run(
      "CREATE TABLE databases_here (id bigint unsigned AUTO_INCREMENT PRIMARY KEY,"
      " t varchar(20) NOT NULL DEFAULT 'it''s' COMMENT 'what it is', n int DEFAULT -5,"
      " m datetime(3) DEFAULT CURRENT_TIMESTAMP(3), nothing int NULL, e enum('x','y') DEFAULT 'x',"
      " d date DEFAULT '2024-02-29', empty varchar(3) DEFAULT '', r decimal(5,2) DEFAULT 1.5)"
      " COMMENT 'a table'");
  std::map<std::string, std::vector<std::string>> rows;
  for (const auto& row : columns(nullptr, "databases_here", nullptr).rows) rows[row.at(3)] = row;
  const std::map<std::string, std::string> defaults = {
      {"id", "NULL"},      {"t", "'it''s'"}, {"n", "-5"},           {"m", "CURRENT_TIMESTAMP(3)"},
      {"nothing", "NULL"}, {"e", "'x'"},     {"d", "'2024-02-29'"}, {"empty", "''"},
      {"r", "1.50"}};
  for (const auto& [name, expected] : defaults) EXPECT_EQ(rows.at(name).at(12), expected) << name;
  EXPECT_EQ(rows.at("id").at(5), "bigint unsigned");
  EXPECT_EQ(rows.at("e").at(5), "enum");
  EXPECT_EQ(rows.at("t").at(11), "what it is");
  EXPECT_EQ(rows.at("id").at(11), "NULL");
  EXPECT_EQ(rows.at("t").at(15), "80") << "octets of utf8mb4";
  EXPECT_EQ(tables(nullptr, nullptr, "databases_here", "TABLE").column(5),
            (std::set<std::string>{"a table"}));
}

TEST_F(Databases, TypesOfTablesAreTheServersOwn) {
  EXPECT_EQ(tables("information_schema", nullptr, "TABLES", nullptr).column(4),
            (std::set<std::string>{"SYSTEM VIEW"}))
      << "the database was named";
  EXPECT_TRUE(tables("%", nullptr, "TABLES", nullptr).rows.empty());
  EXPECT_EQ(tables("", "", "", SQL_ALL_TABLE_TYPES).column(4),
            (std::set<std::string>{"LOCAL TEMPORARY", "SEQUENCE", "SYSTEM TABLE", "SYSTEM VIEW",
                                   "TABLE", "VIEW"}));
}

TEST_F(Databases, OneRoundTripEach) {
  connection.run("CREATE TABLE databases_here (a int)");
  const auto questions = [&] {
    Statement statement(connection);
    EXPECT_EQ(statement.execute("SHOW SESSION STATUS LIKE 'Questions'"), SQL_SUCCESS);
    EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
    return std::stoi(statement.text_of(2).value());
  };
  const int before = questions();
  tables(nullptr, nullptr, "databases_here", "TABLE");
  columns(nullptr, "databases_here", nullptr);
  EXPECT_EQ(questions() - before, 3) << "two, and this question";
  for (const SQLUSMALLINT type : {SQL_IDENTIFIER_QUOTE_CHAR, SQL_KEYWORDS}) info(type);
  for (const SQLUSMALLINT type : {SQL_MAX_STATEMENT_LEN, SQL_GROUP_BY, SQL_IDENTIFIER_CASE,
                                  SQL_DEFAULT_TXN_ISOLATION, SQL_QUOTED_IDENTIFIER_CASE})
    number(connection, type);
  EXPECT_EQ(questions() - before, 5) << "one for all information, and this question";
}

TEST_F(Databases, NoQuestionBeginsATransaction) {
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  tables(nullptr, nullptr, "x", nullptr);
  EXPECT_EQ(info(SQL_IDENTIFIER_QUOTE_CHAR), "`");
  EXPECT_EQ(SQLDisconnect(connection.handle()), SQL_SUCCESS) << connection.state();
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
  ASSERT_EQ(connection.open(connection_string()), SQL_SUCCESS);
}

TEST_F(Databases, InformationFollowsTheServersSettings) {
  EXPECT_EQ(info(SQL_IDENTIFIER_QUOTE_CHAR), "`");
  EXPECT_EQ(std::to_string(number(connection, SQL_MAX_STATEMENT_LEN)),
            connection.value("SELECT @@max_allowed_packet"));
  const std::string folding = connection.value("SELECT @@lower_case_table_names");
  const SQLUINTEGER expected = folding == "0"   ? SQL_IC_SENSITIVE
                               : folding == "1" ? SQL_IC_LOWER
                                                : SQL_IC_MIXED;
  EXPECT_EQ(number(connection, SQL_IDENTIFIER_CASE), expected);
  Connection ansi;
  ansi.run("SET SESSION sql_mode = 'ANSI_QUOTES,ONLY_FULL_GROUP_BY'");
  ansi.run("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  std::array<SQLCHAR, 8> quote{};
  ASSERT_EQ(
      SQLGetInfo(ansi.handle(), SQL_IDENTIFIER_QUOTE_CHAR, quote.data(), quote.size(), nullptr),
      SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(quote.data()), "\"");
  EXPECT_EQ(number(ansi, SQL_GROUP_BY), SQLUINTEGER{SQL_GB_GROUP_BY_CONTAINS_SELECT});
  EXPECT_EQ(number(ansi, SQL_DEFAULT_TXN_ISOLATION), SQLUINTEGER{SQL_TXN_SERIALIZABLE});
  Connection loose;
  loose.run("SET SESSION sql_mode = ''");
  EXPECT_EQ(number(loose, SQL_GROUP_BY), SQLUINTEGER{SQL_GB_NO_RELATION});
}

TEST_F(Databases, KeywordsAreReserved) {
  const std::string words = info(SQL_KEYWORDS);
  std::size_t from = 0;
  int count = 0;
  while (from < words.size()) {
    const std::size_t comma = std::min(words.find(',', from), words.size());
    const std::string word = words.substr(from, comma - from);
    Statement statement(connection);
    EXPECT_EQ(statement.execute("CREATE TEMPORARY TABLE databases_keyword (" + word + " int)"),
              SQL_ERROR)
        << word;
    EXPECT_EQ(statement.state(), "42000") << word;
    from = comma + 1;
    ++count;
  }
  EXPECT_GT(count, 100);
}

}  // namespace
