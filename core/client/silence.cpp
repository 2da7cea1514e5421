// SPDX-License-Identifier: Apache-2.0
// Counting what moves.
#include "core/client/silence.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace core {

std::uint64_t bytes_moved(int socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked + info.tcpi_bytes_received;
}

bool Silence::is_over(std::uint64_t moved) noexcept {
  const Clock::time_point now = Clock::now();
  const bool first = since_ == Clock::time_point();
  if (first || moved != moved_) since_ = now;
  moved_ = moved;
  return now - since_ >= limit_;
}

Deadline Silence::next_look() const noexcept {
  constexpr int looks = 4;
  return limited() ? Deadline::after(limit_ / looks) : Deadline::never();
}

}  // namespace core
