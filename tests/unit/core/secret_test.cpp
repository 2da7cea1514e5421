// SPDX-License-Identifier: Apache-2.0
// Secrets move, copy and vanish; credentials carry them.
#include "core/secret.h"

#include <gtest/gtest.h>

#include "core/credentials.h"
#include "core/telemetry.h"

namespace {

using core::Secret;

TEST(Secrets, CopyAndMoveLikeTexts) {
  for (const std::string& text : {std::string("short"), std::string(1000, 'x'), std::string()}) {
    Secret one(text);
    Secret two(one);
    EXPECT_EQ(two.reveal(), text);
    Secret three(std::move(one));
    EXPECT_EQ(three.reveal(), text);
    EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
    one = two;
    EXPECT_EQ(one.reveal(), text);
    one = *&one;
    EXPECT_EQ(one.reveal(), text);
    two = std::move(three);
    EXPECT_EQ(two.reveal(), text);
    EXPECT_TRUE(three.empty());  // NOLINT(bugprone-use-after-move)
  }
}

TEST(Secrets, LeaveNoCharactersBehindWhenMovedFrom) {
  Secret one("tiger");
  const char* buffer = one.reveal().data();  // short: inside the object, which lives on
  const Secret two(std::move(one));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(buffer[i], '\0');
}

TEST(FixedCredentials, AreAlwaysAtHand) {
  const auto source = core::fixed_credentials("anna", Secret("tiger"));
  EXPECT_EQ(source->get(core::Deadline::never()).user, "anna");
  source->invalidate();
  const auto now = source->try_get();
  ASSERT_TRUE(now.has_value());
  EXPECT_EQ(now->user, "anna");
  EXPECT_EQ(now->password.reveal(), "tiger");
  EXPECT_FALSE(now->clear_text_allowed);
}

TEST(Counters, Count) {
  core::telemetry::Counter counter("x");
  counter.add();
  counter.add(2);
  EXPECT_EQ(counter.value(), 3U);
  EXPECT_STREQ(counter.name(), "x");
  EXPECT_STREQ(core::telemetry::writer_failover_triggered.name(),
               "writer_failover.triggered.count");
}

}  // namespace
