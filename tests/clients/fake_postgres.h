// SPDX-License-Identifier: Apache-2.0
// A server that logs everybody in and then misbehaves on purpose. One connection at a time, one
// thread; speaks just enough of the protocol (documentation, "Message Formats").
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace fake {

enum class Behaviour {
  talks_garbage,      ///< answers like a web server
  closes_at_startup,  ///< accepts and closes
  silent_at_startup,  ///< accepts and never answers
  refuses_options,    ///< a proxy: FATAL 08P01 for every keyword it does not know
  silent_on_query,    ///< logs in, then never answers; cancel requests neither
  closes_on_query,    ///< logs in, closes when the first statement comes
  closes_when_idle,   ///< logs in and closes at once
};

class Postgres {
 public:
  explicit Postgres(Behaviour behaviour) : behaviour_(behaviour) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 8);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Postgres() {
    ::shutdown(listener_, SHUT_RDWR);
    if (const int open = current_.load(); open >= 0) ::shutdown(open, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  std::map<std::string, std::string> keywords() const {
    const std::lock_guard lock(mutex_);
    return keywords_;
  }

 private:
  void serve() {
    for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0;
         fd = ::accept(listener_, nullptr, nullptr)) {
      current_ = fd;
      converse(fd);
      current_ = -1;
      ::close(fd);
    }
  }

  void converse(int fd) {
    if (behaviour_ == Behaviour::closes_at_startup) return;
    if (behaviour_ == Behaviour::silent_at_startup) return wait_for_end(fd);
    if (behaviour_ == Behaviour::talks_garbage) {
      drop_some(fd);
      send_text(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
      return;
    }
    if (!read_startup(fd)) return;
    if (behaviour_ == Behaviour::refuses_options && !knows_all_keywords()) {
      send_message(fd, 'E',
                   with_zeros({"SFATAL", "VFATAL", "C08P01", "Munsupported startup parameter"}));
      return;
    }
    send_message(fd, 'R', std::string(4, '\0'));
    send_message(fd, 'S', parameter("server_version", "15.0"));
    send_message(fd, 'S', parameter("DateStyle", "ISO, MDY"));
    send_message(fd, 'S', parameter("IntervalStyle", "postgres"));
    send_message(fd, 'K', std::string(8, '\1'));
    send_message(fd, 'Z', "I");
    if (behaviour_ == Behaviour::closes_when_idle) return;
    if (behaviour_ == Behaviour::closes_on_query) return drop_some(fd);
    wait_for_end(fd);
  }

  bool read_startup(int fd) {
    constexpr std::uint32_t tls_request = 80877103;
    for (;;) {
      std::uint32_t header[2];
      if (!read_all(fd, header, sizeof header)) return false;
      const std::uint32_t code = ntohl(header[1]);
      if (code == tls_request) {
        send_text(fd, "N");
        continue;
      }
      std::string body(ntohl(header[0]) - sizeof header, '\0');
      if (!read_all(fd, body.data(), body.size())) return false;
      read_keywords(body);
      return code == 3U << 16;
    }
  }

  void read_keywords(const std::string& body) {
    const std::lock_guard lock(mutex_);
    for (std::size_t at = 0; at < body.size() && body[at] != '\0';) {
      const std::string name = body.c_str() + at;
      at += name.size() + 1;
      const std::string value = body.c_str() + at;
      at += value.size() + 1;
      keywords_[name] = value;
    }
  }

  bool knows_all_keywords() const {
    for (const auto& [name, value] : keywords())
      if (name != "user" && name != "database" && name != "client_encoding" &&
          name != "application_name")
        return false;
    return true;
  }

  static std::string parameter(const char* name, const char* value) {
    return std::string(name) + '\0' + value + '\0';
  }
  static std::string with_zeros(std::initializer_list<const char*> fields) {
    std::string body;
    for (const char* field : fields) body.append(field).push_back('\0');
    body.push_back('\0');
    return body;
  }
  static void send_message(int fd, char type, const std::string& body) {
    const std::uint32_t length = htonl(static_cast<std::uint32_t>(body.size() + 4));
    std::string message(1, type);
    message.append(reinterpret_cast<const char*>(&length), 4).append(body);
    send_text(fd, message);
  }
  static void send_text(int fd, const std::string& text) {
    [[maybe_unused]] const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
  }
  static bool read_all(int fd, void* to, std::size_t size) {
    return ::recv(fd, to, size, MSG_WAITALL) == static_cast<ssize_t>(size);
  }
  static void drop_some(int fd) {
    std::array<char, 4096> data;
    [[maybe_unused]] const auto got = ::recv(fd, data.data(), data.size(), 0);
  }
  static void wait_for_end(int fd) {
    std::array<char, 4096> data;
    while (::recv(fd, data.data(), data.size(), 0) > 0) {}
  }

  Behaviour behaviour_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> current_{-1};
  mutable std::mutex mutex_;
  std::map<std::string, std::string> keywords_;
  std::thread thread_;
};

}  // namespace fake
