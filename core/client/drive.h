// SPDX-License-Identifier: Apache-2.0
// The patience of one operation: it waits until the deadline or the interrupt, then asks the server
// to give up and grants it the grace time. Both native clients wait for answers through it.
#pragma once

#include <functional>
#include <optional>

#include "core/client.h"
#include "core/resolver.h"

namespace core {

/// Why a server was asked to give up.
/// `silence`: it was not even asked, the link is given up.
enum class StopCause : std::uint8_t { none, deadline, interrupt, silence };

/// Waits for `what` until one of the limits ends it; `none`: it is ready.
StopCause wait_within(const Limits& limits, Waitable what);

/// Sends cancel requests for one link on the workers and keeps the next statement from being hit
/// by a late one. Belongs to a client; used by the thread that holds the wire.
class Canceller {
 public:
  explicit Canceller(Workers& workers) : workers_(workers) {}

  /// Posts `request`, which may block and must own what it uses.
  void post(std::function<void()> request);
  /// True when no posted request is under way.
  bool idle() const { return !pending_ || pending_->finished(); }
  /// Waits until a posted request has ended. False: it did not within `limit`.
  bool settle(milliseconds limit);

 private:
  Workers& workers_;
  std::optional<Job> pending_;
};

/// One operation's waits. A plain object on the stack; costs nothing until it has to wait.
class Drive {
 public:
  using Request = std::function<void()>;
  /// `make_request` is called at most once, when the server has to be asked to give up.
  template <class MakeRequest>
  Drive(const Limits& limits, Canceller& canceller, const MakeRequest& make_request)
      : limits_(limits),
        canceller_(canceller),
        maker_(&make_request),
        make_([](const void* maker) -> Request {
          return (*static_cast<const MakeRequest*>(maker))();
        }) {}

  /// Waits for an answer; repeats an unheard cancel request (it may have overtaken the statement
  /// and met an idle server, which ignores it). False: the server stayed silent beyond deadline and
  /// grace; give the link up.
  bool wait_for_answer(int fd);
  /// Waits until more can be sent. Half a message cannot be taken back, and a server that has not
  /// read it all has nothing to cancel: at the deadline or the interrupt the rest is sent within
  /// the grace, and the first wait for an answer asks the server to give up. False: the peer did
  /// not read on; give the link up.
  bool wait_to_send(int fd);
  /// Waits until more can be sent or an answer has come; at the deadline or the interrupt it asks
  /// the server to give up and goes on. False: the server stayed silent beyond deadline and grace.
  bool wait_to_exchange(int fd);
  /// Asks the server to give up now, for a reason that is not the limits'.
  void stop();

  const Limits& limits() const { return limits_; }
  StopCause cause() const { return cause_; }
  bool stopped() const { return stopped_; }

 private:
  bool wait_in_grace(int fd);
  void ask();
  const Limits& limits_;
  Canceller& canceller_;
  const void* maker_;
  Request (*make_)(const void*);
  StopCause cause_ = StopCause::none;
  bool stopped_ = false;
  bool asked_ = false;
  Deadline grace_;
};

/// HYT00, HYT01 or HY008 as a decisive or an explaining error.
Error stop_error(StopCause cause, std::string text, Reached reached);

}  // namespace core
