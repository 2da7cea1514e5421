// SPDX-License-Identifier: Apache-2.0
// Connecting: strings, out-strings, wrong passwords, long passwords, and what a failure says.
#include <array>
#include <chrono>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;

struct Completed {
  SQLRETURN code;
  std::string string;
  SQLSMALLINT length;
};

Completed complete(Connection& connection, std::string in, SQLSMALLINT capacity = 1024) {
  std::array<SQLCHAR, 1024> out{};
  SQLSMALLINT length = -1;
  const SQLRETURN code = SQLDriverConnect(connection.handle(), nullptr, text(in), SQL_NTS,
                                          out.data(), capacity, &length, SQL_DRIVER_COMPLETE);
  return {code, reinterpret_cast<const char*>(out.data()), length};
}

TEST(Connect, OutStringMakesTheSameConnectionAgain) {
  Connection first(Connection::Closed{});
  const Completed completed = complete(first, connection_string());
  ASSERT_EQ(completed.code, SQL_SUCCESS) << first.state();
  EXPECT_EQ(completed.length, static_cast<SQLSMALLINT>(completed.string.size()));
  EXPECT_NE(completed.string.find("DRIVER="), std::string::npos);
  EXPECT_NE(completed.string.find("PWD="), std::string::npos) << "it came in this string";
  Connection second(Connection::Closed{});
  EXPECT_EQ(second.open(completed.string), SQL_SUCCESS) << completed.string;
  EXPECT_EQ(second.value("SELECT 1"), "1");
}

TEST(Connect, CutOutStringIs01004WithTheWholeLength) {
  Connection connection(Connection::Closed{});
  const Completed completed = complete(connection, connection_string(), 10);
  EXPECT_EQ(completed.code, SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(connection.state(), "01004");
  EXPECT_EQ(completed.string.size(), 9U);
  EXPECT_GT(completed.length, 10);
}

TEST(Connect, UnknownKeywordWarnsAndConnects) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(connection_string("nonsense=1")), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(connection.state(), "01S00");
}

TEST(Connect, WrongPasswordIs28000) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(driver() + "PWD=wrong;" + server()), SQL_ERROR);
  EXPECT_EQ(connection.state(), "28000");
  EXPECT_EQ(connection.records().front().message.find("wrong;"), std::string::npos);
}

TEST(Connect, PasswordOf32000CharactersIsJustAWrongPassword) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(driver() + "PWD={" + std::string(32000, 'x') + "};" + server()),
            SQL_ERROR);
  EXPECT_EQ(connection.state(), "28000");
}

TEST(Connect, NobodyListeningIs08001) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(driver() + "port=1;" + server()), SQL_ERROR);
  EXPECT_EQ(connection.state(), "08001");
  EXPECT_EQ(connection.records().front().message.rfind("[aurodbc][", 0), 0U);
}

TEST(Connect, BadOptionValueIsHY024AndNamesTheKeyword) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(connection_string("topology_refresh_ms=soon")), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY024");
  EXPECT_NE(connection.records().front().message.find("topology_refresh_ms"), std::string::npos);
}

TEST(Connect, DamagedStringIsAnErrorWithoutTheValue) {
  Connection connection(Connection::Closed{});
  EXPECT_EQ(connection.open(connection_string("PWD2={secret")), SQL_ERROR);
  EXPECT_EQ(connection.records().front().message.find("secret"), std::string::npos);
}

TEST(Connect, LoginTimeoutIsHYT00AndInTime) {
  Connection connection(Connection::Closed{});
  ASSERT_EQ(connection.set(SQL_ATTR_LOGIN_TIMEOUT, 1), SQL_SUCCESS);
  const auto began = std::chrono::steady_clock::now();
  // TEST-NET-1 (RFC 5737): nobody answers, or the route refuses at once.
  EXPECT_EQ(connection.open(driver() + "host=192.0.2.1;" + server()), SQL_ERROR);
  EXPECT_TRUE(connection.state() == "HYT00" || connection.state() == "08001") << connection.state();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
}

TEST(Connect, LoginTimeoutEndsALoginThatNobodyAnswers) {
  const throttle::SilentServer silent;
  Connection connection(Connection::Closed{});
  ASSERT_EQ(connection.set(SQL_ATTR_LOGIN_TIMEOUT, 1), SQL_SUCCESS);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(connection.open(driver() + "host=127.0.0.1;port=" + std::to_string(silent.port()) +
                            ";plugins=none;" + server()),
            SQL_ERROR);
  EXPECT_EQ(connection.state(), "HYT00");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
}

TEST(Connect, SecondConnectOnAnOpenHandleIs08002) {
  Connection connection;
  EXPECT_EQ(connection.open(connection_string()), SQL_ERROR);
  EXPECT_EQ(connection.state(), "08002");
}

TEST(Connect, FailedConnectLeavesAHandleThatConnects) {
  Connection connection(Connection::Closed{});
  ASSERT_EQ(connection.open(driver() + "PWD=wrong;" + server()), SQL_ERROR);
  EXPECT_EQ(connection.open(connection_string()), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT 1"), "1");
}

TEST(Connect, WideConnectionStringCarriesCharactersBeyondAscii) {
  Connection connection(Connection::Closed{});
  const std::string narrow = connection_string("application_name=caf\xC3\xA9");
  std::u16string in;
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    const auto c = static_cast<unsigned char>(narrow[i]);
    if (c < 0x80) {
      in += static_cast<char16_t>(c);
    } else {  // the two-byte sequences of Latin-1 letters are all that occurs
      in += static_cast<char16_t>(((c & 0x1FU) << 6U) |
                                  (static_cast<unsigned char>(narrow[++i]) & 0x3FU));
    }
  }
  std::array<SQLWCHAR, 1024> out{};
  SQLSMALLINT length = 0;
  ASSERT_EQ(SQLDriverConnectW(connection.handle(), nullptr, units(in), SQL_NTS, out.data(),
                              out.size(), &length, SQL_DRIVER_NOPROMPT),
            SQL_SUCCESS)
      << connection.state();
  const std::u16string back(reinterpret_cast<const char16_t*>(out.data()),
                            static_cast<std::size_t>(length));
  EXPECT_NE(back.find(u"caf\u00e9"), std::u16string::npos);
}

TEST(Connect, DisconnectWithAnOpenTransactionIs25000AndKeepsIt) {
  Connection connection;
  Given table(connection);
  table.column("a int").row("1");
  ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
  connection.run("DELETE FROM " + table.name());
  EXPECT_EQ(SQLDisconnect(connection.handle()), SQL_ERROR);
  EXPECT_EQ(connection.state(), "25000");
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "0");
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK), SQL_SUCCESS);
  EXPECT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON), SQL_SUCCESS);
  EXPECT_EQ(connection.value("SELECT count(*) FROM " + table.name()), "1");
}

}  // namespace
