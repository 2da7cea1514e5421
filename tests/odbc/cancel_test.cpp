// SPDX-License-Identifier: Apache-2.0
// SQLCancel at any byte of any phase: a mixed workload over a slow network is cancelled at random
// instants. Whatever it meets, the call ends with HY008 or with success, and the next statement has
// the right answer; or the connection says that it is dead. Past the driver manager, which cannot
// stand a cancel beside a call.
#include <array>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "tests/support/odbc.h"
#include "tests/support/throttle.h"

namespace {

using namespace odbc_test;
using namespace std::chrono_literals;

/// What one run of a workload came to.
struct Outcome {
  std::string state;  ///< of the first call that failed; empty: all went well
  std::string wrong;  ///< an answer that was not right
};

/// A connection past the driver manager whose statements are used by one thread and cancelled by
/// another.
class Patient {
 public:
  Patient(const std::string& string) : string_(string) {
    library_.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    library_.get(SQLSetEnvAttr, "SQLSetEnvAttr")(environment_, SQL_ATTR_ODBC_VERSION,
                                                 reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3_80), 0);
    connect();
  }
  ~Patient() {
    disconnect();
    library_.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_ENV, environment_);
  }
  Patient(const Patient&) = delete;
  Patient& operator=(const Patient&) = delete;

  void connect() {
    library_.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_DBC, environment_, &connection_);
    ASSERT_TRUE(SQL_SUCCEEDED(library_.get(SQLDriverConnect, "SQLDriverConnect")(
        connection_, nullptr, text(string_), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)))
        << state_of(SQL_HANDLE_DBC, connection_);
    for (SQLHANDLE* statement : {&first_, &second_})
      library_.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, connection_, statement);
  }
  void disconnect() {
    roll_back();
    library_.get(SQLDisconnect, "SQLDisconnect")(connection_);
    library_.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_DBC, connection_);
  }
  void set_autocommit(SQLULEN value) {
    library_.get(SQLSetConnectAttr, "SQLSetConnectAttr")(connection_, SQL_ATTR_AUTOCOMMIT,
                                                         reinterpret_cast<SQLPOINTER>(value), 0);
  }
  bool is_dead() {
    SQLUINTEGER dead = SQL_CD_FALSE;
    library_.get(SQLGetConnectAttr, "SQLGetConnectAttr")(connection_, SQL_ATTR_CONNECTION_DEAD,
                                                         &dead, 0, nullptr);
    return dead == SQL_CD_TRUE;
  }
  void cancel() { library_.get(SQLCancel, "SQLCancel")(first_); }
  void roll_back() {
    library_.get(SQLEndTran, "SQLEndTran")(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK);
  }
  void close() {
    for (const SQLHANDLE statement : {first_, second_}) {
      library_.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
      library_.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_RESET_PARAMS);
    }
  }

  SQLRETURN execute(const std::string& sql) { return execute_on(first_, sql); }
  SQLRETURN execute_beside(const std::string& sql) { return execute_on(second_, sql); }
  SQLRETURN prepare(std::string sql) {
    return library_.get(SQLPrepare, "SQLPrepare")(first_, text(sql), SQL_NTS);
  }
  SQLRETURN execute_prepared() { return library_.get(SQLExecute, "SQLExecute")(first_); }
  SQLRETURN bind(std::string& value, SQLLEN& length) {
    length = static_cast<SQLLEN>(value.size());
    return library_.get(SQLBindParameter, "SQLBindParameter")(
        first_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, value.size(), 0, value.data(),
        length, &length);
  }
  SQLRETURN count_columns(SQLSMALLINT& columns) {
    return library_.get(SQLNumResultCols, "SQLNumResultCols")(first_, &columns);
  }
  SQLRETURN more_results() { return library_.get(SQLMoreResults, "SQLMoreResults")(first_); }
  SQLRETURN commit() {
    return library_.get(SQLEndTran, "SQLEndTran")(SQL_HANDLE_DBC, connection_, SQL_COMMIT);
  }
  SQLRETURN fetch(SQLINTEGER& value) { return fetch_from(first_, value); }
  SQLRETURN fetch_beside(SQLINTEGER& value) { return fetch_from(second_, value); }
  /// Length of a long first column, read in pieces.
  SQLRETURN fetch_long(std::size_t& length) {
    SQLRETURN code = library_.get(SQLFetch, "SQLFetch")(first_);
    std::vector<char> piece(65536);
    length = 0;
    while (SQL_SUCCEEDED(code)) {
      SQLLEN rest = 0;
      code = library_.get(SQLGetData, "SQLGetData")(first_, 1, SQL_C_CHAR, piece.data(),
                                                    static_cast<SQLLEN>(piece.size()), &rest);
      if (code == SQL_SUCCESS_WITH_INFO) length += piece.size() - 1;
      if (code == SQL_SUCCESS) length += static_cast<std::size_t>(rest);
      if (code == SQL_SUCCESS) return code;
    }
    return code;
  }
  std::string state() const {
    const std::string of_first = state_of(SQL_HANDLE_STMT, first_);
    if (!of_first.empty()) return of_first;
    const std::string of_second = state_of(SQL_HANDLE_STMT, second_);
    return of_second.empty() ? state_of(SQL_HANDLE_DBC, connection_) : of_second;
  }

 private:
  SQLRETURN execute_on(SQLHANDLE statement, std::string sql) {
    return library_.get(SQLExecDirect, "SQLExecDirect")(statement, text(sql), SQL_NTS);
  }
  SQLRETURN fetch_from(SQLHANDLE statement, SQLINTEGER& value) {
    const SQLRETURN code = library_.get(SQLFetch, "SQLFetch")(statement);
    if (!SQL_SUCCEEDED(code)) return code;
    return library_.get(SQLGetData, "SQLGetData")(statement, 1, SQL_C_SLONG, &value, 0, nullptr);
  }
  std::string state_of(SQLSMALLINT type, SQLHANDLE handle) const {
    std::array<SQLCHAR, 6> state{};
    library_.get(SQLGetDiagRec, "SQLGetDiagRec")(type, handle, 1, state.data(), nullptr, nullptr, 0,
                                                 nullptr);
    return reinterpret_cast<const char*>(state.data());
  }

  Library library_;
  std::string string_;
  SQLHANDLE environment_ = SQL_NULL_HANDLE, connection_ = SQL_NULL_HANDLE, first_ = SQL_NULL_HANDLE,
            second_ = SQL_NULL_HANDLE;
};

/// Ends a workload at its first failed call.
#define STEP(call)                                              \
  if (const SQLRETURN returned = (call); returned == SQL_ERROR) \
    return Outcome{patient.state(), {}};                        \
  else if (!SQL_SUCCEEDED(returned) && returned != SQL_NO_DATA) \
    return Outcome { {}, "return code " + std::to_string(returned) }

Outcome sums_up(Patient& patient, SQLINTEGER rows) {
  SQLINTEGER value = 0, count = 0;
  for (;;) {
    const SQLRETURN code = patient.fetch(value);
    if (code == SQL_NO_DATA) break;
    STEP(code);
    if (value != ++count) return {{}, "row " + std::to_string(value)};
  }
  return {{}, count == rows ? "" : std::to_string(count) + " rows"};
}

Outcome reads_rows(Patient& patient) {
  STEP(patient.execute("SELECT g, repeat('x', 20) FROM " + series(1, 1500)));
  return sums_up(patient, 1500);
}

Outcome sends_a_long_value(Patient& patient) {
  static std::string value(200'000, 'v');
  static SQLLEN length = 0;
  STEP(patient.prepare("SELECT length(?)"));
  STEP(patient.bind(value, length));
  STEP(patient.execute_prepared());
  SQLINTEGER told = 0;
  STEP(patient.fetch(told));
  return {{}, told == 200'000 ? "" : "length " + std::to_string(told)};
}

Outcome reads_a_long_value(Patient& patient) {
  STEP(patient.execute("SELECT repeat('y', 200000)"));
  std::size_t length = 0;
  STEP(patient.fetch_long(length));
  return {{}, length == 200'000 ? "" : "length " + std::to_string(length)};
}

Outcome waits(Patient& patient) {
  STEP(patient.execute("SELECT 7 FROM (" + select_sleep("0.03") + ") AS nap"));
  SQLINTEGER value = 0;
  STEP(patient.fetch(value));
  return {{}, value == 7 ? "" : "value"};
}

Outcome speaks_while_a_result_streams(Patient& patient) {
  STEP(patient.execute("SELECT g FROM " + series(1, 1500)));
  STEP(patient.execute_beside("SELECT 5"));
  SQLINTEGER value = 0;
  STEP(patient.fetch_beside(value));
  if (value != 5) return {{}, "beside " + std::to_string(value)};
  return sums_up(patient, 1500);
}

Outcome describes_and_executes(Patient& patient) {
  STEP(patient.prepare("SELECT g FROM " + series(1, 300)));
  SQLSMALLINT columns = 0;
  STEP(patient.count_columns(columns));
  if (columns != 1) return {{}, "columns"};
  STEP(patient.execute_prepared());
  return sums_up(patient, 300);
}

Outcome closes_early(Patient& patient) {
  STEP(patient.execute("SELECT g FROM " + series(1, 20000)));
  SQLINTEGER value = 0;
  STEP(patient.fetch(value));
  return {{}, value == 1 ? "" : "value"};
}

Outcome runs_several(Patient& patient) {
  STEP(patient.execute("SELECT 1; SELECT 2 FROM (" + select_sleep("0.01") + ") AS nap; SELECT 3"));
  for (SQLINTEGER wanted = 1; wanted <= 3; ++wanted) {
    SQLINTEGER value = 0;
    STEP(patient.fetch(value));
    if (value != wanted) return {{}, "result " + std::to_string(value)};
    const SQLRETURN more = patient.more_results();
    STEP(more);
    if ((more == SQL_NO_DATA) != (wanted == 3)) return {{}, "number of results"};
  }
  return {};
}

// Its types are asked for first: a text that nobody has seen.
Outcome prepares_and_executes(Patient& patient) {
  static int number = 0;
  const std::string sql = "SELECT g + 0 * " + std::to_string(++number) + " FROM " + series(1, 3000);
  STEP(patient.prepare(sql.c_str()));
  STEP(patient.execute_prepared());
  return sums_up(patient, 3000);
}

Outcome commits(Patient& patient) {
  STEP(patient.execute("CREATE TEMPORARY TABLE IF NOT EXISTS cancelled(n int)"));
  STEP(patient.execute("INSERT INTO cancelled VALUES (1)"));
  STEP(patient.execute("DELETE FROM cancelled"));
  STEP(patient.commit());
  return {};
}
#undef STEP

using Workload = Outcome (*)(Patient&);
constexpr Workload workloads[] = {reads_rows,
                                  sends_a_long_value,
                                  reads_a_long_value,
                                  waits,
                                  speaks_while_a_result_streams,
                                  describes_and_executes,
                                  prepares_and_executes,
                                  closes_early,
                                  runs_several,
                                  commits};

class Cancel : public testing::Test {
 protected:
  static std::string through(const throttle::Proxy& proxy, const char* mode) {
    return "SERVER=127.0.0.1;PORT=" + std::to_string(proxy.port()) + ";sslmode=" + mode +
           ";plugins=none;cancel_grace_ms=5000;rollback_on_error=statement;" + server();
  }

  /// Runs `workload` and cancels it after `when`.
  static Outcome cancelled(Patient& patient, Workload workload, std::chrono::microseconds when) {
    std::atomic<bool> ended{false};
    std::thread other([&] {
      const auto until = std::chrono::steady_clock::now() + when;
      while (!ended && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(20us);
      patient.cancel();
    });
    const Outcome outcome = workload(patient);
    ended = true;
    other.join();
    return outcome;
  }

  /// True when the connection works as if nothing had happened.
  static void expect_sound(Patient& patient, const Outcome& outcome, int& dead) {
    EXPECT_EQ(outcome.wrong, "");
    const bool told = outcome.state.empty() || outcome.state == "HY008" ||
                      (patient.is_dead() && outcome.state == "08S01");
    EXPECT_TRUE(told) << outcome.state;
    if (patient.is_dead()) {
      ++dead;
      patient.disconnect();
      patient.connect();
      return;
    }
    patient.close();
    SQLINTEGER value = 0;
    EXPECT_EQ(patient.execute("SELECT 41 + 1"), SQL_SUCCESS) << patient.state();
    EXPECT_EQ(patient.fetch(value), SQL_SUCCESS) << patient.state();
    EXPECT_EQ(value, 42);
    patient.close();
  }

  static void torture(const char* mode, SQLULEN autocommit, unsigned seed) {
    throttle::Proxy proxy(static_cast<std::uint16_t>(std::stoi(profile_variable("PORT"))));
    Patient patient(through(proxy, mode));
    if (testing::Test::HasFatalFailure()) return;
    patient.set_autocommit(autocommit);
    proxy.slow_down(3000, 150us);
    std::minstd_rand random(seed);
    int dead = 0;
    for (const Workload workload : workloads) {
      const auto begin = std::chrono::steady_clock::now();
      const Outcome undisturbed = workload(patient);
      EXPECT_EQ(undisturbed.state + undisturbed.wrong, "");
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - begin);
      patient.close();
      for (int i = 0; i < 12; ++i) {
        const auto when = std::chrono::microseconds(
            random() % static_cast<std::uint64_t>(took.count() + took.count() / 8 + 1));
        SCOPED_TRACE("workload " + std::to_string(&workload - workloads) + ", " +
                     std::to_string(when.count()) + " of " + std::to_string(took.count()) + " us");
        expect_sound(patient, cancelled(patient, workload, when), dead);
        patient.roll_back();
        patient.set_autocommit(autocommit);
      }
    }
    EXPECT_EQ(dead, 0);
  }
};

TEST_F(Cancel, AtAnyByteLeavesASoundConnection) { torture("disable", SQL_AUTOCOMMIT_ON, 1); }

TEST_F(Cancel, AtAnyByteOfATransactionLeavesASoundConnection) {
  torture("disable", SQL_AUTOCOMMIT_OFF, 2);
}

TEST_F(Cancel, AtAnyByteOverTlsLeavesASoundConnection) { torture("require", SQL_AUTOCOMMIT_ON, 3); }

}  // namespace
