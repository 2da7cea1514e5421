// SPDX-License-Identifier: Apache-2.0
// The watchdog shuts a link down when its call outlasts its limits, and leaves everyone else alone.
#include "core/watchdog.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "core/background.h"

namespace core {
namespace {

/// A connected pair; `guard` guards one end, and reading from it stands for the blocking call.
class Pair {
 public:
  Pair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    guard.expose(ends_[0]);
  }
  ~Pair() {
    guard.withdraw();
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  /// Blocks until somebody shuts the end down; milliseconds it took.
  double read_until_shut_down() {
    const auto started = Clock::now();
    char byte = 0;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 0);
    return elapsed_ms(started);
  }
  LinkGuard guard;

 private:
  std::array<int, 2> ends_{};
};

TEST(Watchdog, ShutsTheLinkDownAtTheDeadline) {
  Pair link;
  const Watch watch(link.guard, Deadline::after(milliseconds(60)), nullptr, milliseconds(0), {});
  const double took = link.read_until_shut_down();
  EXPECT_GE(took, 40);
  EXPECT_LT(took, 500);
  EXPECT_EQ(watch.event(), WatchEvent::deadline);
  EXPECT_TRUE(watch.shut_down());
}

TEST(Watchdog, CancelsFirstAndShutsDownAfterTheGrace) {
  Pair link;
  std::atomic<int> cancels{0};
  const Watch watch(link.guard, Deadline::after(milliseconds(40)), nullptr, milliseconds(60),
                    [&] { ++cancels; });
  const double took = link.read_until_shut_down();
  EXPECT_GE(took, 75);
  EXPECT_LT(took, 600);
  EXPECT_EQ(cancels, 1);
}

TEST(Watchdog, ShutsASilentLinkDownWithoutACancel) {
  Pair link;
  std::atomic<int> cancels{0};
  const Watch watch(
      link.guard, Deadline::never(), nullptr, milliseconds(10'000), [&] { ++cancels; },
      milliseconds(80));
  const double took = link.read_until_shut_down();
  EXPECT_GE(took, 75);
  EXPECT_LT(took, 600);
  EXPECT_EQ(watch.event(), WatchEvent::silence);
  EXPECT_EQ(cancels, 0);
}

TEST(Watchdog, HearsAnInterruptRaisedWhileTheCallBlocks) {
  Pair link;
  Interrupt interrupt;
  const Watch watch(link.guard, Deadline::never(), &interrupt, milliseconds(0), {});
  std::thread canceller([&] { interrupt.raise(); });
  EXPECT_LT(link.read_until_shut_down(), 500);
  canceller.join();
  EXPECT_EQ(watch.event(), WatchEvent::interrupt);
}

TEST(Watchdog, HearsAnInterruptRaisedBeforeTheCall) {
  Pair link;
  Interrupt interrupt;
  interrupt.raise();
  const Watch watch(link.guard, Deadline::never(), &interrupt, milliseconds(0), {});
  EXPECT_LT(link.read_until_shut_down(), 500);
  EXPECT_EQ(watch.event(), WatchEvent::interrupt);
}

TEST(Watchdog, ShutsDownAtOnceWhenTheCancelCannotBeStarted) {
  Pair link;
  const Watch watch(link.guard, Deadline::after(milliseconds(20)), nullptr, milliseconds(10'000),
                    [] { throw std::bad_alloc(); });
  EXPECT_LT(link.read_until_shut_down(), 500);
}

TEST(Watchdog, LeavesACallAloneThatEndsInTime) {
  Pair link;
  {
    const Watch watch(link.guard, Deadline::after(milliseconds(30)), nullptr, milliseconds(0), {});
    EXPECT_EQ(watch.event(), WatchEvent::nothing);
  }
  EXPECT_EQ(pause(milliseconds(80), nullptr), Woken::timed_out);
  EXPECT_FALSE(link.guard.was_shut_down());
}

TEST(Watchdog, ServesANearDeadlineBehindAFarOne) {
  Pair far;
  Pair near;
  const Watch later(far.guard, Deadline::after(milliseconds(30'000)), nullptr, milliseconds(0), {});
  const Watch sooner(near.guard, Deadline::after(milliseconds(30)), nullptr, milliseconds(0), {});
  EXPECT_LT(near.read_until_shut_down(), 500);
  EXPECT_EQ(later.event(), WatchEvent::nothing);
}

TEST(Watchdog, SurvivesAStopOfTheBackgroundThread) {
  Pair link;
  const Watch watch(link.guard, Deadline::after(milliseconds(150)), nullptr, milliseconds(0), {});
  (void)Background::instance().stop_now(milliseconds(20));
  EXPECT_LT(link.read_until_shut_down(), 1000);
  Pair second;
  const Watch again(second.guard, Deadline::after(milliseconds(30)), nullptr, milliseconds(0), {});
  EXPECT_LT(second.read_until_shut_down(), 500);
}

TEST(Watchdog, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&wrong, i] {
      for (int round = 0; round < 40; ++round) {
        Pair link;
        Interrupt interrupt;
        const bool fires = (round + i) % 4 == 0;
        const bool by_interrupt = fires && round % 2 == 0;
        const Watch watch(link.guard, Deadline::after(milliseconds(fires ? 5 : 20'000)), &interrupt,
                          milliseconds(0), {});
        if (by_interrupt) interrupt.raise();
        if (!fires) continue;
        link.read_until_shut_down();
        if (watch.event() == WatchEvent::nothing) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Watchdog, CostsLittleWhenNothingFires) {
  Pair link;
  Interrupt interrupt;
  constexpr int calls = 100'000;
  const auto started = Clock::now();
  for (int i = 0; i < calls; ++i)
    const Watch watch(link.guard, Deadline::after(milliseconds(30'000)), &interrupt,
                      milliseconds(1000), {});
  const double each = elapsed_ms(started) * 1e6 / calls;
  RecordProperty("nanoseconds_per_watch", static_cast<int>(each));
  EXPECT_LT(each, 50'000) << "nanoseconds per watch";
}

}  // namespace
}  // namespace core
