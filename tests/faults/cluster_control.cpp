// SPDX-License-Identifier: Apache-2.0
// The cluster's command, psql, and what every test expects of diagnostic records.
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

}  // namespace

std::string output_of(const std::string& command) { return run_program(command).text; }

ClusterControl::ClusterControl(int number) {
  const auto of_cluster = [number](const char* name) {
    return variable(fmt::format("AURODBC_FAULTS_{}_{}", name, number));
  };
  control_ = variable("AURODBC_FAULTS_CONTROL");
  home_ = of_cluster("HOME");
  connection_ = of_cluster("CONNECTION");
  port_ = of_cluster("PORT");
  user_ = of_cluster("USER");
  password_ = of_cluster("PASSWORD");
  database_ = of_cluster("DATABASE");
  writer_ = of_cluster("WRITER");
  std::istringstream hosts(of_cluster("HOSTS"));
  for (std::string host; std::getline(hosts, host, ',');)
    addresses_[host.substr(0, host.find('='))] = host.substr(host.find('=') + 1);
}

std::string ClusterControl::connection(const std::string& more) const {
  return connection_ + ";" + more;
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

std::string ClusterControl::psql(const std::string& host, const std::string& sql) const {
  return output_of(
      fmt::format("PGPASSWORD='{}' PGCONNECT_TIMEOUT=5 psql -h {} -p {} -U {} -d {} -XAtq "
                  "-c \"{}\" 2>&1",
                  password_, addresses_.at(host), port_, user_, database_, sql));
}

std::string ClusterControl::psql_as_admin(const std::string& host, const std::string& sql) const {
  return output_of(fmt::format("psql -h {}/{} -p {} -U rdsadmin -d postgres -XAtq -c \"{}\" 2>&1",
                               home_, host, port_, sql));
}

bool ClusterControl::wait_until_running(const std::string& part) const {
  const std::string question = fmt::format(
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() "
      "AND query LIKE '%{}%'",
      part);
  for (const Stopwatch watch; watch.seconds() < 10;) {
    if (psql(question) != "0") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

std::string ClusterControl::server_log(const std::string& host) const {
  return file_text(fmt::format("{}/{}/log", home_, host));
}

std::string log_keywords(const std::string& level) {
  return fmt::format("log_level={};log_file={}", level, variable("AURODBC_FAULTS_LOG"));
}

std::string driver_log() { return file_text(variable("AURODBC_FAULTS_LOG")); }

void Faults::SetUp() {
  if (cluster.writer().empty()) GTEST_SKIP() << "run_faults.py makes the clusters";
  ASSERT_EQ(cluster.psql("CREATE TABLE faults (id int PRIMARY KEY)"), "");
}

std::string Faults::ids(const ClusterControl& cluster) {
  return cluster.psql("SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM faults");
}

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
