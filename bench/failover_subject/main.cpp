// SPDX-License-Identifier: Apache-2.0
// An application that writes through a failover: N connections, a thread each, INSERT in
// autocommit. It does what the manual tells applications to do: repeat after 08S02 and 08007,
// nothing more. Started by bench/failover, which reads "ready", makes the fault and reads one JSON
// line.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "odbc_subject/session.h"
#include "subject/arguments.h"

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Plan {
  std::string connection;
  milliseconds
      pause;  // between two writes before the fault, so that the clients do not fill the cores
  long query_timeout;  // seconds; 0: none
  bool reconnect;      // for drivers that cannot fail over: a new connection after any other error
  Clock::time_point deadline;
};

// What one client saw. Written by its own thread, read after that has ended.
struct Story {
  Clock::time_point last_before, first_error, first_after;
  std::vector<std::string> states;
  std::string failure;
};

class Client {
 public:
  Client(const Plan& plan, const bench::Environment& environment, int number,
         std::atomic<int>& writing)
      : plan_(plan), environment_(environment), number_(number), writing_(writing) {}

  void run() {
    try {
      connect();
      write_until_recovered();
    } catch (const std::exception& failure) { story_.failure = failure.what(); }
    if (!counted_) ++writing_;  // a client that failed must not hold up "ready"
  }
  const Story& story() const { return story_; }

 private:
  static constexpr int warm_up_writes = 20;

  void connect() {
    statement_.reset();
    connection_.reset();
    connection_ = std::make_unique<bench::Connection>(environment_, plan_.connection);
    statement_ = std::make_unique<bench::Statement>(*connection_);
    if (plan_.query_timeout > 0)
      SQLSetStmtAttr(statement_->handle(), SQL_ATTR_QUERY_TIMEOUT,
                     reinterpret_cast<SQLPOINTER>(plan_.query_timeout), 0);
  }

  // An 08S02 or 08007 leaves a usable connection; any other error does not, by the contract.
  void recover(const std::string& state) {
    if (state == "08S02" || state == "08007") return;
    if (!plan_.reconnect)
      bench::require(SQL_ERROR, SQL_HANDLE_STMT, statement_->handle(), "INSERT");
    while (Clock::now() < plan_.deadline) {
      try {
        return connect();
      } catch (const std::runtime_error&) { std::this_thread::sleep_for(milliseconds(2)); }
    }
    throw std::runtime_error("no connection in time");
  }

  bool write() {
    sql_ = "INSERT INTO bench_failover (client, attempt) VALUES (" + std::to_string(number_) +
           ", " + std::to_string(attempt_++) + ")";
    return SQL_SUCCEEDED(
        SQLExecDirect(statement_->handle(), reinterpret_cast<SQLCHAR*>(sql_.data()), SQL_NTS));
  }

  void write_until_recovered() {
    for (int written = 0; Clock::now() < plan_.deadline;) {
      if (write()) {
        if (!story_.states.empty()) {
          story_.first_after = Clock::now();
          return;
        }
        story_.last_before = Clock::now();
        if (++written == warm_up_writes) {
          counted_ = true;
          ++writing_;
        }
        std::this_thread::sleep_for(plan_.pause);
        continue;
      }
      if (story_.states.empty()) story_.first_error = Clock::now();
      story_.states.push_back(bench::sqlstate_of(SQL_HANDLE_STMT, statement_->handle()));
      recover(story_.states.back());
    }
    throw std::runtime_error(story_.states.empty() ? "no fault was seen" : "no write came through");
  }

  const Plan& plan_;
  const bench::Environment& environment_;
  int number_;
  std::atomic<int>& writing_;
  std::unique_ptr<bench::Connection> connection_;
  std::unique_ptr<bench::Statement> statement_;
  std::string sql_;
  long attempt_ = 0;
  bool counted_ = false;
  Story story_;
};

long long ns_of(Clock::time_point time) { return time.time_since_epoch().count(); }

// Quotes and line ends would break the JSON line; nothing else of a message matters here.
std::string plain(std::string text) {
  for (char& letter : text) {
    if (letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < ' ') letter = ' ';
  }
  return text;
}

std::string json_of(const Story& story) {
  std::string states;
  for (const auto& state : story.states) {
    states += (states.empty() ? "\"" : ", \"") + plain(state) + "\"";
  }
  return "{\"last_before_ns\": " + std::to_string(ns_of(story.last_before)) +
         ", \"first_error_ns\": " + std::to_string(ns_of(story.first_error)) +
         ", \"first_after_ns\": " + std::to_string(ns_of(story.first_after)) + ", \"states\": [" +
         states + "], \"failure\": \"" + plain(story.failure) + "\"}";
}

int write_through(const bench::Arguments& arguments) {
  const auto count = static_cast<int>(arguments.number("--clients", 1));
  const Plan plan{arguments.text("--connection"), milliseconds(arguments.number("--pause-ms", 1)),
                  arguments.number("--query-timeout", 0), arguments.number("--reconnect", 0) != 0,
                  Clock::now() + milliseconds(arguments.number("--limit-ms", 60000))};
  const bench::Environment environment;
  std::atomic<int> writing = 0;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::thread> threads;
  for (int number = 0; number < count; ++number) {
    clients.push_back(std::make_unique<Client>(plan, environment, number, writing));
    threads.emplace_back(&Client::run, clients.back().get());
  }
  while (writing < count && Clock::now() < plan.deadline) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  std::puts("ready");
  std::fflush(stdout);
  std::string line;
  for (std::size_t at = 0; at < threads.size(); ++at) {
    threads[at].join();
    line += (line.empty() ? "" : ", ") + json_of(clients[at]->story());
  }
  std::printf("{\"clients\": [%s]}\n", line.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return write_through({argc,
                          argv,
                          {"--connection", "--clients", "--pause-ms", "--query-timeout",
                           "--reconnect", "--limit-ms"}});
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
