// SPDX-License-Identifier: Apache-2.0
// A cluster of hosts without servers: links whose exchanges wait on eventfds, and a script that
// makes hosts crash, freeze, lie and come back. For tests of whatever speaks through core::Client.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/client.h"
#include "core/cluster.h"
#include "core/services.h"

namespace fake {

enum class Mood { up, crashed, silent, login_refused, broken, out_of_order, drops_links };

class FakeExchange;

/// What one host is and what it believes. Guarded by Network::mutex.
struct FakeHost {
  Mood mood = Mood::up;
  bool writer = false;            // what its own two queries say
  std::string sees_writer;        // whom its topology names
  std::vector<std::string> sees;  // the hosts of its topology
  int connects = 0;
  int open_links = 0;
  int questions = 0;
  std::set<FakeExchange*> waiting;
};

/// All hosts; "<id>.fake" is the endpoint of host id.
class Network {
 public:
  std::mutex mutex;
  std::map<std::string, FakeHost> hosts;
  std::set<std::string> accepted_passwords{"first"};
  bool queries_throw_strange_things = false;

  /// A cluster as it should be.
  void build(const std::vector<std::string>& ids, const std::string& writer);
  void set_mood(const std::string& id, Mood mood);
  /// `id` becomes the writer and every host that is up says so.
  void promote(const std::string& id);
  template <class F>
  auto with(const std::string& id, F f) {
    const std::scoped_lock lock(mutex);
    return f(hosts[id]);
  }
  int total_connects();
  int open_links();
};

/// The one every fake client talks to.
Network& network();

core::Services& services();
const core::Dialect& dialect();
core::MonitoringAccess access(const std::string& initial, const std::string& password = "first",
                              const std::string& pattern = "?.fake");

/// Host rows as a connection would have read them.
std::vector<core::Host> hosts(const std::vector<std::string>& ids, const std::string& writer);

}  // namespace fake
