// SPDX-License-Identifier: Apache-2.0
// Types that only the database knows: enums, composites, domains, arrays of them, extensions'.
// Their names are asked for when somebody wants to know them, once per connection.
#include <array>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

class ForeignTypes : public testing::Test {
 protected:
  ForeignTypes() {
    connection.run("CREATE SCHEMA IF NOT EXISTS foreign_types");
    connection.run("SET search_path = foreign_types, public");
    connection.run("DROP TYPE IF EXISTS mood, pair CASCADE");
    connection.run("DROP DOMAIN IF EXISTS price CASCADE");
    connection.run(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'over\xC3\xBC"
        "berjoyed')");
    connection.run("CREATE TYPE pair AS (a int, b text)");
    connection.run("CREATE DOMAIN price AS numeric(10,2)");
    connection.run("CREATE DOMAIN asking_price AS price CHECK (VALUE > 0)");
    connection.run("CREATE EXTENSION IF NOT EXISTS hstore SCHEMA foreign_types");
    connection.run("CREATE EXTENSION IF NOT EXISTS citext SCHEMA foreign_types");
  }
  ~ForeignTypes() override { connection.run("DROP SCHEMA foreign_types CASCADE"); }

  static std::string text_attribute(Statement& statement, SQLUSMALLINT column,
                                    SQLUSMALLINT attribute) {
    std::array<char, 64> value{};
    EXPECT_EQ(SQLColAttribute(statement.handle(), column, attribute, value.data(),
                              static_cast<SQLSMALLINT>(value.size()), nullptr, nullptr),
              SQL_SUCCESS)
        << statement.state();
    return value.data();
  }
  static std::string type_name(Statement& statement, SQLUSMALLINT column) {
    return text_attribute(statement, column, SQL_DESC_TYPE_NAME);
  }
  static std::string described(Statement& statement, SQLUSMALLINT column) {
    SQLSMALLINT type = 0, digits = 0;
    SQLULEN size = 0;
    EXPECT_EQ(SQLDescribeCol(statement.handle(), column, nullptr, 0, nullptr, &type, &size, &digits,
                             nullptr),
              SQL_SUCCESS);
    return std::to_string(type) + "(" + std::to_string(size) + "," + std::to_string(digits) + ")";
  }
  /// Statements the server has executed of this connection's session with pg_type in their text.
  static constexpr const char* all =
      "SELECT 'ok'::mood, ARRAY['sad']::mood[], ROW(1, 'x')::pair, ARRAY[ROW(1, 'x')::pair], "
      "9.5::asking_price, ARRAY[9.5]::price[], 'a=>1'::hstore, 'X'::citext, 5";

  Connection connection;
};

TEST_F(ForeignTypes, HaveTheirNames) {
  Statement statement(connection);
  ASSERT_EQ(statement.execute(all), SQL_SUCCESS) << statement.state();
  const char* const names[] = {"mood",   "_mood",  "pair",   "_pair", "numeric",
                               "_price", "hstore", "citext", "int4"};
  for (SQLUSMALLINT i = 0; i < std::size(names); ++i) {
    EXPECT_EQ(type_name(statement, i + 1), names[i]);
    EXPECT_EQ(text_attribute(statement, i + 1, SQL_DESC_LOCAL_TYPE_NAME), names[i]);
  }
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "ok");
  EXPECT_EQ(statement.text_of(3), "(1,x)");
  EXPECT_EQ(statement.text_of(5), "9.50");
  EXPECT_EQ(statement.text_of(7), "\"a\"=>\"1\"");
}

TEST_F(ForeignTypes, AreKnownBeforeTheExecutionToo) {
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("SELECT 'ok'::mood"), SQL_SUCCESS);
  EXPECT_EQ(type_name(statement, 1), "mood");
  EXPECT_EQ(described(statement, 1), "-9(13,0)");
}

TEST_F(ForeignTypes, AnEnumIsAsLongAsItsLongestLabelOnceKnown) {
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT 'ok'::mood"), SQL_SUCCESS);
  EXPECT_EQ(described(statement, 1), "-10(0,0)");  // nobody has asked
  EXPECT_EQ(type_name(statement, 1), "mood");
  EXPECT_EQ(described(statement, 1), "-9(13,0)");
  SQLLEN octets = 0;
  EXPECT_EQ(
      SQLColAttribute(statement.handle(), 1, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &octets),
      SQL_SUCCESS);
  EXPECT_EQ(octets, 52);
  Statement later(connection);
  ASSERT_EQ(later.execute("SELECT 'sad'::mood"), SQL_SUCCESS);
  EXPECT_EQ(described(later, 1), "-9(13,0)");
}

TEST_F(ForeignTypes, AreAskedForOnce) {
  const auto questions = [&] {
    return std::stoi(
        connection.value("SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM "
                         "pg_stat_xact_sys_tables WHERE relname = 'pg_enum'"));
  };
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  const int before = questions();
  for (int i = 0; i < 5; ++i) {
    Statement statement(connection);
    ASSERT_EQ(statement.execute("SELECT NULL::mood"), SQL_SUCCESS);
    EXPECT_EQ(type_name(statement, 1), "mood");
  }
  EXPECT_EQ(questions(), before + 1);
  SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
}

TEST_F(ForeignTypes, AreAskedForWhileTheirRowsStream) {
  Statement statement(connection);
  ASSERT_EQ(statement.execute("SELECT g, 'ok'::mood FROM generate_series(1, 50000) g"),
            SQL_SUCCESS);
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement.text_of(1), "1");
  EXPECT_EQ(type_name(statement, 2), "mood");
  EXPECT_EQ(statement.text_of(2), "ok");
  int rows = 1;
  while (statement.fetch() == SQL_SUCCESS) EXPECT_EQ(statement.text_of(1), std::to_string(++rows));
  EXPECT_EQ(rows, 50000);
}

TEST_F(ForeignTypes, InAFailedTransactionTheNumberHasToDo) {
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  Statement statement(connection), failing(connection);
  const std::string oid = connection.value("SELECT 'mood'::regtype::oid");
  ASSERT_EQ(statement.execute("SELECT 'ok'::mood FROM generate_series(1, 5000)"), SQL_SUCCESS);
  ASSERT_EQ(failing.execute("SELECT 1/0"), SQL_ERROR);
  EXPECT_EQ(type_name(statement, 1), oid);
  SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
  EXPECT_EQ(type_name(statement, 1), "mood");
  SQLCloseCursor(statement.handle());
  SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
}

TEST_F(ForeignTypes, ParametersAreDescribedByWhatTheyAre) {
  connection.run("CREATE TABLE items(m mood, p asking_price, h hstore)");
  Statement statement(connection);
  ASSERT_EQ(statement.prepare("INSERT INTO items VALUES (?, ?, ?)"), SQL_SUCCESS);
  struct Wanted {
    SQLSMALLINT type;
    SQLULEN size;
    SQLSMALLINT digits;
  };
  const Wanted wanted[] = {{SQL_WVARCHAR, 13, 0}, {SQL_DECIMAL, 10, 2}, {SQL_WLONGVARCHAR, 0, 0}};
  for (SQLUSMALLINT i = 1; i <= 3; ++i) {
    SQLSMALLINT type = 0, digits = 0;
    SQLULEN size = 0;
    ASSERT_EQ(SQLDescribeParam(statement.handle(), i, &type, &size, &digits, nullptr), SQL_SUCCESS);
    EXPECT_EQ(type, wanted[i - 1].type) << i;
    EXPECT_EQ(size, wanted[i - 1].size) << i;
    EXPECT_EQ(digits, wanted[i - 1].digits) << i;
  }
}

TEST_F(ForeignTypes, TheCatalogSaysTheSame) {
  connection.run("CREATE TABLE items(m mood, p asking_price, h hstore, c mood[], n int)");
  Statement statement(connection);
  ASSERT_EQ(SQLColumns(statement.handle(), nullptr, 0, text("foreign\\_types"), SQL_NTS,
                       text("items"), SQL_NTS, nullptr, 0),
            SQL_SUCCESS)
      << statement.records().front().message;
  std::string found;
  while (statement.fetch() == SQL_SUCCESS)
    found += *statement.text_of(4) + " " + *statement.text_of(6) + " " + *statement.text_of(5) +
             " " + *statement.text_of(7) + "; ";
  EXPECT_EQ(found,
            "m mood -9 13; p numeric 3 10; h hstore -10 2147483647; c _mood -10 2147483647; n int4 "
            "4 10; ");
}

}  // namespace
