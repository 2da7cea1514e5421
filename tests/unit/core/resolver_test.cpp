// SPDX-License-Identifier: Apache-2.0
// Name resolution with a scripted blocking function: caching, sharing, late and stuck look-ups.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "core/background.h"
#include "core/resolver.h"

using namespace std::chrono_literals;
using core::Addresses;
using core::Deadline;
using core::Error;

namespace {

/// Counts look-ups and answers "10.0.0.<count>"; "gone" has no address; "slow*" waits for the gate.
struct Script {
  std::atomic<int> lookups{0};
  std::promise<void> opening;
  std::shared_future<void> open{opening.get_future()};

  enum class Dns { sound, failing, silent, without_the_name };
  std::atomic<Dns> dns{Dns::sound};

  std::unique_ptr<core::Resolver> resolver(core::milliseconds keep = 5s) {
    const auto look_up = [this](const std::string& host) -> Addresses {
      const int n = ++lookups;
      if (host.starts_with("slow") || dns == Dns::silent) open.wait();
      if (dns == Dns::failing)
        throw Error(core::sqlstate::cannot_connect, "Test", "DNS is out of order");
      if (host == "gone" || dns == Dns::without_the_name) return {{}, true};
      return {{"10.0.0." + std::to_string(n)}};
    };
    return core::make_resolver(look_up, keep);
  }
};

std::string first(const Addresses& addresses) {
  return addresses.numeric.empty() ? std::string() : addresses.numeric.front();
}

class ResolverTest : public ::testing::Test {
 protected:
  Script script;
  std::unique_ptr<core::Resolver> resolver = script.resolver();

  std::string resolve(const std::string& host, core::milliseconds limit = 1000ms) {
    return first(resolver->resolve(host, Deadline::after(limit), nullptr));
  }
  std::future<std::pair<Addresses, std::string>> ask(const std::string& host,
                                                     core::milliseconds limit) {
    auto answer = std::make_shared<std::promise<std::pair<Addresses, std::string>>>();
    resolver->resolve_async(host, Deadline::after(limit), [answer](Addresses a, std::string e) {
      answer->set_value({std::move(a), std::move(e)});
    });
    return answer->get_future();
  }
  void TearDown() override {
    ASSERT_TRUE(core::Workers::instance().stop_now(1s));
    ASSERT_TRUE(core::Background::instance().stop_now(1s));
  }
};

core::Sqlstate state_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) { return e.state(); }
  return "00000";
}

}  // namespace

TEST_F(ResolverTest, literal_addresses_are_answered_without_a_look_up) {
  EXPECT_EQ(resolve("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(resolve("::1"), "::1");
  EXPECT_EQ(resolve("[2001:db8::7]"), "2001:db8::7");
  EXPECT_EQ(script.lookups, 0);
}

TEST_F(ResolverTest, an_answer_is_kept_until_it_is_forgotten) {
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  resolver->forget("orders-1");
  EXPECT_EQ(resolve("orders-1"), "10.0.0.2");
}

TEST_F(ResolverTest, an_unknown_name_is_08001_and_remembered_for_a_second) {
  EXPECT_EQ(state_of([&] { resolve("gone"); }), core::sqlstate::cannot_connect);
  EXPECT_EQ(state_of([&] { resolve("gone"); }), core::sqlstate::cannot_connect);
  EXPECT_EQ(script.lookups, 1);
  std::this_thread::sleep_for(1010ms);
  EXPECT_EQ(state_of([&] { resolve("gone"); }), core::sqlstate::cannot_connect);
  EXPECT_EQ(script.lookups, 2);
  const auto [addresses, error] = ask("gone", 1s).get();
  EXPECT_TRUE(addresses.no_such_name);
  EXPECT_NE(error.find("cannot resolve host 'gone'"), std::string::npos);
}

TEST_F(ResolverTest, those_who_ask_for_the_same_name_share_one_look_up) {
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { right += resolve("slow") == "10.0.0.1"; });
  auto asynchronous = ask("slow", 1s);
  std::this_thread::sleep_for(30ms);
  script.opening.set_value();
  for (auto& t : threads) t.join();
  EXPECT_EQ(right, 8);
  EXPECT_EQ(first(asynchronous.get().first), "10.0.0.1");
  EXPECT_EQ(script.lookups, 1);
}

TEST_F(ResolverTest, a_stuck_look_up_ends_at_the_deadline_and_its_late_answer_is_kept) {
  EXPECT_EQ(state_of([&] { resolve("slow", 20ms); }), core::sqlstate::timeout);
  EXPECT_NE(ask("slow", 20ms).get().second.find("timed out"), std::string::npos);
  script.opening.set_value();
  EXPECT_EQ(resolve("slow"), "10.0.0.1");
  EXPECT_EQ(resolve("slow"), "10.0.0.1");
  EXPECT_EQ(script.lookups, 1);
}

TEST_F(ResolverTest, a_stuck_look_up_does_not_delay_other_names) {
  auto stuck = ask("slow", 500ms);
  const auto began = core::Clock::now();
  EXPECT_FALSE(resolve("orders-2").empty());  // the address tells which look-up began first: either
  EXPECT_LT(core::elapsed_ms(began), 200);
  script.opening.set_value();
  stuck.get();
}

TEST_F(ResolverTest, an_interrupt_ends_the_wait) {
  core::Interrupt interrupt;
  interrupt.raise();
  EXPECT_EQ(state_of([&] { resolver->resolve("slow", Deadline::after(1s), &interrupt); }),
            core::sqlstate::cancelled);
  script.opening.set_value();
}

TEST_F(ResolverTest, the_late_answer_of_a_forgotten_look_up_is_dropped) {
  auto old = ask("slow", 1s);
  std::this_thread::sleep_for(20ms);
  resolver->forget("slow");
  auto fresh = ask("slow", 1s);
  std::this_thread::sleep_for(20ms);
  script.opening.set_value();
  EXPECT_EQ(first(old.get().first), "10.0.0.1");
  EXPECT_EQ(first(fresh.get().first), "10.0.0.2");
  EXPECT_EQ(resolve("slow"), "10.0.0.2");
}

TEST_F(ResolverTest, dns_that_fails_is_answered_for_by_the_last_addresses) {
  resolver = script.resolver(0ms);
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  script.dns = Script::Dns::failing;
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  EXPECT_EQ(first(ask("orders-1", 1s).get().first), "10.0.0.1");
  EXPECT_EQ(state_of([&] { resolve("orders-2"); }), core::sqlstate::cannot_connect);
  resolver->forget("orders-1");
  EXPECT_EQ(state_of([&] { resolve("orders-1"); }), core::sqlstate::cannot_connect);
}

TEST_F(ResolverTest, silent_dns_is_answered_for_by_the_last_addresses_and_may_answer_later) {
  resolver = script.resolver(0ms);
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  script.dns = Script::Dns::silent;
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(resolve("orders-1", 10s), "10.0.0.1");
  EXPECT_EQ(first(ask("orders-1", 10s).get().first), "10.0.0.1");
  EXPECT_EQ(state_of([&] { resolve("orders-2", 20ms); }), core::sqlstate::timeout);
  script.dns = Script::Dns::sound;
  script.opening.set_value();
  // The answer that came late counts from now on: "10.0.0.2", or a still newer one.
  EXPECT_NE(resolve("orders-1"), "10.0.0.1");
}

TEST_F(ResolverTest, a_name_that_does_not_exist_any_more_has_no_last_addresses) {
  resolver = script.resolver(0ms);
  EXPECT_EQ(resolve("orders-1"), "10.0.0.1");
  script.dns = Script::Dns::without_the_name;
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(state_of([&] { resolve("orders-1"); }), core::sqlstate::cannot_connect);
  script.dns = Script::Dns::failing;
  std::this_thread::sleep_for(1010ms);
  EXPECT_EQ(state_of([&] { resolve("orders-1"); }), core::sqlstate::cannot_connect);
}

TEST_F(ResolverTest, the_system_resolver_knows_localhost) {
  const Addresses own = core::system_resolver().resolve("localhost", Deadline::after(5s), nullptr);
  EXPECT_FALSE(own.numeric.empty());
}
