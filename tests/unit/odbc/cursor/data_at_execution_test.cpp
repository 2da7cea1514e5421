// SPDX-License-Identifier: Apache-2.0
// Pieces of a parameter: cut anywhere, in any number, put together without a second copy.
#include "odbc/cursor/data_at_execution.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"
#include "odbc/text/wide.h"

namespace odbc::cursor {
namespace {

using convert::Target;

std::string bytes_of(std::u16string_view text) {
  return {reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char16_t)};
}

std::string_view put_in_pieces(DataAtExecution& parameter, std::string bytes, std::size_t piece) {
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    parameter.put(bytes.data() + at, static_cast<SQLLEN>(std::min(piece, bytes.size() - at)));
  parameter.finish();
  return parameter.bytes();
}

template <class F>
std::string state_of(F&& act) {
  try {
    act();
  } catch (const core::Error& error) { return std::string(error.state().view()); }
  return "00000";
}

TEST(DataAtExecution, wide_text_may_be_cut_at_any_byte) {
  const std::u16string text = u"a\u00e9\u20ac\U0001F600\U0001F601z";
  for (std::size_t piece = 1; piece <= 20; ++piece) {
    DataAtExecution parameter(0, Target::wchar, SQL_DATA_AT_EXEC);
    EXPECT_EQ(put_in_pieces(parameter, bytes_of(text), piece), text::to_utf8(text)) << piece;
    EXPECT_EQ(parameter.c_type(), Target::char_);
    EXPECT_EQ(parameter.bytes().data()[parameter.bytes().size()], '\0');
  }
}

TEST(DataAtExecution, long_wide_text_is_converted_whole) {
  std::u16string text;
  for (int i = 0; i < 30000; ++i) text += i % 3 == 0 ? u"\U0001F600" : u"x\u00fc";
  for (const std::size_t piece : {std::size_t{8191}, std::size_t{65536}, std::size_t{1} << 20}) {
    DataAtExecution parameter(0, Target::wchar,
                              SQL_LEN_DATA_AT_EXEC(static_cast<SQLLEN>(text.size() * 2)));
    EXPECT_EQ(put_in_pieces(parameter, bytes_of(text), piece), text::to_utf8(text)) << piece;
  }
}

TEST(DataAtExecution, narrow_text_may_be_cut_within_a_character) {
  const std::string text = "\xC3\xA9\xF0\x9F\x98\x80";
  DataAtExecution parameter(0, Target::char_, SQL_DATA_AT_EXEC);
  EXPECT_EQ(put_in_pieces(parameter, text, 1), text);
}

TEST(DataAtExecution, half_a_pair_at_the_end_is_22018_and_half_a_unit_is_HY090) {
  DataAtExecution pair(0, Target::wchar, SQL_DATA_AT_EXEC);
  std::string high = bytes_of(std::u16string(1, char16_t{0xD83D}));
  pair.put(high.data(), 2);
  EXPECT_EQ(state_of([&] { pair.finish(); }), "22018");
  DataAtExecution unit(0, Target::wchar, SQL_DATA_AT_EXEC);
  unit.put(high.data(), 1);
  EXPECT_EQ(state_of([&] { unit.finish(); }), "HY090");
  DataAtExecution lone(0, Target::wchar, SQL_DATA_AT_EXEC);
  std::string low = bytes_of(std::u16string(1, char16_t{0xDE00}));
  EXPECT_EQ(state_of([&] { lone.put(low.data(), 2); }), "22018");
}

TEST(DataAtExecution, an_announced_length_gets_its_room_at_once) {
  DataAtExecution parameter(0, Target::binary, SQL_LEN_DATA_AT_EXEC(1'000'000));
  std::string piece(1000, 'x');
  parameter.put(piece.data(), 1000);
  const char* const first = parameter.bytes().data();
  for (int i = 1; i < 1000; ++i) parameter.put(piece.data(), 1000);
  parameter.finish();
  EXPECT_EQ(parameter.bytes().data(), first);
  EXPECT_EQ(parameter.bytes().size(), 1'000'000U);
}

TEST(DataAtExecution, more_than_announced_is_taken) {
  DataAtExecution parameter(0, Target::char_, SQL_LEN_DATA_AT_EXEC(2));
  EXPECT_EQ(put_in_pieces(parameter, std::string(5000, 'y'), 700), std::string(5000, 'y'));
}

TEST(DataAtExecution, null_stands_alone) {
  char text[] = "x";
  DataAtExecution first(0, Target::char_, SQL_DATA_AT_EXEC);
  first.put(nullptr, SQL_NULL_DATA);
  EXPECT_EQ(state_of([&] { first.put(text, 1); }), "HY020");
  first.finish();
  EXPECT_TRUE(first.is_null());
  DataAtExecution second(0, Target::char_, SQL_DATA_AT_EXEC);
  second.put(text, 1);
  EXPECT_EQ(state_of([&] { second.put(nullptr, SQL_NULL_DATA); }), "HY020");
  DataAtExecution fixed(0, Target::slong, SQL_DATA_AT_EXEC);
  fixed.put(nullptr, SQL_NULL_DATA);
  fixed.finish();
  EXPECT_TRUE(fixed.is_null());
}

TEST(DataAtExecution, nothing_and_no_bytes_are_an_empty_value) {
  DataAtExecution nothing(0, Target::char_, SQL_DATA_AT_EXEC);
  nothing.finish();
  EXPECT_FALSE(nothing.is_null());
  EXPECT_EQ(nothing.bytes(), "");
  DataAtExecution empty(0, Target::wchar, SQL_DATA_AT_EXEC);
  empty.put(nullptr, 0);
  empty.finish();
  EXPECT_EQ(empty.bytes(), "");
}

TEST(DataAtExecution, fixed_length_values_come_whole_and_once) {
  SQLINTEGER number = 7;
  DataAtExecution parameter(0, Target::slong, SQL_DATA_AT_EXEC);
  parameter.put(&number, 0);  // the length does not matter
  EXPECT_EQ(state_of([&] { parameter.put(&number, 4); }), "HY019");
  parameter.finish();
  EXPECT_EQ(parameter.bytes().size(), sizeof number);
  DataAtExecution never(0, Target::slong, SQL_DATA_AT_EXEC);
  EXPECT_EQ(state_of([&] { never.finish(); }), "HY090");
  DataAtExecution pointer(0, Target::slong, SQL_DATA_AT_EXEC);
  EXPECT_EQ(state_of([&] { pointer.put(nullptr, 4); }), "HY009");
}

TEST(DataAtExecution, lengths_are_checked) {
  char text[] = "abc";
  DataAtExecution narrow(0, Target::char_, SQL_DATA_AT_EXEC);
  EXPECT_EQ(state_of([&] { narrow.put(text, -7); }), "HY090");
  EXPECT_EQ(state_of([&] { narrow.put(nullptr, 3); }), "HY009");
  narrow.put(text, SQL_NTS);
  EXPECT_EQ(narrow.bytes(), "abc");
  DataAtExecution binary(0, Target::binary, SQL_DATA_AT_EXEC);
  EXPECT_EQ(state_of([&] { binary.put(text, SQL_NTS); }), "HY090");
}

}  // namespace
}  // namespace odbc::cursor
