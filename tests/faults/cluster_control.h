// SPDX-License-Identifier: Apache-2.0
// A local cluster as a test breaks it and looks at it from outside: the command `cluster` for
// faults, the engine's own command-line client for the truth in the tables. run_faults.py sets the
// variables that are read here.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/odbc_link.h"
#include "tests/faults/profile.h"

namespace faults {

/// One cluster. Not thread-safe, except that ask may be called while a failover runs.
class ClusterControl {
 public:
  /// Cluster `number` of this run.
  explicit ClusterControl(int number = 0);

  /// Connection string to the cluster's writer endpoint, with more keywords behind it.
  std::string connection(const std::string& more = "") const;
  /// The same to another server name or address.
  std::string connection_to(const std::string& server, const std::string& more = "") const;
  const std::string& address(const std::string& host) const { return addresses_.at(host); }
  const std::string& writer() const { return writer_; }
  std::vector<std::string> readers() const;
  const std::string& password() const { return password_; }

  /// Moves the writer's role; returns when the new writer is told to everybody. The old one does
  /// not come back unless `more` says so ("--rejoin-after 0").
  void failover(const std::string& mode, const std::string& more = "--rejoin-after never");
  /// A new reader joins; returns its id.
  std::string add();
  /// Runs one verb of the command; returns its output, records a test failure when it fails.
  std::string run(const std::string& words) const;

  /// Asks the true writer, outside the driver, as the application's user.
  std::string ask(const std::string& sql) const { return ask(writer_, sql); }
  std::string ask(const std::string& host, const std::string& sql) const;
  /// The same as the servers' administrator, through the host's own socket.
  std::string ask_as_admin(const std::string& host, const std::string& sql) const;
  /// Returns when a statement that contains `part` runs on the writer (10 s).
  bool wait_until_running(const std::string& part) const;
  /// Makes a host log its connections from now on.
  void log_connections(const std::string& host) const;
  /// TCP connections that a host took since then.
  int connections_to(const std::string& host) const;
  /// What the server itself has logged.
  std::string server_log(const std::string& host) const;

 private:
  std::string home_, control_, connection_, client_, admin_client_, password_, writer_;
  std::map<std::string, std::string> addresses_;
};

/// Runs a program by the shell; its output without the last line end.
std::string output_of(const std::string& command);

/// The driver's own log of this test; ask for it with log_keywords().
std::string log_keywords(const std::string& level);
std::string driver_log();
std::vector<std::string> lines_with(const std::string& text, const std::string& part);

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// A cluster, and in it the empty table `faults (id int primary key)`.
class Faults : public ::testing::Test {
 protected:
  void SetUp() override;
  std::string ids() const { return ids(cluster); }  ///< "1,2": what the true writer holds
  static std::string ids(const ClusterControl& cluster);

  ClusterControl cluster;
};

/// Record 1 has this state and native code and speaks for `component`; record 2 is the engine's or
/// the socket's own complaint.
void expect_records(const Records& records, const std::string& state, int native,
                    const std::string& component = "[aurodbc][Failover]");

/// Runs `call` in another thread.
template <class Call>
auto in_flight(Call call) {
  return std::async(std::launch::async, std::move(call));
}

inline constexpr int failover_success = 91002;
inline constexpr int failover_failed = 91003;
inline constexpr int outcome_unknown = 91004;

}  // namespace faults
