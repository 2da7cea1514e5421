// SPDX-License-Identifier: Apache-2.0
// Fetching into bound buffers: by column, by row, with offsets, with failures in the middle.
#include "odbc/cursor/rowset.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "tests/unit/odbc/cursor/fake_rows.h"

namespace odbc::cursor {
namespace {

class RowsetTest : public testing::Test {
 protected:
  SQLRETURN fetch(FakeRows& rows) {
    diagnostics_.clear();
    return rowset_.fetch(rows, columns_, FetchTarget::of(ard_, ird_), diagnostics_);
  }
  void describe(std::vector<core::Column> columns) {
    columns_ = std::move(columns);
    ird_.describe(columns_);
  }
  std::string state(SQLINTEGER record) {
    return std::string(diagnostics_.record(record)->state.view());
  }
  std::vector<core::Column> columns_;
  Descriptor ard_, ird_;
  Diagnostics diagnostics_;
  Rowset rowset_;
};

TEST_F(RowsetTest, binds_by_column) {
  describe({integer_column("id"), text_column("name")});
  std::array<SQLINTEGER, 3> ids{};
  std::array<SQLLEN, 3> id_lengths{}, name_lengths{};
  char names[3][6] = {};
  std::array<SQLUSMALLINT, 3> status{};
  SQLULEN fetched = 99;
  ard_.bind_column(1, SQL_C_SLONG, ids.data(), 0, id_lengths.data());
  ard_.bind_column(2, SQL_C_CHAR, names, sizeof names[0], name_lengths.data());
  ard_.header.array_size = 3;
  ird_.header.array_status_ptr = status.data();
  ird_.header.rows_processed_ptr = &fetched;
  FakeRows rows({{"1", "one"}, {"2", std::nullopt}, {"3", "three"}, {"4", "four"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(ids, (std::array<SQLINTEGER, 3>{1, 2, 3}));
  EXPECT_STREQ(names[2], "three");
  EXPECT_EQ(name_lengths, (std::array<SQLLEN, 3>{3, SQL_NULL_DATA, 5}));
  EXPECT_EQ(fetched, 3U);
  EXPECT_EQ(rowset_.row_number(), 1U);
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(fetched, 1U);
  EXPECT_EQ(status, (std::array<SQLUSMALLINT, 3>{SQL_ROW_SUCCESS, SQL_ROW_NOROW, SQL_ROW_NOROW}));
  EXPECT_EQ(rowset_.row_number(), 4U);
  EXPECT_EQ(fetch(rows), SQL_NO_DATA);
  EXPECT_EQ(fetched, 0U);
  EXPECT_TRUE(rowset_.current_row().empty());
}

TEST_F(RowsetTest, binds_by_row_with_an_offset) {
  struct Row {
    char name[4];
    SQLLEN name_length;
    SQLSMALLINT id;
    SQLLEN id_length;
  };
  std::array<Row, 4> buffer{};
  describe({integer_column("id"), text_column("name")});
  ard_.bind_column(1, SQL_C_SSHORT, &buffer[0].id, 0, &buffer[0].id_length);
  ard_.bind_column(2, SQL_C_CHAR, buffer[0].name, sizeof buffer[0].name, &buffer[0].name_length);
  ard_.header.array_size = 2;
  ard_.header.bind_type = sizeof(Row);
  SQLLEN offset = 2 * sizeof(Row);
  ard_.header.bind_offset_ptr = &offset;
  FakeRows rows({{"7", "ab"}, {"8", "cd"}, {"9", "ef"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(buffer[0].id, 0);
  EXPECT_EQ(buffer[2].id, 7);
  EXPECT_EQ(buffer[3].id, 8);
  EXPECT_STREQ(buffer[3].name, "cd");
  EXPECT_EQ(buffer[3].id_length, 2);
  offset = 0;
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(buffer[0].id, 9);
}

TEST_F(RowsetTest, a_failing_row_does_not_stop_the_rowset) {
  describe({integer_column("id"), text_column("name")});
  std::array<SQLSCHAR, 3> ids{};
  char names[3][4] = {};
  std::array<SQLUSMALLINT, 3> status{};
  SQLLEN lengths[3];
  ard_.bind_column(1, SQL_C_STINYINT, ids.data(), 0, nullptr);
  ard_.bind_column(2, SQL_C_CHAR, names, sizeof names[0], lengths);
  ard_.header.array_size = 3;
  ird_.header.array_status_ptr = status.data();
  FakeRows rows({{"1", "a"}, {"1000", "long text"}, {"3", "long text"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(status, (std::array<SQLUSMALLINT, 3>{SQL_ROW_SUCCESS, SQL_ROW_ERROR,
                                                 SQL_ROW_SUCCESS_WITH_INFO}));
  ASSERT_EQ(diagnostics_.count(), 3);
  EXPECT_EQ(state(1), "22003");
  EXPECT_EQ(diagnostics_.record(1)->row, 2);
  EXPECT_EQ(diagnostics_.record(1)->column, 1);
  EXPECT_NE(diagnostics_.record(1)->message.find("\"id\""), std::string::npos);
  EXPECT_EQ(state(3), "01004");
  EXPECT_EQ(diagnostics_.record(3)->row, 3);
  EXPECT_EQ(lengths[2], 9);
}

TEST_F(RowsetTest, a_single_failing_row_is_an_error) {
  describe({integer_column("id")});
  SQLINTEGER id = 0;
  ard_.bind_column(1, SQL_C_SLONG, &id, 0, nullptr);
  FakeRows rows({{std::nullopt}, {"5"}});
  EXPECT_EQ(fetch(rows), SQL_ERROR);
  EXPECT_EQ(state(1), "22002");
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(id, 5);
}

TEST_F(RowsetTest, an_impossible_pair_is_07006_at_fetch) {
  describe({integer_column("id")});
  SQLGUID guid{};
  ard_.bind_column(1, SQL_C_GUID, &guid, 0, nullptr);
  FakeRows rows({{"1"}});
  EXPECT_EQ(fetch(rows), SQL_ERROR);
  EXPECT_EQ(state(1), "07006");
}

TEST_F(RowsetTest, rebinding_between_fetches_is_seen) {
  describe({integer_column("id")});
  SQLINTEGER number = 0;
  char text[8] = {};
  ard_.bind_column(1, SQL_C_SLONG, &number, 0, nullptr);
  FakeRows rows({{"1"}, {"2"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  ard_.bind_column(1, SQL_C_CHAR, text, sizeof text, nullptr);
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_STREQ(text, "2");
}

TEST_F(RowsetTest, a_lost_link_in_the_middle_leaves_the_count_of_what_came) {
  describe({integer_column("id")});
  std::array<SQLINTEGER, 3> ids{};
  SQLULEN fetched = 99;
  ard_.bind_column(1, SQL_C_SLONG, ids.data(), 0, nullptr);
  ard_.header.array_size = 3;
  ird_.header.rows_processed_ptr = &fetched;
  FakeRows rows({{"1"}, {"2"}});
  auto failing = [&]() -> const core::RawCell* {
    const core::RawCell* row = rows();
    if (row == nullptr) throw core::Error(core::sqlstate::link_lost, "Test", "gone");
    return row;
  };
  EXPECT_THROW(rowset_.fetch(failing, columns_, FetchTarget::of(ard_, ird_), diagnostics_),
               core::Error);
  EXPECT_EQ(fetched, 2U);
}

TEST_F(RowsetTest, keeps_rows_of_a_block_when_a_column_is_unbound) {
  describe({integer_column("id"), text_column("name")});
  std::array<SQLINTEGER, 2> ids{};
  ard_.bind_column(1, SQL_C_SLONG, ids.data(), 0, nullptr);
  ard_.header.array_size = 2;
  FakeRows rows({{"1", "one"}, {"2", "two"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(rowset_.current_row()[1].view(), "one");
  rowset_.set_position(2);
  EXPECT_EQ(rowset_.current_row()[1].view(), "two");
  EXPECT_EQ(rowset_.row_number(), 2U);
  EXPECT_THROW(rowset_.set_position(3), core::Error);
}

TEST_F(RowsetTest, bookmarks_are_row_numbers) {
  describe({integer_column("id")});
  SQLUBIGINT mark = 0;
  ard_.bind_column(0, SQL_C_UBIGINT, &mark, sizeof mark, nullptr);
  FakeRows rows({{"10"}, {"11"}});
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(fetch(rows), SQL_SUCCESS);
  EXPECT_EQ(mark, 2U);
}

}  // namespace
}  // namespace odbc::cursor
