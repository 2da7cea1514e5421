// SPDX-License-Identifier: Apache-2.0
// Every statement function in every state, past the driver manager (which keeps its own order): no
// crash, and a documented SQLSTATE when it is refused. Also hostile buffers and lengths.
#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

/// A statement of the library itself.
class DirectTest : public testing::Test {
 protected:
  std::string state() const { return direct_.state(); }
  void renew() {
    direct_.renew_statement();
    statement = direct_.statement();
  }

 private:
  Direct direct_;

 protected:
  const Library& library = direct_.library();
  SQLHDBC connection = direct_.connection();
  SQLHSTMT statement = direct_.statement();
};

class OutOfOrder : public DirectTest {
 protected:
  using Action = std::function<SQLRETURN()>;

  SQLRETURN prepare(const char* sql) {
    return library.get(SQLPrepare, "SQLPrepare")(statement, text(sql), SQL_NTS);
  }
  SQLRETURN execute() { return library.get(SQLExecute, "SQLExecute")(statement); }
  SQLRETURN direct(const char* sql) {
    return library.get(SQLExecDirect, "SQLExecDirect")(statement, text(sql), SQL_NTS);
  }
  SQLRETURN fetch() { return library.get(SQLFetch, "SQLFetch")(statement); }
  SQLRETURN need_data() {
    indicator = SQL_DATA_AT_EXEC;
    prepare(("SELECT " + cast_parameter(engine_sql().text)).c_str());
    library.get(SQLBindParameter, "SQLBindParameter")(
        statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &indicator, 0, &indicator);
    return execute();
  }

  /// Brings a fresh statement into each state of appendix B.
  std::map<std::string, Action> states() {
    auto* param_data = library.get(SQLParamData, "SQLParamData");
    auto* put = library.get(SQLPutData, "SQLPutData");
    return {{"allocated", [] { return SQL_SUCCESS; }},
            {"prepared", [this] { return prepare("SELECT 1"); }},
            {"executed", [this] { return direct("DROP TABLE IF EXISTS no_such_table"); }},
            {"opened", [this] { return direct("SELECT 1"); }},
            {"opened_p", [this] { return prepare("SELECT 1"), execute(); }},
            {"positioned", [this] { return direct("SELECT 1"), fetch(); }},
            {"after the end", [this] { return direct("SELECT 1"), fetch(), fetch(); }},
            {"need_data", [this] { return need_data(); }},
            {"must_put", [this, param_data] { return need_data(), param_data(statement, &token); }},
            {"can_put", [this, param_data, put] {
               need_data();
               param_data(statement, &token);
               return put(statement, letters.data(), 3);
             }}};
  }

  std::map<std::string, Action> calls() {
    const auto one = [this](auto* function) {
      return [this, function] { return function(statement); };
    };
    return {
        {"SQLPrepare", [this] { return prepare("SELECT 2"); }},
        {"SQLExecute", [this] { return execute(); }},
        {"SQLExecDirect", [this] { return direct("SELECT 3"); }},
        {"SQLFetch", [this] { return fetch(); }},
        {"SQLFetchScroll",
         [this] {
           return library.get(SQLFetchScroll, "SQLFetchScroll")(statement, SQL_FETCH_NEXT, 0);
         }},
        {"SQLGetData",
         [this] {
           return library.get(SQLGetData, "SQLGetData")(statement, 1, SQL_C_CHAR, letters.data(),
                                                        10, &length);
         }},
        {"SQLMoreResults", one(library.get(SQLMoreResults, "SQLMoreResults"))},
        {"SQLCloseCursor", one(library.get(SQLCloseCursor, "SQLCloseCursor"))},
        {"SQLCancel", one(library.get(SQLCancel, "SQLCancel"))},
        {"SQLNumResultCols",
         [this] { return library.get(SQLNumResultCols, "SQLNumResultCols")(statement, &number); }},
        {"SQLDescribeCol",
         [this] {
           return library.get(SQLDescribeCol, "SQLDescribeCol")(statement, 1, nullptr, 0, nullptr,
                                                                &number, nullptr, nullptr, nullptr);
         }},
        {"SQLColAttribute",
         [this] {
           return library.get(SQLColAttribute, "SQLColAttribute")(
               statement, 1, SQL_DESC_CONCISE_TYPE, nullptr, 0, nullptr, &length);
         }},
        {"SQLRowCount",
         [this] { return library.get(SQLRowCount, "SQLRowCount")(statement, &length); }},
        {"SQLNumParams",
         [this] { return library.get(SQLNumParams, "SQLNumParams")(statement, &number); }},
        {"SQLDescribeParam",
         [this] {
           return library.get(SQLDescribeParam, "SQLDescribeParam")(statement, 1, &number, nullptr,
                                                                    nullptr, nullptr);
         }},
        {"SQLParamData",
         [this] { return library.get(SQLParamData, "SQLParamData")(statement, &token); }},
        {"SQLPutData",
         [this] { return library.get(SQLPutData, "SQLPutData")(statement, letters.data(), 3); }},
        {"SQLBindCol",
         [this] {
           return library.get(SQLBindCol, "SQLBindCol")(statement, 1, SQL_C_CHAR, letters.data(),
                                                        10, &length);
         }},
        {"SQLTables",
         [this] {
           return library.get(SQLTables, "SQLTables")(statement, nullptr, 0, nullptr, 0,
                                                      text("none"), SQL_NTS, nullptr, 0);
         }},
        {"SQLGetTypeInfo",
         [this] { return library.get(SQLGetTypeInfo, "SQLGetTypeInfo")(statement, SQL_INTEGER); }},
        {"SQLSetCursorName",
         [this] {
           return library.get(SQLSetCursorName, "SQLSetCursorName")(statement, text("c"), SQL_NTS);
         }},
        {"SQLFreeStmt(SQL_CLOSE)",
         [this] { return library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE); }},
        {"SQLFreeStmt(SQL_UNBIND)",
         [this] { return library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_UNBIND); }},
    };
  }

  SQLLEN indicator = 0, length = 0;
  SQLSMALLINT number = 0;
  SQLPOINTER token = nullptr;
  std::array<char, 64> letters{"abc"};
};

TEST_F(OutOfOrder, EveryFunctionInEveryStateAnswersWithADocumentedState) {
  const std::vector<std::string> documented = {"HY010", "24000", "07005", "07009",
                                               "07002", "HYC00", "HY020"};
  for (const auto& [state_name, reach] : states())
    for (const auto& [call_name, call] : calls()) {
      const std::string where = call_name + " when " + state_name;
      reach();
      const SQLRETURN code = call();
      if (code == SQL_ERROR) {
        EXPECT_NE(std::find(documented.begin(), documented.end(), state()), documented.end())
            << where << ": " << state();
      } else {
        EXPECT_NE(code, SQL_INVALID_HANDLE) << where;
      }
      renew();
    }
}

TEST_F(OutOfOrder, StatesOfAppendixB) {
  const auto refused = [&](const Action& reach, const Action& call, const char* expected) {
    reach();
    EXPECT_EQ(call(), SQL_ERROR);
    EXPECT_EQ(state(), expected);
    renew();
  };
  auto reach = states();
  auto call = calls();
  refused(reach["allocated"], call["SQLExecute"], "HY010");
  refused(reach["allocated"], call["SQLFetch"], "HY010");
  refused(reach["allocated"], call["SQLCloseCursor"], "24000");
  refused(reach["prepared"], call["SQLFetch"], "HY010");
  refused(reach["executed"], call["SQLFetch"], "24000");
  refused(reach["opened"], call["SQLExecDirect"], "24000");
  refused(reach["opened"], call["SQLGetData"], "24000");
  refused(reach["opened_p"], call["SQLExecute"], "24000");
  refused(reach["after the end"], call["SQLGetData"], "24000");
  refused(reach["need_data"], call["SQLPutData"], "HY010");
  refused(reach["need_data"], call["SQLFetch"], "HY010");
  refused(reach["must_put"], call["SQLParamData"], "HY010");
}

class HostileBuffers : public DirectTest {};

TEST_F(HostileBuffers, NegativeAndUnevenLengthsAreHY090) {
  auto* info = library.get(SQLGetInfoW, "SQLGetInfoW");
  std::array<SQLWCHAR, 16> out{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(info(connection, SQL_DBMS_NAME, out.data(), -1, &length), SQL_ERROR);
  EXPECT_EQ(info(connection, SQL_DBMS_NAME, out.data(), 7, &length), SQL_ERROR);
  auto* direct = library.get(SQLExecDirect, "SQLExecDirect");
  EXPECT_EQ(direct(statement, text("SELECT 1"), -7), SQL_ERROR);
  EXPECT_EQ(state(), "HY090");
  EXPECT_EQ(direct(statement, text("SELECT 1"), 0), SQL_ERROR);
  EXPECT_EQ(state(), "HY090");
  EXPECT_EQ(direct(statement, nullptr, SQL_NTS), SQL_ERROR);
  EXPECT_EQ(state(), "HY009");
}

TEST_F(HostileBuffers, SizesZeroAndOneNeverWriteMoreThanTheyAreGiven) {
  auto* describe = library.get(SQLDescribeCol, "SQLDescribeCol");
  ASSERT_EQ(
      library.get(SQLExecDirect, "SQLExecDirect")(statement, text("SELECT 1 AS abc"), SQL_NTS),
      SQL_SUCCESS);
  std::array<SQLCHAR, 4> name{'#', '#', '#', '#'};
  SQLSMALLINT length = 0, type = 0;
  EXPECT_EQ(describe(statement, 1, name.data(), 0, &length, &type, nullptr, nullptr, nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(name[0], '#');
  EXPECT_EQ(describe(statement, 1, name.data(), 1, &length, &type, nullptr, nullptr, nullptr),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(name[0], '\0');
  EXPECT_EQ(name[1], '#');
  EXPECT_EQ(length, 3);
  EXPECT_EQ(describe(statement, 1, name.data(), -1, &length, &type, nullptr, nullptr, nullptr),
            SQL_ERROR);
  EXPECT_EQ(describe(statement, 1, nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr),
            SQL_SUCCESS);
}

TEST_F(HostileBuffers, NullPointersForAllResultsAreBorne) {
  EXPECT_EQ(library.get(SQLGetFunctions, "SQLGetFunctions")(connection, SQL_API_SQLFETCH, nullptr),
            SQL_ERROR);
  EXPECT_EQ(library.get(SQLGetInfo, "SQLGetInfo")(connection, SQL_DBMS_NAME, nullptr, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(library.get(SQLGetStmtAttr, "SQLGetStmtAttr")(statement, SQL_ATTR_QUERY_TIMEOUT,
                                                          nullptr, 0, nullptr),
            SQL_SUCCESS);
  EXPECT_EQ(library.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, connection, nullptr),
            SQL_ERROR);
  EXPECT_EQ(library.get(SQLParamData, "SQLParamData")(statement, nullptr), SQL_ERROR);
  EXPECT_EQ(library.get(SQLNumResultCols, "SQLNumResultCols")(statement, nullptr), SQL_ERROR);
}

TEST_F(HostileBuffers, BrokenUtf16IsRefusedWith22018) {
  std::u16string sql = u"SELECT '";
  sql += static_cast<char16_t>(0xD800);
  sql += u"'";
  EXPECT_EQ(library.get(SQLExecDirectW, "SQLExecDirectW")(statement, units(sql),
                                                          static_cast<SQLINTEGER>(sql.size())),
            SQL_ERROR);
  EXPECT_EQ(state(), "22018");
}

TEST_F(HostileBuffers, NulInsideATextIsAnErrorOfTheStatementOnlyOrAValue) {
  std::string sql("SELECT 'a\0b'", 12);
  auto* execute = library.get(SQLExecDirect, "SQLExecDirect");
  const SQLRETURN code = execute(statement, text(sql), static_cast<SQLINTEGER>(sql.size()));
  if (profile().mysql()) {
    EXPECT_EQ(code, SQL_SUCCESS) << state();
    EXPECT_EQ(library.get(SQLFetch, "SQLFetch")(statement), SQL_SUCCESS);
    std::array<char, 8> value{};
    SQLLEN length = 0;
    EXPECT_EQ(library.get(SQLGetData, "SQLGetData")(statement, 1, SQL_C_CHAR, value.data(),
                                                    value.size(), &length),
              SQL_SUCCESS);
    EXPECT_EQ(std::string(value.data(), static_cast<std::size_t>(length)), std::string("a\0b", 3));
    library.get(SQLFreeStmt, "SQLFreeStmt")(statement, SQL_CLOSE);
  } else {
    EXPECT_EQ(code, SQL_ERROR);
  }
  EXPECT_EQ(execute(statement, text("SELECT 1"), SQL_NTS), SQL_SUCCESS);
}

}  // namespace
