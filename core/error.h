// SPDX-License-Identifier: Apache-2.0
// The one exception below the C boundary. Whoever fails throws it; plugins catch what they act on;
// odbc/entry.h turns it into diagnostic records. Conversion cells do not throw: they return
// outcomes.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sqlstate.h"

namespace core {

/// How far an operation had come when it failed. Only `not_sent` is always safe to run again.
enum class Reached : unsigned char {
  not_sent,  ///< no byte of it was given to the socket
  sent,      ///< given to the socket, no complete answer came back
  answered,  ///< the server answered: its answer is the truth
};

/// Native codes of the driver's own failures (engine errors keep the engine's code).
namespace native_code {
inline constexpr int connect_failed = 91001;
inline constexpr int failover_success = 91002;
inline constexpr int failover_failed = 91003;
inline constexpr int outcome_unknown = 91004;
inline constexpr int splitting_failed = 91005;
inline constexpr int unsupported = 91006;
inline constexpr int timed_out = 91007;
}  // namespace native_code

/// One future diagnostic record.
struct Failure {
  Sqlstate state = sqlstate::general;
  int native = 0;
  std::string component;  ///< who says it: "Failover", "Options", "PostgreSQL", "MariaDB", ...
  std::string
      text;  ///< what happened, where, what to do; never a secret; no "(number)" in our own texts
};

/// Thrown by everything below the C boundary. The first failure is the decisive one (record 1);
/// causes follow in order (record 2, ...): the engine's own error behind a failover, for example.
class Error : public std::exception {
 public:
  Error(Sqlstate state, std::string component, std::string text,
        Reached reached = Reached::answered, int native = 0);

  const char* what() const noexcept override { return main_.text.c_str(); }
  const Failure& main() const noexcept { return main_; }
  Sqlstate state() const noexcept { return main_.state; }
  Reached reached() const noexcept { return reached_; }
  const std::vector<Failure>& causes() const noexcept { return causes_; }

  /// True when the physical link is unusable, whatever the state says (set by the clients).
  bool link_lost() const noexcept { return link_lost_; }
  /// True when a credential was refused (28xxx): retrying elsewhere with the same one is pointless.
  bool login_failed() const noexcept { return main_.state.in_class("28"); }

  Error& with_link_lost(bool lost = true) & {
    link_lost_ = lost;
    return *this;
  }
  Error&& with_link_lost(bool lost = true) && {
    link_lost_ = lost;
    return std::move(*this);
  }
  /// Appends `cause` and its causes behind this error's own.
  Error& caused_by(const Error& cause) &;
  Error&& caused_by(const Error& cause) && { return std::move(caused_by(cause)); }
  /// The same error as the cause of a new decisive one.
  Error&& with_reached(Reached reached) && {
    reached_ = reached;
    return std::move(*this);
  }

 private:
  Failure main_;
  Reached reached_;
  bool link_lost_ = false;
  std::vector<Failure> causes_;
};

}  // namespace core
