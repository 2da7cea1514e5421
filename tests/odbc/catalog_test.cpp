// SPDX-License-Identifier: Apache-2.0
// SQLTables and SQLColumns: patterns, listings, identifiers, agreement with SQLDescribeCol.
#include <array>
#include <set>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

SQLCHAR* argument(const char* value) { return value == nullptr ? nullptr : text(value); }

SQLRETURN tables(Statement& statement, const char* catalog, const char* schema, const char* table,
                 const char* types) {
  return SQLTables(statement.handle(), argument(catalog), SQL_NTS, argument(schema), SQL_NTS,
                   argument(table), SQL_NTS, argument(types), SQL_NTS);
}

SQLRETURN columns(Statement& statement, const char* schema, const char* table, const char* column) {
  return SQLColumns(statement.handle(), nullptr, 0, argument(schema), SQL_NTS, argument(table),
                    SQL_NTS, argument(column), SQL_NTS);
}

std::set<std::string> cells(Statement& statement, SQLUSMALLINT column) {
  std::set<std::string> all;
  while (statement.fetch() == SQL_SUCCESS) all.insert(statement.text_of(column).value_or("NULL"));
  SQLCloseCursor(statement.handle());
  return all;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string current_database(Connection& connection) {
  return connection.value("SELECT " + std::string(profile().current_database));
}

TEST(Catalog, TablesAreFoundByPatternAndType) {
  Connection connection;
  Given table(connection);
  table.column("a int").name();
  connection.run("CREATE OR REPLACE VIEW catalog_tables_view AS SELECT 1 AS one");
  Statement statement(connection);
  const std::string schema(profile().schema);
  ASSERT_EQ(tables(statement, nullptr, schema.c_str(), "catalog\\_tables%", "TABLE"), SQL_SUCCESS);
  EXPECT_EQ(cells(statement, 3), (std::set<std::string>{table.name()}));
  ASSERT_EQ(tables(statement, "%", "%", "catalog\\_tables%", "'TABLE', 'VIEW'"), SQL_SUCCESS);
  EXPECT_EQ(cells(statement, 4), (std::set<std::string>{"TABLE", "VIEW"}));
  ASSERT_EQ(tables(statement, nullptr, nullptr, "no such table", nullptr), SQL_SUCCESS);
  SQLSMALLINT count = 0;
  ASSERT_EQ(SQLNumResultCols(statement.handle(), &count), SQL_SUCCESS);
  EXPECT_EQ(count, 5);
  EXPECT_EQ(statement.fetch(), SQL_NO_DATA) << "no rows, all columns";
  connection.run("DROP VIEW catalog_tables_view");
}

TEST(Catalog, SystemTablesCountOnlyWhenAskedFor) {
  Connection connection;
  Statement statement(connection);
  const std::string name(profile().system_table), type(profile().system_type);
  const char* all = profile().schema.empty() ? "%" : nullptr;
  ASSERT_EQ(tables(statement, nullptr, nullptr, name.c_str(), nullptr), SQL_SUCCESS);
  EXPECT_TRUE(cells(statement, 3).empty());
  ASSERT_EQ(tables(statement, all, nullptr, name.c_str(), type.c_str()), SQL_SUCCESS);
  const auto found = cells(statement, 3);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(lower(*found.begin()), name);
}

TEST(Catalog, ThreeListings) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(tables(statement, SQL_ALL_CATALOGS, "", "", nullptr), SQL_SUCCESS);
  EXPECT_TRUE(cells(statement, 1).count(current_database(connection)));
  ASSERT_EQ(tables(statement, "", SQL_ALL_SCHEMAS, "", nullptr), SQL_SUCCESS);
  const auto schemas = cells(statement, 2);
  EXPECT_EQ(schemas.count(std::string(profile().schema)), schemas.empty() ? 0U : 1U);
  EXPECT_EQ(schemas.empty(), profile().schema.empty());
  ASSERT_EQ(tables(statement, "", "", "", SQL_ALL_TABLE_TYPES), SQL_SUCCESS);
  EXPECT_TRUE(cells(statement, 4).count("TABLE"));
}

TEST(Catalog, ColumnsAgreeWithDescribedColumns) {
  Connection connection;
  Given table(connection);
  int declared = 0;
  for (const std::string_view type : profile().types)
    table.column("c" + std::to_string(++declared) + " " + std::string(type));
  Statement described(connection), listed(connection);
  ASSERT_EQ(described.execute("SELECT * FROM " + table.name()), SQL_SUCCESS);
  ASSERT_EQ(columns(listed, profile().schema.data(), table.name().c_str(), nullptr), SQL_SUCCESS);
  SQLUSMALLINT number = 0;
  while (listed.fetch() == SQL_SUCCESS) {
    ASSERT_LT(number, profile().types.size());
    const std::string_view type_text = profile().types[number];
    ++number;
    SQLSMALLINT type = 0, digits = 0, nullable = 0;
    SQLULEN size = 0;
    std::array<SQLCHAR, 64> name{};
    ASSERT_EQ(SQLDescribeCol(described.handle(), number, name.data(), name.size(), nullptr, &type,
                             &size, &digits, &nullable),
              SQL_SUCCESS);
    EXPECT_EQ(listed.text_of(4), reinterpret_cast<char*>(name.data()));
    EXPECT_EQ(listed.text_of(5), std::to_string(type)) << type_text;
    EXPECT_EQ(listed.text_of(7), size == 0 ? "2147483647" : std::to_string(size)) << type_text;
    EXPECT_EQ(listed.text_of(9).value_or("0"), std::to_string(digits)) << type_text;
    if (nullable != SQL_NULLABLE_UNKNOWN) {  // PostgreSQL does not tell it of results
      EXPECT_EQ(listed.text_of(11), std::to_string(nullable)) << type_text;
    }
    EXPECT_EQ(listed.text_of(17), std::to_string(number));
    EXPECT_EQ(listed.text_of(18), number == 1 ? "NO" : "YES");
  }
  EXPECT_EQ(number, declared);
}

TEST(Catalog, MetadataIdMakesArgumentsIdentifiers) {
  Connection connection;
  Given table(connection);
  const std::string quote(profile().identifier_quote), mixed = quote + "Mixed" + quote;
  const std::string name = table.column("a int").column(mixed + " int").name();
  std::string upper = name;
  if (!profile().mysql())  // folds nothing: names of tables are files
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string schema(profile().schema);
  Statement statement(connection);
  ASSERT_EQ(SQLSetStmtAttr(statement.handle(), SQL_ATTR_METADATA_ID,
                           reinterpret_cast<SQLPOINTER>(SQL_TRUE), 0),
            SQL_SUCCESS);
  ASSERT_EQ(columns(statement, schema.c_str(), upper.c_str(), mixed.c_str()), SQL_SUCCESS);
  EXPECT_EQ(cells(statement, 4), (std::set<std::string>{"Mixed"}));
  ASSERT_EQ(columns(statement, schema.c_str(), upper.c_str(), "%"), SQL_SUCCESS);
  EXPECT_TRUE(cells(statement, 4).empty()) << "% is a character of an identifier";
  EXPECT_EQ(columns(statement, nullptr, upper.c_str(), "a"), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY009");
}

TEST(Catalog, ArgumentsAreDataNotSql) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(tables(statement, nullptr, nullptr, "'; DROP TABLE x; --", nullptr), SQL_SUCCESS);
  EXPECT_TRUE(cells(statement, 3).empty());
}

TEST(Catalog, WideTwinGivesTheSame) {
  Connection connection;
  Given table(connection);
  std::u16string name = wide(table.column("a int").name());
  Statement statement(connection);
  ASSERT_EQ(
      SQLTablesW(statement.handle(), nullptr, 0, nullptr, 0, units(name), SQL_NTS, nullptr, 0),
      SQL_SUCCESS);
  EXPECT_EQ(cells(statement, 3), (std::set<std::string>{table.name()}));
}

TEST(Catalog, Odbc2ApplicationsGetTheirColumnNames) {
  Connection connection("", SQL_OV_ODBC2);
  Statement statement(connection);
  ASSERT_EQ(tables(statement, nullptr, nullptr, "x", nullptr), SQL_SUCCESS);
  std::array<SQLCHAR, 64> name{};
  ASSERT_EQ(SQLDescribeCol(statement.handle(), 1, name.data(), name.size(), nullptr, nullptr,
                           nullptr, nullptr, nullptr),
            SQL_SUCCESS);
  EXPECT_STREQ(reinterpret_cast<char*>(name.data()), "TABLE_QUALIFIER");
}

}  // namespace
