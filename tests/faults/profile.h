// SPDX-License-Identifier: Apache-2.0
// What the fault tests must say differently to the two engines. Comes in: every *_test.cpp of this
// folder; run_faults.py says which engine the clusters run.
#pragma once

#include <string>

namespace faults {

struct Profile {
  const char* own_id;         ///< the answering host's id
  const char* session_id;     ///< differs for every link
  const char* sleep;          ///< a query of 30 s that is not provably read-only
  const char* sleep_part;     ///< of its text
  const char* nap;            ///< a query of 2 s
  const char* plain_dialect;  ///< one that knows no topology
  const char* slow_write;     ///< inserts 7 into faults after 30 s; its text holds "SELECT 7"
  const char* numbers;        ///< SELECT of 1..{}
  const char* all_ids;        ///< of faults, in order, separated by commas; empty for none
  const char* running;        ///< how many other sessions run a statement LIKE '%{}%'
  const char* isolation;      ///< the session's level
  const char* serializable;
  const char* idle_limit;  ///< the session ends when it was idle for a second
  const char* read_only;   ///< whether the session refuses writes
  const char* refuses;
  int returning_columns;  ///< that a prepared INSERT ... RETURNING id tells before it is executed
  const char* log_connections[2];  ///< an administrator's statements; {log} is a file
  const char* connection_log;      ///< that file's name, in the host's directory
  const char* connection_mark;     ///< in the line of each TCP connection
  const char*
      open_transactions;        ///< how many the application's user has, asked by an administrator
  const char* revoke_topology;  ///< takes the application's right to ask a Multi-AZ cluster
  bool tells_missing_grants;    ///< the stand-in looks as the service does without them
};

/// Of AURODBC_FAULTS_ENGINE and AURODBC_FAULTS_FLAVOUR.
const Profile& profile();
/// The clusters' flavour, which is the name of their dialect: "aurora-pg", "multi-az-mysql", ...
std::string flavour();
/// INSERT of 1..count into faults.
std::string insert_numbers(int count);

}  // namespace faults
