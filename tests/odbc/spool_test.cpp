// SPDX-License-Identifier: Apache-2.0
// What becomes of a streaming result when something else needs its link.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

std::string rows_to(int last) { return "SELECT g, repeat('x', g % 50) FROM " + series(1, last); }

// The rest of rows_to(rows), of which `before` rows were fetched.
void expect_rest(Statement& statement, int before, int rows) {
  int row = before;
  SQLRETURN code = SQL_SUCCESS;
  while ((code = statement.fetch()) == SQL_SUCCESS) {
    ++row;
    ASSERT_EQ(statement.text_of(1), std::to_string(row));
    ASSERT_EQ(statement.text_of(2)->size(), static_cast<std::size_t>(row % 50));
  }
  EXPECT_EQ(code, SQL_NO_DATA) << statement.state();
  EXPECT_EQ(row, rows);
}

std::string first_message(const Statement& statement) {
  const auto records = statement.records();
  return records.empty() ? std::string() : records[0].message;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

long resident_kb() {
  std::ifstream file("/proc/self/statm");
  long pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

TEST(Spool, ASecondStatementACatalogCallAndACommitLeaveTheStreamWhole) {
  Connection connection("spool_memory=64k");
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  Statement streaming(connection), other(connection);
  ASSERT_EQ(streaming.execute(rows_to(50000)), SQL_SUCCESS);
  for (int row = 0; row < 10; ++row) ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  ASSERT_EQ(other.execute("SELECT 42"), SQL_SUCCESS) << first_message(other);
  ASSERT_EQ(other.fetch(), SQL_SUCCESS);
  EXPECT_EQ(other.text_of(1), "42");
  SQLFreeStmt(other.handle(), SQL_CLOSE);
  ASSERT_EQ(
      SQLTables(other.handle(), nullptr, 0, nullptr, 0, text("no such table"), SQL_NTS, nullptr, 0),
      SQL_SUCCESS)
      << first_message(other);
  ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(streaming.text_of(1), "10") << "the current row stays readable";
  expect_rest(streaming, 10, 50000);
}

TEST(Spool, SeveralResultsOfOneTextAreSetAsideInOrder) {
  Connection connection("spool_memory=0");
  Statement streaming(connection), other(connection);
  ASSERT_EQ(streaming.execute(rows_to(3000) + "; SELECT 'between'; " + rows_to(2000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS) << first_message(other);
  expect_rest(streaming, 1, 3000);
  ASSERT_EQ(SQLMoreResults(streaming.handle()), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  EXPECT_EQ(streaming.text_of(1), "between");
  ASSERT_EQ(SQLMoreResults(streaming.handle()), SQL_SUCCESS);
  expect_rest(streaming, 0, 2000);
  EXPECT_EQ(SQLMoreResults(streaming.handle()), SQL_NO_DATA);
}

TEST(Spool, BeyondTheLimitTheSecondStatementFailsAndTheStreamGoesOn) {
  for (const char* limit : {"0", "1", "2", "3", "17", "100", "1000", "5k", "70k", "300k"}) {
    Connection connection("spool_memory=8k;spool_limit=" + std::string(limit));
    Statement streaming(connection), other(connection);
    ASSERT_EQ(streaming.execute(rows_to(20000)), SQL_SUCCESS);
    ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
    for (int attempt = 0; attempt < 2; ++attempt) {
      EXPECT_EQ(other.execute("SELECT 1"), SQL_ERROR) << limit;
      EXPECT_EQ(other.state(), "HY013") << first_message(other);
      EXPECT_NE(first_message(other).find("they exceed spool_limit"), std::string::npos);
    }
    EXPECT_EQ(streaming.text_of(1), "1");
    expect_rest(streaming, 1, 20000);
    ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS) << "the link is free and sound";
  }
}

TEST(Spool, ACommitThatFindsNoRoomCommitsNothingAndMayBeRepeated) {
  Connection connection("spool_limit=1k"), witness;
  Given table(witness);
  table.column("a int");
  const std::string name = table.name();
  connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  connection.run("INSERT INTO " + name + " VALUES (1)");
  Statement streaming(connection);
  ASSERT_EQ(streaming.execute(rows_to(20000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY013");
  EXPECT_EQ(witness.value("SELECT count(*) FROM " + name), "0");
  expect_rest(streaming, 1, 20000);
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_SUCCESS);
  EXPECT_EQ(witness.value("SELECT count(*) FROM " + name), "1");
}

TEST(Spool, ADirectoryThatCannotBeUsedIsNamedWhenItIsNeeded) {
  Connection connection("spool_memory=8k;spool_dir=/proc/no/such/place");
  Statement streaming(connection), other(connection);
  ASSERT_EQ(streaming.execute(rows_to(10)), SQL_SUCCESS);
  ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS) << "little needs no file";
  SQLFreeStmt(streaming.handle(), SQL_CLOSE);
  SQLFreeStmt(other.handle(), SQL_CLOSE);
  ASSERT_EQ(streaming.execute(rows_to(20000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  EXPECT_EQ(other.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(other.state(), "HY013");
  EXPECT_NE(first_message(other).find("spool_dir '/proc/no/such/place': No such file or directory"),
            std::string::npos)
      << first_message(other);
  expect_rest(streaming, 1, 20000);
}

/// A small file system of its own; the suite's mount namespace is private.
class SmallDisk {
 public:
  explicit SmallDisk(unsigned long flags) {
    char place[] = "/tmp/aurodbc-disk-XXXXXX";
    directory_ = ::mkdtemp(place);
    EXPECT_EQ(::mount("tmpfs", directory_.c_str(), "tmpfs", flags, "size=128k"), 0);
  }
  ~SmallDisk() {
    ::umount(directory_.c_str());
    ::rmdir(directory_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
};

TEST(Spool, AFullDiskAndAReadOnlyOneFailTheSecondStatementOnly) {
  struct Case {
    unsigned long flags;
    const char* reason;
  };
  for (const Case& bad :
       {Case{0, "No space left on device"}, Case{MS_RDONLY, "Read-only file system"}}) {
    const SmallDisk disk(bad.flags);
    Connection connection("spool_memory=8k;spool_dir=" + disk.directory());
    Statement streaming(connection), other(connection);
    ASSERT_EQ(streaming.execute(rows_to(20000)), SQL_SUCCESS);
    ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
    for (int attempt = 0; attempt < 2; ++attempt) {
      EXPECT_EQ(other.execute("SELECT 1"), SQL_ERROR);
      EXPECT_EQ(other.state(), "HY013");
      EXPECT_NE(first_message(other).find(bad.reason), std::string::npos) << first_message(other);
      EXPECT_NE(first_message(other).find(disk.directory()), std::string::npos);
    }
    expect_rest(streaming, 1, 20000);
    ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS) << first_message(other);
  }
}

TEST(Spool, MoreResultsInTheMiddleOfAStreamGoesToTheNext) {
  for (const bool set_aside : {false, true}) {
    Connection connection("spool_memory=8k");
    Statement streaming(connection), other(connection);
    ASSERT_EQ(streaming.execute(rows_to(30000) + "; " + rows_to(2000)), SQL_SUCCESS);
    ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
    if (set_aside) { ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS) << first_message(other); }
    ASSERT_EQ(SQLMoreResults(streaming.handle()), SQL_SUCCESS) << streaming.state();
    expect_rest(streaming, 0, 2000);
    EXPECT_EQ(SQLMoreResults(streaming.handle()), SQL_NO_DATA);
  }
}

TEST(Spool, TheTimeoutOfTheSecondStatementDoesNotHarmTheFirstOnPostgres) {
  Connection connection;
  Statement streaming(connection), other(connection);
  // Wide rows: a server sends narrow ones when it has many of them.
  ASSERT_EQ(streaming.execute("SELECT g, repeat('x', 1000), CASE WHEN g = 500 THEN CAST(" +
                              sleep_for("3") + " AS char(1)) ELSE '' END FROM " + series(1, 1000)),
            SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  SQLSetStmtAttr(other.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0);
  EXPECT_EQ(other.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(other.state(), "HYT00");
  int rows = 1;
  while (streaming.fetch() == SQL_SUCCESS) ++rows;
  EXPECT_EQ(rows, 1000) << streaming.state();
}

TEST(Spool, RowsSetAsideSurviveALostLink) {
  Connection victim("plugins=none;spool_memory=8k"), killer;
  const std::string session = victim.value("SELECT " + std::string(engine_sql().session));
  Statement streaming(victim), other(victim);
  ASSERT_EQ(streaming.execute(rows_to(20000)), SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS);
  killer.run(end_session(session));
  while (killer.value(count_session(session)) != "0") {}
  SQLFreeStmt(other.handle(), SQL_CLOSE);
  EXPECT_EQ(other.execute("SELECT 1"), SQL_ERROR);
  EXPECT_EQ(other.state(), "08S01");
  expect_rest(streaming, 1, 20000);
}

TEST(Spool, AnErrorInTheMiddleComesInItsPlace) {
  Connection connection("spool_memory=8k");
  Statement streaming(connection), other(connection);
  ASSERT_EQ(streaming.execute("SELECT " + fails_at(9000) + " FROM " + series(1, 10000)),
            SQL_SUCCESS);
  ASSERT_EQ(streaming.fetch(), SQL_SUCCESS);
  ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS);
  int rows = 1;
  SQLRETURN code = SQL_SUCCESS;
  while ((code = streaming.fetch()) == SQL_SUCCESS) ++rows;
  EXPECT_EQ(code, SQL_ERROR);
  EXPECT_EQ(streaming.state(), engine_sql().fails_state);
  EXPECT_EQ(rows, 8999);
}

TEST(Spool, FiveMillionRowsStreamInLittleMemoryWithASecondStatementMidway) {
  constexpr int rows = 5'000'000;
  Connection connection;
  Statement streaming(connection), other(connection);
  std::vector<SQLINTEGER> numbers(1000);
  SQLULEN fetched = 0;
  SQLSetStmtAttr(streaming.handle(), SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(1000),
                 0);
  SQLSetStmtAttr(streaming.handle(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  ASSERT_EQ(SQLBindCol(streaming.handle(), 1, SQL_C_SLONG, numbers.data(), 0, nullptr),
            SQL_SUCCESS);
  ASSERT_EQ(streaming.execute("SELECT g FROM " + series(1, rows)), SQL_SUCCESS);
  const long before = resident_kb();
  long most = before;
  std::int64_t sum = 0, count = 0;
  while (streaming.fetch() == SQL_SUCCESS) {
    for (SQLULEN i = 0; i < fetched; ++i) sum += numbers[i];
    count += static_cast<std::int64_t>(fetched);
    if (count == rows / 2) { ASSERT_EQ(other.execute("SELECT 1"), SQL_SUCCESS); }
    if (count % 100'000 == 0) most = std::max(most, resident_kb());
  }
  EXPECT_EQ(count, rows);
  EXPECT_EQ(sum, std::int64_t{rows} * (rows + 1) / 2);
  // Sanitizers keep what was freed, or a shadow of it.
  const long allowed = sanitized ? 1024 * 1024 : 64 * 1024;
  EXPECT_LT(most - before, allowed);
}

}  // namespace
