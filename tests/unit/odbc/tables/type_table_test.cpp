// SPDX-License-Identifier: Apache-2.0
// The contract values of column sizes, and the way from codes to types and back.
#include "odbc/tables/type_table.h"

#include <gtest/gtest.h>

namespace odbc::tables {
namespace {

using core::SqlType;

core::Column column(SqlType type, std::int64_t size = 0, std::int16_t scale = 0) {
  core::Column column;
  column.type = type;
  column.size = size;
  column.scale = scale;
  return column;
}

TEST(TypeTable, every_reported_type_leads_back_to_itself) {
  for (const TypeRow& row : type_rows()) {
    if (row.type == SqlType::unknown || row.type == SqlType::interval) continue;
    EXPECT_EQ(logical_type(row.concise), row.type) << row.concise;
    EXPECT_EQ(concise_type(row.verbose, row.datetime_code), row.concise);
    EXPECT_EQ(verbose_type(row.concise), row.verbose);
    EXPECT_EQ(as_odbc3(as_odbc2(row.concise)), row.concise);
  }
  EXPECT_EQ(logical_type(SQL_VARCHAR), SqlType::varchar);
  EXPECT_EQ(logical_type(SQL_TIMESTAMP), SqlType::timestamp);
  EXPECT_EQ(logical_type(4711), std::nullopt);
}

TEST(TypeTable, odbc2_applications_see_the_old_codes) {
  EXPECT_EQ(as_odbc2(SQL_TYPE_DATE), 9);
  EXPECT_EQ(as_odbc2(SQL_TYPE_TIME), 10);
  EXPECT_EQ(as_odbc2(SQL_TYPE_TIMESTAMP), 11);
  EXPECT_EQ(as_odbc2(SQL_INTEGER), SQL_INTEGER);
}

TEST(TypeTable, sizes) {
  EXPECT_EQ(column_size(column(SqlType::varchar, 20)), 20U);
  EXPECT_EQ(octet_length(column(SqlType::varchar, 20)), 80);
  EXPECT_EQ(column_size(column(SqlType::longvarchar)), 0U);
  EXPECT_EQ(octet_length(column(SqlType::longvarchar)), SQL_NO_TOTAL);
  EXPECT_EQ(display_size(column(SqlType::varbinary, 8)), 16);
  EXPECT_EQ(column_size(column(SqlType::timestamp)), 19U);
  EXPECT_EQ(column_size(column(SqlType::timestamp, 0, 3)), 23U);
  EXPECT_EQ(column_size(column(SqlType::decimal)), 38U);
  EXPECT_EQ(decimal_digits(column(SqlType::decimal)), 15);
  EXPECT_EQ(decimal_digits(column(SqlType::decimal, 9, 0)), 0);
  EXPECT_EQ(display_size(column(SqlType::guid)), 36);
  core::Column big = column(SqlType::bigint);
  big.is_unsigned = true;
  EXPECT_EQ(column_size(big), 20U);
}

}  // namespace
}  // namespace odbc::tables
