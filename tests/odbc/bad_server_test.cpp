// SPDX-License-Identifier: Apache-2.0
// A server that closes or sends rubbish at every byte: in the handshake, in the middle of rows, in
// the answer to a write. A small relay before the real server cuts or corrupts its answers. Never a
// crash, a hang, a row too few without an error, or a success for a write that failed.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

enum class Harm { cut, rubbish };
constexpr long unharmed = std::numeric_limits<long>::max();

/// Relays one connection at a time to the test server. After `harm_after` bytes of the server it
/// closes, or sends rubbish and closes.
class Relay {
 public:
  Relay() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Relay() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::string connection_string() const {
    return driver() + "sslmode=disable;host=127.0.0.1;port=" + std::to_string(port_) + ";" +
           server();
  }
  /// From now on, counted from the next byte of the server.
  void harm(Harm how, long after) {
    how_ = how;
    left_ = after;
  }
  void heal() { left_ = unharmed; }
  /// Bytes of the server relayed so far.
  long relayed() const { return relayed_; }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  void serve() {
    while (!stop_) {
      pollfd entry{listener_, POLLIN, 0};
      if (poll(&entry, 1, 20) <= 0) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address =
          loopback(static_cast<std::uint16_t>(std::stoi(profile_variable("PORT"))));
      if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        relay(client, server);
      close(client);
      close(server);
    }
  }
  void relay(int client, int server) {
    std::array<char, 4096> buffer{};
    while (!stop_) {
      pollfd entries[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (poll(entries, 2, 20) <= 0) continue;
      if (entries[0].revents != 0) {
        const ssize_t size = read(client, buffer.data(), buffer.size());
        if (size <= 0 || write(server, buffer.data(), static_cast<std::size_t>(size)) < 0) return;
      }
      if (entries[1].revents != 0) {
        const ssize_t size = read(server, buffer.data(), buffer.size());
        if (size <= 0 || !pass_on(client, buffer.data(), size)) return;
      }
    }
  }
  bool pass_on(int client, const char* data, long size) {
    const long left = left_;
    const long good = std::min(left, size);
    relayed_ += good;
    if (left != unharmed) left_ = left - good;
    bool sent = send(client, data, static_cast<std::size_t>(good), MSG_NOSIGNAL) == good;
    if (good == size && left_ > 0) return sent;
    if (how_ == Harm::rubbish) {
      std::array<char, 300> rubbish{};
      for (std::size_t i = 0; i < rubbish.size(); ++i)
        rubbish[i] = static_cast<char>((i * 7919 + static_cast<std::size_t>(left)) >> 3);
      sent = send(client, rubbish.data(), rubbish.size(), MSG_NOSIGNAL) > 0;
      std::this_thread::sleep_for(1ms);
    }
    return false;
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<Harm> how_{Harm::cut};
  std::atomic<long> left_{unharmed}, relayed_{0};
  std::thread thread_;
};

class BadServer : public testing::TestWithParam<Harm> {
 protected:
  /// Every byte of the beginning, then every ninth: a connect costs milliseconds.
  static long step(long at) { return at < 64 ? 1 : 9; }
  Relay relay;
};

TEST_P(BadServer, AtEachByteOfTheHandshakeIsAnErrorAndTheHandleConnectsAfterwards) {
  long length = 0;
  {
    Connection first(Connection::Closed{}), whole(Connection::Closed{});
    // The first connect asks which dialect the server speaks, and the next ones know it.
    ASSERT_EQ(first.open(relay.connection_string()), SQL_SUCCESS);
    SQLDisconnect(first.handle());
    const long before = relay.relayed();
    ASSERT_EQ(whole.open(relay.connection_string()), SQL_SUCCESS);
    length = relay.relayed() - before;
  }
  ASSERT_GT(length, 100);
  Connection connection(Connection::Closed{});
  for (long at = 0; at < length; at += step(at)) {
    relay.harm(GetParam(), at);
    const auto begun = std::chrono::steady_clock::now();
    const SQLRETURN code = connection.open(relay.connection_string());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 9s) << at;
    relay.heal();
    if (SQL_SUCCEEDED(code)) {  // rubbish that reads like a message without a meaning
      EXPECT_EQ(GetParam(), Harm::rubbish) << at;
      SQLDisconnect(connection.handle());
      continue;
    }
    const auto records = connection.records();
    ASSERT_FALSE(records.empty()) << at;
    EXPECT_TRUE(records[0].sqlstate.substr(0, 2) == "08" || records[0].sqlstate == "28000" ||
                records[0].sqlstate == "HYT00")
        << at << " " << records[0].sqlstate << " " << records[0].message;
  }
  EXPECT_EQ(connection.open(relay.connection_string()), SQL_SUCCESS);
}

TEST_P(BadServer, AtEachByteOfTheRowsNeverLosesARowWithoutAnError) {
  constexpr int all = 12;
  const std::string sql = "SELECT g, concat('row ', g) FROM " + series(1, 12);
  long length = 0;
  {
    Connection whole(Connection::Closed{});
    ASSERT_EQ(whole.open(relay.connection_string()), SQL_SUCCESS);
    const long before = relay.relayed();
    Statement statement(whole);
    ASSERT_EQ(statement.execute(sql), SQL_SUCCESS);
    while (statement.fetch() == SQL_SUCCESS) {}
    length = relay.relayed() - before;
  }
  for (long at = 0; at < length; at += 5) {
    relay.heal();
    Connection connection(Connection::Closed{});
    ASSERT_EQ(connection.open(relay.connection_string()), SQL_SUCCESS) << at;
    Statement statement(connection);
    relay.harm(GetParam(), at);
    int rows = 0;
    SQLRETURN code = statement.execute(sql);
    while (SQL_SUCCEEDED(code) && rows < 1000) {
      code = statement.fetch();
      if (SQL_SUCCEEDED(code)) ++rows;
    }
    if (GetParam() == Harm::cut) {
      ASSERT_EQ(code == SQL_NO_DATA, rows == all && code != SQL_ERROR) << at << " " << rows;
      EXPECT_TRUE(code != SQL_ERROR || statement.state() == "08S01") << at;
      EXPECT_LE(rows, all);
    }
  }
}

TEST_P(BadServer, AtEachByteOfTheAnswerToAWriteNeverReportsASuccessThatWasNotSaid) {
  Connection direct;
  direct.run("CREATE TABLE IF NOT EXISTS bad_server (a int)");
  long length = 60;
  for (long at = 0; at < length; ++at) {
    relay.heal();
    Connection connection(Connection::Closed{});
    ASSERT_EQ(connection.open(relay.connection_string()), SQL_SUCCESS) << at;
    Statement statement(connection);
    const long before = relay.relayed();
    relay.harm(GetParam(), at);
    const SQLRETURN code = statement.execute("INSERT INTO bad_server VALUES (1)");
    if (GetParam() == Harm::rubbish) continue;
    if (code == SQL_ERROR) {
      EXPECT_EQ(statement.state(), "08S01") << at;
      EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), static_cast<SQLULEN>(SQL_CD_TRUE));
    } else {
      length = relay.relayed() - before;  // everything had come
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Harm, BadServer, testing::Values(Harm::cut, Harm::rubbish),
                         [](const auto& parameter) {
                           return parameter.param == Harm::cut ? "cut" : "rubbish";
                         });

/// A connection whose server has gone away in the middle of a transaction.
class Abandoned : public testing::Test {
 protected:
  void abandon(Connection& connection) {
    const std::string session = connection.value("SELECT " + std::string(engine_sql().session));
    ASSERT_EQ(connection.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF), SQL_SUCCESS);
    connection.run("CREATE TEMPORARY TABLE gone (a int)");
    other_.run(end_session(session));
  }

 private:
  Connection other_;
};

TEST_F(Abandoned, TransactionEndsInEveryOrderOfCalls) {
  std::array<int, 4> order = {0, 1, 2, 3};
  do {
    Connection connection;
    abandon(connection);
    SQLHANDLE statement = SQL_NULL_HANDLE;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &statement), SQL_SUCCESS);
    bool freed = false;  // the driver manager reads the memory of statements it has freed
    for (const int call : order) {
      if (freed && (call == 1 || call == 2)) continue;
      freed = freed || call >= 2;
      SQLRETURN code = SQL_SUCCESS;
      switch (call) {
        case 0:
          code = SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT);
          EXPECT_EQ(code, SQL_ERROR);
          break;
        case 1:
          code = SQLExecDirect(statement, text("INSERT INTO gone VALUES (1)"), SQL_NTS);
          EXPECT_FALSE(SQL_SUCCEEDED(code));
          break;
        case 2: SQLFreeHandle(SQL_HANDLE_STMT, statement); break;
        default:
          code = SQLDisconnect(connection.handle());
          EXPECT_EQ(code, SQL_SUCCESS);
          break;
      }
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(Abandoned, CommitIsNoSuccess) {
  Connection connection;
  abandon(connection);
  EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_COMMIT), SQL_ERROR);
  EXPECT_EQ(connection.state(), "08S01");
  EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), static_cast<SQLULEN>(SQL_CD_TRUE));
}

}  // namespace
