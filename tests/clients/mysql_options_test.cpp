// SPDX-License-Identifier: Apache-2.0
// What the options of a MySQL link change, on a real server: socket, compression, TLS version,
// files of this machine, several statements, found rows.
#include "mysql_link.h"

namespace mysql_test {
namespace {

Target with(const Option& option, const std::string& value) {
  Target target;
  target.options.set(option, value);
  return target;
}

std::string status(Client& client, const std::string& name) {
  return cell(
      client,
      "SELECT variable_value FROM information_schema.session_status WHERE variable_name = '" +
          name + "'");
}

class MysqlSocket : public testing::Test {
 protected:
  const std::string path_ = environment("AURODBC_TEST_MARIADB_SOCKET");
  Target target_ = with(mysql_options::unix_socket, path_);
};

TEST_F(MysqlSocket, IsDialledInsteadOfTheHost) {
  target_.host = "no-such-name.invalid";
  target_.addresses = {"127.9.9.9"};
  const auto client = connect(target_);
  EXPECT_EQ(client->peer_address().substr(0, path_.size()), path_);
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
  EXPECT_FALSE(client->encrypted());
  EXPECT_TRUE(connect(target_.tls("require"))->encrypted());
}

TEST_F(MysqlSocket, ATimeoutCancelsOverTheSameSocket) {
  target_.addresses = {"127.9.9.9"};
  const auto client = connect(target_);
  const Error error =
      failure([&] { execute(*client, "SELECT SLEEP(20)", within(milliseconds(200))); });
  EXPECT_EQ(state_of(error), "HYT00") << error.what();
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST_F(MysqlSocket, AMissingOneIsNamed) {
  const Error error = connect_failure(with(mysql_options::unix_socket, "/nowhere/mysql.sock"));
  EXPECT_EQ(state_of(error), "08001");
  EXPECT_NE(std::string(error.what()).find("/nowhere/mysql.sock"), std::string::npos)
      << error.what();
}

TEST(MysqlCompression, IsInForceAndChangesNoRow) {
  EXPECT_EQ(status(*connect(), "compression"), "OFF");
  for (const char* tls : {"disable", "require"}) {
    const auto client = connect(with(mysql_options::compression, "true").tls(tls));
    EXPECT_EQ(status(*client, "compression"), "ON");
    for (const bool prepared : {false, true}) {
      const char* const sql = "SELECT seq, REPEAT('x', seq % 1000) FROM seq_1_to_20000";
      const auto result = prepared ? execute_prepared(*client, sql) : execute(*client, sql);
      const Rows rows = rows_of(*result, within(seconds(20)));
      ASSERT_EQ(rows.size(), 20'000U);
      EXPECT_EQ(rows[998][1], std::string(999, 'x'));
    }
  }
}

TEST(MysqlCompression, ADeadlineInTheMiddleOfAStreamCancels) {
  const auto client = connect(with(mysql_options::compression, "true"));
  const auto result = execute(*client, "SELECT seq, REPEAT('x', 200) FROM seq_1_to_100000000");
  const Limits limits = within(milliseconds(200), seconds(5));
  EXPECT_EQ(state_of(failure([&] { count_rows(*result, limits); })), "HYT00");
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST(MysqlTlsVersion, TheOldestThatWillDoIsKept) {
  EXPECT_EQ(
      status(*connect(with(link_options::tls_version, "TLSv1.3").tls("require")), "ssl_version"),
      "TLSv1.3");
  const PrivateServer old({"--tls-version=TLSv1.2"});
  Target target = old.target().tls("require");
  target.options.set(link_options::tls_version, "TLSv1.2");
  EXPECT_EQ(status(*connect(target), "ssl_version"), "TLSv1.2");
  target.options.set(link_options::tls_version, "TLSv1.3");
  const Error error = connect_failure(target);
  EXPECT_EQ(state_of(error), "08001");
  EXPECT_NE(std::string(error.what()).find("tls_version"), std::string::npos) << error.what();
}

/// A directory of the test's own with one file of three rows, and another file beside it.
class MysqlLocalFile : public testing::Test {
 protected:
  MysqlLocalFile() {
    char name[] = "/tmp/aurodbc-local-XXXXXX";
    root_ = ::mkdtemp(name);
    std::filesystem::create_directory(root_ / "open");
    std::ofstream(root_ / "open" / "rows") << "1\n2\n3\n";
    std::ofstream(root_ / "outside") << "4\n";
    std::filesystem::create_symlink(root_ / "outside", root_ / "open" / "link");
    std::filesystem::create_symlink("rows", root_ / "open" / "good_link");
  }
  ~MysqlLocalFile() override { std::filesystem::remove_all(root_); }

  static std::string load(const std::filesystem::path& file) {
    return "LOAD DATA LOCAL INFILE '" + file.string() + "' INTO TABLE local_file";
  }
  std::shared_ptr<Client> client() {
    auto made = connect(with(mysql_options::local_infile_dir, (root_ / "open").string()));
    execute(*made, "CREATE TEMPORARY TABLE local_file (a int)");
    return made;
  }
  std::filesystem::path root_;
};

TEST_F(MysqlLocalFile, OfTheDirectoryIsLoaded) {
  const auto link = client();
  for (const char* name : {"rows", "good_link"})
    EXPECT_EQ(execute(*link, load(root_ / "open" / name))->affected(), 3) << name;
  EXPECT_EQ(cell(*link, "SELECT SUM(a) FROM local_file"), "12");
}

TEST_F(MysqlLocalFile, BeyondTheDirectoryStaysHere) {
  const auto link = client();
  const std::filesystem::path places[] = {
      root_ / "outside", root_ / "open" / "link",    root_ / "open" / ".." / "outside",
      root_ / "open",    root_ / "open" / "missing", "/etc/hostname"};
  for (const auto& place : places) {
    const Error error = failure([&] { execute(*link, load(place)); });
    EXPECT_EQ(state_of(error), "HY000") << place << error.what();
    EXPECT_NE(std::string(error.what()).find("LOAD DATA LOCAL"), std::string::npos) << error.what();
    EXPECT_EQ(cell(*link, "SELECT COUNT(*) FROM local_file"), "0") << place;
  }
}

TEST_F(MysqlLocalFile, IsNotGivenWithoutADirectory) {
  const auto link = connect();
  execute(*link, "CREATE TEMPORARY TABLE local_file (a int)");
  EXPECT_NE(failure([&] { execute(*link, load(root_ / "open" / "rows")); }).main().text,
            "nothing was thrown");
  EXPECT_EQ(cell(*link, "SELECT COUNT(*) FROM local_file"), "0");
}

TEST_F(MysqlLocalFile, IsGivenInAnswerToALoadOnly) {
  FakeServer server("wants-a-file");
  Target target = server.target().tls("disable");
  target.options.set(mysql_options::local_infile_dir, "/etc");
  const auto link = connect(target);
  const Error error = failure([&] { execute(*link, "SELECT 1"); });
  EXPECT_NE(error.main().text, "nothing was thrown");
  const std::string sent = server.received();
  EXPECT_TRUE(sent.empty() || sent == std::string(3, '\0') + '\2') << sent;  // an empty file
}

TEST(MysqlOptions, ADirectoryThatIsNoneIsHY024) {
  for (const char* path : {"/nowhere", "/etc/hostname"}) {
    const Error error = connect_failure(with(mysql_options::local_infile_dir, path));
    EXPECT_EQ(state_of(error), "HY024") << error.what();
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
  }
}

TEST(MysqlOptions, SeveralStatementsAreRefusedBeforeTheServerSeesThem) {
  const auto client = connect();
  Query query;
  query.sql = "SELECT 1; SELECT 2";
  query.several_statements = true;
  const Error error = failure([&] { client->execute(query, {}); });
  EXPECT_EQ(state_of(error), "42000");
  EXPECT_EQ(error.reached(), Reached::not_sent);
  EXPECT_NE(std::string(error.what()).find("multi_statements"), std::string::npos);
  EXPECT_EQ(cell(*client, "SELECT 42"), "42");
}

TEST(MysqlOptions, AnUpdateCountsWhatItFoundUnlessToldOtherwise) {
  for (const auto& [found, count] : {std::pair{"true", 2}, std::pair{"false", 1}}) {
    const auto client = connect(with(mysql_options::found_rows, found));
    execute(*client, "CREATE TEMPORARY TABLE found (a int)");
    execute(*client, "INSERT INTO found VALUES (1), (2)");
    EXPECT_EQ(execute(*client, "UPDATE found SET a = 1")->affected(), count) << found;
  }
}

}  // namespace
}  // namespace mysql_test
