// SPDX-License-Identifier: Apache-2.0
// SQLBindCol, SQLBindParameter and descriptions as changes of descriptors.
#include "odbc/handles/descriptor.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace odbc {
namespace {

template <class F>
std::string state_of(F&& run) {
  try {
    run();
  } catch (const core::Error& error) { return std::string(error.state().view()); }
  return "00000";
}

TEST(Descriptor, binding_a_column_raises_the_count_and_unbinding_the_last_lowers_it) {
  Descriptor ard;
  SQLINTEGER data = 0;
  SQLLEN length = 0;
  ard.bind_column(1, SQL_C_SLONG, &data, 0, &length);
  ard.bind_column(4, SQL_C_SLONG, &data, 0, &length);
  EXPECT_EQ(ard.count(), 4);
  EXPECT_FALSE(ard.find(3)->bound());
  ard.bind_column(4, SQL_C_SLONG, nullptr, 0, nullptr);
  EXPECT_EQ(ard.count(), 1);
  ard.bind_column(9, SQL_C_SLONG, nullptr, 0, nullptr);
  EXPECT_EQ(ard.count(), 1);
  ard.bind_column(2, SQL_C_CHAR, nullptr, 0, &length);
  EXPECT_EQ(ard.count(), 2) << "a length alone may stay bound";
  ard.clear_records();
  EXPECT_EQ(ard.count(), 0);
}

TEST(Descriptor, refuses_what_no_application_may_bind) {
  Descriptor ard;
  int data = 0;
  EXPECT_EQ(state_of([&] { ard.bind_column(1, 4711, &data, 4, nullptr); }), "HY003");
  EXPECT_EQ(state_of([&] { ard.bind_column(1, SQL_C_CHAR, &data, -1, nullptr); }), "HY090");
  EXPECT_EQ(state_of([&] { ard.record(40000); }), "07009");
  EXPECT_EQ(ard.count(), 0);
}

TEST(Descriptor, every_change_gives_a_new_revision) {
  Descriptor ard;
  const auto before = ard.revision();
  int data = 0;
  ard.bind_column(1, SQL_C_SLONG, &data, 4, nullptr);
  EXPECT_NE(ard.revision(), before);
}

TEST(Descriptor, date_types_of_both_versions_are_one) {
  DescriptorRecord record;
  record.set_concise_type(SQL_C_DATE);
  EXPECT_EQ(record.concise_type, SQL_C_TYPE_DATE);
  EXPECT_EQ(record.type, SQL_DATETIME);
  EXPECT_EQ(record.datetime_interval_code, SQL_CODE_DATE);
  record.set_concise_type(SQL_C_INTERVAL_DAY);
  EXPECT_EQ(record.type, SQL_INTERVAL);
  EXPECT_EQ(record.datetime_interval_code, SQL_CODE_DAY);
}

TEST(Descriptor, a_parameter_writes_one_record_of_each_descriptor) {
  Descriptor apd, ipd;
  char data[10];
  SQLLEN length = SQL_NTS;
  const ParameterBinding good{2,    SQL_PARAM_INPUT, SQL_C_CHAR, SQL_DECIMAL, 10, 3,
                              data, sizeof data,     &length};
  bind_parameter(apd, ipd, good);
  EXPECT_EQ(apd.count(), 2);
  EXPECT_EQ(ipd.find(2)->concise_type, SQL_DECIMAL);
  EXPECT_EQ(ipd.find(2)->precision, 10);
  EXPECT_EQ(ipd.find(2)->scale, 3);
  EXPECT_EQ(apd.find(2)->octet_length, 10);
  const auto with = [&](auto change) {
    ParameterBinding binding = good;
    change(binding);
    return state_of([&] { bind_parameter(apd, ipd, binding); });
  };
  EXPECT_EQ(with([](ParameterBinding& b) { b.number = 0; }), "07009");
  EXPECT_EQ(with([](ParameterBinding& b) { b.c_type = 4711; }), "HY003");
  EXPECT_EQ(with([](ParameterBinding& b) { b.sql_type = 4711; }), "HY004");
  EXPECT_EQ(with([](ParameterBinding& b) { b.input_output_type = 77; }), "HY105");
  EXPECT_EQ(with([](ParameterBinding& b) { b.buffer_length = -1; }), "HY090");
  EXPECT_EQ(with([](ParameterBinding& b) { b.data = nullptr, b.indicator = nullptr; }), "HY009");
}

TEST(Descriptor, describes_columns_as_the_contract_says) {
  core::Column columns[3];
  columns[0].name = "note";
  columns[0].type = core::SqlType::longvarchar;
  columns[1].name = "price";
  columns[1].type = core::SqlType::decimal;
  columns[1].size = 10;
  columns[1].scale = 2;
  columns[1].nullable = core::Nullability::no;
  columns[2].type = core::SqlType::timestamp;
  columns[2].scale = 6;
  Descriptor ird;
  ird.describe(columns);
  ASSERT_EQ(ird.count(), 3);
  EXPECT_EQ(ird.find(1)->concise_type, SQL_WLONGVARCHAR);
  EXPECT_EQ(ird.find(1)->length, 0U);
  EXPECT_EQ(ird.find(1)->display_size, SQL_NO_TOTAL);
  EXPECT_EQ(ird.find(2)->precision, 10);
  EXPECT_EQ(ird.find(2)->nullable, SQL_NO_NULLS);
  EXPECT_EQ(ird.find(2)->is_unsigned, SQL_FALSE);
  EXPECT_EQ(ird.find(3)->length, 26U);
  EXPECT_EQ(ird.find(3)->precision, 6);
  EXPECT_EQ(ird.find(3)->unnamed, SQL_UNNAMED);
}

TEST(Descriptor, the_server_describes_only_parameters_the_application_did_not) {
  Descriptor apd, ipd;
  int data = 0;
  bind_parameter(apd, ipd, {1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_BIGINT, 0, 0, &data, 0, nullptr});
  const core::ParameterType types[] = {{core::SqlType::integer, 23, 10, 0},
                                       {core::SqlType::integer, 23, 10, 0}};
  ipd.describe(types);
  EXPECT_EQ(ipd.find(1)->concise_type, SQL_BIGINT);
  EXPECT_EQ(ipd.find(2)->concise_type, SQL_INTEGER);
}

}  // namespace
}  // namespace odbc
