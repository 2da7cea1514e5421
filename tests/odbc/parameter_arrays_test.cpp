// SPDX-License-Identifier: Apache-2.0
// Parameter arrays say of each set what a single execution would have said, and leave the same
// table behind.
#include <unistd.h>

#include <random>

#include "tests/support/paramset.h"

namespace {

using namespace odbc_test;

struct Setting {
  bool autocommit;
  const char* options;
  bool with_status;
};

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const bool status : {true, false}) {
    all.push_back({true, "", status});
    all.push_back({false, "", status});
    all.push_back({false, "rollback_on_error=statement", status});
  }
  return all;
}

std::string dump(Connection& connection, const std::string& table) {
  return connection.value(
      "SELECT coalesce(string_agg(concat_ws(',', id, name, amount), ';' ORDER BY "
      "id, name, amount), 'empty') FROM " +
      table);
}

/// A table, and a twin of it that is filled row by row.
class Twins {
 public:
  Twins(Connection& connection, const std::string& columns) : connection_(connection) {
    for (const char* name : {"array_together_", "array_singly_"}) {
      names_.push_back(name + std::to_string(getpid()));
      connection.run("DROP TABLE IF EXISTS " + names_.back() + " CASCADE");
      connection.run(text("CREATE TABLE $ (" + columns + ")", names_.size() - 1));
    }
  }
  ~Twins() {
    SQLEndTran(SQL_HANDLE_DBC, connection_.handle(), SQL_ROLLBACK);
    connection_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
    for (const std::string& name : names_) connection_.run("DROP TABLE " + name + " CASCADE");
  }
  Twins(const Twins&) = delete;
  Twins& operator=(const Twins&) = delete;

  /// `$` stands for the table.
  std::string text(const std::string& sql, std::size_t which) const {
    std::string result = sql;
    for (std::size_t at = 0; (at = result.find('$', at)) != std::string::npos;)
      result.replace(at, 1, names_[which]);
    return result;
  }
  void run(const std::string& sql) {
    for (std::size_t which : {0U, 1U}) connection_.run(text(sql, which));
  }
  /// Executes both ways and compares all that can be seen.
  void compare(const std::string& sql, std::vector<Row> rows,
               const std::vector<SQLUSMALLINT>& operation, const Setting& setting) {
    SCOPED_TRACE(sql + (setting.autocommit ? " autocommit " : " transaction ") + setting.options +
                 (setting.with_status ? "" : " without status"));
    run("TRUNCATE $");
    run("INSERT INTO $ (id, name, amount) SELECT g, 'old', g FROM generate_series(1000, 1019) g");
    connection_.set(SQL_ATTR_AUTOCOMMIT,
                    setting.autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF);
    Said said[2];
    std::string tables[2];
    for (std::size_t which : {0U, 1U}) {
      Statement statement(connection_);
      ASSERT_EQ(statement.prepare(text(sql, which)), SQL_SUCCESS);
      auto* const execute = which == 0 ? execute_together : execute_way_by_way;
      said[which] = execute(statement.handle(), rows, operation, setting.with_status);
      for (std::string& record : said[which].records) unname(record);
      // A failed transaction shows nothing: what it had done is gone with it.
      const SQLSMALLINT end =
          setting.autocommit || *setting.options != 0 ? SQL_COMMIT : SQL_ROLLBACK;
      const SQLRETURN ended = SQLEndTran(SQL_HANDLE_DBC, connection_.handle(), end);
      EXPECT_EQ(ended, SQL_SUCCESS);
    }
    connection_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
    for (std::size_t which : {0U, 1U}) tables[which] = dump(connection_, names_[which]);
    EXPECT_EQ(said[0], said[1]);
    EXPECT_EQ(tables[0], tables[1]);
  }

 private:
  static Said execute_way_by_way(SQLHSTMT statement, std::vector<Row>& rows,
                                 std::vector<SQLUSMALLINT> operation, bool with_status) {
    return execute_row_by_row(statement, rows, operation, with_status);
  }
  // The two tables have different names in messages.
  void unname(std::string& message) const {
    for (const std::string& name : names_)
      for (std::size_t at = 0; (at = message.find(name, at)) != std::string::npos;)
        message.replace(at, name.size(), "$");
  }
  Connection& connection_;
  std::vector<std::string> names_;
};

constexpr const char* plain_insert = "INSERT INTO $ (id, name, amount) VALUES (?, ?, ?)";
constexpr const char* plain_columns =
    "id int PRIMARY KEY, name varchar(8), amount numeric(6,2) CHECK (amount < 5000)";

constexpr const char* float_columns =
    "id int PRIMARY KEY, name varchar(8), amount float8 CHECK (amount < 5000)";

std::vector<Row> good_rows(int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) rows.push_back(Row::of(i, "n" + std::to_string(i), i + 0.25));
  return rows;
}

TEST(ParameterArrays, AFailingSetAtTheStartTheMiddleTheEndOrEverywhere) {
  for (const Setting& setting : settings()) {
    Connection connection(setting.options);
    Twins twins(connection, plain_columns);
    for (const std::vector<std::size_t>& bad :
         {std::vector<std::size_t>{}, {0}, {7}, {19}, {0, 1, 2}, {5, 6, 13}, {0, 19}}) {
      std::vector<Row> rows = good_rows(20);
      for (const std::size_t at : bad) rows[at].id = 1000 + static_cast<SQLINTEGER>(at);
      twins.compare(plain_insert, rows, {}, setting);
    }
    std::vector<Row> rows = good_rows(20);
    for (Row& row : rows) row.amount = 6000;
    twins.compare(plain_insert, rows, {}, setting);
  }
}

Row random_row(std::mt19937& random) {
  const auto in = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  Row row =
      Row::of(in(0, 900), std::string(static_cast<std::size_t>(in(0, 8)), 'x'), in(0, 400) / 4.0);
  if (in(0, 60) == 0) row = Row::of(in(0, 900), "far too long", 1);
  if (in(0, 60) == 0) row = Row::of(in(0, 900), std::string("a\0b", 3), 1);
  if (in(0, 60) == 0) row.amount = 7000;
  if (in(0, 60) == 0) row.id = in(1000, 1019);
  if (in(0, 60) == 0) row.id_length = SQL_NULL_DATA;
  if (in(0, 60) == 0) row.name_length = -77;
  if (in(0, 8) == 0) row.name_length = SQL_NULL_DATA;
  if (in(0, 8) == 0) row.amount_length = SQL_NULL_DATA;
  return row;
}

TEST(ParameterArrays, RandomArraysAreIndistinguishableFromSingleExecutions) {
  std::mt19937 random(20261121);
  const std::vector<std::string> texts = {
      plain_insert,
      "INSERT INTO $ VALUES (?, ?, ?)",
      "INSERT INTO $ (id, name, amount) VALUES (?, upper(?), ? + 1)",
      "INSERT INTO $ (id, name, amount) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      "UPDATE $ SET id = ? % 30 + 1000, name = ? WHERE amount = ?",
  };
  for (const Setting& setting : settings()) {
    Connection connection(setting.options);
    Twins twins(connection, random() % 2 == 0 ? plain_columns : float_columns);
    for (std::size_t turn = 0; turn < 2 * texts.size(); ++turn) {
      const std::string& sql = texts[turn % texts.size()];
      std::vector<Row> rows;
      const int count = std::uniform_int_distribution<int>(2, 120)(random);
      for (int i = 0; i < count; ++i) rows.push_back(random_row(random));
      std::vector<SQLUSMALLINT> operation;
      if (turn % 3 == 1)
        for (int i = 0; i < count; ++i)
          operation.push_back(random() % 4 == 0 ? SQL_PARAM_IGNORE : SQL_PARAM_PROCEED);
      twins.compare(sql, rows, operation, setting);
    }
  }
}

TEST(ParameterArrays, ArraysLargerThanAWindow) {
  for (const Setting& setting : settings()) {
    Connection connection(setting.options);
    Twins twins(connection, "id int, name varchar(8), amount numeric(12,2) CHECK (amount < 50000)");
    std::vector<Row> rows = good_rows(2500);
    twins.compare(plain_insert, rows, {}, setting);
    rows[1700].amount = 70000;
    twins.compare(plain_insert, rows, {}, setting);
  }
}

/// Transactions that wrote the rows of the array: one for all that went as one statement, and one
/// each for the first two, which teach the driver what the statement is like.
int writers(Connection& connection, const std::string& table) {
  return std::stoi(
      connection.value("SELECT count(DISTINCT xmin::text) FROM " + table + " WHERE id < 1000"));
}

struct Target {
  const char* what;
  const char* columns;
  const char* made_so;  ///< run for both tables; `$` is the table
  bool rewritten;
};

const Target targets[] = {
    {"plain", "id int, name text, amount float8", "", true},
    {"limits", "id int, name varchar(8), amount float8 CHECK (amount < 5000)", "", true},
    {"serial", "id int, name text, amount float8, n bigserial", "", true},
    {"identity", "id int, name text, amount float8, n int GENERATED ALWAYS AS IDENTITY", "", true},
    {"generated", "id int, name text, amount float8, n int GENERATED ALWAYS AS (id * 2) STORED", "",
     true},
    {"literal defaults",
     "id int, name text, amount float8, a text DEFAULT 'it''s', b int DEFAULT -7, c bool DEFAULT "
     "true, d numeric(8,2) DEFAULT 1.5",
     "", true},
    {"partitioned", "id int, name text, amount float8) PARTITION BY HASH (id",
     "CREATE TABLE $_p0 PARTITION OF $ FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
     "CREATE TABLE $_p1 PARTITION OF $ FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
     true},
    {"unique", "id int UNIQUE DEFERRABLE INITIALLY DEFERRED, name text, amount float8", "", true},
    {"time of the transaction", "id int, name text, amount float8, at timestamptz DEFAULT now()",
     "", false},
    {"function in a default",
     "id int, name text, amount float8, n int DEFAULT length(current_query())", "", false},
    {"trigger", "id int, name text, amount float8",
     "CREATE OR REPLACE FUNCTION array_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
     "IF new.id % 3 = 0 THEN RETURN NULL; END IF; new.name := ''by trigger''; RETURN new; END';"
     "CREATE TRIGGER t BEFORE INSERT ON $ FOR EACH ROW EXECUTE FUNCTION array_trigger()",
     false},
    {"rule", "id int, name text, amount float8",
     "CREATE RULE r AS ON INSERT TO $ WHERE new.id % 4 = 0 DO INSTEAD NOTHING", false},
    {"row security", "id int, name text, amount float8", "ALTER TABLE $ ENABLE ROW LEVEL SECURITY",
     false},
    {"key into itself", "id int PRIMARY KEY, name text, amount float8, up int REFERENCES $ (id)",
     "", false},
    {"function in a check", "id int, name text, amount float8",
     "CREATE OR REPLACE FUNCTION array_check(int) RETURNS bool LANGUAGE sql AS 'SELECT 1 > 0';"
     "ALTER TABLE $ ADD CHECK (array_check(id))",
     false},
    {"domain", "id int, name array_domain, amount float8", "", false},
};

TEST(ParameterArrays, BecomeOneStatementOnlyWhereNothingCanTell) {
  Connection connection;
  connection.run("DROP DOMAIN IF EXISTS array_domain CASCADE");
  connection.run("CREATE DOMAIN array_domain AS text CHECK (value <> 'no')");
  for (const Target& target : targets) {
    SCOPED_TRACE(target.what);
    Twins twins(connection, target.columns);
    if (*target.made_so != 0) twins.run(target.made_so);
    std::vector<Row> rows = good_rows(200);
    rows[3].name_length = SQL_NULL_DATA;
    for (const bool transaction : {true, false})
      twins.compare(plain_insert, rows, {}, {!transaction, "", true});
    const bool all_rows =
        std::string(target.what) != "rule" && std::string(target.what) != "trigger";
    if (all_rows) {
      EXPECT_EQ(writers(connection, twins.text("$", 0)), target.rewritten ? 3 : 200);
    }
    rows[150].id = 1000;
    rows[151].name_length = -77;
    for (const Setting& setting : settings())
      if (*setting.options == 0) twins.compare(plain_insert, rows, {}, setting);
  }
  connection.run("DROP DOMAIN array_domain CASCADE");
}

TEST(ParameterArrays, ATriggerMadeBetweenTwoArraysIsSeen) {
  Connection connection;
  Twins twins(connection, "id int, name text, amount float8");
  const std::vector<Row> rows = good_rows(100);
  twins.compare(plain_insert, rows, {}, {true, "", true});
  EXPECT_EQ(writers(connection, twins.text("$", 0)), 3);
  twins.run(
      "CREATE OR REPLACE FUNCTION array_statement() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
      "RETURN NULL; END';"
      "CREATE TRIGGER t AFTER INSERT ON $ FOR EACH STATEMENT EXECUTE FUNCTION array_statement()");
  twins.compare(plain_insert, rows, {}, {true, "", true});
  EXPECT_EQ(writers(connection, twins.text("$", 0)), 100);
}

TEST(ParameterArrays, TheOptionTurnsRewritingOff) {
  Connection connection("array_rewrite=false");
  Twins twins(connection, "id int, name text, amount float8");
  twins.compare(plain_insert, good_rows(100), {}, {true, "", true});
  EXPECT_EQ(writers(connection, twins.text("$", 0)), 100);
}

TEST(ParameterArrays, ASetThatFailsAtItsCommitFailsAlone) {
  Connection connection("array_rewrite=false");
  Twins twins(connection,
              "id int UNIQUE DEFERRABLE INITIALLY DEFERRED, name varchar(8), amount float8");
  std::vector<Row> rows = good_rows(300);
  rows[5].id = 4;
  rows[150].id = 149;
  rows[299].id = 0;
  twins.compare(plain_insert, rows, {}, {true, "", true});
  EXPECT_EQ(writers(connection, twins.text("$", 0)), 297);
}

TEST(ParameterArrays, ANameThatTheServerHasForgottenIsNoFailureOfASet) {
  Connection connection("array_rewrite=false");
  Twins twins(connection, float_columns);
  Statement statement(connection);
  ASSERT_EQ(statement.prepare(twins.text("INSERT INTO $ VALUES (?, ?, ?)", 0)), SQL_SUCCESS);
  for (int i = 0; i < 3; ++i) {
    std::vector<Row> rows = good_rows(100);
    for (Row& row : rows) row.id += 1000 * i;
    rows[70].amount = 6000;
    const Said said = execute_together(statement.handle(), rows, {}, true);
    EXPECT_EQ(said.code, SQL_SUCCESS_WITH_INFO) << said;
    EXPECT_EQ(said.row_count, 99);
    EXPECT_EQ(std::ranges::count(said.status, SQL_PARAM_SUCCESS), 99) << said;
    EXPECT_EQ(said.status[70], SQL_PARAM_ERROR);
    connection.run("DO 'BEGIN EXECUTE ''DEALLOCATE ALL''; END'");
  }
  EXPECT_EQ(connection.value(twins.text("SELECT count(*) FROM $", 0)), "297");
}

TEST(ParameterArrays, ByRowWithAnOffsetReadTheSecondBlockAndLeaveOutWhatIsIgnored) {
  Connection connection;
  Twins twins(connection, plain_columns);
  std::vector<Row> rows = good_rows(12);
  rows[9].amount = 9000;  // refused
  std::vector<SQLUSMALLINT> operation = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE,  SQL_PARAM_PROCEED,
                                         SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE};
  std::vector<SQLUSMALLINT> status(6, 99);
  SQLULEN processed = 0;
  SQLLEN offset = 6 * sizeof(Row), count = 0;
  Statement statement(connection);
  ASSERT_EQ(statement.prepare(twins.text(plain_insert, 0)), SQL_SUCCESS);
  bind_rows(statement.handle(), rows.data());
  const auto set = [&](SQLINTEGER attribute, void* value) {
    ASSERT_EQ(SQLSetStmtAttr(statement.handle(), attribute, value, 0), SQL_SUCCESS);
  };
  set(SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset);
  set(SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(6));
  set(SQL_ATTR_PARAM_STATUS_PTR, status.data());
  set(SQL_ATTR_PARAM_OPERATION_PTR, operation.data());
  set(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
  EXPECT_EQ(SQLExecute(statement.handle()), SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(processed, 6U);
  EXPECT_EQ(status,
            (std::vector<SQLUSMALLINT>{SQL_PARAM_SUCCESS, SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS,
                                       SQL_PARAM_ERROR, SQL_PARAM_SUCCESS, SQL_PARAM_UNUSED}));
  EXPECT_EQ(records_with_rows(statement.handle()).at(0).substr(0, 8), "23000 4:");
  SQLRowCount(statement.handle(), &count);
  EXPECT_EQ(count, 3);
  EXPECT_EQ(connection.value(twins.text("SELECT string_agg(id::text, ',' ORDER BY id) FROM $", 0)),
            "6,8,10");
}

TEST(ParameterArrays, WaitForDataInSomeSetsAndTakeWideTextAndNulls) {
  Connection connection;
  Twins twins(connection, "id int, name text, amount text");
  std::array<SQLINTEGER, 4> ids = {1, 2, 3, 4};
  std::array<char16_t, 4 * 8> names{};
  const char16_t* const words[] = {u"eins", u"zwei", u"drei\U0001F600", u"vier"};
  std::array<SQLLEN, 4> name_lengths = {SQL_NTS, SQL_NULL_DATA, SQL_NTS, 4};
  for (std::size_t i = 0; i < 4; ++i)
    std::u16string(words[i]).copy(&names[i * 8], std::u16string::npos);
  std::array<char, 4> tokens{};
  std::array<SQLLEN, 4> late = {SQL_NULL_DATA, SQL_DATA_AT_EXEC, 0, SQL_LEN_DATA_AT_EXEC(6)};
  std::array<SQLUSMALLINT, 4> status{};
  Statement statement(connection);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(4), 0);
  SQLSetStmtAttr(statement.handle(), SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
  SQLBindParameter(statement.handle(), 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                   ids.data(), 0, nullptr);
  SQLBindParameter(statement.handle(), 2, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 8, 0,
                   names.data(), 8 * sizeof(char16_t), name_lengths.data());
  SQLBindParameter(statement.handle(), 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0,
                   tokens.data(), 1, late.data());
  ASSERT_EQ(statement.prepare(twins.text("INSERT INTO $ VALUES (?, ?, ?)", 0)), SQL_SUCCESS);
  SQLRETURN code = SQLExecute(statement.handle());
  std::string asked;
  SQLPOINTER token = nullptr;
  while (code == SQL_NEED_DATA &&
         (code = SQLParamData(statement.handle(), &token)) == SQL_NEED_DATA) {
    asked += std::to_string(static_cast<char*>(token) - tokens.data());
    ASSERT_EQ(SQLPutData(statement.handle(), text("abc"), 3), SQL_SUCCESS) << statement.state();
    ASSERT_EQ(SQLPutData(statement.handle(), text("def"), 3), SQL_SUCCESS);
  }
  EXPECT_EQ(code, SQL_SUCCESS) << statement.records().front().message;
  EXPECT_EQ(asked, "13");
  EXPECT_EQ(status, (std::array<SQLUSMALLINT, 4>{}));
  EXPECT_EQ(connection.value(twins.text("SELECT string_agg(concat_ws('/', id, coalesce(name, '-'), "
                                        "coalesce(amount, '-')), ' ' ORDER BY id) FROM $",
                                        0)),
            "1/eins/- 2/-/abcdef 3/drei\xF0\x9F\x98\x80/ 4/vi/abcdef");
}

TEST(ParameterArrays, ATableThatIsNotThere) {
  Connection connection;
  Statement statement(connection);
  std::vector<Row> rows = good_rows(3);
  ASSERT_EQ(statement.prepare("INSERT INTO no_such_table VALUES (?, ?, ?)"), SQL_SUCCESS);
  const Said said = execute_together(statement.handle(), rows, {}, true);
  EXPECT_EQ(said.code, SQL_ERROR);
  EXPECT_EQ(said.status,
            (std::vector<SQLUSMALLINT>{SQL_PARAM_ERROR, SQL_PARAM_ERROR, SQL_PARAM_ERROR}));
  ASSERT_EQ(said.records.size(), 3U);
  EXPECT_EQ(said.records[2].substr(0, 7), "42S02 3");
}

}  // namespace
