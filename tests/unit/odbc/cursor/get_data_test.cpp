// SPDX-License-Identifier: Apache-2.0
// SQLGetData: pieces with exact lengths, order of columns, probes, NULL.
#include "odbc/cursor/get_data.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/unit/odbc/cursor/fake_rows.h"

namespace odbc::cursor {
namespace {

class GetDataTest : public testing::Test {
 protected:
  GetDataTest() {
    columns_ = {integer_column("id"), text_column("note"), bytes_column("blob"),
                text_column("nothing")};
    for (const auto& cell : cells_)
      row_.push_back(cell ? core::RawCell{cell->data(), static_cast<int>(cell->size())}
                          : core::RawCell{});
  }
  SQLRETURN get(SQLUSMALLINT column, SQLSMALLINT c_type, void* data, SQLLEN capacity) {
    return get_data_.read({column, c_type, data, capacity, &length_}, columns_, row_, ard_,
                          diagnostics_);
  }
  std::string state_of(SQLUSMALLINT column, SQLSMALLINT c_type, void* data, SQLLEN capacity) {
    try {
      get(column, c_type, data, capacity);
    } catch (const core::Error& error) { return std::string(error.state().view()); }
    return "00000";
  }
  Cells cells_{"123456", "na\xC3\xAFve \xF0\x9F\x98\x80!", std::string("\x01\x02\x03", 3),
               std::nullopt};
  std::vector<core::Column> columns_;
  std::vector<core::RawCell> row_;
  Descriptor ard_;
  Diagnostics diagnostics_;
  GetData get_data_;
  SQLLEN length_ = -99;
};

TEST_F(GetDataTest, pieces_of_text_fill_the_buffer_and_count_down) {
  const std::size_t size = cells_[1]->size();
  char buffer[5];
  std::string all;
  std::size_t left = size;
  while (get(2, SQL_C_CHAR, buffer, sizeof buffer) == SQL_SUCCESS_WITH_INFO) {
    EXPECT_EQ(length_, static_cast<SQLLEN>(left));
    all.append(buffer, 4);
    left -= 4;
  }
  EXPECT_EQ(length_, static_cast<SQLLEN>(left));
  all.append(buffer, static_cast<std::size_t>(length_));
  EXPECT_EQ(all, *cells_[1]);
  EXPECT_EQ(get(2, SQL_C_CHAR, buffer, sizeof buffer), SQL_NO_DATA);
  EXPECT_EQ(diagnostics_.record(1)->state.view(), "01004");
}

TEST_F(GetDataTest, pieces_of_wide_text_never_split_a_surrogate_pair) {
  const std::u16string expected = u"na\u00efve \U0001F600!";
  for (std::size_t room = 3; room < 12; ++room) {
    get_data_.reset();
    std::u16string all, buffer(room, u'#');
    const auto capacity = static_cast<SQLLEN>(room * 2);
    SQLRETURN code;
    while ((code = get(2, SQL_C_WCHAR, buffer.data(), capacity)) == SQL_SUCCESS_WITH_INFO) {
      EXPECT_EQ(length_, static_cast<SQLLEN>((expected.size() - all.size()) * 2));
      all += buffer.substr(0, buffer.find(u'\0'));
    }
    EXPECT_EQ(code, SQL_SUCCESS);
    EXPECT_EQ(length_, static_cast<SQLLEN>((expected.size() - all.size()) * 2));
    EXPECT_EQ(all + buffer.c_str(), expected) << room;
  }
}

TEST_F(GetDataTest, pieces_of_bytes) {
  char buffer[2];
  EXPECT_EQ(get(3, SQL_C_BINARY, buffer, 2), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length_, 3);
  EXPECT_EQ(get(3, SQL_C_BINARY, buffer, 2), SQL_SUCCESS);
  EXPECT_EQ(length_, 1);
  EXPECT_EQ(buffer[0], 3);
  EXPECT_EQ(get(3, SQL_C_BINARY, buffer, 2), SQL_NO_DATA);
  char hex[4];
  EXPECT_EQ(get(3, SQL_C_CHAR, hex, 4), SQL_SUCCESS_WITH_INFO);
  EXPECT_STREQ(hex, "01");
  EXPECT_EQ(length_, 6);
  EXPECT_EQ(get(3, SQL_C_CHAR, hex, 4), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length_, 4);
  EXPECT_EQ(get(3, SQL_C_CHAR, hex, 4), SQL_SUCCESS);
}

TEST_F(GetDataTest, any_column_in_any_order_and_again_from_the_start) {
  char buffer[64];
  SQLINTEGER number = 0;
  EXPECT_EQ(get(2, SQL_C_CHAR, buffer, sizeof buffer), SQL_SUCCESS);
  EXPECT_EQ(get(1, SQL_C_SLONG, &number, 0), SQL_SUCCESS);
  EXPECT_EQ(number, 123456);
  EXPECT_EQ(get(1, SQL_C_SLONG, &number, 0), SQL_NO_DATA);
  EXPECT_EQ(get(1, SQL_C_CHAR, buffer, sizeof buffer), SQL_SUCCESS);
  EXPECT_STREQ(buffer, "123456");
  EXPECT_EQ(get(2, SQL_C_CHAR, buffer, sizeof buffer), SQL_SUCCESS);
}

TEST_F(GetDataTest, a_buffer_without_room_asks_for_the_length) {
  char buffer[2] = {};
  EXPECT_EQ(get(2, SQL_C_CHAR, buffer, 0), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length_, static_cast<SQLLEN>(cells_[1]->size()));
  EXPECT_EQ(get(2, SQL_C_CHAR, buffer, 1), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(get(2, SQL_C_WCHAR, buffer, 0), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length_, 18);
  EXPECT_EQ(get(1, SQL_C_CHAR, buffer, 1), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length_, 6);
  char more[8];
  EXPECT_EQ(get(1, SQL_C_CHAR, more, sizeof more), SQL_SUCCESS);
  EXPECT_STREQ(more, "123456");
}

TEST_F(GetDataTest, failures) {
  char buffer[8];
  EXPECT_EQ(state_of(0, SQL_C_CHAR, buffer, 8), "07009");
  EXPECT_EQ(state_of(5, SQL_C_CHAR, buffer, 8), "07009");
  EXPECT_EQ(state_of(1, 4711, buffer, 8), "HY003");
  EXPECT_EQ(state_of(1, SQL_C_CHAR, buffer, -1), "HY090");
  EXPECT_EQ(state_of(1, SQL_C_CHAR, nullptr, 8), "HY009");
  EXPECT_EQ(state_of(1, SQL_C_GUID, buffer, 8), "07006");
  EXPECT_EQ(state_of(1, SQL_C_CHAR, buffer, 4), "22003");
  EXPECT_EQ(state_of(1, SQL_C_STINYINT, buffer, 4), "22003");
  EXPECT_EQ(state_of(2, SQL_C_SLONG, buffer, 4), "22018");
  EXPECT_EQ(get(4, SQL_C_CHAR, buffer, 8), SQL_SUCCESS);
  EXPECT_EQ(length_, SQL_NULL_DATA);
  get_data_.reset();
  EXPECT_THROW(
      get_data_.read({4, SQL_C_CHAR, buffer, 8, nullptr}, columns_, row_, ard_, diagnostics_),
      core::Error);
}

}  // namespace
}  // namespace odbc::cursor
