// SPDX-License-Identifier: Apache-2.0
// Arrays over libmariadb when something happens in the middle: a server that dies, a cancel, a
// set that cannot be read.
#include <functional>
#include <thread>

#include "mysql_link.h"

namespace mysql_test {
namespace {

/// `count` sets of one number; `on_read` is called for each before it is read.
class Sets final : public Batch {
 public:
  explicit Sets(std::size_t count, std::function<void(std::size_t)> on_read = {})
      : count_(count), on_read_(std::move(on_read)) {}
  std::size_t size() const override { return count_; }
  bool read(std::size_t set, std::span<const Parameter>& values) override {
    if (on_read_) on_read_(set);
    value_ = integer(static_cast<std::int64_t>(set));
    value_.declared = SqlType::integer;
    values = {&value_, 1};
    return true;
  }
  void executed(std::size_t set, std::int64_t affected) override {
    EXPECT_EQ(set, told_++);
    affected_ += affected;
  }
  bool failed(std::size_t set, const Error& error) override {
    EXPECT_EQ(set, told_++);
    failures_.push_back(error);
    return error.state() != sqlstate::cancelled && error.main().native != 1213;
  }
  bool ends_at_first_failure() const override { return false; }

  std::size_t told() const { return told_; }
  std::int64_t affected() const { return affected_; }
  const std::vector<Error>& failures() const { return failures_; }

 private:
  std::size_t count_;
  std::function<void(std::size_t)> on_read_;
  Parameter value_;
  std::size_t told_ = 0;
  std::int64_t affected_ = 0;
  std::vector<Error> failures_;
};

void run_batch(Client& client, Batch& sets, std::string_view sql, const Limits& limits = {}) {
  std::shared_ptr<Prepared> prepared;
  Query query;
  query.sql = sql;
  query.parameter_count = 1;
  query.prepared = &prepared;
  const auto last = client.execute_batch(query, sets, limits);
  if (last != nullptr) { EXPECT_TRUE(last->columns().empty()); }
}

class MysqlBatchWays : public testing::TestWithParam<const char*> {
 protected:
  Target target(Target target = {}) {
    if (std::string(GetParam()) == "rows") target.options.set(mysql_options::bulk, "false");
    if (std::string(GetParam()) == "singly")
      target.options.set(link_options::array_rewrite, "false");
    return target;
  }
};
INSTANTIATE_TEST_SUITE_P(Every, MysqlBatchWays, testing::Values("bulk", "rows", "singly"),
                         [](const auto& tried) { return std::string(tried.param); });

TEST_P(MysqlBatchWays, AServerThatDiesLeavesTheSetsInDoubtThatWereSent) {
  PrivateServer server;
  const auto client = connect(target(server.target()));
  execute(*client, "CREATE TABLE doubt (n int PRIMARY KEY) ENGINE=InnoDB");
  Sets sets(9000, [&](std::size_t set) {
    if (set == 6000) server.kill();
  });
  const Error error = failure([&] { run_batch(*client, sets, "INSERT INTO doubt VALUES (?)"); });
  EXPECT_TRUE(error.link_lost()) << error.what();
  EXPECT_EQ(error.state(), sqlstate::link_lost);
  EXPECT_EQ(error.reached(), Reached::sent);
  EXPECT_LE(sets.told(), 6000U);
  EXPECT_TRUE(sets.failures().empty());
  EXPECT_FALSE(client->usable());
}

TEST_P(MysqlBatchWays, ACancelEndsTheCallAndWhatWasToldIsTheTruth) {
  const auto client = connect(target());
  execute(*client, "CREATE TEMPORARY TABLE stopped (n int PRIMARY KEY) ENGINE=InnoDB");
  Interrupt interrupt;
  Sets sets(20'000, [&](std::size_t set) {
    if (set == 9'000) interrupt.raise();
  });
  run_batch(*client, sets, "INSERT INTO stopped VALUES (?)",
            {.deadline = {}, .interrupt = &interrupt});
  ASSERT_EQ(sets.failures().size(), 1U);
  EXPECT_EQ(sets.failures()[0].state(), sqlstate::cancelled);
  EXPECT_LT(sets.told(), 20'000U);
  EXPECT_EQ(cell(*client, "SELECT count(*) FROM stopped"), std::to_string(sets.told() - 1));
  EXPECT_EQ(sets.affected(), static_cast<std::int64_t>(sets.told() - 1));
}

TEST_P(MysqlBatchWays, SetsThatCannotBeReadFailAlone) {
  const auto client = connect(target());
  execute(*client, "CREATE TEMPORARY TABLE readable (n int PRIMARY KEY) ENGINE=InnoDB");
  Sets sets(3000, [](std::size_t set) {
    if (set % 1000 == 7) throw Error(sqlstate::general, "test", "cannot be read");
  });
  run_batch(*client, sets, "INSERT INTO readable VALUES (?)");
  EXPECT_EQ(sets.told(), 3000U);
  EXPECT_EQ(sets.failures().size(), 3U);
  EXPECT_EQ(cell(*client, "SELECT count(*) FROM readable"), "2997");
}

TEST_P(MysqlBatchWays, ADeadlockEndsTheCallWithItsTransaction) {
  const auto client = connect(target()), other = connect();
  execute(*other, "DROP TABLE IF EXISTS deadlocked");
  execute(*other, "CREATE TABLE deadlocked (n int PRIMARY KEY, m int) ENGINE=InnoDB");
  execute(*other, "INSERT INTO deadlocked SELECT seq, 0 FROM seq_0_to_99");
  execute(*client, "START TRANSACTION");
  execute(*client, "UPDATE deadlocked SET m = 1 WHERE n = 0");
  execute(*other, "START TRANSACTION");
  // The heavier transaction survives.
  execute(*other, "UPDATE deadlocked SET m = 2 WHERE n BETWEEN 10 AND 90");
  std::jthread waits([&] { execute(*other, "UPDATE deadlocked SET m = 2 WHERE n = 0"); });
  while (cell(*connect(),
              "SELECT count(*) FROM information_schema.processlist WHERE info LIKE "
              "'UPDATE deadlocked SET m = 2 WHERE n = 0' AND time_ms > 100") == "0") {}
  Sets sets(60);
  run_batch(*client, sets, "UPDATE deadlocked SET m = 3 WHERE n = ?");
  waits.join();
  execute(*other, "COMMIT");
  ASSERT_FALSE(sets.failures().empty());
  EXPECT_EQ(state_of(sets.failures()[0]), "40001");
  execute(*client, "ROLLBACK");
  EXPECT_EQ(cell(*client, "SELECT count(*) FROM deadlocked WHERE m = 2"), "82");
  execute(*client, "DROP TABLE deadlocked");
}

}  // namespace
}  // namespace mysql_test
