// SPDX-License-Identifier: Apache-2.0
// The wait, the guard and the exchange runner on socket pairs.
#include "core/client/wait.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "core/client/exchange.h"
#include "core/client/link_guard.h"

namespace {

using namespace core;

struct Pair {
  int ours = -1;
  int theirs = -1;
  Pair() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    ours = fds[0];
    theirs = fds[1];
  }
  ~Pair() {
    ::close(ours);
    if (theirs >= 0) ::close(theirs);
  }
};

TEST(Wait, EndsByReadinessDeadlineAndInterrupt) {
  const Pair pair;
  Interrupt interrupt;
  const auto soon = [] { return Deadline::after(milliseconds(20)); };
  EXPECT_EQ(wait(Waitable::readable(pair.ours), soon(), &interrupt), Woken::timed_out);
  EXPECT_EQ(wait(Waitable::writable(pair.ours), Deadline::never(), &interrupt), Woken::ready);
  interrupt.raise();
  EXPECT_EQ(wait(Waitable::readable(pair.ours), Deadline::never(), &interrupt), Woken::interrupted);
  EXPECT_EQ(pause(milliseconds(10000), &interrupt), Woken::interrupted);
  interrupt.clear();
  EXPECT_FALSE(interrupt.raised());
  EXPECT_EQ(pause(milliseconds(10), &interrupt), Woken::timed_out);
}

TEST(Wait, AHangUpCountsAsReady) {
  Pair pair;
  ::close(pair.theirs);
  pair.theirs = -1;
  EXPECT_EQ(wait(Waitable::readable(pair.ours), Deadline::never(), nullptr), Woken::ready);
}

TEST(Wait, ASignalWakesEverySubscriber) {
  Signal signal;
  const Signal::Subscription first(signal);
  const Signal::Subscription second(signal);
  std::thread publisher([&] { signal.publish(); });
  EXPECT_EQ(wait(Waitable::signal(first), Deadline::never(), nullptr), Woken::ready);
  EXPECT_EQ(wait(Waitable::signal(second), Deadline::never(), nullptr), Woken::ready);
  publisher.join();
}

TEST(LinkGuard, ShutsDownWhatIsExposedAndNothingElse) {
  const Pair pair;
  LinkGuard guard;
  guard.expose(pair.ours);
  EXPECT_TRUE(guard.peer_is_there());
  guard.withdraw();
  guard.shutdown();
  char byte = 'x';
  EXPECT_EQ(::write(pair.theirs, &byte, 1), 1);  // withdrawn: the socket still lives
  EXPECT_TRUE(guard.was_shut_down());
  guard.expose(pair.ours);  // remembered
  EXPECT_FALSE(guard.peer_is_there());
  EXPECT_EQ(::send(pair.theirs, &byte, 1, MSG_NOSIGNAL), -1);
}

TEST(LinkGuard, SeesThatThePeerLeftBehindUnreadData) {
  Pair pair;
  LinkGuard guard;
  guard.expose(pair.ours);
  EXPECT_EQ(::write(pair.theirs, "x", 1), 1);
  EXPECT_TRUE(guard.peer_is_there());
  ::close(pair.theirs);
  pair.theirs = -1;
  EXPECT_FALSE(guard.peer_is_there());
}

class NeverDone final : public Exchange {
 public:
  explicit NeverDone(int fd) : fd_(fd) {}
  Want step() override { return Want::read; }
  int descriptor() const override { return fd_; }

 private:
  int fd_;
};

TEST(Exchange, RunNamesWhatTimedOutOrWasCancelled) {
  const Pair pair;
  NeverDone exchange(pair.ours);
  try {
    run(exchange, Deadline::after(milliseconds(10)), nullptr, "login");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), sqlstate::timeout);
    EXPECT_STREQ(error.what(), "login timed out");
  }
  Interrupt interrupt;
  interrupt.raise();
  try {
    run(exchange, Deadline::never(), &interrupt, "login");
    FAIL();
  } catch (const Error& error) { EXPECT_EQ(error.state(), sqlstate::cancelled); }
}

}  // namespace
