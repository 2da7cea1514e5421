// SPDX-License-Identifier: Apache-2.0
// What every measured program shares: its command line, its meter and the one JSON line it prints.
// A subject runs ONE case in ONE process, so that memory and CPU belong to that case alone.
// Next: odbc_subject/, libpq_subject/ and libmariadb_subject/, which each bring a table of cases.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace bench {

/// What the command line asked for.
struct Settings {
  std::string connection;  ///< ODBC connection string or pairs for the native library
  std::string engine;      ///< postgres or mysql: which SQL an ODBC application speaks
  std::string case_name;
  std::string variant;
  long ops = 1;   ///< how often the case repeats its operation
  long rows = 0;  ///< rows of the table, for those cases that read all of it
  long size = 0;  ///< bytes of one large value
  int cpu = -1;   ///< core to run on; -1: wherever the kernel likes
};

/// The outcome of a case. Times and memory are the client process's own, never the server's.
struct Sample {
  double ops = 0;           ///< operations, or rows for the fetch cases
  double seconds = 0;       ///< wall clock of the measured part
  double cpu_user_s = 0;    ///< getrusage, measured part only
  double cpu_sys_s = 0;     ///< getrusage, measured part only
  long rss_growth_kb = 0;   ///< peak resident memory over that at the first resume()
  std::uint64_t check = 0;  ///< sum over all values received; equal for every honest subject
};

/// Stopwatch for time, CPU and memory. Set-up stays outside: only what happens between resume()
/// and pause() counts, memory excepted, whose peak is taken from the first resume() to finish().
class Meter {
 public:
  /// Starts or goes on. The first call also resets the kernel's peak of resident memory.
  void resume();
  void pause();
  /// Pauses if it still runs and gives the totals.
  Sample finish(double ops, std::uint64_t check);

 private:
  struct Cpu {
    double user, sys;
  };
  static Cpu cpu_now();

  std::chrono::steady_clock::time_point wall_from_;
  Cpu cpu_from_{};
  Sample total_;
  long rss_from_kb_ = -1;
  bool running_ = false;
};

/// One row of a subject's table. `run` connects, prepares, measures and returns; it throws
/// std::runtime_error with the server's or driver's own message on any failure.
struct Case {
  std::string_view name;
  std::string_view variant;
  Sample (*run)(const Settings&);
};

/// main() of a subject: parses the arguments, pins, runs the row asked for and prints its JSON
/// line. `groups` are the tables of the subject's files. Returns the exit status: 0 done, 1 the
/// case failed, 2 wrong arguments.
int run_subject(int argc, char** argv, std::initializer_list<std::span<const Case>> groups);

}  // namespace bench
