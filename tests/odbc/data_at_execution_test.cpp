// SPDX-License-Identifier: Apache-2.0
// SQLParamData and SQLPutData through the driver manager, and what SQLDescribeParam tells.
#include <algorithm>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

class DataAtExecution : public testing::Test {
 protected:
  void bind(SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLLEN* length) {
    ASSERT_EQ(SQLBindParameter(statement_.handle(), number, SQL_PARAM_INPUT, c_type, sql_type, 0, 0,
                               reinterpret_cast<SQLPOINTER>(std::size_t{number}), 0, length),
              SQL_SUCCESS);
  }
  // The number of the parameter that is asked for; 0 when the statement was executed.
  std::size_t next() {
    SQLPOINTER token = nullptr;
    code_ = SQLParamData(statement_.handle(), &token);
    return code_ == SQL_NEED_DATA ? reinterpret_cast<std::size_t>(token) : 0;
  }
  SQLRETURN put(const void* data, SQLLEN length) {
    return SQLPutData(statement_.handle(), const_cast<void*>(data), length);
  }
  void put_in_pieces(std::string_view bytes, std::size_t piece) {
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      ASSERT_EQ(put(bytes.data() + at, static_cast<SQLLEN>(std::min(piece, bytes.size() - at))),
                SQL_SUCCESS)
          << statement_.state();
  }
  Connection connection_;
  Statement statement_{connection_};
  SQLLEN later_ = SQL_DATA_AT_EXEC;
  SQLRETURN code_ = SQL_ERROR;
};

TEST_F(DataAtExecution, SeveralParametersOfSeveralTypesAreAskedForInOrder) {
  SQLLEN announced = SQL_LEN_DATA_AT_EXEC(6);
  const std::string text = cast_parameter(engine_sql().text);
  ASSERT_EQ(statement_.prepare("SELECT " + text + ", " + cast_parameter(engine_sql().integer) +
                               ", " + cast_parameter(engine_sql().bytes) + ", " + text +
                               " IS NULL, length(" + text + ")"),
            SQL_SUCCESS);
  bind(1, SQL_C_WCHAR, SQL_WVARCHAR, &later_);
  bind(2, SQL_C_SLONG, SQL_INTEGER, &later_);
  bind(3, SQL_C_BINARY, SQL_LONGVARBINARY, &announced);
  bind(4, SQL_C_CHAR, SQL_VARCHAR, &later_);
  bind(5, SQL_C_CHAR, SQL_VARCHAR, &later_);
  ASSERT_EQ(SQLExecute(statement_.handle()), SQL_NEED_DATA);
  ASSERT_EQ(next(), 1U);
  const std::u16string wide = u"gr\u00fc\u00df \U0001F600!";
  put_in_pieces({reinterpret_cast<const char*>(wide.data()), wide.size() * 2}, 3);
  ASSERT_EQ(next(), 2U);
  const SQLINTEGER number = -7;
  ASSERT_EQ(put(&number, 0), SQL_SUCCESS);
  ASSERT_EQ(next(), 3U);
  put_in_pieces({"\0\1\2\3\4\5", 6}, 4);
  ASSERT_EQ(next(), 4U);
  ASSERT_EQ(put(nullptr, SQL_NULL_DATA), SQL_SUCCESS);
  ASSERT_EQ(next(), 5U);
  ASSERT_EQ(put("", 0), SQL_SUCCESS);
  ASSERT_EQ(next(), 0U);
  ASSERT_EQ(code_, SQL_SUCCESS) << statement_.state();
  ASSERT_EQ(statement_.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement_.text_of(1), "gr\u00fc\u00df \U0001F600!");
  EXPECT_EQ(statement_.text_of(2), "-7");
  EXPECT_EQ(statement_.text_of(3), "000102030405");
  EXPECT_EQ(statement_.text_of(4), "1");
  EXPECT_EQ(statement_.text_of(5), "0");
}

TEST_F(DataAtExecution, AMegabyteOfBytesArrivesUnchangedWhateverTheLengthAnnounced) {
  const std::string bytes_parameter = cast_parameter(engine_sql().bytes);
  std::string bytes(1'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7919 % 256);
  ASSERT_EQ(
      statement_.prepare("SELECT length(" + bytes_parameter + "), md5(" + bytes_parameter + ")"),
      SQL_SUCCESS);
  for (SQLLEN announced : std::initializer_list<SQLLEN>{
           SQL_DATA_AT_EXEC, SQL_LEN_DATA_AT_EXEC(1'000'000), SQL_LEN_DATA_AT_EXEC(10)}) {
    bind(1, SQL_C_BINARY, SQL_LONGVARBINARY, &announced);
    bind(2, SQL_C_BINARY, SQL_LONGVARBINARY, &announced);
    ASSERT_EQ(SQLExecute(statement_.handle()), SQL_NEED_DATA);
    while (next() != 0) put_in_pieces(bytes, 65536);
    ASSERT_EQ(code_, SQL_SUCCESS) << statement_.state();
    ASSERT_EQ(statement_.fetch(), SQL_SUCCESS);
    EXPECT_EQ(statement_.text_of(1), "1000000");
    EXPECT_EQ(statement_.text_of(2), "b03c5e59cfa9b5f55a42fff8bf752057");
    ASSERT_EQ(SQLCloseCursor(statement_.handle()), SQL_SUCCESS);
  }
}

TEST_F(DataAtExecution, CancelBetweenPiecesLeavesTheStatementUsable) {
  ASSERT_EQ(statement_.prepare("SELECT " + cast_parameter(engine_sql().text)), SQL_SUCCESS);
  bind(1, SQL_C_CHAR, SQL_VARCHAR, &later_);
  ASSERT_EQ(SQLExecute(statement_.handle()), SQL_NEED_DATA);
  ASSERT_EQ(next(), 1U);
  ASSERT_EQ(put("lost", 4), SQL_SUCCESS);
  ASSERT_EQ(SQLCancel(statement_.handle()), SQL_SUCCESS);
  EXPECT_EQ(put("x", 1), SQL_ERROR);
  EXPECT_EQ(statement_.state(), "HY010");
  ASSERT_EQ(SQLExecute(statement_.handle()), SQL_NEED_DATA);
  ASSERT_EQ(next(), 1U);
  ASSERT_EQ(put("kept", 4), SQL_SUCCESS);
  ASSERT_EQ(next(), 0U);
  ASSERT_EQ(statement_.fetch(), SQL_SUCCESS);
  EXPECT_EQ(statement_.text_of(1), "kept");
}

TEST_F(DataAtExecution, WhatCannotBeAValueEndsTheExecutionWithItsState) {
  ASSERT_EQ(statement_.prepare("SELECT " + cast_parameter(engine_sql().text)), SQL_SUCCESS);
  bind(1, SQL_C_WCHAR, SQL_WVARCHAR, &later_);
  ASSERT_EQ(SQLExecute(statement_.handle()), SQL_NEED_DATA);
  ASSERT_EQ(next(), 1U);
  const char16_t half = 0xD83D;
  ASSERT_EQ(put(&half, 2), SQL_SUCCESS);
  EXPECT_EQ(next(), 0U);
  EXPECT_EQ(code_, SQL_ERROR);
  EXPECT_EQ(statement_.state(), "22018");
  EXPECT_EQ(connection_.value("SELECT 1"), "1");
}

struct Described {
  const char* type;
  SQLSMALLINT sql_type;
  SQLULEN size;
  SQLSMALLINT digits;
};

TEST_F(DataAtExecution, EveryParameterIsDescribedByItsServerTypeOnPostgres) {
  constexpr Described all[] = {
      {"int2", SQL_SMALLINT, 5, 0},      {"int4", SQL_INTEGER, 10, 0},
      {"int8", SQL_BIGINT, 19, 0},       {"float4", SQL_REAL, 7, 0},
      {"float8", SQL_DOUBLE, 15, 0},     {"bool", SQL_BIT, 1, 0},
      {"text", SQL_WLONGVARCHAR, 0, 0},  {"bytea", SQL_LONGVARBINARY, 0, 0},
      {"date", SQL_TYPE_DATE, 10, 0},    {"timestamp", SQL_TYPE_TIMESTAMP, 26, 6},
      {"numeric", SQL_DECIMAL, 38, 15},  {"uuid", SQL_GUID, 36, 0},
      {"jsonb", SQL_WLONGVARCHAR, 0, 0}, {"time", SQL_TYPE_TIME, 15, 6},
  };
  for (const Described& expected : all) {
    ASSERT_EQ(statement_.prepare("SELECT CAST(? AS " + std::string(expected.type) + ")"),
              SQL_SUCCESS);
    SQLSMALLINT type = 0, digits = -1, nullable = -1;
    SQLULEN size = 99;
    ASSERT_EQ(SQLDescribeParam(statement_.handle(), 1, &type, &size, &digits, &nullable),
              SQL_SUCCESS)
        << statement_.state();
    EXPECT_EQ(type, expected.sql_type) << expected.type;
    EXPECT_EQ(size, expected.size) << expected.type;
    EXPECT_EQ(digits, expected.digits) << expected.type;
    EXPECT_EQ(nullable, SQL_NULLABLE_UNKNOWN) << expected.type;
  }
}

}  // namespace
