// SPDX-License-Identifier: Apache-2.0
// The looks at a link before a statement is given away: whose results are on its wire, whether a
// cancel is still under way, whether the server is there.
#include <sys/socket.h>

#include <cerrno>

#include "core/client/pg_errors.h"
#include "core/client/pg_result.h"
#include "core/client/pg_wire.h"

namespace core {

void PgClient::look_for_end_of_link() {
  if (broken_.load(std::memory_order_acquire)) throw lost(Reached::not_sent);
  constexpr int enough = 8;  // reads of notices that piled up; the rest can wait
  for (int i = 0; i < enough; ++i) {
    char byte = 0;
    const auto seen = ::recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (seen < 0 && errno == EINTR) continue;
    const bool reads_on = seen > 0 && consume_input();
    PQisBusy(conn_);  // parses: a FATAL reaches on_notice
    if (!reads_on || farewell_) throw lost(Reached::not_sent);
  }
}

/// A failure here is the other statement's: of the one that wants the wire nothing was sent.
void PgClient::free_wire(const Limits& limits) {
  try {
    active->spool(limits);
  } catch (const Error& failed) {
    Error ours = failed;
    throw std::move(ours).with_reached(Reached::not_sent);
  }
}

/// An operation that ran out of memory behind its send has left its answers on the wire.
void PgClient::discard_abandoned_flight(const Limits& limits) {
  if (!flight_.under_way || active != nullptr) return;
  if (flight_.pipelined && !flight_.complete) throw lost(Reached::not_sent);
  flight_.learner = nullptr;  // may be gone
  const auto maker = [this] { return make_cancel(); };
  Drive drive(limits, canceller_, maker);
  try {
    while (take_waiting(drive) != nullptr) {}
  } catch (const Error& failed) {
    Error ours = failed;
    throw std::move(ours).with_reached(Reached::not_sent);
  }
}

void PgClient::make_ready(const Limits& limits) {
  if (!connected_.load(std::memory_order_acquire))
    throw Error(sqlstate::connection_not_open, pg_component, "the link is not connected",
                Reached::not_sent);
  if (active != nullptr) free_wire(limits);
  discard_abandoned_flight(limits);
  if (!canceller_.settle(limits.cancel_grace)) {
    guard_.shutdown();
    throw Error(sqlstate::link_lost, pg_component,
                "a cancel request to " + peer_address() +
                    " is still under way and might hit the next statement; the link is given up",
                Reached::not_sent)
        .with_link_lost();
  }
  if (limits.interrupt != nullptr && limits.interrupt->raised())
    throw stop_error(StopCause::interrupt, "cancelled before it was sent", Reached::not_sent);
  if (limits.deadline.expired())
    throw stop_error(StopCause::deadline, "timed out before it was sent", Reached::not_sent);
  look_for_end_of_link();
}

}  // namespace core
