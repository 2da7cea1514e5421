// SPDX-License-Identifier: Apache-2.0
// A conversation with a server, cut into steps that never block. Who runs it decides how to wait:
// application threads with run() below, the background as a coroutine (core/background.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/client/link_guard.h"
#include "core/client/wait.h"
#include "core/error.h"

namespace core {

/// What an exchange needs before its next step.
enum class Want : unsigned char {
  read,    ///< descriptor() readable
  write,   ///< descriptor() writable
  worker,  ///< the next step may block (libmariadb's TLS handshake): run it on a worker thread
  done,
};

/// One operation on one link. Not thread-safe; one step at a time. The descriptor may change
/// between steps (libpq tries several addresses), and the same number may be a new socket.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// Goes on as far as it can without waiting. Throws Error when the operation has failed.
  virtual Want step() = 0;
  virtual int descriptor() const = 0;
  /// What to shut down when a worker step outlasts its deadline or is interrupted; may be null.
  virtual LinkGuard* guard() { return nullptr; }
};

/// Rows of an internal query as text; nullopt is NULL.
using TextRows = std::vector<std::vector<std::optional<std::string>>>;

/// An internal query (dialect probe, role, topology): small results, whole, as text.
class TextExchange : public Exchange {
 public:
  virtual TextRows take_rows() = 0;                           ///< once, after Want::done
  virtual std::vector<std::string> column_names() const = 0;  ///< after Want::done
};

/// Runs an exchange on the calling thread. Throws what step() throws; HYT00 with the text
/// "<what> timed out" at the deadline and HY008 when interrupted: both leave the exchange
/// unfinished, so the caller must abort or discard the link.
void run(Exchange& exchange, Deadline deadline, const Interrupt* interrupt, const char* what);

}  // namespace core
