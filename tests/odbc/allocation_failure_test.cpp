// SPDX-License-Identifier: Apache-2.0
// Memory that runs out: operator new of the whole process fails at the n-th call of the testing
// thread, for every n, around connecting, executing, fetching and reading diagnostics. No crash, an
// error and no success where work was left undone, and handles that work afterwards.
#include <array>
#include <cstdlib>
#include <functional>
#include <new>

#include "tests/support/odbc.h"

namespace {
thread_local long calls_until_failure = 0;  // 0: never
thread_local bool has_failed = false;

void* allocate(std::size_t size, std::size_t alignment = 0) noexcept {
  if (calls_until_failure > 0 && --calls_until_failure == 0) {
    has_failed = true;
    return nullptr;
  }
  if (size == 0) size = 1;
  if (alignment == 0) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = 0) {
  void* const memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

// The driver's calls find these: the program's symbols come before every library's.
void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace {

using namespace odbc_test;

constexpr long most_allocations = 3000;

class AllocationFailure : public testing::Test {
 protected:
  /// `body` under a failure at each n in turn, until n is more than it allocates. `check` follows
  /// with memory enough.
  static void at_every_allocation(const std::function<SQLRETURN()>& body,
                                  const std::function<void(SQLRETURN, long)>& check) {
    long n = 1;
    for (bool failed = true; failed && n < most_allocations; ++n) {
      has_failed = false;
      calls_until_failure = n;
      const SQLRETURN code = body();
      calls_until_failure = 0;
      failed = has_failed;
      check(code, n);
      if (HasFatalFailure()) return;
    }
    RecordProperty("allocations", static_cast<int>(n));
    EXPECT_GT(n, 2) << "no failure reached the driver";
    EXPECT_LT(n, most_allocations);
  }

  static std::string one_value(Direct& direct) {
    std::array<char, 32> cell{};
    SQLLEN length = 0;
    const Library& library = direct.library();
    const SQLHSTMT statement = direct.statement();
    library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
    if (!SQL_SUCCEEDED(
            library.get(SQLExecDirect, "SQLExecDirect")(statement, text("SELECT 4711"), SQL_NTS)))
      return direct.state();
    if (!SQL_SUCCEEDED(library.get(SQLFetch, "SQLFetch")(statement))) return direct.state();
    library.get(SQLGetData, "SQLGetData")(statement, 1, SQL_C_CHAR, cell.data(), cell.size(),
                                          &length);
    library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
    return cell.data();
  }
};

TEST_F(AllocationFailure, WhileConnectingLeavesAHandleThatConnects) {
  const Library library;
  SQLHANDLE environment = SQL_NULL_HANDLE, connection = SQL_NULL_HANDLE;
  auto* alloc = library.get(SQLAllocHandle, "SQLAllocHandle");
  auto* connect = library.get(SQLDriverConnect, "SQLDriverConnect");
  auto* disconnect = library.get(SQLDisconnect, "SQLDisconnect");
  auto* free_handle = library.get(SQLFreeHandle, "SQLFreeHandle");
  ASSERT_EQ(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment), SQL_SUCCESS);
  ASSERT_EQ(alloc(SQL_HANDLE_DBC, environment, &connection), SQL_SUCCESS);
  std::string string = connection_string();
  const auto open = [&] {
    return connect(connection, nullptr, text(string), SQL_NTS, nullptr, 0, nullptr,
                   SQL_DRIVER_NOPROMPT);
  };
  at_every_allocation(open, [&](SQLRETURN code, long n) {
    if (!SQL_SUCCEEDED(code)) {
      EXPECT_EQ(code, SQL_ERROR) << n;
      ASSERT_TRUE(SQL_SUCCEEDED(open())) << "after a failure of allocation " << n;
    }
    ASSERT_EQ(disconnect(connection), SQL_SUCCESS) << n;
  });
  EXPECT_EQ(free_handle(SQL_HANDLE_DBC, connection), SQL_SUCCESS);
  EXPECT_EQ(free_handle(SQL_HANDLE_ENV, environment), SQL_SUCCESS);
}

TEST_F(AllocationFailure, WhileExecutingAndFetchingLeavesAStatementThatWorks) {
  Direct direct;
  const Library& library = direct.library();
  const SQLHSTMT statement = direct.statement();
  auto* execute = library.get(SQLExecDirect, "SQLExecDirect");
  auto* fetch = library.get(SQLFetch, "SQLFetch");
  auto* get = library.get(SQLGetData, "SQLGetData");
  auto* close = library.get(SQLFreeStmt, "SQLFreeStmt");
  std::array<char, 64> cell{};
  SQLLEN length = 0;
  int rows = 0;
  std::string query = "SELECT concat(repeat('x', 40), g) FROM " + series(1, 20);
  const auto read_all = [&] {
    rows = 0;
    SQLRETURN code = execute(statement, text(query), SQL_NTS);
    while (SQL_SUCCEEDED(code)) {
      code = fetch(statement);
      if (!SQL_SUCCEEDED(code)) return code;
      code = get(statement, 1, SQL_C_CHAR, cell.data(), cell.size(), &length);
      ++rows;
    }
    return code;
  };
  at_every_allocation(read_all, [&](SQLRETURN code, long n) {
    EXPECT_TRUE(code != SQL_NO_DATA || rows == 20) << n;
    close(statement, SQL_CLOSE);
    ASSERT_EQ(one_value(direct), "4711") << "after a failure of allocation " << n;
  });
}

TEST_F(AllocationFailure, WhilePreparingWithParametersLeavesAStatementThatWorks) {
  Direct direct;
  const Library& library = direct.library();
  const SQLHSTMT statement = direct.statement();
  std::string value(200, 'p');
  SQLLEN length = static_cast<SQLLEN>(value.size());
  std::string query = "SELECT {fn length(" + cast_parameter(engine_sql().text) + ")}";
  const auto run = [&] {
    SQLRETURN code = library.get(SQLPrepare, "SQLPrepare")(statement, text(query), SQL_NTS);
    if (!SQL_SUCCEEDED(code)) return code;
    code = library.get(SQLBindParameter, "SQLBindParameter")(statement, 1, SQL_PARAM_INPUT,
                                                             SQL_C_CHAR, SQL_VARCHAR, value.size(),
                                                             0, value.data(), length, &length);
    for (int i = 0; i < 4 && SQL_SUCCEEDED(code); ++i) {
      code = library.get(SQLExecute, "SQLExecute")(statement);
      library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
    }
    return code;
  };
  at_every_allocation(run, [&](SQLRETURN, long n) {
    library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_RESET_PARAMS);
    ASSERT_EQ(one_value(direct), "4711") << "after a failure of allocation " << n;
  });
}

TEST_F(AllocationFailure, WhileFailingAndReadingRecordsLeavesAnError) {
  Direct direct;
  const Library& library = direct.library();
  std::array<SQLCHAR, 6> state{};
  std::array<SQLCHAR, 256> message{};
  const auto fail = [&] {
    const SQLRETURN code = library.get(SQLExecDirect, "SQLExecDirect")(
        direct.statement(), text("SELECT broken FROM nowhere"), SQL_NTS);
    library.get(SQLGetDiagRec, "SQLGetDiagRec")(SQL_HANDLE_STMT, direct.statement(), 1,
                                                state.data(), nullptr, message.data(),
                                                message.size(), nullptr);
    return code;
  };
  at_every_allocation(fail, [&](SQLRETURN code, long n) {
    EXPECT_EQ(code, SQL_ERROR) << n;
    ASSERT_EQ(one_value(direct), "4711") << "after a failure of allocation " << n;
  });
}

TEST_F(AllocationFailure, WhileMakingHandlesAndAskingCatalogsLeavesAConnectionThatWorks) {
  Direct direct;
  const Library& library = direct.library();
  std::string table(profile().system_table);
  const auto run = [&] {
    SQLHANDLE statement = SQL_NULL_HANDLE;
    SQLRETURN code = library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT,
                                                                   direct.connection(), &statement);
    if (!SQL_SUCCEEDED(code)) return code;
    code = library.get(SQLTables, "SQLTables")(statement, nullptr, 0, nullptr, 0, text(table),
                                               SQL_NTS, nullptr, 0);
    while (SQL_SUCCEEDED(code)) code = library.get(SQLFetch, "SQLFetch")(statement);
    library.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_STMT, statement);
    return code;
  };
  at_every_allocation(run, [&](SQLRETURN, long n) {
    ASSERT_EQ(one_value(direct), "4711") << "after a failure of allocation " << n;
  });
}

}  // namespace
