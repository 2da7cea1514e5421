// SPDX-License-Identifier: Apache-2.0
// SQLGetInfo, SQLGetFunctions, SQLGetTypeInfo, SQLNativeSql.
#include <array>
#include <regex>

#include "tests/support/odbc.h"

namespace {

using namespace odbc_test;

std::string info(Connection& connection, SQLUSMALLINT type) {
  std::array<SQLCHAR, 8192> out{};
  EXPECT_EQ(SQLGetInfo(connection.handle(), type, out.data(), out.size(), nullptr), SQL_SUCCESS)
      << type;
  return reinterpret_cast<char*>(out.data());
}

template <class Number>
Number number(Connection& connection, SQLUSMALLINT type) {
  Number value{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(SQLGetInfo(connection.handle(), type, &value, 0, &length), SQL_SUCCESS) << type;
  EXPECT_EQ(static_cast<std::size_t>(length), sizeof value) << "Microsoft Jet reads it";
  return value;
}

TEST(Info, NamesAndVersionsAreWhatApplicationsBranchOn) {
  Connection connection;
  EXPECT_EQ(info(connection, SQL_DBMS_NAME), profile().dbms_name);
  EXPECT_TRUE(
      std::regex_match(info(connection, SQL_DBMS_VER), std::regex(R"(\d\d\.\d\d\.\d{4} \d+.*)")));
  EXPECT_EQ(info(connection, SQL_DRIVER_NAME), "libaurodbc.so");
  EXPECT_EQ(info(connection, SQL_DRIVER_ODBC_VER), "03.80");
  EXPECT_EQ(info(connection, SQL_SEARCH_PATTERN_ESCAPE), "\\");
  EXPECT_EQ(info(connection, SQL_DESCRIBE_PARAMETER), profile().mysql() ? "N" : "Y");
  EXPECT_EQ(info(connection, SQL_DATABASE_NAME),
            connection.value("SELECT " + std::string(profile().current_database)));
  EXPECT_EQ(info(connection, SQL_USER_NAME),
            connection.value("SELECT " + std::string(profile().user)));
  EXPECT_EQ(number<SQLUSMALLINT>(connection, SQL_TXN_CAPABLE),
            profile().mysql() ? SQL_TC_DDL_COMMIT : SQL_TC_ALL);
  EXPECT_EQ(number<SQLUSMALLINT>(connection, SQL_MAX_COLUMN_NAME_LEN), profile().mysql() ? 64 : 63);
  EXPECT_EQ(number<SQLUINTEGER>(connection, SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1),
            SQLUINTEGER{SQL_CA1_NEXT});
}

TEST(Info, UnknownTypeIsHY096) {
  Connection connection;
  SQLUINTEGER value = 0;
  EXPECT_EQ(SQLGetInfo(connection.handle(), 20000, &value, sizeof value, nullptr), SQL_ERROR);
  EXPECT_EQ(connection.state(), "HY096");
}

TEST(Info, ShortBufferIs01004WithTheNeededLength) {
  Connection connection;
  std::array<SQLCHAR, 5> narrow{};
  SQLSMALLINT length = 0;
  EXPECT_EQ(SQLGetInfo(connection.handle(), SQL_DBMS_NAME, narrow.data(), narrow.size(), &length),
            SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(connection.state(), "01004");
  const auto whole = static_cast<SQLSMALLINT>(profile().dbms_name.size());
  EXPECT_EQ(length, whole);
  EXPECT_EQ(std::string_view(reinterpret_cast<char*>(narrow.data())),
            profile().dbms_name.substr(0, 4));
  std::array<char16_t, 5> wide_out{};
  EXPECT_EQ(
      SQLGetInfoW(connection.handle(), SQL_DBMS_NAME, wide_out.data(), sizeof wide_out, &length),
      SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(length, 2 * whole);
  EXPECT_EQ(std::u16string(wide_out.data()), wide(profile().dbms_name.substr(0, 4)));
}

struct KnownFunction {
  SQLUSMALLINT id;
  const char* name;
};

constexpr KnownFunction functions_of_odbc[] = {
    {SQL_API_SQLALLOCCONNECT, "SQLAllocConnect"},
    {SQL_API_SQLALLOCENV, "SQLAllocEnv"},
    {SQL_API_SQLALLOCHANDLE, "SQLAllocHandle"},
    {SQL_API_SQLALLOCSTMT, "SQLAllocStmt"},
    {SQL_API_SQLBINDCOL, "SQLBindCol"},
    {SQL_API_SQLBINDPARAMETER, "SQLBindParameter"},
    {SQL_API_SQLBROWSECONNECT, "SQLBrowseConnect"},
    {SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations"},
    {SQL_API_SQLCANCEL, "SQLCancel"},
    {SQL_API_SQLCANCELHANDLE, "SQLCancelHandle"},
    {SQL_API_SQLCLOSECURSOR, "SQLCloseCursor"},
    {SQL_API_SQLCOLATTRIBUTE, "SQLColAttribute"},
    {SQL_API_SQLCOLUMNPRIVILEGES, "SQLColumnPrivileges"},
    {SQL_API_SQLCOLUMNS, "SQLColumns"},
    {SQL_API_SQLCONNECT, "SQLConnect"},
    {SQL_API_SQLCOPYDESC, "SQLCopyDesc"},
    {SQL_API_SQLDESCRIBECOL, "SQLDescribeCol"},
    {SQL_API_SQLDESCRIBEPARAM, "SQLDescribeParam"},
    {SQL_API_SQLDISCONNECT, "SQLDisconnect"},
    {SQL_API_SQLDRIVERCONNECT, "SQLDriverConnect"},
    {SQL_API_SQLENDTRAN, "SQLEndTran"},
    {SQL_API_SQLERROR, "SQLError"},
    {SQL_API_SQLEXECDIRECT, "SQLExecDirect"},
    {SQL_API_SQLEXECUTE, "SQLExecute"},
    {SQL_API_SQLEXTENDEDFETCH, "SQLExtendedFetch"},
    {SQL_API_SQLFETCH, "SQLFetch"},
    {SQL_API_SQLFETCHSCROLL, "SQLFetchScroll"},
    {SQL_API_SQLFOREIGNKEYS, "SQLForeignKeys"},
    {SQL_API_SQLFREECONNECT, "SQLFreeConnect"},
    {SQL_API_SQLFREEENV, "SQLFreeEnv"},
    {SQL_API_SQLFREEHANDLE, "SQLFreeHandle"},
    {SQL_API_SQLFREESTMT, "SQLFreeStmt"},
    {SQL_API_SQLGETCONNECTATTR, "SQLGetConnectAttr"},
    {SQL_API_SQLGETCONNECTOPTION, "SQLGetConnectOption"},
    {SQL_API_SQLGETCURSORNAME, "SQLGetCursorName"},
    {SQL_API_SQLGETDATA, "SQLGetData"},
    {SQL_API_SQLGETDESCFIELD, "SQLGetDescField"},
    {SQL_API_SQLGETDESCREC, "SQLGetDescRec"},
    {SQL_API_SQLGETDIAGFIELD, "SQLGetDiagField"},
    {SQL_API_SQLGETDIAGREC, "SQLGetDiagRec"},
    {SQL_API_SQLGETENVATTR, "SQLGetEnvAttr"},
    {SQL_API_SQLGETFUNCTIONS, "SQLGetFunctions"},
    {SQL_API_SQLGETINFO, "SQLGetInfo"},
    {SQL_API_SQLGETSTMTATTR, "SQLGetStmtAttr"},
    {SQL_API_SQLGETSTMTOPTION, "SQLGetStmtOption"},
    {SQL_API_SQLGETTYPEINFO, "SQLGetTypeInfo"},
    {SQL_API_SQLMORERESULTS, "SQLMoreResults"},
    {SQL_API_SQLNATIVESQL, "SQLNativeSql"},
    {SQL_API_SQLNUMPARAMS, "SQLNumParams"},
    {SQL_API_SQLNUMRESULTCOLS, "SQLNumResultCols"},
    {SQL_API_SQLPARAMDATA, "SQLParamData"},
    {SQL_API_SQLPARAMOPTIONS, "SQLParamOptions"},
    {SQL_API_SQLPREPARE, "SQLPrepare"},
    {SQL_API_SQLPRIMARYKEYS, "SQLPrimaryKeys"},
    {SQL_API_SQLPROCEDURECOLUMNS, "SQLProcedureColumns"},
    {SQL_API_SQLPROCEDURES, "SQLProcedures"},
    {SQL_API_SQLPUTDATA, "SQLPutData"},
    {SQL_API_SQLROWCOUNT, "SQLRowCount"},
    {SQL_API_SQLSETCONNECTATTR, "SQLSetConnectAttr"},
    {SQL_API_SQLSETCONNECTOPTION, "SQLSetConnectOption"},
    {SQL_API_SQLSETCURSORNAME, "SQLSetCursorName"},
    {SQL_API_SQLSETDESCFIELD, "SQLSetDescField"},
    {SQL_API_SQLSETDESCREC, "SQLSetDescRec"},
    {SQL_API_SQLSETENVATTR, "SQLSetEnvAttr"},
    {SQL_API_SQLSETPARAM, "SQLSetParam"},
    {SQL_API_SQLSETPOS, "SQLSetPos"},
    {SQL_API_SQLSETSCROLLOPTIONS, "SQLSetScrollOptions"},
    {SQL_API_SQLSETSTMTATTR, "SQLSetStmtAttr"},
    {SQL_API_SQLSETSTMTOPTION, "SQLSetStmtOption"},
    {SQL_API_SQLSPECIALCOLUMNS, "SQLSpecialColumns"},
    {SQL_API_SQLSTATISTICS, "SQLStatistics"},
    {SQL_API_SQLTABLEPRIVILEGES, "SQLTablePrivileges"},
    {SQL_API_SQLTABLES, "SQLTables"},
    {SQL_API_SQLTRANSACT, "SQLTransact"},
};

TEST(Info, FunctionsClaimedAreExactlyTheFunctionsExported) {
  std::array<SQLUSMALLINT, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE> map{};
  // Of the driver itself: the manager adds functions it maps.
  const Direct driver;
  const Library& library = driver.library();
  ASSERT_EQ(library.get(SQLGetFunctions, "SQLGetFunctions")(
                driver.connection(), SQL_API_ODBC3_ALL_FUNCTIONS, map.data()),
            SQL_SUCCESS);
  for (const KnownFunction& function : functions_of_odbc)
    EXPECT_EQ(SQL_FUNC_EXISTS(map.data(), function.id) == SQL_TRUE,
              library.get(SQLCancel, function.name) != nullptr)
        << function.name;
}

TEST(Info, TypeInfoHasNoSizeBelowOneAndIsOrderedByType) {
  Connection connection;
  Statement statement(connection);
  ASSERT_EQ(SQLGetTypeInfo(statement.handle(), SQL_ALL_TYPES), SQL_SUCCESS);
  SQLSMALLINT columns = 0;
  ASSERT_EQ(SQLNumResultCols(statement.handle(), &columns), SQL_SUCCESS);
  EXPECT_EQ(columns, 19);
  int last = -1000, rows = 0;
  while (statement.fetch() == SQL_SUCCESS) {
    const int type = std::stoi(statement.text_of(2).value());
    EXPECT_GE(type, last);
    last = type;
    EXPECT_GT(std::stoi(statement.text_of(3).value()), 0);
    ++rows;
  }
  EXPECT_GT(rows, 20);
}

TEST(Info, TypeInfoOfOneTypeAndOfNone) {
  Connection connection;
  Statement statement(connection);
  for (const SQLSMALLINT type : {SQL_VARCHAR, SQL_WVARCHAR, SQL_VARBINARY, SQL_TYPE_TIMESTAMP}) {
    ASSERT_EQ(SQLGetTypeInfo(statement.handle(), type), SQL_SUCCESS);
    ASSERT_EQ(statement.fetch(), SQL_SUCCESS) << "pyodbc asks for it when it connects";
    ASSERT_EQ(SQLCloseCursor(statement.handle()), SQL_SUCCESS);
  }
  EXPECT_EQ(SQLGetTypeInfo(statement.handle(), 4711), SQL_ERROR);
  EXPECT_EQ(statement.state(), "HY004");
}

TEST(Info, NativeSqlShowsWhatTheServerWillRead) {
  Connection connection;
  std::array<SQLCHAR, 128> out{};
  SQLINTEGER length = 0;
  ASSERT_EQ(SQLNativeSql(connection.handle(), text("SELECT {d '2024-02-29'}, ?"), SQL_NTS,
                         out.data(), out.size(), &length),
            SQL_SUCCESS);
  const std::string native = reinterpret_cast<char*>(out.data());
  EXPECT_NE(native.find(profile().marker), std::string::npos);
  EXPECT_EQ(native.find('{'), std::string::npos);
  EXPECT_EQ(length, static_cast<SQLINTEGER>(native.size()));
}

}  // namespace
