// SPDX-License-Identifier: Apache-2.0
// Work that can only block (getaddrinfo, credential fetches, cancel requests, libmariadb's TLS
// connects) on at most four worker threads, and name resolution on top of it. A stuck worker is
// abandoned, never joined; its job's state is shared, so late results fall on the floor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/client/wait.h"
#include "core/error.h"

namespace core {

/// A job handed to the workers. Shared between the poster and the worker.
class Job {
 public:
  bool finished() const noexcept;
  /// Blocks the application thread until finished, the deadline or the interrupt.
  Woken wait(Deadline deadline, const Interrupt* interrupt);
  /// Calls `done` on the background thread once finished (at once when it already is).
  void then(std::function<void()> done);
  /// Rethrows what the job threw; only after finished().
  void rethrow_failure() const;

 private:
  friend class Workers;
  struct State;
  explicit Job(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// At most four threads, started on demand, ended when idle for 2 seconds. Any thread may post.
/// A worker that has been stuck for longer than its job's limit no longer counts towards the four
/// (at most eight in all), so that a dead resolver does not stop everything else.
class Workers {
 public:
  static Workers& instance();  ///< leaked
  Job post(std::function<void()> work, milliseconds limit = milliseconds(30000));
  std::size_t thread_count() const;

 private:
  Workers();
  struct State;
  State* state_;
};

/// Numeric addresses of a name, in the order to try.
struct Addresses {
  std::vector<std::string> numeric;
};

/// Shared look-ups (one per name at a time), a 5 s positive and 1 s negative cache that a forced
/// look-up bypasses. Literal addresses are answered at once.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// Application threads. Throws 08001 "cannot resolve host ..." or HYT00 at the deadline, HY008.
  virtual Addresses resolve(const std::string& host, Deadline deadline,
                            const Interrupt* interrupt) = 0;
  /// Background: `done` runs on the background thread; empty with `error` text on failure.
  virtual void resolve_async(const std::string& host, Deadline deadline,
                             std::function<void(Addresses, std::string error)> done) = 0;
};

/// getaddrinfo on the workers.
Resolver& system_resolver();

}  // namespace core
