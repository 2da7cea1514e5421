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
  /// `work` starts as soon as a worker is free; what it throws is kept for rethrow_failure().
  /// Throws HY001 when there is no worker and the system refuses one.
  Job post(std::function<void()> work, milliseconds limit = milliseconds(30000));
  std::size_t thread_count() const;
  /// Lets idle workers end now instead of after 2 seconds and waits at most `limit` for the busy
  /// ones; false when some are still busy then (they end after their job).
  bool stop_now(milliseconds limit);

  struct State;

 private:
  Workers();
  State* state_;  // leaked; replaced in a forked child
};

/// Numeric addresses of a name, in the order to try.
struct Addresses {
  std::vector<std::string> numeric;
  bool no_such_name = false;  ///< empty because the name does not exist, not because DNS is silent
};

/// Shared look-ups (one per name at a time), a 5 s positive and 1 s negative cache that a forced
/// look-up bypasses. Literal addresses are answered at once. DNS that fails, or does not answer
/// within 200 ms, is answered for by the last addresses of the name, for a day: who connects sees
/// whom he meets. A name that does not exist any more has none.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// Application threads. Throws 08001 "cannot resolve host ..." or HYT00 at the deadline, HY008.
  virtual Addresses resolve(const std::string& host, Deadline deadline,
                            const Interrupt* interrupt) = 0;
  /// Background: `done` runs on the background thread; empty with `error` text on failure.
  virtual void resolve_async(const std::string& host, Deadline deadline,
                             std::function<void(Addresses, std::string error)> done) = 0;
  /// The next look-up of the name asks the system anew (a forced look-up: stale DNS is suspected).
  virtual void forget(const std::string&) {}
};

/// Looks a name up, blocking as long as it likes. Throws Error 08001; an answer without addresses
/// says why in `no_such_name`.
using BlockingLookup = std::function<Addresses(const std::string& host)>;

/// A resolver that runs `lookup` on the workers and takes its answers without asking again for
/// `keep`; it may outlive its last user by stuck look-ups.
std::unique_ptr<Resolver> make_resolver(BlockingLookup lookup,
                                        milliseconds keep = milliseconds(5000));

/// getaddrinfo on the workers. Leaked.
Resolver& system_resolver();

}  // namespace core
