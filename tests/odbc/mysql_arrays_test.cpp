// SPDX-License-Identifier: Apache-2.0
// Parameter arrays on MySQL and MariaDB, by each way they can travel: they say of each set what a
// single execution would have said, and leave the same table behind.
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/support/paramset.h"

namespace {

using namespace odbc_test;

constexpr const char* insert_three = "INSERT INTO $ (id, name, amount) VALUES (?, ?, ?)";
constexpr const char* three_columns =
    "id int PRIMARY KEY, name varchar(8), amount double CHECK (amount < 5000)";

struct Setting {
  const char* options;
  bool autocommit;
  bool with_status;
};

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const char* options : {"", "bulk=false", "array_rewrite=false"})
    for (const bool autocommit : {true, false})
      for (const bool status : {true, false}) all.push_back({options, autocommit, status});
  return all;
}

/// A table, and a twin of it that is filled row by row.
class Twins {
 public:
  Twins(Connection& connection, const std::string& columns, const std::string& engine = "InnoDB")
      : connection_(connection) {
    connection.run("SET SESSION lock_wait_timeout = 20");
    for (const char* name : {"array_together_", "array_singly_"}) {
      names_.push_back(name + std::to_string(getpid()));
      connection.run("DROP TABLE IF EXISTS " + names_.back());
      connection.run(text("CREATE TABLE $ (" + columns + ") ENGINE=" + engine, names_.size() - 1));
    }
  }
  ~Twins() {
    SQLEndTran(SQL_HANDLE_DBC, connection_.handle(), SQL_ROLLBACK);
    connection_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
    for (const std::string& name : names_) connection_.run("DROP TABLE " + name);
  }
  Twins(const Twins&) = delete;
  Twins& operator=(const Twins&) = delete;

  /// `$` stands for the table.
  std::string text(const std::string& sql, std::size_t which = 0) const {
    std::string result = sql;
    for (std::size_t at = 0; (at = result.find('$', at)) != std::string::npos;)
      result.replace(at, 1, names_[which]);
    return result;
  }
  void run(const std::string& sql) {
    for (std::size_t which : {0U, 1U}) connection_.run(text(sql, which));
  }
  std::string dump(std::size_t which = 0) {
    return connection_.value(
        "SELECT coalesce(group_concat(concat_ws(',', id, name, amount) ORDER "
        "BY id, name, amount SEPARATOR ';'), 'empty') FROM " +
        names_[which]);
  }
  /// Executes both ways and compares all that can be seen.
  void compare(const std::string& sql, std::vector<Row> rows,
               const std::vector<SQLUSMALLINT>& operation, const Setting& setting) {
    SCOPED_TRACE(sql + (setting.autocommit ? " autocommit " : " transaction ") + setting.options +
                 (setting.with_status ? "" : " without status"));
    run("DELETE FROM $");
    run("INSERT INTO $ (id, name, amount) VALUES (1000, 'old', 0), (1007, 'old', 7), "
        "(1013, 'old', 13), (1019, 'old', 19)");
    connection_.set(SQL_ATTR_AUTOCOMMIT,
                    setting.autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF);
    Said said[2];
    for (std::size_t which : {0U, 1U}) {
      Statement statement(connection_);
      ASSERT_EQ(statement.prepare(text(sql, which)), SQL_SUCCESS);
      said[which] =
          which == 0 ? execute_together(statement.handle(), rows, operation, setting.with_status)
                     : execute_row_by_row(statement.handle(), rows, operation, setting.with_status);
      for (std::string& record : said[which].records) unname(record);
      EXPECT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_.handle(), SQL_COMMIT), SQL_SUCCESS);
    }
    connection_.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON);
    EXPECT_EQ(said[0], said[1]);
    EXPECT_EQ(dump(0), dump(1));
  }

 private:
  // The two tables have different names in messages.
  void unname(std::string& message) const {
    for (const std::string& name : names_)
      for (std::size_t at = 0; (at = message.find(name, at)) != std::string::npos;)
        message.replace(at, name.size(), "$");
  }
  Connection& connection_;
  std::vector<std::string> names_;
};

std::vector<Row> good_rows(int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) rows.push_back(Row::of(i, "n" + std::to_string(i), i + 0.25));
  return rows;
}

TEST(MysqlArrays, AFailingSetAtTheStartTheMiddleTheEndOrEverywhere) {
  for (const Setting& setting : settings()) {
    Connection connection(setting.options);
    Twins twins(connection, three_columns);
    for (const std::vector<std::size_t>& bad :
         {std::vector<std::size_t>{}, {0}, {7}, {19}, {0, 7, 13, 19}}) {
      std::vector<Row> rows = good_rows(20);
      for (const std::size_t at : bad) rows[at].id = 1000 + static_cast<SQLINTEGER>(at);
      twins.compare(insert_three, rows, {}, setting);
    }
    std::vector<Row> rows = good_rows(20);
    for (Row& row : rows) row.amount = 6000;
    twins.compare(insert_three, rows, {}, setting);
  }
}

Row random_row(std::mt19937& random) {
  const auto in = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  Row row =
      Row::of(in(0, 900), std::string(static_cast<std::size_t>(in(0, 8)), 'x'), in(0, 400) / 4.0);
  if (in(0, 40) == 0) row = Row::of(in(0, 900), "far too long", 1);
  if (in(0, 40) == 0) row.amount = 7000;
  if (in(0, 40) == 0) row.id_length = SQL_NULL_DATA;
  if (in(0, 40) == 0) row.name_length = -77;
  if (in(0, 8) == 0) row.name_length = SQL_NULL_DATA;
  if (in(0, 8) == 0) row.amount_length = SQL_NULL_DATA;
  return row;
}

TEST(MysqlArrays, RandomSetsAndOperationArraysInEveryKindOfStatement) {
  std::mt19937 random(20261127);
  for (const Setting& setting : settings()) {
    Connection connection(setting.options);
    Twins twins(connection, three_columns);
    for (const char* sql :
         {insert_three, "REPLACE INTO $ VALUES (?, ?, ?)",
          "INSERT IGNORE INTO $ (id, name, amount) VALUES (?, ?, ?)",
          "INSERT INTO $ (id, name, amount) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE name = "
          "VALUES(name)",
          "UPDATE $ SET id = ?, name = ? WHERE amount < ?",
          "DELETE FROM $ WHERE id = ? OR name = ? OR amount = ?",
          "INSERT INTO $ (id, name, amount) VALUES (?, concat(?, 'x'), ?)"}) {
      std::vector<Row> rows;
      std::vector<SQLUSMALLINT> operation;
      for (int i = 0; i < 60; ++i) {
        rows.push_back(random_row(random));
        operation.push_back(i % 7 == 3 ? SQL_PARAM_IGNORE : SQL_PARAM_PROCEED);
      }
      twins.compare(sql, rows, {}, setting);
      twins.compare(sql, rows, operation, setting);
    }
  }
}

TEST(MysqlArrays, AnEngineWithoutTransactionsLosesNoRow) {
  for (const Setting& setting : settings()) {
    if (!setting.autocommit) continue;
    Connection connection(setting.options);
    Twins twins(connection, "id int PRIMARY KEY, name varchar(8), amount double", "MyISAM");
    std::vector<Row> rows = good_rows(20);
    rows[7].id = 1007;
    twins.compare(insert_three, rows, {}, setting);
  }
}

TEST(MysqlArrays, ATriggerSeesEverySetOnce) {
  Connection connection;
  Twins twins(connection, three_columns);
  connection.run("DROP TABLE IF EXISTS array_log");
  connection.run("CREATE TABLE array_log (n int) ENGINE=MyISAM");
  const SQLRETURN made =
      Statement(connection)
          .execute(
              twins.text("CREATE TRIGGER array_trigger BEFORE INSERT ON $ FOR EACH ROW INSERT INTO "
                         "array_log VALUES (NEW.id)"));
  ASSERT_EQ(made, SQL_SUCCESS);
  std::vector<Row> rows = good_rows(20);
  rows[15].id = 3;
  Statement statement(connection);
  ASSERT_EQ(statement.prepare(twins.text(insert_three)), SQL_SUCCESS);
  const Said said = execute_together(statement.handle(), rows, {}, true);
  EXPECT_EQ(said.code, SQL_SUCCESS_WITH_INFO);
  EXPECT_EQ(said.status[15], SQL_PARAM_ERROR);
  EXPECT_EQ(said.row_count, 19);
  EXPECT_EQ(connection.value("SELECT count(*) FROM array_log"), "20");
  connection.run("DROP TABLE array_log");
}

TEST(MysqlArrays, ManySetsOfManySizesArriveWhole) {
  for (const char* options : {"", "bulk=false"}) {
    Connection connection(options);
    connection.run("CREATE TEMPORARY TABLE sizes (n int, t longtext)");
    constexpr std::size_t count = 9000, width = 1200;
    std::vector<SQLINTEGER> numbers(count);
    std::vector<SQLLEN> lengths(count);
    std::string texts(count * width, '\0');
    for (std::size_t i = 0; i < count; ++i) {
      numbers[i] = static_cast<SQLINTEGER>(i);
      lengths[i] = i % 11 == 0 ? SQL_NULL_DATA : static_cast<SQLLEN>(i % width);
      std::fill_n(texts.begin() + static_cast<std::ptrdiff_t>(i * width), i % width, 'y');
    }
    Statement statement(connection);
    ASSERT_EQ(statement.prepare("INSERT INTO sizes VALUES (?, ?)"), SQL_SUCCESS);
    SQLHSTMT handle = statement.handle();
    SQLSetStmtAttr(handle, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(count), 0);
    SQLBindParameter(handle, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, numbers.data(), 0,
                     nullptr);
    SQLBindParameter(handle, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, width, 0,
                     texts.data(), width, lengths.data());
    ASSERT_EQ(SQLExecute(handle), SQL_SUCCESS) << statement.records().front().message;
    SQLLEN rows = 0;
    SQLRowCount(handle, &rows);
    EXPECT_EQ(rows, static_cast<SQLLEN>(count));
    EXPECT_EQ(connection.value("SELECT count(*) FROM sizes WHERE CASE WHEN n % 11 = 0 THEN t IS "
                               "NULL ELSE length(t) = n % 1200 END"),
              "9000");
  }
}

TEST(MysqlArrays, ASetThatIsLargeGoesAlone) {
  for (const char* options : {"", "bulk=false"}) {
    Connection connection(options);
    connection.run("CREATE TEMPORARY TABLE sizes (t longtext)");
    std::vector<std::string> texts(6, std::string(3, 'x'));
    texts[2].assign(3 << 20, 'y');
    std::vector<SQLLEN> lengths;
    std::string all;
    for (std::string& text : texts) {
      lengths.push_back(static_cast<SQLLEN>(text.size()));
      text.resize(3 << 20);
      all += text;
    }
    Statement statement(connection);
    ASSERT_EQ(statement.prepare("INSERT INTO sizes VALUES (?)"), SQL_SUCCESS);
    SQLHSTMT handle = statement.handle();
    SQLSetStmtAttr(handle, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(6), 0);
    SQLBindParameter(handle, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 3 << 20, 0,
                     all.data(), 3 << 20, lengths.data());
    ASSERT_EQ(SQLExecute(handle), SQL_SUCCESS) << statement.records().front().message;
    EXPECT_EQ(connection.value("SELECT sum(length(t)) FROM sizes"), "3145743");
  }
}

/// KILL QUERY by another session while sets are under way.
TEST(MysqlArrays, AKilledArrayTellsItAndGoesOn) {
  Connection connection, other;
  Twins twins(connection, three_columns);
  connection.run(twins.text("INSERT INTO $ (id) VALUES (0)"));
  const std::string id = connection.value("SELECT connection_id()");
  // The other session holds the row that the array wants.
  other.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
  other.run(twins.text("UPDATE $ SET amount = 1 WHERE id = 0"));
  std::atomic<bool> done{false};
  std::thread killer([&] {
    Connection third;
    while (!done) {
      const bool waiting = third.value(
                               "SELECT count(*), SLEEP(0.05) FROM information_schema.processlist "
                               "WHERE time >= 1 AND command <> 'Sleep' AND id = " +
                               id) != "0";
      if (waiting) third.run("KILL QUERY " + id);
      if (waiting) break;
    }
  });
  std::vector<Row> rows = good_rows(20);
  Statement statement(connection);
  ASSERT_EQ(statement.prepare(twins.text(insert_three)), SQL_SUCCESS);
  const Said said = execute_together(statement.handle(), rows, {}, false);
  done = true;
  killer.join();
  EXPECT_EQ(said.code, SQL_ERROR);
  ASSERT_FALSE(said.records.empty());
  EXPECT_EQ(said.records[0].substr(0, 5), "HY018") << said.records[0];
  EXPECT_EQ(said.processed, 1U);
  SQLEndTran(SQL_HANDLE_DBC, other.handle(), SQL_ROLLBACK);
  EXPECT_EQ(connection.value(twins.text("SELECT count(*) FROM $")), "1");
}

TEST(MysqlArrays, ATimeoutEndsTheCallAndTheLinkStays) {
  for (const bool autocommit : {true, false}) {
    // MySQL 5.6 lets a statement that waits for a row see its KILL once a second.
    Connection connection("cancel_grace_ms=5000"), other;
    Twins twins(connection, three_columns);
    connection.run(twins.text("INSERT INTO $ (id) VALUES (0)"));
    other.set(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF);
    other.run(twins.text("UPDATE $ SET amount = 1 WHERE id = 0"));
    connection.set(SQL_ATTR_AUTOCOMMIT, autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF);
    for (const char* sql : {insert_three, "UPDATE $ SET id = id + ?, name = ? WHERE amount <= ?"}) {
      Statement statement(connection);
      SQLSetStmtAttr(statement.handle(), SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1),
                     0);
      ASSERT_EQ(statement.prepare(twins.text(sql)), SQL_SUCCESS);
      std::vector<Row> rows = good_rows(20);
      const Said said = execute_together(statement.handle(), rows, {}, true);
      EXPECT_EQ(said.code, SQL_ERROR) << sql;
      ASSERT_FALSE(said.records.empty());
      EXPECT_EQ(said.records[0].substr(0, 5), "HYT00") << said.records[0];
      EXPECT_EQ(said.status[0], SQL_PARAM_ERROR);
      EXPECT_EQ(said.status[1], SQL_PARAM_UNUSED);
    }
    SQLEndTran(SQL_HANDLE_DBC, other.handle(), SQL_ROLLBACK);
    EXPECT_EQ(connection.value(twins.text("SELECT count(*) FROM $")), "1");
    SQLEndTran(SQL_HANDLE_DBC, connection.handle(), SQL_ROLLBACK);
  }
}

}  // namespace
