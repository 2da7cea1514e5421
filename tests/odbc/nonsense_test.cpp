// SPDX-License-Identifier: Apache-2.0
// Nonsense in every argument: null pointers and zeros for every exported function, connection
// strings made by chance, texts that are no text. Past the driver manager. Refused, never a crash.
#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <string_view>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

using AnyFunction = SQLRETURN(SQLHANDLE, std::intptr_t, std::intptr_t, std::intptr_t, std::intptr_t,
                              std::intptr_t, std::intptr_t, std::intptr_t, std::intptr_t,
                              std::intptr_t, std::intptr_t, std::intptr_t);

std::vector<std::string> exported_functions() {
  std::ifstream list(required_environment("AURODBC_SOURCE_DIR") + "/tests/structure/exports.txt");
  std::vector<std::string> names;
  for (std::string line; std::getline(list, line);)
    if (line.starts_with("SQL")) names.push_back(line);
  return names;
}

/// Their second argument is a number; elsewhere a small number would be a wild pointer.
constexpr std::array<std::string_view, 16> with_number = {
    "SQLGetData",      "SQLBindCol",       "SQLDescribeCol",   "SQLDescribeColW",
    "SQLColAttribute", "SQLColAttributeW", "SQLGetInfo",       "SQLGetInfoW",
    "SQLFetchScroll",  "SQLGetTypeInfo",   "SQLDescribeParam", "SQLBindParameter",
    "SQLSetPos",       "SQLGetFunctions",  "SQLGetDescRec",    "SQLSetDescField"};

TEST(Nonsense, NullsAndZerosForEveryFunctionAndHandleAreBorne) {
  const auto names = exported_functions();
  ASSERT_GT(names.size(), 60U);
  Direct direct;
  auto* execute = direct.library().get(SQLExecDirect, "SQLExecDirect");
  for (const std::string& name : names) {
    if (name == "SQLFreeHandle" || name == "SQLFreeStmt" || name == "SQLDisconnect") continue;
    auto* function = direct.library().get(static_cast<AnyFunction*>(nullptr), name.c_str());
    ASSERT_NE(function, nullptr) << name;
    for (const std::intptr_t number : {0, 1, 2, 3}) {
      if (number != 0 &&
          std::find(with_number.begin(), with_number.end(), name) == with_number.end())
        continue;
      for (const bool with_rows : {false, true}) {
        direct.renew_statement();
        if (with_rows) execute(direct.statement(), text("SELECT 1, 'a'"), SQL_NTS);
        for (SQLHANDLE handle : {direct.statement(), direct.connection(), SQLHANDLE{}})
          function(handle, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      }
    }
  }
  direct.renew_statement();
  EXPECT_EQ(execute(direct.statement(), text("SELECT 1"), SQL_NTS), SQL_SUCCESS) << direct.state();
}

/// A string of pieces that mean something to a connection string, and of bytes that mean nothing.
std::string by_chance(std::minstd_rand& random) {
  static constexpr std::array<const char*, 30> pieces = {
      "PWD=",    "UID=",         "{",
      "}",       "}}",           ";",
      "=",       ";;",           "port=",
      "70000",   "engine",       "=pg;",
      "host=",   "127.0.0.1",    "::1",
      "DSN=",    "DRIVER=",      "\xff\xfe",
      "é",       "plugins=",     "failover,",
      " ",       "\t",           "\n",
      "sslmode", "=verify-full", "connect_timeout=",
      "1e9",     "-1",           "%s%n"};
  std::string string;
  const auto count = random() % 24;
  for (unsigned i = 0; i < count; ++i)
    string += random() % 8 == 0 ? std::string(1, static_cast<char>(random()))
                                : pieces[random() % pieces.size()];
  return string;
}

class ConnectionStrings : public testing::Test {
 protected:
  ConnectionStrings() {
    auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
    alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    alloc(SQL_HANDLE_DBC, environment, &connection);
  }
  ~ConnectionStrings() override {
    auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
    free_handle(SQL_HANDLE_DBC, connection);
    free_handle(SQL_HANDLE_ENV, environment);
  }
  /// Closes again what should not have been opened.
  void close_after(SQLRETURN code) {
    if (SQL_SUCCEEDED(code)) library.get(SQLDisconnect, "SQLDisconnect")(connection);
  }
  const Library library;
  SQLHANDLE environment = SQL_NULL_HANDLE, connection = SQL_NULL_HANDLE;
};

TEST_F(ConnectionStrings, MadeByChanceAreRefused) {
  std::minstd_rand random(4711);
  std::array<SQLCHAR, 40> out{};
  std::array<SQLWCHAR, 40> wide_out{};
  SQLSMALLINT length = 0;
  for (int i = 0; i < 2000; ++i) {
    // Nobody listens there; without a port the default one could answer.
    std::string string = "port=1;host=127.0.0.1;" + by_chance(random);
    if (i % 3 == 0) string = by_chance(random) + ";port=1;host=127.0.0.1";
    close_after(library.get(SQLDriverConnect, "SQLDriverConnect")(
        connection, nullptr, text(string), static_cast<SQLSMALLINT>(string.size()), out.data(),
        static_cast<SQLSMALLINT>(random() % out.size()), &length, SQL_DRIVER_NOPROMPT));
    std::u16string units_of = wide(string);
    if (!units_of.empty() && i % 2 == 0)
      units_of[random() % units_of.size()] = static_cast<char16_t>(0xD800 + random() % 0x800);
    close_after(library.get(SQLDriverConnectW, "SQLDriverConnectW")(
        connection, nullptr, units(units_of), static_cast<SQLSMALLINT>(units_of.size()),
        wide_out.data(), static_cast<SQLSMALLINT>(random() % wide_out.size()), &length,
        SQL_DRIVER_NOPROMPT));
  }
}

TEST_F(ConnectionStrings, PasswordsOf200000CharactersAreJustWrong) {
  auto* connect = library.get(SQLDriverConnect, "SQLDriverConnect");
  std::string string = "PWD={" + std::string(200'000, 'x') + "};" + server();
  EXPECT_EQ(
      connect(connection, nullptr, text(string), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT),
      SQL_ERROR);
  std::u16string wide_string = wide("PWD={" + std::string(200'000, 'x') + "};port=1;UID=u");
  EXPECT_EQ(library.get(SQLDriverConnectW, "SQLDriverConnectW")(
                connection, nullptr, units(wide_string), SQL_NTS, nullptr, 0, nullptr,
                SQL_DRIVER_NOPROMPT),
            SQL_ERROR);
}

TEST(Nonsense, TextsWithNulsAndBrokenCharactersFailAloneOrArriveWhole) {
  Direct direct;
  auto* execute = direct.library().get(SQLExecDirect, "SQLExecDirect");
  auto* execute_wide = direct.library().get(SQLExecDirectW, "SQLExecDirectW");
  std::minstd_rand random(42);
  for (int i = 0; i < 400; ++i) {
    std::string bytes = "SELECT '";
    for (unsigned n = random() % 20; n > 0; --n) bytes += static_cast<char>(random());
    if (random() % 2 == 0) bytes += "'";
    execute(direct.statement(), text(bytes), static_cast<SQLINTEGER>(bytes.size()));
    direct.library().get(SQLFreeStmt, "SQLFreeStmt")(direct.statement(), SQL_CLOSE);
    std::u16string wide_text = u"SELECT '";
    for (unsigned n = random() % 20; n > 0; --n) wide_text += static_cast<char16_t>(random());
    execute_wide(direct.statement(), units(wide_text), static_cast<SQLINTEGER>(wide_text.size()));
    direct.library().get(SQLFreeStmt, "SQLFreeStmt")(direct.statement(), SQL_CLOSE);
  }
  EXPECT_EQ(execute(direct.statement(), text("SELECT 1"), SQL_NTS), SQL_SUCCESS) << direct.state();
}

}  // namespace
