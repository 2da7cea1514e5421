// SPDX-License-Identifier: Apache-2.0
// No password leaves the driver: not in messages, not in the completed connection string, not in
// the log at its most talkative, whatever goes wrong. Also: numbers do not follow the locale.
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include <array>
#include <clocale>
#include <fstream>
#include <iterator>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

/// The password Xy7}hid;den="Zq as the grammar wants it.
constexpr const char* secret_in_braces = "{Xy7}}hid;den=\"Zq}";
/// What must not be seen of it, even cut or requoted.
constexpr std::array<const char*, 2> traces = {"Xy7", "den=\"Zq"};

/// All that the driver says of one connect.
class Secrets : public testing::Test {
 protected:
  static std::string log_file() { return "/tmp/aurodbc-secrets-" + std::to_string(getpid()); }
  static void TearDownTestSuite() { unlink(log_file().c_str()); }
  static std::string log_options() { return "log_level=trace;log_file=" + log_file() + ";"; }

  void note(const std::vector<Diagnostic>& records) {
    for (const Diagnostic& record : records) said_ += record.message + "\n";
  }
  void connect(const std::string& string) {
    Connection connection(Connection::Closed{});
    std::array<SQLCHAR, 4096> out{};
    SQLSMALLINT length = 0;
    std::string in = driver() + log_options() + string;
    SQLDriverConnect(connection.handle(), nullptr, text(in), SQL_NTS, out.data(), out.size(),
                     &length, SQL_DRIVER_NOPROMPT);
    said_ += "#" + std::string(reinterpret_cast<char*>(out.data())) + "\n";
    note(connection.records());
  }
  void expect_no_trace() {
    std::ifstream log(log_file());
    said_ += std::string(std::istreambuf_iterator<char>(log), {});
    EXPECT_NE(said_.find("> SQL"), std::string::npos) << "nothing was logged";
    for (const char* trace : traces) {
      const auto at = said_.find(trace);
      EXPECT_EQ(at, std::string::npos)
          << trace << " in: " << said_.substr(at > 80 ? at - 80 : 0, 200);
    }
  }

 private:
  std::string said_;
};

TEST_F(Secrets, OfFailedConnectsStayHidden) {
  const std::string pwd = std::string("PWD=") + secret_in_braces + ";";
  const std::string without = "UID=nobody;engine=" + std::string(profile().engine) +
                              ";host=127.0.0.1;port=" + profile_variable("PORT") +
                              ";database=test;";
  for (const std::string& string :
       {pwd + without, pwd + "port=1;" + without, pwd + "host=no.such.host.invalid;" + without,
        pwd + "sslmode=perhaps;" + without, pwd + "port=many;" + without,
        pwd + "engine=none;" + without, pwd + "plugins=none_of_these;" + without,
        // malformed, with the password inside
        "PWD={Xy7}hid;den=\"Zq};" + without, "PWD={Xy7;den=\"Zq;" + without,
        without + "PWD={Xy7den=\"Zq", "PWD Xy7;" + without, "=Xy7;" + without,
        without + ";PWD={Xy7}den=\"Zq", "passwort={Xy7}den=\"Zq;" + without,
        "password=" + std::string(secret_in_braces) + ";PWD=other;" + without,
        "sslpassword=" + std::string(secret_in_braces) + ";sslkey=/none;sslcert=/none;" + without})
    connect(string);
  expect_no_trace();
}

TEST_F(Secrets, OfStatementsStayOutOfTheLogAndTheRightPasswordOutOfTheString) {
  Connection connection(Connection::Closed{});
  ASSERT_TRUE(SQL_SUCCEEDED(connection.open(driver() + log_options() + server())));
  for (const char* sql :
       {"ALTER ROLE nobody PASSWORD 'Xy7den=\"Zq'", "CREATE ROLE app PASSWORD 'Xy7den=\"Zq'",
        "ALTER USER nobody WITH ENCRYPTED PASSWORD $$Xy7den=\"Zq$$",
        "CREATE USER MAPPING FOR app SERVER none OPTIONS (user 'a', password 'Xy7den=\"Zq')"}) {
    Statement statement(connection);
    statement.execute(sql);
  }
  expect_no_trace();
}

/// glibc 2.36 never frees the path it makes of LOCPATH.
struct LeaksOfOthers {
#ifdef __SANITIZE_ADDRESS__
  LeaksOfOthers() { __lsan_disable(); }
  ~LeaksOfOthers() { __lsan_enable(); }
#else
  ~LeaksOfOthers() {}  // NOLINT(modernize-use-equals-default): the variable has a use
#endif
};

class Locale : public testing::Test {
 protected:
  ~Locale() override {
    unsetenv("LOCPATH");
    std::setlocale(LC_ALL, "C");
    [[maybe_unused]] const int status = std::system(("rm -rf " + folder_).c_str());
  }
  /// Debian installs no locale but C: de_DE is made here.
  bool choose_decimal_comma() {
    [[maybe_unused]] const int status =
        std::system(("mkdir -p " + folder_ + " && localedef -i de_DE -f UTF-8 " + folder_ +
                     "/de_DE.UTF-8 2>/dev/null")
                        .c_str());
    setenv("LOCPATH", folder_.c_str(), 1);
    const LeaksOfOthers ignored;
    return std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
  }

 private:
  const std::string folder_ = "/tmp/aurodbc-locale-" + std::to_string(getpid());
};

TEST_F(Locale, WithADecimalCommaChangesNoNumber) {
  ASSERT_TRUE(choose_decimal_comma()) << "localedef could not make de_DE";
  ASSERT_STREQ(std::localeconv()->decimal_point, ",");
  Connection connection(Connection::Closed{});
  {
    const LeaksOfOthers ignored;  // libraries behind the driver set the locale when they are loaded
    ASSERT_EQ(connection.open(connection_string()), SQL_SUCCESS) << connection.state();
  }
  Statement statement(connection);
  double given = 1234567.25, back = 0;
  SQLLEN length = 0;
  ASSERT_EQ(statement.prepare("SELECT CAST(? AS " + std::string(engine_sql().real) +
                              "), CAST(? AS decimal(12,3)), 0.5"),
            SQL_SUCCESS);
  for (const SQLUSMALLINT number : {1, 2})
    SQLBindParameter(statement.handle(), number, SQL_PARAM_INPUT, SQL_C_DOUBLE,
                     number == 1 ? SQL_DOUBLE : SQL_DECIMAL, 12, 3, &given, 0, nullptr);
  ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
  ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  EXPECT_EQ(SQLGetData(statement.handle(), 1, SQL_C_DOUBLE, &back, 0, &length), SQL_SUCCESS);
  EXPECT_EQ(back, given);
  EXPECT_EQ(statement.text_of(2), "1234567.250");
  EXPECT_EQ(SQLGetData(statement.handle(), 3, SQL_C_DOUBLE, &back, 0, &length), SQL_SUCCESS);
  EXPECT_EQ(back, 0.5);
}

}  // namespace
