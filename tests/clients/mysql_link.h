// SPDX-License-Identifier: Apache-2.0
// What the MySQL client tests share: the server of the environment, private and fake servers, links
// to them, rows as text.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/client/link_options.h"
#include "core/client/mysql_client.h"
#include "core/client/mysql_options.h"
#include "core/resolver.h"

namespace mysql_test {

using namespace core;
using std::chrono::seconds;

inline std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr)
    throw std::runtime_error(name + " is not set: run through tests/support/suite");
  return value;
}

/// A Python program of tests/support that lives as long as this object: its input is closed at the
/// end, and then it is waited for.
class Program {
 public:
  explicit Program(std::vector<std::string> words) {
    words.insert(words.begin(), "python3");
    words[1] = environment("AURODBC_SOURCE_DIR") + "/tests/support/" + words[1];
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    if (::posix_spawnp(&pid_, "python3", &actions, nullptr, arguments.data(), environ) != 0)
      throw std::runtime_error("python3 cannot be started");
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    output_ = ::fdopen(output[0], "r");
  }
  ~Program() { end(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Empty at the end of the output.
  std::string line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
      text += static_cast<char>(c);
    return text;
  }
  void end() {
    if (input_ < 0) return;
    ::close(std::exchange(input_, -1));
    ::waitpid(pid_, nullptr, 0);
    std::fclose(output_);
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  FILE* output_ = nullptr;
};

struct Target {
  std::string host = environment("AURODBC_TEST_MARIADB_NAME");
  std::vector<std::string> addresses = {environment("AURODBC_TEST_MARIADB_HOST")};
  std::uint16_t port =
      static_cast<std::uint16_t>(std::stoi(environment("AURODBC_TEST_MARIADB_PORT")));
  std::string user = environment("AURODBC_TEST_MARIADB_USER");
  std::string password = environment("AURODBC_TEST_MARIADB_PASSWORD");
  std::string database = environment("AURODBC_TEST_MARIADB_DATABASE");
  Options options;
  Deadline deadline = Deadline::after(seconds(10));
  const Interrupt* interrupt = nullptr;

  Target& tls(const std::string& mode, const std::string& authority = "") {
    options.set(link_options::sslmode, mode);
    if (!authority.empty()) options.set(link_options::sslrootcert, authority);
    return *this;
  }
};

inline std::string authority() { return environment("AURODBC_TEST_MARIADB_CA"); }

/// A file beside the server's authority: "server.pem", "server.key".
inline std::string beside_authority(const std::string& name) {
  const std::string path = authority();
  return path.substr(0, path.rfind('/') + 1) + name;
}

inline std::shared_ptr<Client> connect(const Target& target = {}) {
  auto client = mysql_client_descriptor.make(Workers::instance());
  Options options = target.options;
  options.set(general::database, target.database);
  const auto exchange =
      client->start_connect(LinkTarget{{target.host, target.port}, target.addresses}, options,
                            Credentials{target.user, Secret(target.password)});
  run(*exchange, target.deadline, target.interrupt, "connect");
  return client;
}

template <class Call>
Error failure(Call&& call) {
  try {
    call();
  } catch (const Error& error) { return error; }
  return Error(sqlstate::general, "test", "nothing was thrown");
}

inline Error connect_failure(const Target& target) {
  return failure([&] { connect(target); });
}

inline std::string state_of(const Error& error) { return std::string(error.state().view()); }

/// A fake server with one behaviour.
class FakeServer {
 public:
  explicit FakeServer(const std::string& behaviour, bool with_tls = false,
                      const std::vector<std::string>& more = {})
      : program_(words(behaviour, with_tls, more)) {
    port_ = static_cast<std::uint16_t>(std::stoi(program_.line().substr(5)));
  }
  Target target(milliseconds limit = milliseconds(3000)) const {
    Target target;
    target.port = port_;
    target.deadline = Deadline::after(limit);
    return target;
  }
  /// What the next connection to end had received at the interesting moment, as text.
  std::string received() {
    const std::string hex = program_.line().substr(9);
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
  }

 private:
  static std::vector<std::string> words(const std::string& behaviour, bool with_tls,
                                        const std::vector<std::string>& more) {
    std::vector<std::string> all = {"fake_mysql_server.py", behaviour};
    all.insert(all.end(), more.begin(), more.end());
    if (with_tls)
      all.insert(all.end(), {"--certificate", beside_authority("server.pem"), "--key",
                             beside_authority("server.key")});
    return all;
  }
  Program program_;
  std::uint16_t port_ = 0;
};

/// A MariaDB of this test's own: it may be frozen, killed, or started without TLS.
class PrivateServer {
 public:
  explicit PrivateServer(const std::vector<std::string>& extra = {}) : program_(words(extra)) {
    for (std::string line = program_.line(); !line.empty() && line != "READY";
         line = program_.line())
      values_[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
    if (values_.empty()) throw std::runtime_error("the private MariaDB did not start");
  }
  ~PrivateServer() { send(SIGCONT); }
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;
  Target target() const {
    Target target;
    target.port = static_cast<std::uint16_t>(std::stoi(values_.at("AURODBC_TEST_MARIADB_PORT")));
    return target;
  }
  void send(int signal) const {
    if (!gone_) ::kill(std::stoi(values_.at("AURODBC_TEST_MARIADB_PID")), signal);
  }
  /// SIGSTOP, and waits until every thread has stopped.
  void freeze() const {
    send(SIGSTOP);
    while (!all_threads_stopped()) (void)pause(milliseconds(1), nullptr);
  }
  /// kill -9.
  void kill() {
    send(SIGKILL);
    gone_ = true;
  }

 private:
  static std::vector<std::string> words(const std::vector<std::string>& extra) {
    std::vector<std::string> all = {"mariadb_server.py"};
    all.insert(all.end(), extra.begin(), extra.end());
    return all;
  }
  bool all_threads_stopped() const {
    const std::string tasks = "/proc/" + values_.at("AURODBC_TEST_MARIADB_PID") + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      std::ifstream file(task.path() / "stat");
      std::string stat;
      std::getline(file, stat);
      if (stat.find(") T") == std::string::npos) return false;
    }
    return true;
  }
  Program program_;
  std::map<std::string, std::string> values_;
  bool gone_ = false;
};

using Rows = std::vector<std::vector<std::string>>;

/// All rows of the current result as the wire gives them; NULL for null.
inline Rows rows_of(Result& result, const Limits& limits = {}) {
  Rows rows;
  for (RowState at = result.next_row(); at != RowState::end; at = result.next_row()) {
    if (at == RowState::need_network) {
      result.read_network(limits);
      continue;
    }
    auto& row = rows.emplace_back();
    for (const RawCell& cell : result.row())
      row.push_back(cell.is_null() ? "NULL" : std::string(cell.view()));
  }
  return rows;
}

inline std::size_t count_rows(Result& result, const Limits& limits = {}) {
  std::size_t count = 0;
  for (RowState at = result.next_row(); at != RowState::end; at = result.next_row()) {
    if (at == RowState::need_network)
      result.read_network(limits);
    else
      ++count;
  }
  return count;
}

inline std::unique_ptr<Result> execute(Client& client, std::string_view sql,
                                       const Limits& limits = {}) {
  Query query;
  query.sql = sql;
  return client.execute(query, limits);
}

/// Prepared: through the statement protocol even without parameters.
inline std::unique_ptr<Result> execute_prepared(Client& client, std::string_view sql,
                                                std::span<const Parameter> parameters = {},
                                                const Limits& limits = {},
                                                std::shared_ptr<Prepared>* keep = nullptr) {
  std::shared_ptr<Prepared> prepared;
  if (keep != nullptr) prepared = *keep;
  if (prepared == nullptr) prepared = client.prepare(sql, 0, nullptr, limits);
  Query query;
  query.sql = sql;
  query.parameters = parameters;
  query.prepared = &prepared;
  auto result = client.execute(query, limits);
  if (keep != nullptr) *keep = prepared;
  return result;
}

/// The only cell of a statement.
inline std::string cell(Client& client, std::string_view sql) {
  const auto result = execute(client, sql);
  const auto rows = rows_of(*result);
  return rows.empty() || rows[0].empty() ? "no row" : rows[0][0];
}

inline Limits within(milliseconds span, milliseconds grace = milliseconds(1000)) {
  return {.deadline = Deadline::after(span), .cancel_grace = grace};
}

inline Parameter parameter(ValueKind kind, std::string_view text = {}) {
  Parameter parameter;
  parameter.value.kind = kind;
  parameter.value.text = text;
  return parameter;
}

inline Parameter integer(std::int64_t number) {
  Parameter made = parameter(ValueKind::integer);
  made.value.integer = number;
  return made;
}

}  // namespace mysql_test
