// SPDX-License-Identifier: Apache-2.0
// A link of the topology monitor and what it asks: "are you the writer, are you a reader, who are
// you" in one round trip, and "who else is there". Background thread only; knows no engine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/cluster.h"

namespace core {

/// What a host said about itself, and since when that is known.
struct Standing : SelfReport {
  Clock::time_point asked_at{};  ///< before the question was sent
};

/// One physical link. Any exception of a call but a server's own answer leaves it unusable.
class MonitorLink {
 public:
  /// Resolves, takes credentials, connects. Throws Error: 08001 unreachable, HYT00, 28000, and
  /// HY024 when a name that was built from a bare `?` pattern does not exist.
  static boost::asio::awaitable<std::unique_ptr<MonitorLink>> open(
      const Cluster& cluster, std::shared_ptr<const MonitoringAccess> access, HostPort endpoint,
      Deadline deadline);
  /// Never waits for the host: a link with an open question is aborted.
  ~MonitorLink();
  MonitorLink(const MonitorLink&) = delete;
  MonitorLink& operator=(const MonitorLink&) = delete;

  boost::asio::awaitable<Standing> ask(Deadline deadline);
  /// The hosts as this one sees them; empty when there is no writer row or when it does not list
  /// itself.
  boost::asio::awaitable<std::vector<Host>> hosts(SelfReport self, Deadline deadline);

  bool usable() const { return !busy_ && client_->usable(); }
  const HostPort& endpoint() const { return endpoint_; }

 private:
  MonitorLink(const Dialect& dialect, std::shared_ptr<const MonitoringAccess> access,
              HostPort endpoint, std::shared_ptr<Client> client);
  boost::asio::awaitable<NamedRows> query(std::string_view sql, Deadline deadline);
  boost::asio::awaitable<Standing> ask_one_by_one(Deadline deadline);

  const Dialect& dialect_;
  std::shared_ptr<const MonitoringAccess> access_;
  HostPort endpoint_;
  std::shared_ptr<Client> client_;
  bool busy_ = false;        // a question without its answer
  bool one_by_one_ = false;  // the queries do not fit into one statement
};

}  // namespace core
