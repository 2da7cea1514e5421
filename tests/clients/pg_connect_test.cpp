// SPDX-License-Identifier: Apache-2.0
// Connecting with the PostgreSQL client: what succeeds, and what every failure is called.
#include "tests/clients/fake_postgres.h"
#include "tests/clients/pg_link.h"

namespace {

using namespace pg_test;

TEST(PgConnect, LogsInAndTellsAboutTheServer) {
  const auto client = connect();
  EXPECT_TRUE(client->usable());
  EXPECT_TRUE(client->peer_is_there());
  EXPECT_TRUE(client->encrypted());  // sslmode=prefer against a server with TLS
  EXPECT_FALSE(client->in_transaction());
  EXPECT_EQ(client->peer_address(), "127.0.0.1:" + environment("AURODBC_TEST_PG_PORT"));
  EXPECT_FALSE(client->server_version().empty());
  EXPECT_EQ(client->server_parameter("client_encoding"), "UTF8");
  EXPECT_EQ(client->server_parameter("application_name"), "aurodbc");
  EXPECT_EQ(client->server_parameter("no_such_parameter"), "");
}

TEST(PgConnect, AWrongPasswordIs28000AndIsNotRepeatedInTheText) {
  Target target;
  target.password = "wr0ng-secret";
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::login_failed);
  EXPECT_TRUE(error.login_failed());
  EXPECT_NE(std::string(error.what()).find("28P01"), std::string::npos) << error.what();
  EXPECT_EQ(std::string(error.what()).find("wr0ng"), std::string::npos);
}

TEST(PgConnect, AnUnknownDatabaseIs08004) {
  Target target;
  target.database = "no_such_database";
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::server_rejected);
  EXPECT_NE(std::string(error.what()).find("no_such_database"), std::string::npos) << error.what();
}

TEST(PgConnect, OneConnectionTooManyIs08004) {
  Target target;
  target.user = "limited";
  target.password = "limited";
  const auto first = connect(target);
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::server_rejected) << error.what();
  EXPECT_NE(std::string(error.what()).find("53300"), std::string::npos) << error.what();
}

TEST(PgConnect, ARefusedPortIs08001AndNamesIt) {
  Target target;
  target.port = 1;
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::cannot_connect);
  EXPECT_NE(std::string(error.what()).find("127.0.0.1:1"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("Connection refused"), std::string::npos);
}

TEST(PgConnect, GoesOnToTheNextAddressWhenOneRefuses) {
  Target target;
  target.addresses = {"127.0.0.77", "127.0.0.78", "127.0.0.1"};  // the server listens on the last
  const auto client = connect(target);
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(PgConnect, VerifyFullTakesTheNameNotTheAddress) {
  Target target;
  target.options.set(link_options::sslrootcert, environment("AURODBC_TEST_PG_CA"));
  target.host = environment("AURODBC_TEST_PG_NAME");
  EXPECT_TRUE(connect(target)->encrypted());
  target.host = "another.test.aurodbc";
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::cannot_connect);
  EXPECT_NE(std::string(error.what()).find("host name"), std::string::npos) << error.what();
}

TEST(PgConnect, ACertificateOfAnotherAuthorityIsRefused) {
  Target target;
  target.options.set(link_options::sslmode, "verify-full");  // against the system's authorities
  target.host = environment("AURODBC_TEST_PG_NAME");
  const Error error = connect_failure(target);
  EXPECT_EQ(error.state(), sqlstate::cannot_connect) << error.what();
}

TEST(PgConnect, TlsCanBeSwitchedOff) {
  Target target;
  target.options.set(link_options::sslmode, "disable");
  EXPECT_FALSE(connect(target)->encrypted());
}

TEST(PgConnect, AServerThatTalksGarbageIs08001WithAdvice) {
  fake::Postgres server(fake::Behaviour::talks_garbage);
  const Error error = connect_failure(fake_target(server.port()));
  EXPECT_EQ(error.state(), sqlstate::cannot_connect);
  EXPECT_NE(std::string(error.what()).find("does not speak PostgreSQL"), std::string::npos)
      << error.what();
}

TEST(PgConnect, AServerThatClosesIs08001WithAdvice) {
  fake::Postgres server(fake::Behaviour::closes_at_startup);
  const Error error = connect_failure(fake_target(server.port()));
  EXPECT_EQ(error.state(), sqlstate::cannot_connect);
  EXPECT_NE(std::string(error.what()).find("during the handshake"), std::string::npos)
      << error.what();
}

TEST(PgConnect, ASilentServerEndsAtTheDeadline) {
  fake::Postgres server(fake::Behaviour::silent_at_startup);
  Target target = fake_target(server.port());
  const auto begin = Clock::now();
  target.deadline = Deadline::after(milliseconds(200));
  EXPECT_EQ(connect_failure(target).state(), sqlstate::timeout);
  EXPECT_LT(elapsed_ms(begin), 400);
}

TEST(PgConnect, AProxyThatRefusesOtherKeywordsLetsUsIn) {
  fake::Postgres server(fake::Behaviour::refuses_options);
  EXPECT_TRUE(connect(fake_target(server.port()))->usable());
  EXPECT_EQ(server.keywords().count("options"), 0U);
  EXPECT_EQ(server.keywords()["application_name"], "aurodbc");
}

TEST(PgConnect, AbortEndsAConnectThatIsUnderWay) {
  fake::Postgres server(fake::Behaviour::silent_at_startup);
  const auto client = pg_client_descriptor.make(Workers::instance());
  const auto exchange =
      client->start_connect(LinkTarget{{"127.0.0.1", server.port()}, {"127.0.0.1"}}, Options{},
                            Credentials{"app", Secret("x")});
  std::thread other([&] {
    (void)pause(milliseconds(100), nullptr);
    client->abort();
  });
  const auto begin = Clock::now();
  const Error error =
      failure([&] { run(*exchange, Deadline::after(seconds(5)), nullptr, "connect"); });
  other.join();
  EXPECT_EQ(error.state(), sqlstate::cannot_connect) << error.what();
  EXPECT_LT(elapsed_ms(begin), 1000);
}

TEST(PgConnect, SettingsOfAnOddServerAreBroughtIntoForm) {
  const auto owner = connect();
  execute(*owner, "ALTER ROLE app SET DateStyle TO 'German'");
  execute(*owner, "ALTER ROLE app SET IntervalStyle TO 'sql_standard'");
  const auto client = connect();
  execute(*owner, "ALTER ROLE app RESET ALL");
  EXPECT_EQ(cell(*client, "SELECT date '2024-02-29'"), "2024-02-29");
  EXPECT_EQ(cell(*client, "SELECT interval '1 mon -2 days'"), "1 mon -2 days");
}

}  // namespace
