// SPDX-License-Identifier: Apache-2.0
// The cluster's command, the engine's client, and what every test expects of diagnostic records.
#include "tests/faults/cluster_control.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace faults {
namespace {

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

/// The text of a string field in the command's JSON; fields used here are unique in it.
std::string json_text(const std::string& json, const std::string& field) {
  const std::string mark = fmt::format("\"{}\": \"", field);
  const std::size_t begin = json.find(mark);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + mark.size();
  return json.substr(from, json.find('"', from) - from);
}

struct Output {
  std::string text;
  int status;
};

Output run_program(const std::string& command) {
  Output output{"", -1};
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.text.append(buffer.data(), got);
  output.status = ::pclose(pipe);
  while (!output.text.empty() && output.text.back() == '\n') output.text.pop_back();
  return output;
}

std::string file_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string with(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
    text.replace(at, mark.size(), value);
  return text;
}

}  // namespace

std::string output_of(const std::string& command) { return run_program(command).text; }

ClusterControl::ClusterControl(int number) {
  const auto of_cluster = [number](const char* name) {
    return variable(fmt::format("AURODBC_FAULTS_{}_{}", name, number));
  };
  control_ = variable("AURODBC_FAULTS_CONTROL");
  home_ = of_cluster("HOME");
  connection_ = of_cluster("CONNECTION");
  client_ = of_cluster("CLIENT");
  admin_client_ = of_cluster("ADMIN_CLIENT");
  password_ = of_cluster("PASSWORD");
  writer_ = of_cluster("WRITER");
  std::istringstream hosts(of_cluster("HOSTS"));
  for (std::string host; std::getline(hosts, host, ',');)
    addresses_[host.substr(0, host.find('='))] = host.substr(host.find('=') + 1);
}

std::string ClusterControl::connection(const std::string& more) const {
  return connection_ + ";" + more;
}

std::string ClusterControl::connection_to(const std::string& server,
                                          const std::string& more) const {
  const std::size_t begin = connection_.find("Server=") + 7;
  std::string text = connection_;
  return text.replace(begin, text.find(';', begin) - begin, server) + ";" + more;
}

std::vector<std::string> ClusterControl::readers() const {
  std::vector<std::string> readers;
  for (const auto& [id, address] : addresses_)
    if (id != writer_) readers.push_back(id);
  return readers;
}

std::string ClusterControl::run(const std::string& words) const {
  const std::size_t after_verb = std::min(words.find(' '), words.size());
  const Output output =
      run_program(fmt::format("{} {} --home {}{} 2>&1", control_, words.substr(0, after_verb),
                              home_, words.substr(after_verb)));
  EXPECT_EQ(output.status, 0) << "cluster " << words << "\n" << output.text;
  return output.text;
}

void ClusterControl::failover(const std::string& mode, const std::string& more) {
  const std::string told = run(fmt::format("failover --mode {} {}", mode, more));
  if (const std::string writer = json_text(told, "new_writer"); !writer.empty()) writer_ = writer;
}

std::string ClusterControl::add() {
  const std::string told = run("add --dns-lag 0");
  const std::string id = json_text(told, "instance");
  addresses_[id] = json_text(told, "address");
  return id;
}

std::string ClusterControl::ask(const std::string& host, const std::string& sql) const {
  return output_of(
      fmt::format("{} \"{}\" 2>&1", with(client_, "{address}", addresses_.at(host)), sql));
}

std::string ClusterControl::ask_as_admin(const std::string& host, const std::string& sql) const {
  return output_of(fmt::format("{} \"{}\" 2>&1", with(admin_client_, "{host}", host), sql));
}

bool ClusterControl::wait_until_running(const std::string& part) const {
  const std::string question = fmt::format(fmt::runtime(profile().running), part);
  for (const Stopwatch watch; watch.seconds() < 10;) {
    if (ask(question) != "0") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

void ClusterControl::log_connections(const std::string& host) const {
  for (const char* sql : profile().log_connections)
    if (sql != nullptr)
      ask_as_admin(host, with(sql, "{log}", fmt::format("{}/{}/connections", home_, host)));
}

int ClusterControl::connections_to(const std::string& host) const {
  int count = 0;
  std::istringstream lines(
      file_text(fmt::format("{}/{}/{}", home_, host, profile().connection_log)));
  for (std::string line; std::getline(lines, line);)
    if (line.find(profile().connection_mark) != std::string::npos) ++count;
  return count;
}

std::string ClusterControl::server_log(const std::string& host) const {
  return file_text(fmt::format("{}/{}/log", home_, host));
}

std::string log_keywords(const std::string& level) {
  return fmt::format("log_level={};log_file={}", level, variable("AURODBC_FAULTS_LOG"));
}

std::string driver_log() { return file_text(variable("AURODBC_FAULTS_LOG")); }

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find(part) != std::string::npos) found.push_back(line);
  return found;
}

void Faults::SetUp() {
  if (cluster.writer().empty()) GTEST_SKIP() << "run_faults.py makes the clusters";
  ASSERT_EQ(cluster.ask("CREATE TABLE faults (id int PRIMARY KEY)"), "");
}

std::string Faults::ids(const ClusterControl& cluster) { return cluster.ask(profile().all_ids); }

void expect_records(const Records& records, const std::string& state, int native,
                    const std::string& component) {
  ASSERT_GE(records.size(), 2U) << to_text(records);
  EXPECT_EQ(records[0].sqlstate, state) << to_text(records);
  EXPECT_EQ(records[0].native, native) << to_text(records);
  EXPECT_NE(records[0].message.find(component), std::string::npos) << to_text(records);
  EXPECT_FALSE(records[1].message.empty()) << to_text(records);
  EXPECT_NE(records[1].native, native) << to_text(records);
}

}  // namespace faults
