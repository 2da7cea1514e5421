// SPDX-License-Identifier: Apache-2.0
// The statements a fresh link is told.
#include "core/session_state.h"

#include <gtest/gtest.h>

namespace {

constexpr core::Dialect dialect{
    .name = "x",
    .aliases = {},
    .engine = core::Engine::postgres,
    .default_port = 1,
    .probe = {},
    .upgrades = {},
    .session = {.read_only = "RO", .read_write = "RW", .isolation = {"RU", "RC", "RR", "S"}},
    .display_name = "X"};
using Statements = std::vector<std::string>;

TEST(SessionStates, SayNothingWhenNothingWasSet) {
  EXPECT_TRUE(core::SessionState().statements(dialect).empty());
  core::SessionState state;
  state.autocommit = false;
  EXPECT_TRUE(state.statements(dialect).empty());
}

TEST(SessionStates, ReplayWhatWasSet) {
  core::SessionState state;
  state.read_only = true;
  EXPECT_EQ(state.statements(dialect), Statements{"RO"});
  state.read_only = false;
  state.isolation = core::Isolation::serializable;
  EXPECT_EQ(state.statements(dialect), (Statements{"S", "RW"}));
  state.isolation = core::Isolation::read_uncommitted;
  EXPECT_EQ(state.statements(dialect), (Statements{"RU", "RW"}));
}

}  // namespace
