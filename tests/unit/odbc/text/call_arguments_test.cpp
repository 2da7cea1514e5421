// SPDX-License-Identifier: Apache-2.0
// A {call} without some of its arguments, by table.
#include "odbc/text/call_arguments.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace {

using namespace odbc::text;

const std::vector<std::string> names = {"a", "b", "c\"x"};

std::string shorter(std::string_view sql, const std::vector<std::size_t>& left_out,
                    const std::vector<std::string>& known = names) {
  const CallText call = read_call(sql, core::postgres_lexis, MarkerStyle::numbered);
  return write_call(call, CallForm::escape, left_out, known);
}

std::string state_of(std::string_view sql, const std::vector<std::size_t>& left_out,
                     const std::vector<std::string>& known = names) {
  try {
    shorter(sql, left_out, known);
  } catch (const core::Error& error) { return std::string(error.state().view()); }
  return "";
}

struct Case {
  std::string_view sql;
  std::vector<std::size_t> left_out;
  std::string_view expected;
};

TEST(CallArguments, AreLeftOutAtTheEndAndNamedBehindAGap) {
  const std::vector<Case> cases{
      {"{call p(?, ?, ?)}", {2}, "{call p(?, ?)}"},
      {"{call p(?, ?, ?)}", {1, 2}, "{call p(?)}"},
      {"{call p(?)}", {0}, "{call p()}"},
      {"{call p(?, ?, ?)}", {0}, "{call p(\"b\" => ?, \"c\"\"x\" => ?)}"},
      {"{call p(?, ?, ?)}", {1}, "{call p(?, \"c\"\"x\" => ?)}"},
      {"{CALL s.\"P (,\" ( 1 , ? , {fn lcase(?)} )}",
       {0},
       "{call s.\"P (,\"(1, \"c\"\"x\" => {fn lcase(?)})}"},
      {"/*?*/ { call p(?, array[?, 1], (?))} -- x",
       {0},
       "/*?*/ {call p(\"b\" => array[?, 1], \"c\"\"x\" => (?))} -- x"},
      {"{call p('?', x ?? y, ?)}", {0}, "{call p('?', x ?? y)}"},
      {"{call p(1 -- one\n, ? /* two */, 3)}", {0}, "{call p(1, \"c\"\"x\" => 3)}"},
  };
  for (const Case& c : cases) EXPECT_EQ(shorter(c.sql, c.left_out), c.expected) << c.sql;
}

TEST(CallArguments, MayStandInAStatementOfTheServer) {
  const CallText call =
      read_call(" {call s.p(?, {d '2026-11-27'})} ", core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_EQ(write_call(call, CallForm::statement, {}, {}), " CALL s.p(?, {d '2026-11-27'}) ");
  const CallText bare = read_call("{call p}", core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_EQ(write_call(bare, CallForm::statement, {}, {}), "CALL p()");
}

TEST(CallArguments, NeedNamesOnlyBehindAGap) {
  const CallText call = read_call("{call p(?, ?, ?)}", core::postgres_lexis, MarkerStyle::numbered);
  EXPECT_FALSE(needs_names(call, std::vector<std::size_t>{2}));
  EXPECT_FALSE(needs_names(call, std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(needs_names(call, std::vector<std::size_t>{0, 2}));
}

TEST(CallArguments, ThatCannotBeLeftOutAreRefused) {
  EXPECT_EQ(state_of("{call p(? + 1)}", {0}), "07S01");
  EXPECT_EQ(state_of("{call p(1)} ?", {0}), "07S01");
  EXPECT_EQ(state_of("{call p(?, ?)}", {0}, {}), "HYC00");
  EXPECT_EQ(state_of("{call p(?, ?)}", {0}, {"a", ""}), "HYC00");
  EXPECT_EQ(state_of("{call p(?, ?)}", {1}, {}), "");
}

}  // namespace
