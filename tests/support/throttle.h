// SPDX-License-Identifier: Apache-2.0
// A slow or dead network between a client and a real server: bytes pass both ways in small portions
// with pauses between them, so that a call can be met at any byte of it, or stop passing, and all
// links can be cut at once. Every connection, a cancel request too, goes through.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace throttle {

/// A port that accepts connections (the kernel does) and never says a word.
class SilentServer {
 public:
  SilentServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 64);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(listener_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::uint16_t port_ = 0;
};

class Proxy {
 public:
  explicit Proxy(std::uint16_t server_port) : server_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 64);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~Proxy() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    cut();
    for (std::thread& pump : pumps_) pump.join();
    for (const int socket : sockets_) ::close(socket);
    ::close(listener_);
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// At most `portion` bytes at once, then a pause. 0: as fast as it goes.
  void slow_down(std::size_t portion, std::chrono::microseconds pause) {
    pause_ = pause.count();
    portion_ = portion;
  }
  /// Ends every connection there is; new ones are accepted.
  void cut() {
    const std::scoped_lock lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  std::uint64_t bytes_to_clients() const { return to_clients_; }

  /// Nothing passes any more once the server has said `bytes` more; until release().
  void hold(std::int64_t bytes = 0) { allowance_ = bytes; }
  void release() { allowance_ = unlimited; }

 private:
  static constexpr std::int64_t unlimited = INT64_MAX / 2;
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  void accept_all() {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in address = loopback(server_);
      ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
      for (const int socket : {client, server}) {
        const int at_once = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      }
      const std::scoped_lock lock(mutex_);
      sockets_.insert(sockets_.end(), {client, server});
      pumps_.emplace_back([this, client, server] { pump(client, server, nullptr); });
      pumps_.emplace_back([this, client, server] { pump(server, client, &to_clients_); });
    }
  }

  /// How many of `bytes` may pass; waits while the network is held.
  std::size_t wait_for_passage(std::size_t bytes, bool counts) {
    while (allowance_ <= 0 && !ending_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!counts) return bytes;
    const std::int64_t left = allowance_.fetch_sub(static_cast<std::int64_t>(bytes));
    const auto passing = std::clamp<std::int64_t>(left, 1, static_cast<std::int64_t>(bytes));
    return static_cast<std::size_t>(passing);
  }

  bool send_all(int to, const char* data, std::size_t size, bool counts) {
    while (size > 0) {
      const std::size_t most = wait_for_passage(size, counts);
      const auto sent = ::send(to, data, most, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      data += sent;
      size -= static_cast<std::size_t>(sent);
    }
    return true;
  }

  /// `counted`: of what the server says.
  void pump(int from, int to, std::atomic<std::uint64_t>* counted) {
    std::array<char, 16384> data;
    for (;;) {
      const std::size_t portion = portion_;
      const std::size_t most = portion == 0 ? data.size() : std::min(portion, data.size());
      const auto got = ::recv(from, data.data(), most, 0);
      if (got <= 0) break;
      if (counted != nullptr) *counted += static_cast<std::uint64_t>(got);
      if (!send_all(to, data.data(), static_cast<std::size_t>(got), counted != nullptr)) break;
      if (portion != 0) std::this_thread::sleep_for(std::chrono::microseconds(pause_));
    }
    ::shutdown(to, SHUT_RDWR);
    ::shutdown(from, SHUT_RDWR);
  }

  std::uint16_t server_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<std::uint64_t> to_clients_{0};
  std::atomic<std::size_t> portion_{0};
  std::atomic<std::int64_t> pause_{0};
  std::atomic<std::int64_t> allowance_{unlimited};
  std::atomic<bool> ending_{false};
  std::thread accepting_;
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> pumps_;
};

}  // namespace throttle
