// SPDX-License-Identifier: Apache-2.0
// What this host tells about the cluster: ../facts.json beside the data directory, as telling.py
// writes it. The file is replaced by rename and read at each question, so the topology changes at
// once and may be wrong on purpose.
#pragma once

#include <string>
#include <vector>

namespace aurora {

// One row as it is told. Times are seconds since 1970.
struct ToldInstance {
  std::string server_id;
  std::string session_id;
  double cpu = 0;
  double lag_ms = 0;
  double updated_at = 0;
  std::string endpoint;
  std::string port;
};

// The number under which an instance of this cluster runs now; one that nobody has for others.
std::string server_number(const std::string& instance);

// The id of the instance that reads the file; "" without a readable file.
std::string own_id();

// Throws std::runtime_error with one sentence when the file cannot be understood.
std::vector<ToldInstance> told_now();

}  // namespace aurora
