// SPDX-License-Identifier: Apache-2.0
// Parameters: length forms, arrays with failures, data-at-execution.
#include "odbc/cursor/parameter_set.h"

#include <gtest/gtest.h>

#include <array>

#include "core/error.h"

namespace odbc::cursor {
namespace {

class ParameterSetsTest : public testing::Test {
 protected:
  void bind(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, void* data,
            SQLLEN buffer_length, SQLLEN* indicator) {
    bind_parameter(
        apd_, ipd_,
        {number, SQL_PARAM_INPUT, c_type, sql_type, 0, 0, data, buffer_length, indicator});
  }
  // Executes all sets; what each held, as text.
  SQLRETURN run(std::size_t markers) {
    sets_.begin(apd_, ipd_, markers);
    return sets_.run(execute_, diagnostics_);
  }
  std::string state_of_run(std::size_t markers) {
    try {
      run(markers);
    } catch (const core::Error& error) { return std::string(error.state().view()); }
    return "00000";
  }
  void record(std::span<const core::Parameter> set) {
    std::string line;
    for (const core::Parameter& parameter : set) {
      const core::Value& value = parameter.value;
      line += value.kind == core::ValueKind::null      ? "NULL"
              : value.kind == core::ValueKind::integer ? std::to_string(value.integer)
                                                       : std::string(value.text);
      line += ";";
    }
    if (line == refused_) throw core::Error({"23000"}, "Test", "duplicate").with_link_lost(lost_);
    executed_.push_back(line);
  }
  struct Execute {
    ParameterSetsTest& test;
    void operator()(std::span<const core::Parameter> set) const { test.record(set); }
  } execute_{*this};
  Descriptor apd_, ipd_;
  Diagnostics diagnostics_;
  ParameterSets sets_;
  std::vector<std::string> executed_;
  std::string refused_;
  bool lost_ = false;
};

using Lines = std::vector<std::string>;

TEST_F(ParameterSetsTest, reads_every_form_of_length) {
  char text[] = "hello";
  SQLLEN terminated = SQL_NTS, explicit_length = 2, null = SQL_NULL_DATA;
  SQLINTEGER number = 7;
  std::u16string wide = u"h\u00e9";
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text, 0, &terminated);
  bind(2, SQL_C_CHAR, SQL_VARCHAR, text, 0, &explicit_length);
  bind(3, SQL_C_CHAR, SQL_VARCHAR, text, 0, &null);
  bind(4, SQL_C_SLONG, SQL_INTEGER, &number, 0, nullptr);
  bind(5, SQL_C_WCHAR, SQL_WVARCHAR, wide.data(), 0, &terminated);
  bind(6, SQL_C_DEFAULT, SQL_INTEGER, &number, 0, nullptr);
  bind(7, SQL_C_CHAR, SQL_VARCHAR, text, 0, nullptr);
  EXPECT_EQ(run(7), SQL_SUCCESS);
  EXPECT_EQ(executed_, Lines{"hello;he;NULL;7;h\xC3\xA9;7;hello;"});
}

TEST_F(ParameterSetsTest, refuses_bad_lengths_and_missing_bindings) {
  char text[] = "x";
  SQLLEN length = -50;
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text, 0, &length);
  EXPECT_EQ(state_of_run(1), "HY090");
  length = SQL_DEFAULT_PARAM;
  EXPECT_EQ(state_of_run(1), "07S01");
  length = 1;
  EXPECT_EQ(state_of_run(2), "07002");
  bind(1, SQL_C_CHAR, SQL_INTEGER, text, 0, &length);
  EXPECT_EQ(state_of_run(1), "22018");
  EXPECT_TRUE(executed_.empty());
}

TEST_F(ParameterSetsTest, a_cut_fraction_is_told_and_the_set_is_executed) {
  SQLDOUBLE number = 2.5;
  SQLUSMALLINT status = 99;
  bind(1, SQL_C_DOUBLE, SQL_INTEGER, &number, 0, nullptr);
  ipd_.header.array_status_ptr = &status;
  EXPECT_EQ(run(1), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(executed_, Lines{"2;"});
  EXPECT_EQ(diagnostics_.record(1)->state, core::Sqlstate("01S07"));
  EXPECT_EQ(status, SQL_PARAM_SUCCESS_WITH_INFO);
}

TEST_F(ParameterSetsTest, length_and_indicator_may_be_apart) {
  char text[] = "hello";
  SQLLEN length = 2, indicator = 0;
  bind(1, SQL_C_CHAR, SQL_VARCHAR, text, 0, &length);
  apd_.record(1).indicator_ptr = &indicator;
  EXPECT_EQ(run(1), SQL_SUCCESS);
  indicator = SQL_NULL_DATA;
  EXPECT_EQ(run(1), SQL_SUCCESS);
  apd_.record(1).octet_length_ptr = nullptr;  // text without a length ends at its NUL
  indicator = 0;
  EXPECT_EQ(run(1), SQL_SUCCESS);
  EXPECT_EQ(executed_, (Lines{"he;", "NULL;", "hello;"}));
}

TEST_F(ParameterSetsTest, a_default_is_07S01_outside_a_call_and_left_out_of_one) {
  SQLLEN length = SQL_DEFAULT_PARAM;
  SQLINTEGER number = 0;
  bind(1, SQL_C_SLONG, SQL_INTEGER, &number, 0, &length);
  EXPECT_EQ(state_of_run(1), "07S01");
  sets_.begin(apd_, ipd_, 1, true);
  EXPECT_EQ(sets_.run(execute_, diagnostics_), SQL_SUCCESS);
  EXPECT_EQ(sets_.left_out(), std::vector<std::size_t>{0});
  length = 0;
  sets_.begin(apd_, ipd_, 1, true);
  EXPECT_EQ(sets_.run(execute_, diagnostics_), SQL_SUCCESS);
  EXPECT_TRUE(sets_.left_out().empty());
}

TEST_F(ParameterSetsTest, an_interval_is_a_struct_by_default) {
  SQL_INTERVAL_STRUCT interval{};
  interval.interval_type = SQL_IS_DAY;
  interval.intval.day_second.day = 3;
  bind(1, SQL_C_DEFAULT, SQL_INTERVAL_DAY, &interval, 0, nullptr);
  struct Keep {
    core::Interval interval;
    void operator()(std::span<const core::Parameter> set) { interval = set[0].value.interval; }
  } keep;
  sets_.begin(apd_, ipd_, 1);
  EXPECT_EQ(sets_.run(keep, diagnostics_), SQL_SUCCESS);
  EXPECT_EQ(keep.interval.days, 3);
}

TEST_F(ParameterSetsTest, arrays_by_column_with_status) {
  std::array<SQLINTEGER, 3> ids{1, 2, 3};
  char names[3][4] = {"a", "bb", "ccc"};
  std::array<SQLLEN, 3> lengths{SQL_NTS, SQL_NULL_DATA, SQL_NTS};
  std::array<SQLUSMALLINT, 3> status{};
  SQLULEN processed = 0;
  bind(1, SQL_C_SLONG, SQL_INTEGER, ids.data(), 0, nullptr);
  bind(2, SQL_C_CHAR, SQL_VARCHAR, names, sizeof names[0], lengths.data());
  apd_.header.array_size = 3;
  ipd_.header.array_status_ptr = status.data();
  ipd_.header.rows_processed_ptr = &processed;
  EXPECT_EQ(run(2), SQL_SUCCESS);
  EXPECT_EQ(executed_, (Lines{"1;a;", "2;NULL;", "3;ccc;"}));
  EXPECT_EQ(processed, 3U);

  refused_ = "2;NULL;";
  executed_.clear();
  EXPECT_EQ(run(2), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(executed_, (Lines{"1;a;", "3;ccc;"}));
  EXPECT_EQ(status,
            (std::array<SQLUSMALLINT, 3>{SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_SUCCESS}));
  EXPECT_EQ(diagnostics_.record(1)->row, 2);

  lost_ = true;
  EXPECT_EQ(state_of_run(2), "23000");
  EXPECT_EQ(status[2], SQL_PARAM_UNUSED);
  EXPECT_EQ(processed, 2U);
}

TEST_F(ParameterSetsTest, without_a_status_array_the_first_failure_ends_the_call) {
  std::array<SQLINTEGER, 3> ids{1, 2, 3};
  bind(1, SQL_C_SLONG, SQL_INTEGER, ids.data(), 0, nullptr);
  apd_.header.array_size = 3;
  refused_ = "2;";
  EXPECT_EQ(state_of_run(1), "23000");
  EXPECT_EQ(executed_, Lines{"1;"});
}

TEST_F(ParameterSetsTest, arrays_by_row_with_offset_and_ignored_sets) {
  struct Row {
    SQLINTEGER id;
    SQLLEN length;
  };
  std::array<Row, 4> rows{{{0, 0}, {1, 0}, {2, 0}, {3, SQL_NULL_DATA}}};
  bind(1, SQL_C_SLONG, SQL_INTEGER, &rows[0].id, 0, &rows[0].length);
  apd_.header.array_size = 3;
  apd_.header.bind_type = sizeof(Row);
  SQLLEN offset = sizeof(Row);
  apd_.header.bind_offset_ptr = &offset;
  std::array<SQLUSMALLINT, 3> operation{SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED};
  apd_.header.array_status_ptr = operation.data();
  EXPECT_EQ(run(1), SQL_SUCCESS);
  EXPECT_EQ(executed_, (Lines{"1;", "NULL;"}));
}

TEST_F(ParameterSetsTest, data_at_execution_in_pieces) {
  SQLINTEGER id = 5;
  int first = 0, second = 0;
  SQLLEN at_execution = SQL_DATA_AT_EXEC, announced = SQL_LEN_DATA_AT_EXEC(100);
  bind(1, SQL_C_CHAR, SQL_VARCHAR, &first, 0, &at_execution);
  bind(2, SQL_C_SLONG, SQL_INTEGER, &id, 0, nullptr);
  bind(3, SQL_C_WCHAR, SQL_WVARCHAR, &second, 0, &announced);
  EXPECT_EQ(run(3), SQL_NEED_DATA);
  EXPECT_TRUE(sets_.waiting());
  EXPECT_TRUE(sets_.at_execution());
  SQLPOINTER token = nullptr;
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_NEED_DATA);
  EXPECT_EQ(token, &first);
  char piece[] = "abc";
  sets_.put(piece, 2);
  sets_.put(piece, SQL_NTS);
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_NEED_DATA);
  EXPECT_EQ(token, &second);
  sets_.put(nullptr, SQL_NULL_DATA);
  EXPECT_THROW(sets_.put(piece, 2), core::Error);
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_SUCCESS);
  EXPECT_EQ(executed_, Lines{"ababc;5;NULL;"});
  EXPECT_FALSE(sets_.waiting());
  EXPECT_THROW(sets_.next_parameter(&token, execute_, diagnostics_), core::Error);
}

TEST_F(ParameterSetsTest, each_set_of_an_array_has_a_token_of_its_own) {
  std::array<std::array<char, 8>, 2> tokens{};
  std::array<SQLLEN, 2> lengths{SQL_DATA_AT_EXEC, SQL_DATA_AT_EXEC};
  bind(1, SQL_C_CHAR, SQL_VARCHAR, tokens.data(), 8, lengths.data());
  apd_.header.array_size = 2;
  EXPECT_EQ(run(1), SQL_NEED_DATA);
  SQLPOINTER token = nullptr;
  char one[] = "one", two[] = "two";
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_NEED_DATA);
  EXPECT_EQ(token, &tokens[0]);
  sets_.put(one, SQL_NTS);
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_NEED_DATA);
  EXPECT_EQ(token, &tokens[1]);
  sets_.put(two, SQL_NTS);
  EXPECT_EQ(sets_.next_parameter(&token, execute_, diagnostics_), SQL_SUCCESS);
  EXPECT_EQ(executed_, (Lines{"one;", "two;"}));
}

TEST_F(ParameterSetsTest, cancel_ends_the_waiting) {
  SQLLEN length = SQL_DATA_AT_EXEC;
  bind(1, SQL_C_CHAR, SQL_VARCHAR, nullptr, 0, &length);
  EXPECT_EQ(run(1), SQL_NEED_DATA);
  sets_.cancel();
  EXPECT_FALSE(sets_.waiting());
  char text[] = "x";
  EXPECT_THROW(sets_.put(text, 1), core::Error);
}

}  // namespace
}  // namespace odbc::cursor
