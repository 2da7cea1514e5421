// SPDX-License-Identifier: Apache-2.0
// SQLCancelHandle on a statement and on a connection, past the driver manager, which cannot stand a
// cancel beside a call: what holds on every engine.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "tests/support/odbc.h"
#include "tests/support/profile.h"

namespace odbc_test {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Cancels `handle` a little later, from another thread.
class Later {
 public:
  Later(const Library& library, SQLSMALLINT type, SQLHANDLE handle)
      : thread_([&library, type, handle] {
          std::this_thread::sleep_for(milliseconds(200));
          EXPECT_EQ(library.get(SQLCancelHandle, "SQLCancelHandle")(type, handle), SQL_SUCCESS);
        }) {}
  ~Later() { thread_.join(); }

 private:
  std::thread thread_;
};

TEST(CancelByHandle, StopsARunningStatementAndNothingElse) {
  Direct direct;
  const Library& library = direct.library();
  const auto execute = library.get(SQLExecDirect, "SQLExecDirect");
  std::string sleep = select_sleep("20"), one = "SELECT 1";
  const auto started = Clock::now();
  {
    const Later cancel(library, SQL_HANDLE_STMT, direct.statement());
    EXPECT_EQ(execute(direct.statement(), text(sleep), SQL_NTS), SQL_ERROR);
  }
  EXPECT_EQ(direct.state(), "HY008");
  EXPECT_LT(Clock::now() - started, milliseconds(5000));
  EXPECT_EQ(execute(direct.statement(), text(one), SQL_NTS), SQL_SUCCESS) << direct.state();
}

TEST(CancelByHandle, EndsAConnectToAServerThatSaysNothing) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 5), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);

  const Library library;
  SQLHANDLE environment = SQL_NULL_HANDLE, connection = SQL_NULL_HANDLE;
  const auto allocate = library.get(SQLAllocHandle, "SQLAllocHandle");
  allocate(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  library.get(SQLSetEnvAttr, "SQLSetEnvAttr")(environment, SQL_ATTR_ODBC_VERSION,
                                              reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0);
  allocate(SQL_HANDLE_DBC, environment, &connection);
  std::string string =
      "engine=" + std::string(profile().engine) +
      ";host=127.0.0.1;UID=u;PWD=p;port=" + std::to_string(ntohs(address.sin_port));
  const auto started = Clock::now();
  {
    const Later cancel(library, SQL_HANDLE_DBC, connection);
    EXPECT_EQ(
        library.get(SQLDriverConnect, "SQLDriverConnect")(
            connection, nullptr, text(string), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT),
        SQL_ERROR);
  }
  EXPECT_LT(Clock::now() - started, milliseconds(3000));
  std::array<SQLCHAR, 6> state{};
  library.get(SQLGetDiagRec, "SQLGetDiagRec")(SQL_HANDLE_DBC, connection, 1, state.data(), nullptr,
                                              nullptr, 0, nullptr);
  EXPECT_STREQ(reinterpret_cast<const char*>(state.data()), "HY008");
  const auto release = library.get(SQLFreeHandle, "SQLFreeHandle");
  EXPECT_EQ(release(SQL_HANDLE_DBC, connection), SQL_SUCCESS);
  release(SQL_HANDLE_ENV, environment);
  ::close(listener);
}

TEST(CancelByHandle, OfADescriptorOrAnEnvironmentIsNone) {
  Connection connection;
  EXPECT_EQ(
      Library().get(SQLCancelHandle, "SQLCancelHandle")(SQL_HANDLE_ENV, connection.environment()),
      SQL_INVALID_HANDLE);
}

}  // namespace
}  // namespace odbc_test
