// SPDX-License-Identifier: Apache-2.0
// The profiles.
#include "tests/support/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "tests/support/odbc.h"

namespace odbc_test {
namespace {

constexpr std::string_view postgres_types[] = {"int PRIMARY KEY",
                                               "varchar(20) DEFAULT 'x'",
                                               "numeric(10,2)",
                                               "timestamp(3)",
                                               "text",
                                               "bytea",
                                               "boolean",
                                               "uuid",
                                               "bigint",
                                               "char(7)",
                                               "double precision",
                                               "date",
                                               "time(2)",
                                               "smallint",
                                               "real"};

// What every MySQL since 5.6 knows, and behind it what only MariaDB does.
constexpr std::size_t mariadb_only = 4;
constexpr std::string_view mysql_types[] = {"int unsigned AUTO_INCREMENT PRIMARY KEY",
                                            "varchar(20) DEFAULT 'x'",
                                            "decimal(10,2)",
                                            "decimal(10,2) unsigned",
                                            "decimal(5,0)",
                                            "datetime(3)",
                                            "datetime(6)",
                                            "timestamp NULL",
                                            "longtext",
                                            "tinytext",
                                            "longblob",
                                            "tinyblob",
                                            "bit(1)",
                                            "bit(13)",
                                            "tinyint(1)",
                                            "tinyint unsigned",
                                            "bigint",
                                            "bigint unsigned",
                                            "mediumint",
                                            "int zerofill",
                                            "char(7)",
                                            "varchar(9) CHARACTER SET latin1",
                                            "binary(5)",
                                            "varbinary(6)",
                                            "float",
                                            "float(7,2)",
                                            "double",
                                            "double(9,3)",
                                            "date",
                                            "time",
                                            "time(2)",
                                            "year",
                                            "enum('a','it''s','\xC3\xBC\xC3\xBC\xC3\xBC')",
                                            "set('one','two','it''s)')",
                                            "geometry",
                                            "point",
                                            "smallint",
                                            "json",
                                            "uuid",
                                            "inet6",
                                            "inet4"};

constexpr std::array profiles = {
    Profile{"postgres", "pg", "PostgreSQL", "PostgreSQL", "AURODBC_TEST_PG", "current_database()",
            "current_user", "public", "pg_class", "SYSTEM TABLE",
            "SELECT g FROM generate_series(1, 3) g", "\"", "$1", postgres_types, &postgres_sql},
    Profile{"mariadb", "mysql", "MariaDB", "MariaDB client", "AURODBC_TEST_MARIADB", "database()",
            "substring_index(user(), '@', 1)", "", "tables", "SYSTEM VIEW",
            "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", "`", "?", mysql_types, &mariadb_sql},
    Profile{"mysql56", "mysql", "MySQL", "MariaDB client", "AURODBC_TEST_MYSQL56", "database()",
            "substring_index(user(), '@', 1)", "", "tables", "SYSTEM VIEW",
            "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", "`", "?",
            Declarations(mysql_types).first(std::size(mysql_types) - mariadb_only), &mysql_sql},
};

std::string braced(std::string_view value) {
  std::string out = "{";
  for (const char c : value) out.append(c == '}' ? 2 : 1, c);
  return out + "}";
}

/// A server that cannot be had skips its tests, and each says why. By the exit code:
/// GoogleTest 1.12 counts what an Environment skips as passed.
class ServerIsHere : public testing::Environment {
 public:
  void SetUp() override {
    if (const char* why = std::getenv((std::string(profile().variables) + "_MISSING").c_str()))
      skip(why);
  }

 private:
  [[noreturn]] static void skip(const char* why) {
    constexpr int skipped = 77;  // SKIP_RETURN_CODE in tests/CMakeLists.txt
    std::puts(why);
    std::exit(skipped);
  }
};
[[maybe_unused]] const auto* const server_is_here =
    testing::AddGlobalTestEnvironment(new ServerIsHere);

/// Of a connection string, by the variable's name: "PASSWORD" is PWD too.
std::string keyword_of(std::string_view string, std::string_view variable) {
  constexpr std::pair<std::string_view, std::string_view> aliases[] = {
      {"HOST", "SERVER"}, {"USER", "UID"}, {"PASSWORD", "PWD"}};
  while (!string.empty()) {
    const std::size_t equals = std::min(string.find('='), string.size());
    std::string keyword(string.substr(0, equals));
    std::transform(keyword.begin(), keyword.end(), keyword.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const auto& [name, alias] : aliases)
      if (keyword == alias) keyword = name;
    string.remove_prefix(std::min(equals + 1, string.size()));
    std::string value;
    if (string.starts_with('{')) {
      std::size_t i = 1;
      for (; i < string.size() && (string[i] != '}' || string.substr(i, 2) == "}}"); ++i) {
        value += string[i];
        if (string[i] == '}') ++i;
      }
      string.remove_prefix(std::min(i, string.size()));
    } else {
      value = string.substr(0, string.find(';'));
    }
    string.remove_prefix(std::min(string.find(';'), string.size() - 1) + (string.empty() ? 0 : 1));
    if (keyword == variable) return value;
  }
  return {};
}

}  // namespace

const Profile& profile() {
  const char* wanted = std::getenv("AURODBC_TEST_PROFILE");
  const std::string_view name = wanted == nullptr ? "postgres" : wanted;
  for (const Profile& one : profiles)
    if (one.name == name) return one;
  ADD_FAILURE() << "AURODBC_TEST_PROFILE: there is no profile " << name;
  std::exit(1);
}

std::string profile_variable(std::string_view name) {
  if (const char* any = std::getenv("AURODBC_TEST_SERVER")) return keyword_of(any, name);
  return required_environment((std::string(profile().variables) + "_").append(name).c_str());
}

std::string profile_server() {
  const std::string more = profile().mysql() ? ";multi_statements=1" : "";
  if (const char* any = std::getenv("AURODBC_TEST_SERVER")) return any + more;
  if (const char* whole = std::getenv(std::string(profile().variables).c_str())) return whole;
  return "engine=" + std::string(profile().engine) + ";host=" + profile_variable("HOST") +
         ";port=" + profile_variable("PORT") + ";UID=" + profile_variable("USER") +
         ";PWD=" + braced(profile_variable("PASSWORD")) +
         ";database=" + profile_variable("DATABASE") + more;
}

}  // namespace odbc_test
