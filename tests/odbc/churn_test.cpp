// SPDX-License-Identifier: Apache-2.0
// The same again and again: connections and statements come and go by the thousand while memory and
// descriptors stay where they are. AURODBC_TEST_CHURN gives another number of connections.
#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

int open_descriptors() {
  int count = 0;
  DIR* const folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

/// Resident memory in kilobytes.
long resident() {
  long pages = 0, kept = 0;
  FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &pages, &kept) != 2) kept = -1;
  if (file != nullptr) std::fclose(file);
  return kept * (sysconf(_SC_PAGESIZE) / 1024);
}

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int default_connections = 60, executions = 2000;
constexpr long allowed_kilobytes = 400'000;  // quarantines and shadows grow by themselves
#else
constexpr int default_connections = 1000, executions = 10'000;
constexpr long allowed_kilobytes = 6'000;
#endif

int connections() {
  const char* given = std::getenv("AURODBC_TEST_CHURN");
  return given == nullptr ? default_connections : std::atoi(given);
}

TEST(Churn, ConnectionsLeaveNeitherMemoryNorDescriptors) {
  const auto once = [] {
    Connection connection("sslmode=disable");
    EXPECT_EQ(connection.value("SELECT 1"), "1");
  };
  for (int i = 0; i < 30; ++i) once();
  const int descriptors = open_descriptors();
  const long memory = resident();
  for (int i = 0; i < connections(); ++i) once();
  EXPECT_LE(open_descriptors(), descriptors + 2);
  EXPECT_LE(resident(), memory + allowed_kilobytes);
  RecordProperty("grown_kilobytes", static_cast<int>(resident() - memory));
}

TEST(Churn, FailedConnectsLeaveNeitherMemoryNorDescriptors) {
  const auto once = [] {
    Connection connection(Connection::Closed{});
    EXPECT_EQ(connection.open(driver() + "PWD=wrong;" + server()), SQL_ERROR);
    EXPECT_EQ(connection.state(), "28000");
  };
  for (int i = 0; i < 20; ++i) once();
  const int descriptors = open_descriptors();
  const long memory = resident();
  for (int i = 0; i < connections() / 10; ++i) once();
  EXPECT_LE(open_descriptors(), descriptors + 2);
  EXPECT_LE(resident(), memory + allowed_kilobytes);
}

TEST(Churn, StatementsLeaveNeitherMemoryNorDescriptors) {
  Connection connection;
  const auto once = [&](int i) {
    Statement statement(connection);
    SQLINTEGER number = i;
    ASSERT_EQ(statement.prepare("SELECT " + cast_parameter(engine_sql().integer) + " + " +
                                std::to_string(i % 50)),
              SQL_SUCCESS);
    statement.bind(1, number);
    ASSERT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS) << statement.state();
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS);
  };
  for (int i = 0; i < 500; ++i) once(i);
  const int descriptors = open_descriptors();
  const long memory = resident();
  for (int i = 0; i < executions; ++i) once(i);
  EXPECT_LE(open_descriptors(), descriptors);
  EXPECT_LE(resident(), memory + allowed_kilobytes);
  EXPECT_LT(std::stoi(connection.value(std::string(engine_sql().prepared))), 100);
}

TEST(Churn, DescriptorsOfOneConnectionLeaveNoMemory) {
  Connection connection;
  const auto once = [&] {
    SQLHANDLE descriptor = SQL_NULL_HANDLE;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DESC, connection.handle(), &descriptor), SQL_SUCCESS);
    ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
  };
  for (int i = 0; i < 100; ++i) once();
  const long memory = resident();
  for (int i = 0; i < executions; ++i) once();
  EXPECT_LE(resident(), memory + allowed_kilobytes);
}

}  // namespace
