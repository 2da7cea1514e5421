// SPDX-License-Identifier: Apache-2.0
// The wrappers of odbc.h.
#include "tests/support/odbc.h"

#include <array>

namespace odbc_test {

std::string required_environment(const char* name) {
  const char* value = std::getenv(name);
  EXPECT_NE(value, nullptr) << name << " is not set; run the tests by tests/run";
  return value == nullptr ? std::string() : std::string(value);
}

std::string driver() { return "DRIVER={" + required_environment("AURODBC_TEST_DRIVER") + "};"; }

std::string server() { return profile_server(); }

std::string connection_string(std::string_view more) {
  return driver() + server() + ";" + std::string(more);
}

SQLCHAR* text(std::string& s) { return reinterpret_cast<SQLCHAR*>(s.data()); }
SQLCHAR* text(const char* s) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(s)); }
SQLCHAR* text(std::string&& s) { return text(s); }
std::u16string wide(std::string_view ascii) { return {ascii.begin(), ascii.end()}; }
SQLWCHAR* units(std::u16string& s) { return reinterpret_cast<SQLWCHAR*>(s.data()); }

std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle) {
  std::vector<Diagnostic> all;
  std::array<SQLCHAR, 6> state{};
  std::array<SQLCHAR, 2048> message{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  for (SQLSMALLINT i = 1; SQL_SUCCEEDED(SQLGetDiagRec(type, handle, i, state.data(), &native,
                                                      message.data(), message.size(), &length));
       ++i)
    all.push_back({reinterpret_cast<const char*>(state.data()), native,
                   reinterpret_cast<const char*>(message.data())});
  return all;
}

std::string sqlstate(SQLSMALLINT type, SQLHANDLE handle) {
  const auto all = diagnostics(type, handle);
  return all.empty() ? std::string() : all.front().sqlstate;
}

Environment::Environment(SQLULEN version) {
  EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle_), SQL_SUCCESS);
  EXPECT_EQ(SQLSetEnvAttr(handle_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(version),
                          SQL_IS_INTEGER),
            SQL_SUCCESS);
}

Environment::~Environment() { SQLFreeHandle(SQL_HANDLE_ENV, handle_); }

Connection::Connection(Closed, SQLULEN version) : environment_(version) {
  EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_DBC, environment_.handle(), &handle_), SQL_SUCCESS);
}

Connection::Connection(std::string_view more, SQLULEN version) : Connection(Closed{}, version) {
  const SQLRETURN code = open(connection_string(more));
  EXPECT_TRUE(SQL_SUCCEEDED(code)) << (records().empty() ? "" : records().front().message);
}

Connection::~Connection() {
  if (SQLDisconnect(handle_) == SQL_ERROR && state() == "25000") {
    SQLEndTran(SQL_HANDLE_DBC, handle_, SQL_ROLLBACK);
    SQLDisconnect(handle_);
  }
  SQLFreeHandle(SQL_HANDLE_DBC, handle_);
}

SQLRETURN Connection::open(std::string string) {
  return SQLDriverConnect(handle_, nullptr, text(string), SQL_NTS, nullptr, 0, nullptr,
                          SQL_DRIVER_NOPROMPT);
}

void Connection::run(const std::string& sql) {
  Statement statement(*this);
  const SQLRETURN code = statement.execute(sql);
  EXPECT_TRUE(SQL_SUCCEEDED(code) || code == SQL_NO_DATA)
      << sql << ": " << (statement.records().empty() ? "" : statement.records().front().message);
}

std::string Connection::value(const std::string& sql) {
  Statement statement(*this);
  EXPECT_EQ(statement.execute(sql), SQL_SUCCESS)
      << (statement.records().empty() ? "" : statement.records().front().message);
  EXPECT_EQ(statement.fetch(), SQL_SUCCESS);
  return statement.text_of(1).value_or("");
}

SQLRETURN Connection::set(SQLINTEGER attribute, SQLULEN value) {
  return SQLSetConnectAttr(handle_, attribute, reinterpret_cast<SQLPOINTER>(value), 0);
}

SQLULEN Connection::get(SQLINTEGER attribute) {
  SQLULEN value = 0;
  EXPECT_EQ(SQLGetConnectAttr(handle_, attribute, &value, sizeof value, nullptr), SQL_SUCCESS);
  return value;
}

Statement::Statement(Connection& connection) {
  EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection.handle(), &handle_), SQL_SUCCESS);
  lengths_.reserve(64);  // bound addresses must not move
}

Statement::~Statement() { SQLFreeHandle(SQL_HANDLE_STMT, handle_); }

SQLRETURN Statement::execute(const std::string& sql) {
  return SQLExecDirect(handle_, text(sql.c_str()), SQL_NTS);
}

SQLRETURN Statement::prepare(const std::string& sql) {
  return SQLPrepare(handle_, text(sql.c_str()), SQL_NTS);
}

std::optional<std::string> Statement::text_of(SQLUSMALLINT column) {
  std::string all;
  std::array<char, 256> piece{};
  SQLLEN indicator = 0;
  while (true) {
    const SQLRETURN code =
        SQLGetData(handle_, column, SQL_C_CHAR, piece.data(), piece.size(), &indicator);
    if (code == SQL_NO_DATA) return all;
    EXPECT_TRUE(SQL_SUCCEEDED(code)) << state();
    if (!SQL_SUCCEEDED(code) || indicator == SQL_NULL_DATA) return std::nullopt;
    all += piece.data();
    if (code == SQL_SUCCESS) return all;
  }
}

SQLRETURN Statement::bind(SQLUSMALLINT number, std::string& value) {
  lengths_.emplace_back(number, static_cast<SQLLEN>(value.size()));
  return SQLBindParameter(handle_, number, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
                          value.empty() ? 1 : value.size(), 0, value.data(),
                          static_cast<SQLLEN>(value.size()), &lengths_.back().second);
}

SQLRETURN Statement::bind(SQLUSMALLINT number, SQLINTEGER& value) {
  return SQLBindParameter(handle_, number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value,
                          0, nullptr);
}

Direct::Direct() {
  auto* alloc = library_.get(SQLAllocHandle, "SQLAllocHandle");
  EXPECT_EQ(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_), SQL_SUCCESS);
  EXPECT_EQ(alloc(SQL_HANDLE_DBC, environment_, &connection_), SQL_SUCCESS);
  std::string string = connection_string();
  EXPECT_EQ(
      library_.get(SQLDriverConnect, "SQLDriverConnect")(
          connection_, nullptr, text(string), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT),
      SQL_SUCCESS);
  EXPECT_EQ(alloc(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
}

Direct::~Direct() {
  auto* free_handle = library_.get(SQLFreeHandle, "SQLFreeHandle");
  library_.get(SQLDisconnect, "SQLDisconnect")(connection_);
  free_handle(SQL_HANDLE_DBC, connection_);
  free_handle(SQL_HANDLE_ENV, environment_);
}

void Direct::renew_statement() {
  library_.get(SQLFreeHandle, "SQLFreeHandle")(SQL_HANDLE_STMT, statement_);
  EXPECT_EQ(
      library_.get(SQLAllocHandle, "SQLAllocHandle")(SQL_HANDLE_STMT, connection_, &statement_),
      SQL_SUCCESS);
}

std::string Direct::state() const {
  std::array<SQLCHAR, 6> out{};
  std::array<SQLCHAR, 512> message{};
  library_.get(SQLGetDiagRec, "SQLGetDiagRec")(SQL_HANDLE_STMT, statement_, 1, out.data(), nullptr,
                                               message.data(), message.size(), nullptr);
  return reinterpret_cast<char*>(out.data());
}

Given::Given(Connection& connection) : connection_(connection) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  name_ = std::string(info->test_suite_name()) + "_" + info->name();
  for (char& c : name_)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::size_t longest_name = 60;
  name_ = name_.substr(0, longest_name);
  connection_.run("DROP TABLE IF EXISTS " + name_);
}

Given::~Given() {
  if (created_) connection_.run("DROP TABLE IF EXISTS " + name_);
}

Given& Given::column(const std::string& definition) {
  columns_ += (columns_.empty() ? "" : ", ") + definition;
  return *this;
}

void Given::create() {
  if (created_) return;
  created_ = true;
  connection_.run("CREATE TABLE " + name_ + " (" + columns_ + ")");
}

Given& Given::row(const std::string& values) {
  create();
  connection_.run("INSERT INTO " + name_ + " VALUES (" + values + ")");
  return *this;
}

const std::string& Given::name() {
  create();
  return name_;
}

}  // namespace odbc_test
