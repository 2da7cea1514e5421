// SPDX-License-Identifier: Apache-2.0
// Parameter arrays that meet a timeout, a cancel, a server that ends the session or a network that
// is cut in their middle: which sets are said to be executed is what the table holds.
#include <atomic>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "tests/support/paramset.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

constexpr int sets = 400, slow_set = 300;

struct Way {
  const char* sslmode;
  SQLULEN autocommit;
  bool with_status;
};
constexpr Way ways[] = {{"disable", SQL_AUTOCOMMIT_ON, true},
                        {"require", SQL_AUTOCOMMIT_ON, true},
                        {"disable", SQL_AUTOCOMMIT_ON, false},
                        {"disable", SQL_AUTOCOMMIT_OFF, true}};

std::string attributes_of(const throttle::Proxy& proxy, const char* sslmode) {
  return "SERVER=127.0.0.1;PORT=" + std::to_string(proxy.port()) + ";sslmode=" + sslmode +
         ";plugins=none;cancel_grace_ms=5000;" + server();
}

std::vector<Row> rows_of(int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) rows.push_back(Row::of(i, "n" + std::to_string(i), i + 0.25));
  return rows;
}

/// How many sets are said to be executed. They come first, at most one that failed follows, and
/// nothing is said of the others.
int executed_of(const std::vector<SQLUSMALLINT>& status) {
  std::size_t at = 0;
  while (at < status.size() && status[at] == SQL_PARAM_SUCCESS) ++at;
  const auto executed = static_cast<int>(at);
  if (at < status.size() && status[at] == SQL_PARAM_ERROR) ++at;
  for (; at < status.size(); ++at)
    EXPECT_EQ(status[at], SQL_PARAM_UNUSED) << "set " << at << " behind " << executed;
  return executed;
}

/// A table whose trigger waits at one set, and a connection through a proxy that fills it.
class ArrayFaults : public testing::Test {
 protected:
  ArrayFaults()
      : proxy_(static_cast<std::uint16_t>(std::stoi(required_environment("AURODBC_TEST_PG_PORT")))),
        table_(watcher_) {
    table_.column("id int").column("name text").column("amount float8");
    watcher_.run(
        "CREATE OR REPLACE FUNCTION array_waits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
        "PERFORM pg_sleep(60); RETURN new; END'");
  }
  const std::string& name() { return table_.name(); }
  void add_trigger() {
    watcher_.run("CREATE TRIGGER t BEFORE INSERT ON " + name() + " FOR EACH ROW WHEN (new.id = " +
                 std::to_string(slow_set) + ") EXECUTE FUNCTION array_waits()");
  }
  int count() { return std::stoi(watcher_.value("SELECT count(*) FROM " + name())); }
  std::string insert() { return "INSERT INTO " + name() + " (id, name, amount) VALUES (?, ?, ?)"; }

  /// Runs `fault` when the array has come to its slow set.
  template <class Fault>
  Said execute_into(Connection& connection, const Way& way, Fault fault) {
    const std::string pid = connection.value("SELECT pg_backend_pid()");
    connection.set(SQL_ATTR_AUTOCOMMIT, way.autocommit);
    Statement statement(connection);
    EXPECT_EQ(statement.prepare(insert()), SQL_SUCCESS);
    std::atomic<bool> ended{false};
    std::thread other([&] {
      Connection beside;
      const std::string waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid +
                                " AND wait_event = 'PgSleep'";
      while (!ended && beside.value(waits) != "1") std::this_thread::sleep_for(5ms);
      fault(beside, pid);
    });
    std::vector<Row> rows = rows_of(sets);
    Said said = execute_together(statement.handle(), rows, {}, way.with_status);
    ended = true;
    other.join();
    return said;
  }
  /// Waits until the server has ended a session.
  void wait_for_end_of(const std::string& pid) {
    watcher_.run("SELECT pg_terminate_backend(" + pid + ")");
    const std::string is_there = "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid;
    while (watcher_.value(is_there) != "0") std::this_thread::sleep_for(5ms);
  }
  void open(Connection& connection, const Way& way) {
    ASSERT_TRUE(SQL_SUCCEEDED(connection.open(driver() + attributes_of(proxy_, way.sslmode))))
        << connection.state();
  }

  throttle::Proxy proxy_;
  Connection watcher_;
  Given table_;
};

TEST_F(ArrayFaults, AQueryTimeoutEndsTheArrayAtTheSetItMeets) {
  add_trigger();
  for (const Way& way : ways) {
    SCOPED_TRACE(way.sslmode + std::string(way.with_status ? ", status " : ", ") +
                 std::to_string(way.autocommit));
    watcher_.run("TRUNCATE " + name());
    Connection connection(Connection::Closed{});
    open(connection, way);
    connection.set(SQL_ATTR_AUTOCOMMIT, way.autocommit);
    Statement statement(connection);
    SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0);
    ASSERT_EQ(statement.prepare(insert()), SQL_SUCCESS);
    std::vector<Row> rows = rows_of(sets);
    const Said said = execute_together(statement.handle(), rows, {}, way.with_status);
    EXPECT_EQ(said.code, SQL_ERROR);
    ASSERT_FALSE(said.records.empty());
    EXPECT_EQ(said.records[0].substr(0, 5), "HYT00") << said;
    if (way.with_status) {
      EXPECT_EQ(executed_of(said.status), slow_set);
      EXPECT_EQ(said.status[slow_set], SQL_PARAM_ERROR);
      EXPECT_EQ(said.processed, slow_set + 1U);
    }
    if (way.autocommit == SQL_AUTOCOMMIT_ON) {
      EXPECT_EQ(count(), static_cast<int>(said.processed) - 1);
    }
    EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK), SQL_SUCCESS);
    if (way.autocommit == SQL_AUTOCOMMIT_OFF) { EXPECT_EQ(count(), 0); }
    EXPECT_EQ(connection.value("SELECT 41 + 1"), "42");
  }
}

TEST_F(ArrayFaults, AServerThatEndsTheSessionHasSaidWhatItCommitted) {
  add_trigger();
  for (const Way& way : ways) {
    SCOPED_TRACE(way.sslmode + std::string(way.with_status ? ", status " : ", ") +
                 std::to_string(way.autocommit));
    watcher_.run("TRUNCATE " + name());
    Connection connection(Connection::Closed{});
    open(connection, way);
    const Said said = execute_into(connection, way, [](Connection& beside, const std::string& pid) {
      beside.run("SELECT pg_terminate_backend(" + pid + ")");
    });
    EXPECT_EQ(said.code, SQL_ERROR);
    ASSERT_FALSE(said.records.empty());
    EXPECT_EQ(said.records[0].substr(0, 5), "08S01") << said;
    if (way.with_status) {
      const bool commits = way.autocommit == SQL_AUTOCOMMIT_ON;
      const int executed = executed_of(said.status);
      EXPECT_EQ(count(), commits ? executed : 0) << said;
      if (commits) { EXPECT_EQ(executed, slow_set) << said; }
    }
    EXPECT_EQ(connection.get(SQL_ATTR_CONNECTION_DEAD), SQL_CD_TRUE);
  }
}

TEST_F(ArrayFaults, ALinkThatIsCutLeavesNoSetSaidToBeExecutedThatIsNot) {
  add_trigger();
  for (const Way& way : ways) {
    SCOPED_TRACE(way.sslmode + std::string(way.with_status ? ", status " : ", ") +
                 std::to_string(way.autocommit));
    watcher_.run("TRUNCATE " + name());
    Connection connection(Connection::Closed{});
    open(connection, way);
    std::string session;
    const Said said = execute_into(connection, way, [&](Connection&, const std::string& pid) {
      session = pid;
      proxy_.cut();
    });
    EXPECT_EQ(said.code, SQL_ERROR);
    ASSERT_FALSE(said.records.empty());
    EXPECT_EQ(said.records[0].substr(0, 5), "08S01") << said;
    wait_for_end_of(session);
    if (way.autocommit == SQL_AUTOCOMMIT_OFF) {
      EXPECT_EQ(count(), 0);
    } else if (way.with_status) {
      EXPECT_LE(executed_of(said.status), count()) << said;
    }
  }
}

/// Past the driver manager, which cannot stand a cancel beside a call.
class Patient {
 public:
  Patient(const std::string& string, SQLULEN autocommit) {
    auto* const allocate = library_.get(SQLAllocHandle, "SQLAllocHandle");
    allocate(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    library_.get(SQLSetEnvAttr, "SQLSetEnvAttr")(environment_, SQL_ATTR_ODBC_VERSION,
                                                 reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0);
    allocate(SQL_HANDLE_DBC, environment_, &connection_);
    library_.get(SQLSetConnectAttr, "SQLSetConnectAttr")(
        connection_, SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(autocommit), 0);
    std::string written = string;
    EXPECT_TRUE(SQL_SUCCEEDED(library_.get(SQLDriverConnect, "SQLDriverConnect")(
        connection_, nullptr, text(written), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)));
    allocate(SQL_HANDLE_STMT, connection_, &statement_);
  }
  ~Patient() {
    roll_back();
    auto* const free_handle = library_.get(SQLFreeHandle, "SQLFreeHandle");
    free_handle(SQL_HANDLE_STMT, statement_);
    library_.get(SQLDisconnect, "SQLDisconnect")(connection_);
    free_handle(SQL_HANDLE_DBC, connection_);
    free_handle(SQL_HANDLE_ENV, environment_);
  }
  Patient(const Patient&) = delete;
  Patient& operator=(const Patient&) = delete;

  void roll_back() {
    library_.get(SQLEndTran, "SQLEndTran")(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK);
  }
  void cancel() { library_.get(SQLCancel, "SQLCancel")(statement_); }
  void prepare(const std::string& sql) {
    EXPECT_EQ(library_.get(SQLPrepare, "SQLPrepare")(statement_, text(sql.c_str()), SQL_NTS),
              SQL_SUCCESS);
  }
  SQLRETURN execute(std::vector<Row>& rows, std::vector<SQLUSMALLINT>& status) {
    status.assign(rows.size(), SQL_PARAM_UNUSED);
    set(SQL_ATTR_PARAM_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(Row)));
    set(SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(rows.size()));
    set(SQL_ATTR_PARAM_STATUS_PTR, status.data());
    auto* const bind = library_.get(SQLBindParameter, "SQLBindParameter");
    Row& row = rows.front();
    bind(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &row.id, 0,
         &row.id_length);
    bind(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 24, 0, row.name.data(), 24,
         &row.name_length);
    bind(statement_, 3, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &row.amount, 0,
         &row.amount_length);
    return library_.get(SQLExecute, "SQLExecute")(statement_);
  }
  std::string state() const {
    std::array<SQLCHAR, 6> state{};
    std::array<SQLCHAR, 512> message{};
    library_.get(SQLGetDiagRec, "SQLGetDiagRec")(SQL_HANDLE_STMT, statement_, 1, state.data(),
                                                 nullptr, message.data(), message.size(), nullptr);
    return reinterpret_cast<char*>(state.data());
  }

 private:
  void set(SQLINTEGER attribute, SQLPOINTER value) {
    library_.get(SQLSetStmtAttr, "SQLSetStmtAttr")(statement_, attribute, value, 0);
  }
  Library library_;
  SQLHANDLE environment_ = SQL_NULL_HANDLE, connection_ = SQL_NULL_HANDLE,
            statement_ = SQL_NULL_HANDLE;
};

struct Cancelled {
  SQLRETURN code;
  std::vector<SQLUSMALLINT> status;
  std::chrono::microseconds took;
};

Cancelled cancelled_after(Patient& patient, std::vector<Row>& rows,
                          std::chrono::microseconds when) {
  Cancelled said;
  std::atomic<bool> ended{false};
  std::thread other([&] {
    const auto until = std::chrono::steady_clock::now() + when;
    while (!ended && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(20us);
    if (!ended) patient.cancel();
  });
  const auto begin = std::chrono::steady_clock::now();
  said.code = patient.execute(rows, said.status);
  said.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
  ended = true;
  other.join();
  return said;
}

TEST_F(ArrayFaults, ACancelAtAnyByteLeavesWhatTheStatusArraySays) {
  // A statement that becomes one INSERT over arrays, and one that is pipelined.
  const std::string statements[] = {
      insert(), "INSERT INTO " + name() + " (id, name, amount) VALUES (?, upper(?), ?)"};
  constexpr int many = 3000;
  std::vector<Row> rows = rows_of(many);
  std::minstd_rand random(7);
  int cancelled = 0;
  for (const Way& way : ways) {
    if (!way.with_status) continue;
    for (const std::string& sql : statements) {
      Patient patient(driver() + attributes_of(proxy_, way.sslmode), way.autocommit);
      if (HasFailure()) return;
      patient.prepare(sql);
      proxy_.slow_down(2000, 200us);
      cancelled_after(patient, rows, 60s);
      patient.roll_back();
      const auto most = cancelled_after(patient, rows, 60s).took;
      for (int i = 0; i < 8; ++i) {
        patient.roll_back();
        watcher_.run("TRUNCATE " + name());
        const auto when =
            std::chrono::microseconds(random() % static_cast<std::uint64_t>(most.count() + 1));
        SCOPED_TRACE(sql + ", " + way.sslmode + ", autocommit " + std::to_string(way.autocommit) +
                     ", after " + std::to_string(when.count()) + " us");
        const Cancelled said = cancelled_after(patient, rows, when);
        const int executed = executed_of(said.status);
        if (said.code == SQL_SUCCESS) {
          EXPECT_EQ(executed, many);
        } else {
          EXPECT_EQ(said.code, SQL_ERROR);
          EXPECT_EQ(patient.state(), "HY008");
          EXPECT_LT(executed, many);
          ++cancelled;
        }
        if (way.autocommit == SQL_AUTOCOMMIT_OFF) {
          patient.roll_back();
          EXPECT_EQ(count(), 0);
        } else {
          EXPECT_EQ(count(), executed);
        }
        if (HasFailure()) return;
      }
      proxy_.slow_down(0, 0us);
    }
  }
  EXPECT_GT(cancelled, 12) << "of 48";
}

/// Bytes of this process at their highest since the last call.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  std::size_t peak = 0;
  for (std::string word; status >> word;)
    if (word == "VmHWM:") status >> peak;
  std::ofstream("/proc/self/clear_refs") << 5;
  return peak * 1024;
}

TEST_F(ArrayFaults, TheirMemoryDoesNotGrowWithTheNumberOfSets) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "what sanitizers keep is not the driver's";
#endif
  const std::string statements[] = {
      insert(), "UPDATE " + name() + " SET id = ? WHERE name = ? AND amount = ?"};
  std::vector<Row> rows = rows_of(60000);
  for (const std::string& sql : statements)
    for (const SQLULEN autocommit : {SQL_AUTOCOMMIT_OFF, SQL_AUTOCOMMIT_ON}) {
      SCOPED_TRACE(sql + ", autocommit " + std::to_string(autocommit));
      watcher_.run("TRUNCATE " + name());
      Connection connection;
      connection.set(SQL_ATTR_AUTOCOMMIT, autocommit);
      Statement statement(connection);
      ASSERT_EQ(statement.prepare(sql), SQL_SUCCESS);
      std::vector<Row> few(rows.begin(), rows.begin() + 5000);
      EXPECT_NE(execute_together(statement.handle(), few, {}, true).code, SQL_ERROR);
      peak_memory();
      const std::size_t before = peak_memory();
      const Said said = execute_together(statement.handle(), rows, {}, true);
      EXPECT_EQ(executed_of(said.status), 60000) << said.records.size();
      EXPECT_LT(peak_memory(), before + (std::size_t{2} << 20));
      SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
    }
}

}  // namespace
