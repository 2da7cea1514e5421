// SPDX-License-Identifier: Apache-2.0
// Cross-thread shutdown and what fork() does to links. A child that merely exits would otherwise
// send TLS close_notify or Terminate on its parent's sockets.
#include "core/client/link_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/client/silence.h"

namespace core {

/// All live guards. Leaked: threads may outlive static destructors.
struct LinkGuardRegistry {
  std::mutex mutex;
  LinkGuard* first = nullptr;

  static LinkGuardRegistry& instance();

  void lock_all() {
    mutex.lock();
    for (LinkGuard* g = first; g != nullptr; g = g->next_) g->mutex_.lock();
  }
  void unlock_all() {
    for (LinkGuard* g = first; g != nullptr; g = g->next_) g->mutex_.unlock();
    mutex.unlock();
  }
  void disconnect_all() {
    for (LinkGuard* g = first; g != nullptr; g = g->next_) g->disconnect_in_child();
  }
};

namespace {

// Prepare locks everything, so no guard is half-way through a change in the child's copy.
void before_fork() { LinkGuardRegistry::instance().lock_all(); }
void in_parent() { LinkGuardRegistry::instance().unlock_all(); }
void in_child() {
  LinkGuardRegistry& registry = LinkGuardRegistry::instance();
  registry.disconnect_all();
  registry.unlock_all();
}

}  // namespace

LinkGuardRegistry& LinkGuardRegistry::instance() {
  static LinkGuardRegistry& registry = *[] {
    auto* made = new LinkGuardRegistry;
    ::pthread_atfork(before_fork, in_parent, in_child);
    return made;
  }();
  return registry;
}

LinkGuard::LinkGuard() {
  LinkGuardRegistry& registry = LinkGuardRegistry::instance();
  const std::lock_guard lock(registry.mutex);
  next_ = registry.first;
  if (next_ != nullptr) next_->previous_ = this;
  registry.first = this;
}

LinkGuard::~LinkGuard() {
  withdraw();
  LinkGuardRegistry& registry = LinkGuardRegistry::instance();
  const std::lock_guard lock(registry.mutex);
  (previous_ != nullptr ? previous_->next_ : registry.first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

void LinkGuard::expose(int fd) noexcept {
  const std::lock_guard lock(mutex_);
  drop_twin();
  library_fd_ = fd;
  if (fd < 0) return;
  twin_ = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (shut_down_ && twin_ >= 0) ::shutdown(twin_, SHUT_RDWR);
}

void LinkGuard::withdraw() noexcept {
  const std::lock_guard lock(mutex_);
  drop_twin();
  library_fd_ = -1;
}

void LinkGuard::shutdown() noexcept {
  const std::lock_guard lock(mutex_);
  shut_down_ = true;
  if (twin_ >= 0) ::shutdown(twin_, SHUT_RDWR);
}

void LinkGuard::drop_twin() noexcept {
  if (twin_ >= 0) ::close(twin_);
  twin_ = -1;
}

bool LinkGuard::was_shut_down() const noexcept {
  const std::lock_guard lock(mutex_);
  return shut_down_;
}

bool LinkGuard::belongs_to_parent() const noexcept {
  const std::lock_guard lock(mutex_);
  return belongs_to_parent_;
}

bool LinkGuard::peer_is_there() const noexcept {
  const std::lock_guard lock(mutex_);
  if (library_fd_ < 0 || shut_down_ || belongs_to_parent_) return false;
  if (twin_ < 0) return true;  // no descriptor was left for a twin: nothing can be said
  pollfd entry{twin_, POLLIN | POLLRDHUP, 0};
  if (::poll(&entry, 1, 0) < 0) return true;  // EINTR says nothing about the peer
  return (entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) == 0;
}

std::uint64_t LinkGuard::bytes_moved() const noexcept {
  const std::lock_guard lock(mutex_);
  return twin_ < 0 ? 0 : core::bytes_moved(twin_);
}

bool LinkGuard::library_still_holds_it() const noexcept {
  struct stat mine {};
  struct stat theirs {};
  return twin_ >= 0 && ::fstat(twin_, &mine) == 0 && ::fstat(library_fd_, &theirs) == 0 &&
         mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino;
}

void LinkGuard::disconnect_in_child() noexcept {
  belongs_to_parent_ = true;
  if (library_fd_ < 0) return;
  const bool still_open = library_still_holds_it();
  drop_twin();  // closing a copy tells the peer nothing
  if (!still_open) return;
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0) {
    ::dup3(nothing, library_fd_, O_CLOEXEC);
    ::close(nothing);
  } else {
    ::close(library_fd_);
  }
}

}  // namespace core
