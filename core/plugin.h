// SPDX-License-Identifier: Apache-2.0
// What a plugin is. It sees connects and operations, never ODBC handles; it gets the rest of the
// chain as `next` and may act around it, skip it, repeat it or replace its error.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/client.h"
#include "core/host.h"
#include "core/option.h"
#include "core/options.h"
#include "core/topology.h"

namespace core {

class Session;

enum class Purpose : std::uint8_t {
  application,  ///< becomes or replaces the session's client
  internal,     ///< a plugin's own look at a host
};

class Plugin;

/// A wish for a link, travelling outside-in through the connect chain. Plugins may change it.
struct ConnectRequest {
  HostPort host;  ///< name and port to connect to
  const Options* options = nullptr;
  Purpose purpose = Purpose::application;
  bool initial = false;          ///< the session has no client yet
  const Plugin* skip = nullptr;  ///< a plugin that re-enters the chain leaves itself out
  Deadline deadline;
  const Interrupt* interrupt = nullptr;
};

enum class OperationKind : std::uint8_t {
  execute,
  prepare,
  fetch,  ///< one network read, not one row
  more_results,
  end_transaction,
  set_state,  ///< an attribute that talks to the server
  catalog,
  count_
};

/// One call that may touch the network. A plain struct on the caller's stack.
struct Operation {
  OperationKind kind = OperationKind::execute;
  std::string_view sql = {};  ///< empty where there is none
  std::span<const Parameter> parameters = {};
  bool in_transaction = false;  ///< before the call, by the protocol's flag, or opened by it
  bool repeatable = true;       ///< false: data-at-execution
  bool continues = false;       ///< parameter sets of the same call were executed before it
  Limits limits = {};
  Clock::time_point begun = Clock::now();
};

/// The rest of the chain. Call it zero, one or more times.
using NextConnect = std::function<std::shared_ptr<Client>(ConnectRequest&)>;
/// A light reference to a callable, valid during the call: no allocation on the operation path.
class NextOperation {
 public:
  template <class F>
  explicit NextOperation(F& f)
      : object_(&f), call_([](void* o, Operation& op) { (*static_cast<F*>(o))(op); }) {}
  void operator()(Operation& operation) const { call_(object_, operation); }

 private:
  void* object_;
  void (*call_)(void*, Operation&);
};

/// Which operations a plugin wants to see: a bitset over OperationKind, plus connect.
class Subscriptions {
 public:
  constexpr Subscriptions() = default;
  constexpr Subscriptions(std::initializer_list<OperationKind> kinds) {
    for (const OperationKind kind : kinds) bits_ |= 1U << static_cast<unsigned>(kind);
  }
  static constexpr Subscriptions all() {
    Subscriptions s;
    s.bits_ = ~0U;
    return s;
  }
  constexpr bool has(OperationKind kind) const {
    return (bits_ >> static_cast<unsigned>(kind)) & 1U;
  }

 private:
  std::uint32_t bits_ = 0;
};

enum class ConnectionChange : std::uint8_t { initial, switched };

/// One instance per session. All hooks run on the application thread that holds the wire. Default:
/// go on.
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual Subscriptions subscribes() const = 0;  ///< read once per session
  virtual bool needs_topology() const { return false; }
  virtual std::shared_ptr<Client> connect(ConnectRequest& request, const NextConnect& next) {
    return next(request);
  }
  virtual void around(Operation& operation, const NextOperation& next) { next(operation); }
  /// The cluster's newest picture, before the first operation that begins after it was published.
  virtual void on_topology(const Topology&) {}
  virtual void on_connection_changed(ConnectionChange) {}
};

/// How a plugin presents itself to the registry.
struct PluginDescriptor {
  static constexpr int current_abi = 1;
  std::string_view code;  ///< canonical: "failover_v2"
  std::span<const std::string_view> aliases;
  int weight = 0;                               ///< ascending = outermost first
  std::span<const std::string_view> conflicts;  ///< codes that exclude it
  const OptionGroup* options = nullptr;         ///< may be null
  std::unique_ptr<Plugin> (*make)(Session& session, const Options& options) = nullptr;
  bool on_by_default = false;
  int abi = current_abi;
};

/// The plugins the driver was built with; injected by the composition root.
class PluginRegistry {
 public:
  explicit PluginRegistry(std::span<const PluginDescriptor* const> plugins) : plugins_(plugins) {}
  const PluginDescriptor* find(std::string_view code_or_alias) const;
  std::span<const PluginDescriptor* const> all() const { return plugins_; }

  /// The list a connection asked for ("plugins="), or the defaults when not given: aliases
  /// resolved, sorted by weight when `sort`. Throws HY024 for unknown codes and conflicts, naming
  /// them.
  std::vector<const PluginDescriptor*> chosen(const Options& options) const;

 private:
  std::span<const PluginDescriptor* const> plugins_;
};

}  // namespace core
